//! What happens in a sample, in the order of time: sessions begin, have flows, and end.

use cloudconnexa_validator::catalog::{self, Kind};

use crate::random::Random;
use crate::text::Spelling;
use crate::words;
use crate::world::{Actor, Device, Target, Tenant, World};

/// Microseconds between two events, on average half of this.
const PAUSE: u64 = 120_000;
const SECOND: u64 = 1_000_000;
/// One end of a session in so many is that of an attempt that failed.
const FAILED: u64 = 40;

/// One connection of a device.
#[derive(Debug, Default)]
pub(crate) struct Session {
    device: usize,
    gateway: usize,
    /// JSON text.
    pub(crate) id: String,
    /// Microseconds since 1970, in whole seconds.
    pub(crate) start: u64,
    pub(crate) transport: String,
    pub(crate) tunnel: String,
    /// Bytes a second, towards the client and from it.
    rates: (u64, u64),
}

/// What an event is about.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    /// Its name.
    pub(crate) event: &'static str,
    pub(crate) now: u64,
    pub(crate) tenant: &'a Tenant,
    pub(crate) actor: &'a Actor,
    pub(crate) device: &'a Device,
    pub(crate) session: &'a Session,
    pub(crate) gateway: usize,
    pub(crate) target: &'a Target,
    pub(crate) signature: usize,
    pub(crate) domain: usize,
    pub(crate) reason: &'a str,
}

impl Scene<'_> {
    pub(crate) fn seconds(&self) -> u64 {
        (self.now - self.session.start) / SECOND
    }

    /// Bytes towards the client and from it.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        let (down, up) = self.session.rates;
        (down * self.seconds(), up * self.seconds())
    }
}

/// What an event does to the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Connects,
    Disconnects,
    /// Something within a session, initiated by a person or by a device.
    Within {
        by_person: bool,
    },
    /// What an administrator does.
    Administers,
}

impl Role {
    pub(crate) fn of(event: &str) -> Self {
        match event {
            "client-connected" => Self::Connects,
            "client-disconnected" => Self::Disconnects,
            "flow-established" => Self::Within { by_person: true },
            "domain-blocked" | "traffic-blocked" => Self::Within { by_person: false },
            _ => Self::Administers,
        }
    }
}

/// The state of affairs.
#[derive(Debug)]
pub(crate) struct Story {
    world: World,
    now: u64,
    /// Devices without a session, and the sessions of the others.
    idle: Vec<usize>,
    sessions: Vec<Session>,
    /// The session of the current event where it is in none of the others.
    other: Session,
    /// The known reasons as JSON text, for sessions and for failed attempts.
    reasons: [Vec<(String, u64)>; 2],
    spelling: Spelling,
}

impl Story {
    pub(crate) fn new(random: &mut Random, start: u64, spelling: Spelling) -> Self {
        let world = World::new(random, spelling);
        let mut idle: Vec<_> = (0..world.devices.len()).collect();
        random.shuffle(&mut idle);
        let reasons = reasons(spelling);
        Self { world, now: start, idle, sessions: Vec::new(), other: Session::default(), reasons, spelling }
    }

    /// What an event in this role needs to come first, if anything.
    pub(crate) fn prerequisite(&self, role: Role) -> Option<Role> {
        match role {
            Role::Disconnects | Role::Within { .. } if self.sessions.is_empty() => Some(Role::Connects),
            Role::Connects if self.idle.is_empty() => Some(Role::Disconnects),
            _ => None,
        }
    }

    /// Goes on to the next event.
    pub(crate) fn next(&mut self, event: &'static str, random: &mut Random) -> Scene<'_> {
        let role = Role::of(event);
        self.now += random.below(PAUSE);
        let mut at = None;
        let mut failed = false;
        match role {
            Role::Connects => {
                self.now = self.now.next_multiple_of(SECOND);
                at = Some(self.connect(self.now, random));
            }
            Role::Disconnects => {
                self.now = self.now.next_multiple_of(SECOND);
                failed = random.below(FAILED) == 0 && !self.idle.is_empty();
                let at = if failed { self.connect(self.now, random) } else { self.any(random) };
                self.other = self.sessions.swap_remove(at);
                self.idle.push(self.other.device);
            }
            Role::Within { .. } => at = Some(self.any(random)),
            Role::Administers => self.other.device = random.index(self.world.devices.len()),
        }
        let session = at.map_or(&self.other, |at| &self.sessions[at]);
        let device = &self.world.devices[session.device];
        let tenant = &self.world.tenants[device.tenant];
        let actor = match role {
            Role::Administers => random.pick(&tenant.admins),
            Role::Within { by_person: true } => &device.owner,
            _ => &device.itself,
        };
        Scene {
            event,
            now: self.now,
            tenant,
            actor,
            device,
            session,
            gateway: session.gateway,
            target: random.pick(&tenant.targets),
            signature: random.index(words::SIGNATURES.len()),
            domain: random.index(words::DOMAINS.len()),
            reason: random.weighted::<String>(&self.reasons[usize::from(failed)]),
        }
    }

    /// A session; one that began before the sample, if there is none.
    fn any(&mut self, random: &mut Random) -> usize {
        if self.sessions.is_empty() {
            let age = (60 + random.below(7200)) * SECOND;
            let start = (self.now / SECOND * SECOND).saturating_sub(age);
            return self.connect(start, random);
        }
        random.index(self.sessions.len())
    }

    fn connect(&mut self, start: u64, random: &mut Random) -> usize {
        // Where nothing ever disconnects, a device without a session can't be waited for: one session is forgotten.
        let device = if self.idle.is_empty() {
            let forgotten = random.index(self.sessions.len());
            self.sessions.swap_remove(forgotten).device
        } else {
            self.idle.swap_remove(random.index(self.idle.len()))
        };
        let id = format!("{:08x}{:016x}", (start / SECOND) & 0xffff_ffff, random.bits());
        let gateways = self.world.tenants[self.world.devices[device].tenant].gateways.len();
        let rate = 1 << (7 + random.below(14));
        self.sessions.push(Session {
            device,
            gateway: random.index(gateways),
            id: self.spelling.json(&id),
            start,
            transport: self.spelling.json(random.weighted::<&str>(&[("UDP", 9), ("TCP", 1)])),
            tunnel: self.spelling.json(random.weighted::<&str>(&[("OpenVPN", 19), ("IPsec", 1)])),
            rates: (rate + random.below(rate), rate / 8 + random.below(rate / 4)),
        });
        self.sessions.len() - 1
    }
}

/// The reasons that the schema knows.
fn reasons(spelling: Spelling) -> [Vec<(String, u64)>; 2] {
    let events = catalog::EVENTS.iter().filter_map(|event| event.log).flatten();
    let mut reasons = [Vec::new(), Vec::new()];
    for field in events.filter(|field| field.name == "sessionDisconnectReason") {
        let Kind::Vocabulary(known) = field.kind else { continue };
        for known in known {
            let weight = words::REASONS.iter().find(|(reason, _)| *reason == known.value);
            let json = spelling.json(known.value);
            reasons[usize::from(weight.is_none())].push((json, weight.map_or(1, |(_, weight)| *weight)));
        }
    }
    for reasons in reasons.iter_mut().filter(|reasons| reasons.is_empty()) {
        reasons.push((spelling.json("Misc Error"), 1));
    }
    reasons
}
