//! Realistic events from a seed: the same seed gives the same bytes everywhere.

/// What is unusual about every event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing.
    Plain,
    /// A field that the schema does not describe, in the header and in `log`.
    UnknownField,
    /// Keys in any order.
    Shuffled,
    /// One key a line, indented.
    Pretty,
    /// Escapes in every text that has no format.
    Escapes,
    /// Texts beyond ASCII, of two and three bytes a character.
    BeyondAscii,
    /// A required field is missing or a value is wrong.
    Invalid,
}

/// A small generator of pseudo-random numbers (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize])).collect()
    }

    fn uuid(&mut self) -> String {
        format!("{}-{}-4{}-a{}-{}", self.hex(8), self.hex(4), self.hex(3), self.hex(3), self.hex(12))
    }
}

/// A field and its value as JSON.
type Field = (&'static str, String);

struct Sampler {
    random: Random,
    twist: Twist,
    second: u64,
    micro: u64,
}

const PEOPLE: &[&str] = &[
    "alice",
    "bob.miller",
    "carol",
    "dmitri.k",
    "erin.oneill",
    "farid",
    "grace.hopper",
    "heidi",
    "ivan",
    "judy",
];
const REGIONS: &[(&str, &str)] = &[
    ("us-ord-1", "Chicago (IL)"),
    ("us-dev-1", "San Jose (CA)"),
    ("us-iad-1", "Ashburn (VA)"),
    ("eu-south-1", "Milan"),
    ("eu-west-1", "Dublin"),
];
const DEVICES: &[&str] =
    &["Work Laptop", "MacBook Pro", "DESKTOP-7F3KQ2M", "Pixel 8", "build-agent-04", "iPad"];
const SERVICES: &[&str] = &["Intranet", "Git", "Payroll", "Jenkins (prod)", "PostgreSQL main", "Wiki"];

/// `events` events, each with its line break.
pub fn events(events: usize, seed: u64, twist: Twist) -> Vec<String> {
    let mut sampler = Sampler { random: Random::new(seed), twist, second: 0, micro: 0 };
    (0..events).map(|_| sampler.event()).collect()
}

impl Sampler {
    fn event(&mut self) -> String {
        self.micro += self.random.below(400_000);
        self.second += self.micro / 1_000_000;
        self.micro %= 1_000_000;
        let (name, category, log) = match self.random.below(100) {
            0..70 => ("flow-established", "Activity.AV", Some(self.flow())),
            70..82 => ("client-connected", "Security.Logins", Some(self.session(false))),
            82..94 => ("client-disconnected", "Security.Logins", Some(self.session(true))),
            94..97 => ("domain-blocked", "Security.CyberShieldBlockedDomains", Some(self.domain())),
            97..99 => ("traffic-blocked", "Security.CyberShieldBlockedTraffic", Some(self.threat())),
            _ => ("test-message", "Activity.Admin", None),
        };
        let person = self.random.pick(PEOPLE);
        let is_session = name.starts_with("client-");
        let fraction = if is_session { 0 } else { self.micro };
        let device = self.random.pick(DEVICES);
        let mut header: Vec<Field> = vec![
            ("CloudConnexaLogVersion", "1".into()),
            ("timestamp", self.time(self.second, fraction)),
            ("cloudId", self.text("example-corp")),
            ("service", quote("CloudConnexa")),
            ("traceId", quote(&self.random.uuid())),
            ("publicIp", self.public_ip()),
            (
                "initiator",
                if is_session {
                    quote(&self.random.uuid())
                } else {
                    self.text(&format!("{person}@example.com"))
                },
            ),
            ("initiatorType", quote(self.random.pick(&["User", "Device", "Device", "Connector"]))),
        ];
        if is_session {
            header.push(("initiatorName", self.text(device)));
        }
        header.push(("parentEntity", self.text(&format!("{person}@example.com"))));
        header.push(("parentEntityType", quote(self.random.pick(&["User", "Group", "NetworkOrHost"]))));
        if is_session {
            header.push(("parentEntityName", self.text(person)));
        }
        header.push(("category", quote(category)));
        header.push(("eventName", quote(name)));
        let mut log = log;
        match self.twist {
            Twist::UnknownField => {
                header.insert(7, ("initiatorDeviceId", quote(&self.random.uuid())));
                if let Some(log) = &mut log {
                    let at = log.len() / 2;
                    log.insert(at, ("policyTags", "[{\"id\":17,\"name\":\"default\"}]".into()));
                }
            }
            Twist::Invalid => match (self.random.below(3), &mut log) {
                (0, Some(log)) => drop(log.pop()),
                (1, _) => header[4].1 = quote("no uuid"),
                _ => drop(header.remove(7)),
            },
            _ => {}
        }
        if self.twist == Twist::Shuffled {
            if let Some(log) = &mut log {
                self.shuffle(log);
            }
        }
        if let Some(log) = log {
            header.push(("log", self.object(&log, 1)));
        }
        if self.twist == Twist::Shuffled {
            self.shuffle(&mut header);
        }
        self.object(&header, 0) + "\n"
    }

    fn flow(&mut self) -> Vec<Field> {
        let person = self.random.pick(PEOPLE);
        let (from, to) = (self.region(), self.region());
        let has_parents = self.random.below(10) > 0;
        let mut log = vec![("clientSessionId", quote(&self.random.hex(24)))];
        if has_parents {
            log.push(("sourceParentId", self.text(&format!("{person}@example.com"))));
            log.push(("sourceParentType", quote("User")));
            log.push(("sourceParentName", self.text("Engineering")));
        }
        let device = self.random.pick(DEVICES);
        let service = self.random.pick(SERVICES);
        let protocol = self.random.below(10);
        let destination = match self.random.below(4) {
            0 => String::new(),
            _ => {
                format!("10.{}.{}.{}", self.random.below(256), self.random.below(256), self.random.below(256))
            }
        };
        log.extend([
            ("sourceEntityId", quote(&self.random.uuid())),
            ("sourceEntityType", quote("Device")),
            ("sourceEntityName", self.text(device)),
            ("sourceIp", self.tunnel_ip()),
            ("sourceGatewayRegion", self.text(from.0)),
            ("sourceGatewayRegionName", self.text(from.1)),
        ]);
        if has_parents {
            log.push(("destinationParentId", quote(&self.random.uuid())));
            log.push(("destinationParentType", quote("Network")));
            log.push(("destinationParentName", self.text("Headquarters")));
        }
        log.extend([
            ("destinationEntityId", quote(&self.random.uuid())),
            ("destinationEntityType", quote("Service")),
            ("destinationEntityName", self.text(service)),
            ("destinationEntityIp", quote(&destination)),
            ("destinationPort", self.random.pick(&["443", "22", "53", "5432", "8080", "3389"]).to_owned()),
            ("destinationGatewayRegion", self.text(to.0)),
            ("destinationGatewayRegionName", self.text(to.1)),
            ("protocol", quote(if protocol < 7 { "6" } else { "17" })),
            ("protocolName", quote(if protocol < 7 { "tcp" } else { "udp" })),
            ("allowed", if self.random.below(20) > 0 { "true" } else { "false" }.to_owned()),
        ]);
        log
    }

    fn session(&mut self, ended: bool) -> Vec<Field> {
        let region = self.region();
        let length = self.random.below(90_000);
        let id = self.random.uuid().to_uppercase();
        let (os, version) = [
            ("macOS", "Ventura (13.3.1)"),
            ("Windows", "10.0.22631"),
            ("Linux", "Ubuntu 24.04.1 LTS"),
            ("Android", "14"),
        ][self.random.below(4) as usize];
        let gateway = format!("{}-dc1-g{}", region.0, 1 + self.random.below(9));
        let v6 = format!("fd:0:0:8{}::{}", self.random.hex(3), 1 + self.random.below(200));
        let mut log = vec![
            ("clientUUID", quote(&id)),
            ("clientOsType", quote(os)),
            ("clientOsVersion", self.text(version)),
            ("sessionProtocol", quote("UDP")),
            ("clientPublicIp", self.public_ip()),
            ("sessionStartTime", self.time(self.second.saturating_sub(length), 0)),
            ("clientTunnelIpV4", self.tunnel_ip()),
            ("clientTunnelIpV6", quote(&v6)),
            ("clientSessionId", quote(&self.random.hex(24))),
            ("gatewayRegionName", self.text(region.1)),
            ("gatewayRegion", self.text(region.0)),
            ("gatewayId", self.text(&gateway)),
            ("sessionTunnelProtocol", quote("OpenVPN")),
        ];
        if ended {
            let reasons = ["User Disconnected", "Reconnecting", "Session Expired", "Misc Error"];
            let description =
                self.random.pick(&["null", "\"null\"", "\"\"", "\"client keepalive timed out\""]);
            log.splice(
                0..0,
                [
                    ("sessionBytesIn", self.random.below(5_000_000_000).to_string()),
                    ("sessionBytesOut", self.random.below(900_000_000).to_string()),
                    ("sessionDisconnectReason", quote(self.random.pick(&reasons))),
                    ("sessionDurationSeconds", length.to_string()),
                    ("sessionEndTime", self.time(self.second, 0)),
                ],
            );
            log.push(("sessionDisconnectReasonDescription", description.to_owned()));
        }
        log
    }

    fn domain(&mut self) -> Vec<Field> {
        let domain =
            format!("{}.{}.example.net", self.random.hex(8), self.random.pick(&["ads", "cdn", "track"]));
        vec![
            ("domain", self.text(&domain)),
            ("category", self.text(self.pick_category())),
            ("queryType", quote(self.random.pick(&["A", "AAAA"]))),
            ("protocol", quote("UDP")),
        ]
    }

    fn pick_category(&self) -> &'static str {
        ["Command and Control", "Malware", "Gambling"][(self.second % 3) as usize]
    }

    fn threat(&mut self) -> Vec<Field> {
        vec![
            ("signatureId", quote(&(2_000_000 + self.random.below(50_000)).to_string())),
            ("eventName", self.text("ET MALWARE Known Bad Traffic")),
            ("classification", self.text("A Network Trojan was detected")),
            ("priority", (1 + self.random.below(3)).to_string()),
            ("category", self.text("malware")),
            ("protocol", quote("TCP")),
            ("sourceIp", self.tunnel_ip()),
            ("sourcePort", (1024 + self.random.below(64_000)).to_string()),
            ("destinationIp", self.public_ip()),
            ("destinationPort", "443".into()),
        ]
    }

    fn region(&mut self) -> (&'static str, &'static str) {
        REGIONS[self.random.below(REGIONS.len() as u64) as usize]
    }

    fn public_ip(&mut self) -> String {
        if self.random.below(12) == 0 {
            return quote(&format!(
                "2001:db8:{}:{}::{}",
                self.random.hex(4),
                self.random.hex(3),
                self.random.hex(2)
            ));
        }
        quote(&format!(
            "{}.{}.{}.{}",
            11 + self.random.below(200),
            self.random.below(256),
            self.random.below(256),
            self.random.below(256)
        ))
    }

    fn tunnel_ip(&mut self) -> String {
        quote(&format!("100.96.{}.{}", self.random.below(16), 1 + self.random.below(254)))
    }

    /// September 2025, from `second` on.
    fn time(&self, second: u64, micro: u64) -> String {
        let (day, rest) = (1 + second / 86_400 % 30, second % 86_400);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        quote(&format!("2025-09-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z"))
    }

    /// A text without a format, with the twist of this run.
    fn text(&self, plain: &str) -> String {
        match self.twist {
            Twist::Escapes => quote(&plain.replace(['e', 'a', '@'], "\\u00e9").replace(' ', "\\/")),
            Twist::BeyondAscii => quote(&plain.replace(['e', 'a', '@'], "é").replace('i', "語")),
            _ => quote(plain),
        }
    }

    fn shuffle(&mut self, fields: &mut [Field]) {
        for last in (1..fields.len()).rev() {
            let other = self.random.below(last as u64 + 1) as usize;
            fields.swap(last, other);
        }
    }

    fn object(&self, fields: &[Field], depth: usize) -> String {
        let mut text = String::with_capacity(1200);
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        let pretty = self.twist == Twist::Pretty;
        text.push('{');
        for (index, (key, value)) in fields.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            if pretty {
                text.push_str(&line(depth + 1));
            }
            text.push_str(&quote(key));
            text.push_str(if pretty { ": " } else { ":" });
            text.push_str(value);
        }
        if pretty {
            text.push_str(&line(depth));
        }
        text.push('}');
        text
    }
}

fn quote(text: &str) -> String {
    format!("\"{text}\"")
}
