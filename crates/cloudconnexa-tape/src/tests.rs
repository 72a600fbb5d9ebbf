//! Records with more values than get entries.

use std::fmt::Write as _;

use super::{Fault, Index, Tape};

/// As many values as get entries in the validator.
const MANY: usize = 1 << 18;

fn is_kept(name: &str) -> bool {
    ["allowed", "cloudId", "eventName", "log", "protocol", "timestamp"].contains(&name)
}

fn parse_up_to(text: &str, max_entries: usize) -> Result<Tape<'_>, Fault> {
    Tape::parse_partly(text, max_entries, is_kept)
}

/// What is reported of a tape: repeated keys, huge numbers, known fields and how many others there are.
fn reported(tape: &Tape<'_>) -> String {
    let repeated: Vec<_> =
        tape.repeated().items().iter().map(|key| (&key.pointer, &key.range, key.first)).collect();
    let huge: Vec<_> =
        tape.huge_numbers().items().iter().map(|number| (&number.pointer, &number.range)).collect();
    let more = (tape.repeated().left_out(), tape.huge_numbers().left_out());
    let log = tape.field(Index::ROOT, "log");
    let known = |object: Index, name: &str| tape.field(object, name).map(|value| tape.raw(value).to_owned());
    let fields = ["cloudId", "eventName", "log", "timestamp"].map(|name| known(Index::ROOT, name));
    let of_log = log.map(|log| ["protocol", "allowed"].map(|name| known(log, name)));
    let others = |object: Index| {
        let described = |key: Index| is_kept(&tape.string(key).unwrap_or_default());
        let listed =
            tape.all_members(object).filter(|(key, _)| !described(*key) && !tape.is_again(*key)).count();
        listed + tape.members_left_out(object)
    };
    let others = (others(Index::ROOT), log.map(others));
    format!("{repeated:?} {huge:?} {more:?} {fields:?} {of_log:?} {others:?}")
}

fn random_record(random: &mut impl FnMut(usize) -> usize) -> String {
    const KEYS: [&str; 9] =
        ["cloudId", "eventName", "log", "a", "b", "\\u0061", "protocol", "allowed", "cloud\\u0049d"];
    fn value(random: &mut impl FnMut(usize) -> usize, level: usize) -> String {
        match random(if level > 4 { 4 } else { 7 }) {
            0 => "1".to_owned(),
            1 => "1e999".to_owned(),
            2 => "\"x\"".to_owned(),
            3 => "null".to_owned(),
            4 => {
                let elements: Vec<_> = (0..random(4)).map(|_| value(random, level + 1)).collect();
                format!("[{}]", elements.join(","))
            }
            _ => object(random, level + 1),
        }
    }
    fn object(random: &mut impl FnMut(usize) -> usize, level: usize) -> String {
        let count = random(if level == 0 { 60 } else { 5 });
        let members: Vec<_> = (0..count)
            .map(|number| {
                let key = KEYS.get(random(12)).map_or_else(|| format!("k{number}"), |key| (*key).to_owned());
                format!("\"{key}\":{}", value(random, level))
            })
            .collect();
        format!("{{{}}}", members.join(","))
    }
    object(random, 0)
}

#[test]
fn the_same_is_reported_however_few_values_get_entries() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % limit
    };
    let mut repeated = 0;
    for _ in 0..3_000 {
        let text = random_record(&mut random);
        let whole = Tape::parse(&text).unwrap();
        repeated += whole.repeated().items().len();
        for max_entries in [0, 1, 7, 40] {
            let part = parse_up_to(&text, max_entries).unwrap();
            assert_eq!(reported(&part), reported(&whole), "{max_entries} {text}");
        }
        // The pointer to where it breaks is the same, too.
        let broken = &text[..random(text.len())];
        let faults = [usize::MAX, 0, 7].map(|max_entries| parse_up_to(broken, max_entries).unwrap_err());
        assert!(faults.iter().all(|fault| *fault == faults[0]), "{broken}");
    }
    assert!(repeated > 1000, "{repeated}");
}

#[test]
fn repeated_fields_are_dropped_but_for_the_first_and_the_last() {
    let mut many = String::new();
    for number in 0..5_000 {
        _ = write!(many, "\"log\":{{\"protocol\":{number},\"x\":1}},\"cloudId\":{number},");
    }
    let text = format!("{{{many}\"eventName\":\"flow-established\"}}");
    let part = parse_up_to(&text, 10).unwrap();
    assert!(part.entries.len() < 3_000, "{}", part.entries.len());
    let whole = Tape::parse(&text).unwrap();
    assert_eq!(reported(&part), reported(&whole));
    assert!(reported(&part).contains("4999"));
    let inner = format!("{{\"log\":{{{}\"allowed\":true}}}}", "\"protocol\":1,\"allowed\":2,".repeat(5_000));
    let part = parse_up_to(&inner, 10).unwrap();
    assert!(part.entries.len() < 3_000, "{}", part.entries.len());
    assert_eq!(reported(&part), reported(&Tape::parse(&inner).unwrap()));
}

#[test]
fn a_record_of_millions_of_values_has_few_entries() {
    for unit in ["1,", "{},", "[[]],", "{\"a\":1},"] {
        let text = format!("{{\"x\":[{}1],\"cloudId\":7}}", unit.repeat(500_000));
        let tape = parse_up_to(&text, MANY).unwrap();
        assert!(tape.entries.len() <= MANY + 10);
        assert!(tape.field(Index::ROOT, "cloudId").is_some());
    }
    let mut fields = String::new();
    for number in 0..300_000 {
        _ = write!(fields, "\"{number}\":1,");
    }
    let text = format!("{{{fields}\"eventName\":\"test-message\",\"cloudId\":7}}");
    assert!(parse_up_to(&text, MANY).unwrap().entries.len() <= MANY + 10);
}
