//! `ccxlog replay`: which records are checked again, and which lines stay as they are.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use common::{Folder, line};

const OUTPUTS: [&str; 4] = ["--accepted", "good.jsonl", "--rejected", "bad.jsonl"];

/// The white space around it does not count.
#[test]
fn a_record_as_long_as_the_limit_is_replayed() {
    let long = line("test-message").replace(",\"", ", \"");
    for end in ["\n", " \t\r\n", ""] {
        let folder = Folder::with("a.jsonl", format!("  {long}{end}"));
        let split = [&["split", "a.jsonl", "--max-record-bytes", "100"][..], &OUTPUTS].concat();
        assert_eq!(folder.exit_code(&split), Some(1));
        for (limit, code) in [(long.len() - 1, 1), (long.len(), 0)] {
            let limit = limit.to_string();
            let args = ["replay", "bad.jsonl", "--accepted=rest", "--rejected=still", "--max-record-bytes"];
            assert_eq!(folder.exit_code(&[&args[..], &[&limit]].concat()), Some(code), "{end:?}");
            let [rest, still] = ["rest", "still"].map(|name| folder.bytes(name));
            assert_eq!([rest.is_empty(), still.is_empty()], [code == 1, code == 0], "{end:?}");
        }
    }
}

#[test]
fn parts_that_do_not_belong_together_are_not_joined() {
    let long = line("test-message").replacen("\"test\"", &format!("\"{}\"", "ü".repeat(100_000)), 1);
    let folder = Folder::with("a.jsonl", &long).and("b.jsonl", &long);
    let split = ["split", "a.jsonl", "b.jsonl", "--max-record-bytes", "4KiB"];
    assert_eq!(folder.exit_code(&[&split[..], &OUTPUTS].concat()), Some(1));
    let text = folder.text("bad.jsonl");
    let parts: Vec<_> = text.lines().collect();
    assert_eq!(parts.len(), 8);
    let [a1, a2, a3, a4, _, b2, b3, _] = parts[..] else { panic!("{parts:?}") };
    for (lost, mixed) in
        [(2, [a1, b2, a3, a4]), (3, [a1, a2, a4, a3]), (3, [a1, a2, b3, a4]), (2, [a2, a3, a4, a1])]
    {
        let mixed = mixed.join("\n") + "\n";
        let folder = Folder::with("mixed", &mixed);
        let shown = folder.run(&["replay", "mixed", "--accepted", "none", "--rejected", "same", "--quiet"]);
        assert!(shown.contains("exit code: 1") && shown.contains(&format!("part {lost} of ")), "{shown}");
        assert!(folder.bytes("none").is_empty() && folder.text("same") == mixed, "{shown}");
    }
}
