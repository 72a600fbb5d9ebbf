//! Prints records with the verdict of the validator, for validators in other languages to be compared with.
//!
//! Each line is a JSON object with a record in hexadecimal digits and the errors in it. The records are the corpus, mutated
//! events, and events with numbers, date-times and addresses at the limits of what is valid. `CCX_SEED` and `CCX_CASES` choose
//! others.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "it reads the environment and prints"
)]

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use cloudconnexa_validator::{Position, Severity, Validator};
use serde_json::{Value, json};
use workspace_tests::mutate::{Random, mutate, seeds};
use workspace_tests::{samples, setting};

fn main() -> io::Result<()> {
    let mut random = Random::new(setting("CCX_SEED", 0x2025_1129));
    let cases = setting("CCX_CASES", 6_000);
    let mut out = BufWriter::new(io::stdout().lock());
    let validator = Validator::new();
    let mut print = |name: &str, record: &[u8]| writeln!(out, "{}", verdict(&validator, name, record));
    for sample in samples("") {
        print(&format!("{}/{}", sample.folder, sample.name), &sample.bytes)?;
    }
    let seeds = seeds();
    for case in 0..cases {
        print(&format!("mutated/{case}"), &mutate(&seeds[random.below(seeds.len())], &mut random))?;
    }
    for case in 0..cases {
        let (kind, original, value) = match case % 4 {
            0 => ("number", "34409", number(&mut random)),
            1 => ("date-time", "\"2023-12-20T10:45:14.000000Z\"", quoted(&date_time(&mut random))),
            2 => ("address", "\"178.136.162.32\"", quoted(&address(&mut random))),
            _ => ("address", "\"fd:0:0:8102::2\"", quoted(&address(&mut random))),
        };
        let event = EVENT.replacen(original, &value, 1);
        assert_ne!(event, EVENT, "the documented event has no {original}");
        print(&format!("{kind}/{case}"), event.as_bytes())?;
    }
    out.flush()
}

const EVENT: &str = include_str!("../corpus/documented/client-disconnected-v1.json");

fn verdict(validator: &Validator, name: &str, record: &[u8]) -> Value {
    let report = validator.check(record, Position::START);
    let errors = report.findings.iter().filter(|finding| finding.severity() == Severity::Error);
    let errors: Vec<Value> = errors
        .map(|finding| {
            let (start, text) = (finding.span().start, finding.text());
            json!({
                "code": finding.rule().id,
                "pointer": finding.pointer(),
                "message": text.message,
                "help": text.help,
                "line": start.line,
                "column": start.column,
            })
        })
        .collect();
    let hex = record.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    json!({ "name": name, "record": hex, "valid": report.is_valid(), "errors": errors })
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Returns up to `most` digits, often nines or zeros, which round up or are cut off.
fn digits(random: &mut Random, most: usize) -> String {
    let favourite = char::from(b'0' + [0, 9, random.below(10)][random.below(3)].to_le_bytes()[0]);
    let count = 1 + random.below(most);
    (0..count)
        .map(
            |_| {
                if random.once_in(3) {
                    char::from(b'0' + random.below(10).to_le_bytes()[0])
                } else {
                    favourite
                }
            },
        )
        .collect()
}

/// Returns a number, or nearly one, close to where integers end, floats end, or zeros lead.
fn number(random: &mut Random) -> String {
    let most = [3, 20, 25, 320][random.below(4)];
    let mut number = if random.once_in(6) { "-".to_owned() } else { String::new() };
    let whole = digits(random, most);
    number += if random.once_in(8) { &whole } else { whole.trim_start_matches('0') };
    if number.is_empty() || number == "-" {
        number.push('0');
    }
    if random.once_in(3) {
        number = number + "." + &digits(random, most.min(30));
    }
    if random.once_in(3) {
        let sign = ["", "+", "-"][random.below(3)];
        let most = [1, 2, 3, 12][random.below(4)];
        number = number + ["e", "E"][random.below(2)] + sign + &digits(random, most);
    }
    number
}

/// Returns a date-time, some parts of which may be at their bounds or beyond.
fn date_time(random: &mut Random) -> String {
    let usual = ["2023", "-", "12", "-", "31", "T", "23", ":", "59", ":", "59", "", "Z"];
    let others: [&[&str]; 13] = [
        &["0000", "1900", "2000", "2024", "9999", "+202", "23"],
        &["/", ""],
        &["01", "02", "04", "06", "11", "00", "13"],
        &["\u{2212}", ""],
        &["01", "28", "29", "30", "32", "00", "1"],
        &["t", " ", "_"],
        &["00", "18", "24"],
        &[".", ""],
        &["00", "29", "60"],
        &[":", ""],
        &["00", "60", "61", "6"],
        &[".0", ".000000", ".5", ".1234567890123", ".", ",5"],
        &["z", "+00:00", "-00:00", "+23:59", "-05:30", "+24:00", "+05:60", "+0530", "[UTC]", ""],
    ];
    let mut parts = usual;
    for _ in 0..=random.below(4) {
        let part = random.below(parts.len());
        // Separators are rarely odd.
        if others[part].len() > 2 || random.once_in(3) {
            parts[part] = others[part][random.below(others[part].len())];
        }
    }
    parts.concat()
}

/// Returns an address, or groups that only look like one.
fn address(random: &mut Random) -> String {
    if random.once_in(3) {
        return v4(random);
    }
    let gap = random.below(9);
    let count = if random.once_in(2) { 8 } else { 1 + random.below(9) };
    let mut text = String::new();
    for index in 0..count {
        if index > 0 {
            text.push_str(if index == gap { "::" } else { ":" });
        }
        let odd = if random.once_in(30) { 8 } else { 6 };
        text.push_str(["0", "1", "fd", "FFFF", "8102", "00ab", "12345", "g"][random.below(odd)]);
    }
    if random.once_in(4) {
        text = text + ":" + &v4(random);
    }
    let before = ["", "", "", "", "::", ":"][random.below(6)];
    let after = ["", "", "", "", "", "::", ":", "%eth0"][random.below(8)];
    format!("{before}{text}{after}")
}

fn v4(random: &mut Random) -> String {
    let count = if random.once_in(10) { 3 + random.below(3) } else { 4 };
    let octets: Vec<&str> = (0..count)
        .map(|_| {
            let all = if random.once_in(8) { 12 } else { 7 };
            ["0", "1", "9", "10", "99", "249", "255", "256", "100", "01", "1000", ""][random.below(all)]
        })
        .collect();
    octets.join(".")
}
