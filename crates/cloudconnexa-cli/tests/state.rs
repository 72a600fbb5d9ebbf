//! `--state`: which inputs are read again, and which state files are refused.

#![allow(clippy::disallowed_methods, reason = "tests touch files")]

mod common;

use std::fs;

use common::{BROKEN, Folder};

const VALID: &str = include_str!("../../../tests/corpus/documented/client-disconnected-v1.json");
const ARGS: [&str; 4] = ["validate", "--quiet", "--state=x.state", "logs"];

fn folder() -> Folder {
    Folder::with("logs/a.json", VALID).and("logs/b.json", VALID)
}

#[test]
fn only_new_and_changed_inputs_are_read() {
    let folder = folder();
    let args = ["validate", "--state=x.state", "logs"];
    let mut texts = vec![folder.run(&args), folder.run(&args)];
    let folder = folder.and("logs/c.json", BROKEN);
    texts.push(folder.run(&args));
    // An input with findings is not read again either.
    texts.push(folder.run(&args));
    let folder = folder.and("logs/a.json", format!("{VALID}{VALID}"));
    texts.push(folder.run(&args));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn unreported_findings_are_reported_by_the_next_run() {
    let folder = folder().and("logs/c.json", BROKEN);
    let full =
        ["validate", "--quiet", "--state=x.state", "--format=concise", "--output=no/such/folder", "logs"];
    assert!(folder.run(&full).contains("exit code: 2"));
    let state = folder.text("x.state");
    assert!(state.contains("c.json") && !state.contains("\"end\""), "{state}");
    assert!(folder.run(&ARGS).contains("exit code: 1"));
    assert!(folder.run(&ARGS).contains("exit code: 0"));
}

#[test]
fn unreadable_inputs_are_not_remembered() {
    let folder = folder().and("logs/c.jsonl.gz", b"\x1f\x8b\x08\0\0\0\0\0");
    for _ in 0..2 {
        assert!(folder.run(&ARGS).contains("exit code: 2"));
    }
    assert!(!folder.text("x.state").contains("c.jsonl"));
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let folder = folder();
    folder.run(&ARGS);
    let path = folder.path("x.state");
    let state = fs::read_to_string(&path).unwrap();
    let mut texts = Vec::new();
    for (name, content) in [
        ("damaged", state.replace("a.json", "b.json")),
        ("another version", state.replacen(":1}", ":9}", 1)),
        ("foreign", VALID.to_owned()),
    ] {
        fs::write(&path, &content).unwrap();
        texts.push(format!("# {name}\n{}", folder.run(&ARGS)));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    fs::write(&path, &state[..state.len() - 5]).unwrap();
    texts.push(format!("# torn\n{}", folder.run(&["validate", "--state=x.state", "logs"])));
    insta::assert_snapshot!(texts.join("\n"));
}
