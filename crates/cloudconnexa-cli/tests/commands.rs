//! Help, wrong usage, color, and the commands that read no logs.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use common::Folder;
use insta::assert_snapshot;

fn run(args: &[&str]) -> String {
    Folder::new().run(args)
}

#[test]
fn help_shows_commands_and_options() {
    assert_snapshot!(run(&["--help"]));
    assert_snapshot!(run(&["validate", "--help"]));
}

#[test]
fn wrong_arguments_are_refused_with_a_hint() {
    assert_snapshot!(run(&["validat"]));
    assert_snapshot!(run(&["validate", "--max-record-bytes", "3 apples"]));
    assert_snapshot!(run(&["explain", "wrong_type"]));
    assert_snapshot!(run(&["events", "client-disconected"]));
    assert_snapshot!(run(&["schema", "--event", "nothing-like-it"]));
}

#[test]
fn explain_lists_rules_and_describes_one() {
    assert_snapshot!(run(&["explain"]));
    assert_snapshot!(run(&["explain", "wrong-type"]));
}

#[test]
fn events_lists_events_and_describes_one() {
    assert_snapshot!(run(&["events"]));
    assert_snapshot!(run(&["events", "domain-blocked"]));
}

#[test]
fn schema_prints_the_whole_or_one_event() {
    assert_snapshot!(run(&["schema", "--event", "test-message"]));
    let whole = run(&["schema"]);
    assert!(whole.contains("exit code: 0") && whole.contains("\"ClientDisconnectedLog\""));
}

#[test]
fn completions_and_man_pages_are_generated() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(script.contains("exit code: 0") && script.contains("max-findings"), "{shell}");
    }
    assert!(run(&["man"]).contains(".TH ccxlog 1"));
    let folder = Folder::new();
    assert!(folder.run(&["man", "--dir", "pages"]).contains("exit code: 0"));
    let page = folder.text("pages/ccxlog-validate.1");
    assert!(page.contains("Exit codes"));
}

/// On both streams.
#[test]
fn color_follows_the_option_then_the_environment() {
    let folder = Folder::with("a.jsonl", "x\n");
    for (args, variable, colored) in [
        (&["validate", "a.jsonl"][..], None, false),
        (&["validate", "a.jsonl"], Some("CLICOLOR_FORCE"), true),
        (&["validate", "--color=never", "a.jsonl"], Some("CLICOLOR_FORCE"), false),
        (&["validate", "--color=always", "a.jsonl"], None, true),
        (&["--color=always", "validate", "a.jsonl"], Some("NO_COLOR"), true),
        (&["events"], Some("NO_COLOR"), false),
    ] {
        let mut command = folder.command(args);
        command.envs(variable.map(|name| (name, "1")));
        let output = command.output().expect("the binary runs");
        assert_eq!(output.stdout.contains(&0x1b), colored, "{args:?} {variable:?}");
        if !output.stderr.is_empty() {
            assert_eq!(output.stderr.contains(&0x1b), colored, "{args:?} {variable:?}");
        }
    }
}
