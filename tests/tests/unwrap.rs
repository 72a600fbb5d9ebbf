//! Tests that events inside other records have the findings that they have alone, at the bytes of the record that they come
//! from.
//!
//! `CCX_SEED` and `CCX_CASES` choose another run; a failure prints the seed and the record.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read files and settings")]

use std::fmt::Write as _;

use cloudconnexa_reader::records::{Item, Splitter};
use cloudconnexa_validator::unwrap::{Unwrapper, detect};
use cloudconnexa_validator::{Finding, Position, Validator};
use workspace_tests::mutate::{Random, mutate};
use workspace_tests::{samples, setting};

/// A text with events in it, and where each byte of each event has come to be, the end included.
#[derive(Clone, Debug, Default)]
struct Wrapped {
    text: String,
    maps: Vec<Vec<usize>>,
}

impl Wrapped {
    fn event(event: &str) -> Self {
        Self { text: event.to_owned(), maps: vec![(0..=event.len()).collect()] }
    }

    /// Joins parts, with text before, between and after them.
    fn join(before: &str, parts: Vec<Self>, between: &str, after: &str) -> Self {
        let mut all = Self { text: before.to_owned(), maps: Vec::new() };
        for (index, part) in parts.into_iter().enumerate() {
            all.text.push_str(if index == 0 { "" } else { between });
            let start = all.text.len();
            all.maps.extend(part.maps.into_iter().map(|map| map.iter().map(|at| at + start).collect()));
            all.text.push_str(&part.text);
        }
        all.text.push_str(after);
        all
    }

    /// Writes the text as a JSON string, in one of the ways in which that can be done.
    fn quoted(self, random: &mut Random) -> Self {
        let (mut quoted, mut starts) = (String::from("\""), vec![0; self.text.len() + 1]);
        let by_number = random.once_in(4);
        for (at, character) in self.text.char_indices() {
            starts[at..at + character.len_utf8()].fill(quoted.len());
            let must = matches!(character, '"' | '\\' | '\0'..' ');
            if by_number && (must || random.once_in(9)) {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            } else if must {
                let escaped = serde_json::to_string(&character).unwrap();
                quoted.push_str(&escaped[1..escaped.len() - 1]);
            } else {
                quoted.push(character);
            }
        }
        starts[self.text.len()] = quoted.len();
        quoted.push('"');
        let maps = self.maps.iter().map(|map| map.iter().map(|at| starts[*at]).collect()).collect();
        Self { text: quoted, maps }
    }
}

/// How events are wrapped, how many at once at most, and where they are then.
const WRAPPERS: [(&str, usize, &str); 11] = [
    ("shipper", 1, "message"),
    ("pretty shipper", 1, "event.original"),
    ("docker in a message", 1, "/message/log"),
    ("string", 1, ""),
    ("string in a string", 1, ""),
    ("after a time", 1, ""),
    ("after a time in a message", 1, "message"),
    ("records", 5, "Records"),
    ("log events", 5, ".logEvents[].message"),
    ("search", 5, "/hits/hits/*/_source"),
    ("loki", 5, "/streams/*/values/*/1"),
];

fn wrap(name: &str, events: &[String], random: &mut Random) -> Wrapped {
    let parts: Vec<_> = events.iter().map(|event| Wrapped::event(event)).collect();
    let one = || parts[0].clone();
    let object = |before: &str, inner: Wrapped, after: &str| Wrapped::join(before, vec![inner], "", after);
    match name {
        "shipper" => object("{\"@timestamp\":\"ü\",\"message\":", one().quoted(random), ",\"log\":{}}"),
        "pretty shipper" => object("{\n  \"event\": {\n    \"original\": ", one().quoted(random), "\n  }\n}"),
        "docker in a message" => {
            let docker = object("{\"log\":", one().quoted(random), ",\"stream\":\"stdout\"}");
            object("{\"message\":", docker.quoted(random), "}")
        }
        "string" => one().quoted(random),
        "string in a string" => one().quoted(random).quoted(random),
        "after a time" => object("2025-03-04T08:15:42.000Z ü ", one(), ""),
        "after a time in a message" => {
            object("{\"message\":", object("<134>Mar  4 host: ", one(), "").quoted(random), "}")
        }
        "records" => Wrapped::join("{\"a\":[1],\"Records\": [\n", parts, ",\n ", "]}"),
        "log events" => {
            let inner = parts.into_iter().map(|part| object("{\"message\":", part.quoted(random), "}"));
            Wrapped::join("{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[", inner.collect(), ",", "]}")
        }
        "search" => {
            let inner = parts.into_iter().map(|part| object("{\"_source\":", part, "}"));
            Wrapped::join("{\"hits\":{\"hits\":[", inner.collect(), ",", "]}}")
        }
        "loki" => {
            let inner = parts.into_iter().map(|part| object("[\"17000\",", part.quoted(random), "]"));
            Wrapped::join("{\"streams\":[{\"values\":[", inner.collect(), ",", "]}]}")
        }
        other => panic!("{other}"),
    }
}

/// Rule, pointer and both ends of a finding.
fn key(finding: &Finding, position: impl Fn(Position) -> Position) -> (String, String, Position, Position) {
    let span = finding.span();
    (
        format!("{} {}", finding.rule().id, finding.key()),
        finding.pointer().to_owned(),
        position(span.start),
        position(span.end),
    )
}

/// Returns whether a text is one record on its own, whatever is between its values.
fn is_one_record(text: &str) -> bool {
    let (mut records, mut others) = (0, 0);
    let mut count = |item: Item<'_>| match item {
        Item::Record(_) => records += 1,
        Item::Between(_) => {}
        _ => others += 1,
    };
    let mut splitter = Splitter::new();
    splitter.push(text.as_bytes(), &mut count);
    splitter.finish(&mut count);
    (records, others) == (1, 0)
}

fn is_json(validator: &Validator, text: &str) -> bool {
    const NOT_JSON: [&str; 5] = ["syntax", "too-deep", "not-json", "foreign-notation", "merge-conflict"];
    let report = validator.check(text.as_bytes(), Position::START);
    !report.findings.iter().any(|finding| NOT_JSON.contains(&finding.rule().id))
}

#[test]
fn wrapped_events_have_the_findings_that_they_have_alone_at_their_original_bytes() {
    let seed = setting("CCX_SEED", 0x2025_0304);
    let cases = setting("CCX_CASES", 100_000) / 50;
    println!("CCX_SEED={seed} CCX_CASES={}", cases * 50);
    let texts = |prefixes: &[&str]| -> Vec<String> {
        let all = prefixes.iter().flat_map(|prefix| samples(prefix));
        all.filter_map(|sample| String::from_utf8(sample.bytes).ok()).collect()
    };
    let (seeds, mut all_samples) = (texts(&["documented", "valid", "noticed"]), texts(&[""]));
    // Samples of wrapped events are not events themselves.
    all_samples.retain(|sample| detect(sample.as_bytes()).is_none());
    let validator = Validator::new();
    let mut random = Random::new(seed);
    let (mut all, mut automatic, mut findings) = (0_u64, 0_u64, 0_u64);
    for _ in 0..cases {
        let (name, most, path) = WRAPPERS[random.below(WRAPPERS.len())];
        let mut events = Vec::new();
        for _ in 0..=random.below(most) {
            let event = if random.once_in(4) {
                all_samples[random.below(all_samples.len())].clone().into_bytes()
            } else {
                mutate(&seeds[random.below(seeds.len())], &mut random)
            };
            let Ok(event) = String::from_utf8(event) else { continue };
            let event = event.trim_matches([' ', '\t', '\r', '\n']);
            // Others are not one record, whether they are wrapped or not.
            let is_json_text = is_json(&validator, event);
            let is_line = !event.contains(['\n', '\r']) && is_one_record(event);
            let is_whole = is_json_text || matches!(name, "shipper" | "string" | "loki") && is_line;
            // Text before an object without fields is not told from text with braces.
            let has_fields = event.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'));
            if has_fields && is_whole && (name != "after a time" || is_line) {
                events.push(event.to_owned());
            }
        }
        if events.is_empty() {
            continue;
        }
        let wrapped = wrap(name, &events, &mut random);
        let record = wrapped.text.as_bytes();
        let is_json_text = is_json(&validator, &wrapped.text);
        if !is_json_text && name != "after a time" {
            continue;
        }
        let at = Position { offset: 1000, line: 7, column: 3 };
        let expected: Vec<_> = events
            .iter()
            .zip(&wrapped.maps)
            .flat_map(|(event, map)| {
                let findings = validator.check(event.as_bytes(), Position::START).findings;
                let place =
                    |position: Position| at.after(&record[..map[usize::try_from(position.offset).unwrap()]]);
                findings.into_iter().map(move |finding| key(&finding, place)).collect::<Vec<_>>()
            })
            .collect();
        let are_events = events.iter().all(|event| event.contains("\"CloudConnexaLogVersion\":"));
        let mut ways = vec![];
        if are_events {
            assert_eq!(
                detect(record).map(|wrapping| wrapping.events()),
                Some(events.len()),
                "CCX_SEED={seed}: {name}: {}",
                wrapped.text
            );
            ways.push(Unwrapper::automatic());
            automatic += 1;
        }
        if !path.is_empty() {
            ways.push(path.parse().unwrap());
        }
        for unwrapper in ways {
            let context = || format!("CCX_SEED={seed}: {name} by {unwrapper:?}: {}", wrapped.text);
            let unwrapped = unwrapper.unwrap(record, at).unwrap_or_else(|| panic!("{}", context()));
            let parts: Vec<_> = unwrapped.parts().collect();
            let bytes: Vec<_> = parts.iter().map(|part| str::from_utf8(part.bytes()).unwrap()).collect();
            assert_eq!(bytes, events, "{}", context());
            let found: Vec<_> = parts
                .iter()
                .flat_map(|part| {
                    let mut findings = validator.check(part.bytes(), part.check_position()).findings;
                    for finding in &mut findings {
                        part.relocate(finding);
                    }
                    findings
                })
                .map(|finding| key(&finding, |position| position))
                .collect();
            assert_eq!(found, expected, "{}", context());
            findings += found.len() as u64;
            all += 1;
        }
    }
    assert!(
        all > cases / 2 && automatic > cases / 5 && findings > cases,
        "{all} {automatic} {findings} of {cases}"
    );
}
