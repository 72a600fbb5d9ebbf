//! The other commands, and usage.

mod common;

use common::Folder;
use insta::assert_snapshot;

fn run(args: &[&str]) -> String {
    Folder::new().run(args)
}

#[test]
fn help() {
    assert_snapshot!(run(&["--help"]));
    assert_snapshot!(run(&["validate", "--help"]));
}

#[test]
fn wrong_usage() {
    assert_snapshot!(run(&["validat"]));
    assert_snapshot!(run(&["validate", "--max-record-bytes", "3 apples"]));
    assert_snapshot!(run(&["explain", "wrong_type"]));
    assert_snapshot!(run(&["events", "client-disconected"]));
    assert_snapshot!(run(&["schema", "--event", "nothing-like-it"]));
}

#[test]
fn explain() {
    assert_snapshot!(run(&["explain"]));
    assert_snapshot!(run(&["explain", "wrong-type"]));
}

#[test]
fn events() {
    assert_snapshot!(run(&["events"]));
    assert_snapshot!(run(&["events", "domain-blocked"]));
}

#[test]
fn schema() {
    assert_snapshot!(run(&["schema", "--event", "test-message"]));
    let whole = run(&["schema"]);
    assert!(whole.contains("exit code: 0") && whole.contains("\"ClientDisconnectedLog\""));
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert!(script.contains("exit code: 0") && script.contains("max-findings"), "{shell}");
    }
    assert!(run(&["man"]).contains(".TH ccxlog 1"));
    let folder = Folder::new();
    assert!(folder.run(&["man", "--dir", "pages"]).contains("exit code: 0"));
    let page = std::fs::read_to_string(folder.path("pages/ccxlog-validate.1")).expect("a page");
    assert!(page.contains("Exit codes"));
}
