//! What reaches a terminal acts on nothing: the text is that of whoever named a device or a user.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs::File;
use std::io::Read as _;

use common::{Folder, line};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// What starts a command in C1, and what reorders the text after it.
const HOSTILE: [char; 3] = ['\u{9b}', '\u{202e}', '\u{2066}'];

/// The name of an input with these characters.
const INPUT: &str = "a\u{9b}\u{202e}\u{2066}.jsonl";

/// Returns what `ccxlog` writes to a terminal.
fn on_terminal(folder: &Folder, args: &[&str]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).and_then(|()| unlockpt(&terminal)).expect("a terminal");
    let name = ptsname(&terminal, Vec::new()).expect("a name");
    let screen =
        File::options().read(true).write(true).open(name.to_str().expect("UTF-8")).expect("a terminal");
    let mut child = folder.command(args).stdout(screen).spawn().expect("the binary runs");
    let (mut terminal, mut written, mut buffer) = (File::from(terminal), Vec::new(), [0; 4096]);
    // The end is an error on some systems.
    while let Ok(length @ 1..) = terminal.read(&mut buffer) {
        written.extend_from_slice(&buffer[..length]);
    }
    assert!(child.wait().expect("it ends").code().is_some_and(|code| code < 2));
    String::from_utf8(written).expect("UTF-8").replace("\r\n", "\n")
}

/// A connection by a user whose name is hostile, and an event with an error at a field whose name is.
fn folder() -> Folder {
    let hostile: String = HOSTILE.iter().collect();
    let event = line("client-disconnected");
    let named = event.replacen("\"parentEntityName\":\"", &format!("\"parentEntityName\":\"{hostile}"), 1);
    assert_ne!(named, event, "{event}");
    let broken = event.replacen('{', &format!("{{\"{hostile}\":1,\"{hostile}\":2,"), 1);
    Folder::with(INPUT, format!("{named}\n{broken}\n"))
}

#[test]
fn json_on_a_terminal_is_escaped_and_the_same_json() {
    let folder = folder();
    for args in [
        &["validate", INPUT, "--quiet", "--show-values", "--format=json"][..],
        &["validate", INPUT, "--quiet", "--show-values", "--format=sarif"],
        &["validate", INPUT, "--quiet", "--show-values", "--format=gitlab"],
        &["drift", INPUT, "--quiet", "--show-values", "--format=json"],
        &["sessions", INPUT, "--quiet"],
        &["split", INPUT, "--quiet", "--accepted=-", "--rejected=bad"],
        &["split", INPUT, "--quiet", "--accepted=good", "--rejected=-"],
    ] {
        let piped = folder.command(args).output().expect("the binary runs").stdout;
        let (piped, shown) = (String::from_utf8(piped).expect("UTF-8"), on_terminal(&folder, args));
        assert!(piped.contains(HOSTILE), "{args:?}: {piped}");
        assert!(!shown.contains(HOSTILE) && shown.contains("\\u009b\\u202e\\u2066"), "{args:?}: {shown}");
        let values = |text: &str| {
            let values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
            values.collect::<Result<Vec<_>, _>>().expect("JSON")
        };
        assert_eq!(values(&shown), values(&piped), "{args:?}");
    }
}

/// CSV escapes nothing by itself.
#[test]
fn csv_on_a_terminal_is_escaped() {
    let folder = folder();
    let event = folder.text(INPUT).replace(HOSTILE[0], "\\u001b[2J");
    let folder = folder.and(INPUT, event);
    let args = ["sessions", INPUT, "--quiet", "--format=csv"];
    let piped = folder.command(&args).output().expect("the binary runs").stdout;
    assert!(piped.contains(&0x1b));
    let shown = on_terminal(&folder, &args);
    assert!(!shown.contains('\u{1b}') && shown.contains("\\u001b[2J\\u202e"), "{shown}");
}
