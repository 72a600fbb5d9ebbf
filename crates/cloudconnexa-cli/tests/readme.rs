//! The README's first command does what the README shows.

#![allow(clippy::disallowed_methods, reason = "tests run the binary")]

use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../../README.md");

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let built = "cargo run --release --package cloudconnexa-cli --no-default-features";
    assert!(README.contains(&format!("{built} -- validate tests/demo/events.jsonl")));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO_BIN_EXE_ccxlog"))
        .args(["validate", "tests/demo/events.jsonl"])
        .env("COLUMNS", "100")
        .env_remove("CI")
        .current_dir(root)
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        README.contains(&format!("```text\n{}\n```", shown.trim_end())),
        "the README shows something else than\n{shown}"
    );
    assert_eq!(output.status.code(), Some(1));
}
