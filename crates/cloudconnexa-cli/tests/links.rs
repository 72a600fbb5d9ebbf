//! Symbolic links: where they lead without and with `--no-follow-links`.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::os::unix::fs::symlink;

use common::{BROKEN, Folder, line};
use insta::assert_snapshot;

/// Valid logs, with links to others, to invalid ones outside, to itself and to nothing.
fn linked() -> Folder {
    let folder = Folder::with("logs/a.jsonl", line("test-message"))
        .and("logs/sub/b.jsonl", line("test-message"))
        .and("outside/c.jsonl", BROKEN)
        .and("outside/d.jsonl", BROKEN);
    for (target, link) in [
        ("../outside/c.jsonl", "logs/file.jsonl"),
        ("../outside", "logs/folder"),
        ("a.jsonl", "logs/same.jsonl"),
        ("..", "logs/sub/loop"),
        ("logs", "named"),
    ] {
        symlink(target, folder.path(link)).expect("a link");
    }
    folder
}

#[test]
fn links_in_a_folder_are_followed_unless_they_are_refused() {
    let folder = linked();
    let concise = ["validate", "--format", "concise"];
    let run = |args: &[&str]| folder.run(&[&concise, args].concat());
    assert_snapshot!(
        [
            run(&["logs"]),
            run(&["--no-follow-links", "logs"]),
            run(&["--no-follow", "named"]),
            run(&["--no-follow-links", "logs/file.jsonl"]),
            run(&["--no-follow-links", "logs/f*"]),
        ]
        .join("\n")
    );
}

/// A dangling link is an error only if it is followed.
#[test]
fn every_command_that_walks_folders_can_leave_out_links() {
    let folder = Folder::with("logs/valid/a.jsonl", line("test-message"));
    symlink("nowhere", folder.path("logs/valid/gone.jsonl")).expect("a link");
    let commands: [&[&str]; 8] = [
        &["validate", "logs"],
        &["split", "--accepted", "good.jsonl", "--rejected", "bad.jsonl", "logs"],
        &["drift", "logs"],
        &["sessions", "logs"],
        &["find", "logs"],
        &["top", "logs", "--by=eventName"],
        &["coverage", "logs"],
        &["test", "logs"],
    ];
    for args in commands {
        assert_eq!(folder.exit_code(args), Some(2), "{args:?}");
        let args = [args, &["--no-follow-links"]].concat();
        assert_eq!(folder.exit_code(&args), Some(0), "{args:?}");
    }
}
