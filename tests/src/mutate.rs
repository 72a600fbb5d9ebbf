//! A seeded mutator that turns an event into something that is nearly one.

mod layout;

use cloudconnexa_schema::Json;

use crate::samples;
use layout::Layout;

/// A small pseudo-random number generator (xorshift64*). The same seed gives the same events on every machine.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// Creates a generator from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns the next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number below `bound`, or 0 if that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next_u64() % bound).unwrap_or(0)
    }

    /// Returns true one time in `n`.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Returns events to mutate: all that are valid.
///
/// # Panics
///
/// If one is not UTF-8.
pub fn seeds() -> Vec<String> {
    let samples = ["documented", "valid", "noticed"].into_iter().flat_map(samples);
    samples.map(|sample| String::from_utf8(sample.bytes).unwrap()).collect()
}

/// A JSON text as a tree that may break the rules: keys can repeat, scalars are raw text.
#[derive(Clone, Debug)]
enum Node {
    Raw(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// Values that readers of JSON and of these formats disagree about, as raw JSON. Not all of them are JSON.
pub const RAW: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "0.0",
    "1",
    "1.0",
    "1E0",
    "1e2",
    "2.5",
    "3",
    "4",
    "4.0",
    "-1",
    "65535",
    "65536",
    "6.5535e4",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "9223372036854775807.0",
    "18446744073709551615",
    "18446744073709551616",
    "1e20",
    "1e-1",
    "1e308",
    "1e309",
    "-1e999",
    "100000000000000000000000000",
    "0.1e1",
    "10e-1",
    "01",
    "+1",
    "NaN",
    "0x10",
    "1.",
    ".5",
    "1e",
    "-",
    r#""""#,
    r#""null""#,
    r#""User""#,
    r#""Users""#,
    r#""usEr""#,
    r#""U\u0073er""#,
    r#""Subscription Limit Exceeded""#,
    r#""Subscription Limit Exceeded.""#,
    r#""Security.CyberShieldBlockedDomains""#,
    r#""Security.CyberShieldBlockedDomainz""#,
    r#""CloudConnexa""#,
    r#""client-connected""#,
    r#""client-disconnected""#,
    r#""flow-established""#,
    r#""test-message""#,
    r#""new-event""#,
    r#""a\u0000b""#,
    r#""\ud83d\ude00""#,
    r#""\ud83d""#,
    r#""\ude00""#,
    r#""\x41""#,
    "\"tab\there\"",
    "\"\u{7f}\u{a0}\u{2028}é💻\"",
    r#""\u004fpen\/VPN\n""#,
    r#""2023-12-20T10:45:14.000000Z""#,
    r#""2023-12-20t10:45:14z""#,
    r#""2023-12-20 10:45:14Z""#,
    r#""2023-12-20T10:45:14+0200""#,
    r#""2023-12-20T10:45:14+02:00""#,
    r#""2023-12-20T10:45:14-23:59""#,
    r#""2023-12-20T10:45:14+24:00""#,
    r#""2023-12-20T10:45:14""#,
    r#""2023-12-20T10:45Z""#,
    r#""2023-12-20T10:45:60Z""#,
    r#""2016-12-31T23:59:60Z""#,
    r#""2016-12-31T18:29:60.5-05:30""#,
    r#""2017-01-01T00:59:60+01:00""#,
    r#""2023-12-20T10:45:14.0000000001Z""#,
    r#""2023-12-20T10:45:14,5Z""#,
    r#""2023-12-20T10:45:14.Z""#,
    r#""9999-12-31T23:59:59.999999999Z""#,
    r#""9999-12-31T23:59:59-12:00""#,
    r#""0000-01-01T00:00:00Z""#,
    r#""0000-01-01T00:00:00+23:59""#,
    r#""2023-02-29T00:00:00Z""#,
    r#""2024-02-29T00:00:00Z""#,
    r#""1900-02-29T00:00:00Z""#,
    r#""2000-02-29T00:00:00Z""#,
    r#""2023-04-31T00:00:00Z""#,
    r#""2023-00-01T00:00:00Z""#,
    r#""20231220T104514Z""#,
    r#""+002023-12-20T10:45:14Z""#,
    r#""-001-12-20T10:45:14Z""#,
    r#"" 2023-12-20T10:45:14Z""#,
    r#""2023-12-20T10:45:14Z[UTC]""#,
    r#""/023-12-20T10:45:14Z""#,
    r#""2023-12-20T10:45:14−01:00""#,
    r#""693bbbde-626d-4940-ac2b-4e75efb49bf7""#,
    r#""693BBBDE-626D-4940-AC2B-4E75EFB49BF7""#,
    r#""693bbbde626d4940ac2b4e75efb49bf7""#,
    r#""{693bbbde-626d-4940-ac2b-4e75efb49bf7}""#,
    r#""urn:uuid:693bbbde-626d-4940-ac2b-4e75efb49bf7""#,
    r#""00000000-0000-0000-0000-000000000000""#,
    r#""693bbbde-626d-4940-ac2b-4e75efb49bfg""#,
    r#""693bbbde-626d-4940-ac2b4-e75efb49bf7""#,
    r#""178.136.162.32""#,
    r#""0178.136.162.32""#,
    r#""178.136.162.256""#,
    r#""178.136.162""#,
    r#""1.2.3.4 ""#,
    r#""fd:0:0:8102::2""#,
    r#""::""#,
    r#""::1.2.3.4""#,
    r#""::ffff:1.2.3.4""#,
    r#""FE80::1""#,
    r#""fe80::1%eth0""#,
    r#""1:2:3:4:5:6:7:8""#,
    r#""1:2:3:4:5:6:7::""#,
    r#""1::2::3""#,
    r#""12345::1""#,
    r#""[::1]""#,
    r#""1.2.3.4:80""#,
    "[]",
    "[1]",
    r#"["a"]"#,
    "{}",
    r#"{"a":1}"#,
    r#"{"a":1,"a":1}"#,
    r#"{"User":null}"#,
    r#"[{"b":[{"c":1,"c":2}]}]"#,
    r#"[{"name":"a","oldValue":null,"newValue":[1.5e3,-0,true]},{"name":"b","é":{}}]"#,
    r#"{ "a" : [ 1 , { "b" : "c\\" } ] , "d" : -1.5E+3 }"#,
    r#"{"a":1,"\u0061":2}"#,
    r#"{"a":{"a":{"a":1}},"b":{"a":1}}"#,
    r#"{"a":1,}"#,
    r#"{"a" "b"}"#,
    "[1,]",
    "[1 2]",
    "[{}}",
    r#"{"log":{"eventName":"x"}}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "-",
    "-x",
    "00",
    "1e+",
    "1e400",
    "1E99",
    "nulll",
    "falsey",
    r#""\u12""#,
    r#""\ud83d\u0041""#,
    r#""\ud83d\ud83d""#,
    r#""\uDBFF\uDFFF""#,
    "\"\u{1}\"",
    "[1e999]",
    r#"{"k":"\ud800"}"#,
    "[[[[]]]]",
    "tru",
    "",
    " ",
];

/// Names of fields, near misses, and other names.
const NAMES: &[&str] = &[
    "CloudConnexaLogVersion",
    "timestamp",
    "cloudId",
    "service",
    "traceId",
    "publicIp",
    "initiatorPublicIp",
    "clientPublicIp",
    "initiator",
    "initiatorRole",
    "initiatorType",
    "initiatorName",
    "parentEntity",
    "category",
    "eventName",
    "log",
    "userAgent",
    "extra",
    "sessionBytesIn",
    "allowed",
    "priority",
    "eventname",
    "trace_id",
    "",
    "a\\u0062",
    "\\u006cog",
    "\\u0065ventName",
    "new field",
    "\\ud83d",
    "é",
];

/// Replacements for characters inside a string.
const BYTES: &[u8] = b"0123456789abfFgTZtz:.+-/ []{}\",\\%";

/// Mutates the event in `seed` into a record, which is rarely valid.
///
/// # Panics
///
/// If `seed` is not JSON.
pub fn mutate(seed: &str, random: &mut Random) -> Vec<u8> {
    let mut node = parse(seed);
    // Only a few changes: many would leave nothing valid.
    for _ in 0..=random.below(3) {
        change(&mut node, random);
    }
    let mut text = String::new();
    Layout::any(random).write(&node, 0, &mut text);
    let mut bytes = text.into_bytes();
    if random.once_in(12) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes.truncate(at),
            1 => bytes[at] = random.next_u64().to_le_bytes()[0],
            2 => drop(bytes.remove(at)),
            _ => bytes.insert(at, BYTES[random.below(BYTES.len())]),
        }
    }
    bytes
}

/// Breaks one field of the event in `seed`, or leaves all of them as they are, and nothing else.
///
/// # Panics
///
/// If `seed` is not JSON.
pub fn mutate_field(seed: &str, random: &mut Random) -> String {
    let mut node = parse(seed);
    change(&mut node, random);
    let mut text = String::new();
    Layout::any(random).write(&node, 0, &mut text);
    text
}

fn parse(seed: &str) -> Node {
    from_json(&Json::parse(seed).unwrap_or_else(|error| panic!("{error}: {seed}")))
}

fn from_json(json: &Json) -> Node {
    match json {
        Json::Array(elements) => Node::Array(elements.iter().map(from_json).collect()),
        Json::Object(members) => {
            Node::Object(members.iter().map(|(key, value)| (key.clone(), from_json(value))).collect())
        }
        scalar => Node::Raw(scalar.to_value().to_string()),
    }
}

fn change(node: &mut Node, random: &mut Random) {
    match node {
        Node::Object(members) if !members.is_empty() => {
            let at = random.below(members.len());
            match random.below(20) {
                0 => drop(members.remove(at)),
                1 => {
                    let twin = members[at].clone();
                    let to = random.below(members.len() + 1);
                    members.insert(to, twin);
                }
                2 => {
                    let to = random.below(members.len());
                    members.swap(at, to);
                }
                3 => random.pick(NAMES).clone_into(&mut members[at].0),
                4 => {
                    let name = random.pick(NAMES).to_owned();
                    members.insert(at, (name, Node::Raw(random.pick(RAW).to_owned())));
                }
                5 => members[at].1 = Node::Raw(random.pick(RAW).to_owned()),
                6 => members.reverse(),
                7 => (1..members.len()).for_each(|last| members.swap(last, random.below(last + 1))),
                8 => members[at].1 = Node::Raw(text(random)),
                9 => {
                    let name = &mut members[at].0;
                    *name = if random.once_in(2) { name.to_lowercase() } else { name.to_uppercase() };
                }
                10 => members[at].0 = spelled_with_escapes(&members[at].0, random),
                11 => members.iter_mut().for_each(|(name, _)| *name = spelled_with_escapes(name, random)),
                _ => change(&mut members[at].1, random),
            }
        }
        Node::Array(elements) if !elements.is_empty() => {
            let at = random.below(elements.len());
            change(&mut elements[at], random);
        }
        Node::Raw(raw) if raw.len() > 2 && !random.once_in(3) => {
            let mut bytes = raw.clone().into_bytes();
            let at = 1 + random.below(bytes.len() - 2);
            let byte = BYTES[random.below(BYTES.len())];
            match random.below(3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
            *raw = String::from_utf8_lossy(&bytes).into_owned();
        }
        other => *other = Node::Raw(random.pick(RAW).to_owned()),
    }
}

/// Writes some characters of a name as escapes, unless it has some already.
fn spelled_with_escapes(name: &str, random: &mut Random) -> String {
    if name.contains('\\') {
        return name.to_owned();
    }
    let mut spelled = String::new();
    for c in name.chars() {
        match u16::try_from(c) {
            Ok(unit) if random.once_in(3) => {
                let digits = if random.once_in(2) { format!("{unit:04x}") } else { format!("{unit:04X}") };
                spelled.push_str("\\u");
                spelled.push_str(&digits);
            }
            _ => spelled.push(c),
        }
    }
    spelled
}

/// Returns a string of up to a hundred bytes with one odd character somewhere, for code that reads many bytes at once.
fn text(random: &mut Random) -> String {
    const ODD: &[&str] = &[
        "",
        "",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\x",
        "é",
        "💻",
        "\u{7f}",
        "\u{1f}",
        "\t",
        "\"",
    ];
    let before = random.below(70);
    let after = random.below(40);
    format!("\"{}{}{}\"", "a".repeat(before), random.pick(ODD), "b".repeat(after))
}
