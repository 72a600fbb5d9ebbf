//! Who may read the files that are written: by default, nobody who may not read the inputs.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests make their inputs")]
#![cfg(unix)]

mod common;

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{BROKEN, Folder, line};

/// A user and a group that own nothing.
const STRANGER: u32 = 54_321;

/// Commands, with the files that each writes.
type Commands = [(&'static [&'static str], &'static [&'static str])];

/// What is written shows values of events.
const WITH_VALUES: &Commands = &[
    (&["split", "--accepted=o1", "--rejected=o2.gz", "--state=o3"], &["o1", "o2.gz", "o3"]),
    (&["sessions", "--output=o1"], &["o1"]),
    (&["find", "--output=o1", "--state=o2"], &["o1", "o2"]),
    (&["top", "--by=userId", "--output=o1"], &["o1"]),
    (&["validate", "--format=human=o1"], &["o1"]),
    (&["validate", "--show-values", "--format=json=o1", "--report=o2"], &["o1", "o2"]),
    (&["validate", "--show-values", "--format=sarif=o1", "--format=junit=o2"], &["o1", "o2"]),
    (&["validate", "--show-values", "--format=gitlab=o1", "--format=concise=o2"], &["o1", "o2"]),
    (&["validate", "--state=o1"], &["o1"]),
    (&["drift", "--show-values", "--write-profile=o1", "--output=o2", "--propose=o3"], &["o1", "o2", "o3"]),
];

/// What is written shows no values of events.
const WITHOUT_VALUES: &Commands = &[
    (&["validate", "--format=json=o1", "--report=o2"], &["o1", "o2"]),
    (&["validate", "--format=sarif=o1", "--format=junit=o2"], &["o1", "o2"]),
    (&["validate", "--format=human", "--write-baseline=o1"], &["o1"]),
    (&["drift", "--write-profile=o1", "--format=json", "--output=o2"], &["o1", "o2"]),
    (&["coverage", "--format=json=o1"], &["o1"]),
];

/// Returns a folder with two inputs, which have these modes.
fn folder(modes: [u32; 2]) -> Folder {
    // `drift` has something to propose for the second one.
    let event = line("client-disconnected");
    let records = format!("{event}\n{}\n{BROKEN}", event.replacen('{', "{\"region\":1,", 1));
    let folder = Folder::with("a.jsonl", &records).and("b.jsonl", &records);
    for (name, mode) in ["a.jsonl", "b.jsonl"].into_iter().zip(modes) {
        set_mode(&folder, name, mode);
    }
    folder
}

fn set_mode(folder: &Folder, name: &str, mode: u32) {
    fs::set_permissions(folder.path(name), Permissions::from_mode(mode)).expect("our own file");
}

fn mode(folder: &Folder, name: &str) -> u32 {
    let data = fs::metadata(folder.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    data.mode() & 0o7777
}

/// Returns `ccxlog` with this umask.
fn command(folder: &Folder, umask: u32, args: &[&str]) -> Command {
    let ccxlog = folder.command(args);
    let mut command = folder.program("sh");
    command.arg("-c").arg(format!("umask {umask:03o}; exec \"$0\" \"$@\"")).arg(ccxlog.get_program());
    command.args(ccxlog.get_args());
    command
}

/// Runs each command, and expects this mode of each file that it writes.
#[track_caller]
fn expect(commands: &Commands, inputs: &[&str], modes: [u32; 2], umask: u32, expected: u32) {
    for (args, outputs) in commands {
        let folder = folder(modes);
        let args = [args, inputs].concat();
        let output = command(&folder, umask, &args).output().expect("the shell runs");
        assert!(output.status.code().is_some_and(|code| code < 2), "{args:?}: {output:?}");
        for name in *outputs {
            let mode = mode(&folder, name);
            assert_eq!(mode, expected, "{args:?}: {name} has {mode:o}, umask {umask:03o}, not {expected:o}");
        }
    }
}

#[test]
fn new_files_with_values_are_no_wider_than_their_strictest_input() {
    let inputs = ["a.jsonl", "b.jsonl"];
    for (modes, umask, expected) in [
        ([0o600, 0o600], 0o000, 0o600),
        ([0o644, 0o640], 0o000, 0o640),
        ([0o604, 0o640], 0o000, 0o600),
        ([0o644, 0o644], 0o000, 0o644),
        ([0o644, 0o644], 0o027, 0o640),
        ([0o666, 0o666], 0o022, 0o644),
        ([0o644, 0o644], 0o077, 0o600),
        ([0o444, 0o644], 0o000, 0o644),
    ] {
        expect(WITH_VALUES, &inputs, modes, umask, expected);
    }
}

#[test]
fn new_files_without_values_follow_the_umask() {
    for (umask, expected) in [(0o000, 0o666), (0o022, 0o644), (0o077, 0o600)] {
        expect(WITHOUT_VALUES, &["a.jsonl", "b.jsonl"], [0o600, 0o600], umask, expected);
    }
    let sample: &Commands = &[(&["sample", "--events=1", "--output=o1"], &["o1"])];
    expect(sample, &[], [0o600, 0o600], 0o000, 0o666);
}

/// Nothing says who may know what comes through a pipe.
#[test]
fn new_files_with_values_from_a_pipe_are_private() {
    let folder = folder([0o644, 0o644]);
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().expect("it runs").success());
    set_mode(&folder, "pipe", 0o666);
    for input in ["-", "pipe"] {
        let args = ["split", "a.jsonl", input, "--accepted=o1", "--rejected=o2"];
        let mut child =
            command(&folder, 0, &args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
        let text = format!("{}\n", line("test-message"));
        match input {
            "-" => child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads"),
            pipe => fs::write(folder.path(pipe), text).expect("it reads"),
        }
        drop(child.stdin.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(1));
        for name in ["o1", "o2"] {
            assert_eq!(mode(&folder, name), 0o600, "{input}: {name}");
            fs::remove_file(folder.path(name)).expect("a file");
        }
    }
}

/// A profile has values, and so has what is made of it.
#[test]
fn merged_profiles_are_inputs() {
    let folder = folder([0o644, 0o644]);
    let run = |args: &[&str]| {
        let output =
            command(&folder, 0, &[&["drift", "--show-values"], args].concat()).output().expect("a shell");
        assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
    };
    run(&["a.jsonl", "--write-profile=p1"]);
    run(&["b.jsonl", "--write-profile=p2"]);
    assert_eq!((mode(&folder, "p1"), mode(&folder, "p2")), (0o644, 0o644));
    set_mode(&folder, "p1", 0o640);
    run(&["--merge=p1", "--merge=p2", "--write-profile=merged"]);
    run(&["b.jsonl", "--against=p1", "--output=report"]);
    assert_eq!((mode(&folder, "merged"), mode(&folder, "report")), (0o640, 0o640));
}

#[test]
fn a_replaced_file_keeps_its_mode() {
    for (args, outputs) in WITH_VALUES.iter().chain(WITHOUT_VALUES) {
        for (before, umask) in [(0o600, 0o000), (0o644, 0o077), (0o660, 0o022), (0o664, 0o022)] {
            let folder = folder([0o640, 0o640]);
            for name in *outputs {
                fs::write(folder.path(name), "").expect("a file");
                set_mode(&folder, name, before);
            }
            let args = [args, &["a.jsonl", "b.jsonl"][..]].concat();
            let output = command(&folder, umask, &args).output().expect("the shell runs");
            assert!(output.status.code().is_some_and(|code| code < 2), "{args:?}: {output:?}");
            for name in *outputs {
                assert_eq!(mode(&folder, name), before, "{args:?}: {name}");
                assert!(!folder.bytes(name).is_empty(), "{args:?}: {name}");
            }
        }
    }
}

#[test]
fn the_target_of_a_link_keeps_its_mode_and_the_link_stays() {
    let folder = folder([0o644, 0o644]).and("real/o1", "old").and("real/o2", "old");
    for (name, before) in [("o1", 0o600), ("o2", 0o640)] {
        set_mode(&folder, &format!("real/{name}"), before);
        symlink(format!("real/{name}"), folder.path(name)).expect("a link");
    }
    let args = ["split", "a.jsonl", "--accepted=o1", "--rejected=o2"];
    assert_eq!(command(&folder, 0, &args).status().expect("a shell").code(), Some(1));
    for (name, before) in [("o1", 0o600), ("o2", 0o640)] {
        assert!(fs::symlink_metadata(folder.path(name)).expect("a link").is_symlink());
        assert_eq!(mode(&folder, name), before);
        assert_ne!(folder.bytes(name), b"old");
    }
}

/// Whatever was a program, its new content is not one that runs as somebody else.
#[test]
fn a_replaced_file_does_not_keep_its_setuid_bit() {
    let folder = folder([0o644, 0o644]).and("o1", "old");
    set_mode(&folder, "o1", 0o6755);
    let args = ["split", "a.jsonl", "--accepted=o1", "--rejected=o2"];
    assert_eq!(command(&folder, 0, &args).status().expect("a shell").code(), Some(1));
    assert_eq!(mode(&folder, "o1"), 0o755);
}

/// As root; others can give no file away.
#[test]
fn a_replaced_file_keeps_its_owner_where_the_process_may() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give files to other users");
        return;
    }
    let owner = |folder: &Folder, name: &str| {
        let data = fs::metadata(folder.path(name)).expect("a file");
        (data.uid(), data.gid(), data.mode() & 0o7777)
    };
    let args = ["split", "a.jsonl", "--accepted=o1", "--rejected=o2"];
    let folder = folder([0o644, 0o644]).and("o1", "old").and("o2", "old");
    chown(folder.path("o1"), Some(STRANGER), Some(STRANGER)).expect("root");
    set_mode(&folder, "o1", 0o640);
    set_mode(&folder, "o2", 0o640);
    assert_eq!(command(&folder, 0, &args).status().expect("a shell").code(), Some(1));
    assert_eq!(owner(&folder, "o1"), (STRANGER, STRANGER, 0o640));
    // The stranger can neither keep the owner nor the group of root, whose group could read the file. Others could not.
    set_mode(&folder, "", 0o777);
    // A copy, as the checkout may be in a folder that only root can enter.
    fs::copy(env!("CARGO_BIN_EXE_ccxlog"), folder.path("program")).expect("there is room");
    let mut command = folder.program(&folder.path("program").display().to_string());
    command.args(args);
    assert_eq!(
        command.uid(STRANGER).gid(STRANGER).stderr(Stdio::null()).status().expect("it runs").code(),
        Some(1)
    );
    assert_eq!(owner(&folder, "o2"), (STRANGER, STRANGER, 0o600));
}

/// From its first byte to its last, whatever it will be in the end.
#[test]
fn a_temporary_file_with_values_is_private() {
    let folder = folder([0o644, 0o644]).and("o1", "old");
    set_mode(&folder, "o1", 0o666);
    let args = ["split", "a.jsonl", "-", "--accepted=o1", "--rejected=o2", "--quiet"];
    let mut child =
        command(&folder, 0, &args).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
    let events = format!("{}\nbroken\n", line("test-message")).repeat(1000);
    child.stdin.as_mut().expect("piped").write_all(events.as_bytes()).expect("it reads");
    let temporary = || {
        let names = folder.names().into_iter().filter(|name| name.starts_with(".ccxlog-"));
        names.collect::<Vec<_>>()
    };
    let since = Instant::now();
    while temporary().iter().filter(|name| !folder.bytes(name).is_empty()).count() < 2 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is written");
        sleep(Duration::from_millis(5));
    }
    for name in temporary() {
        assert_eq!(mode(&folder, &name), 0o600, "{name}");
    }
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert_eq!((mode(&folder, "o1"), mode(&folder, "o2")), (0o666, 0o600));
}

/// Inputs are found while the run goes on, so their modes are known only at its end.
#[test]
fn a_state_file_is_private_until_the_run_ends() {
    let folder = folder([0o644, 0o640]);
    let mut ccxlog = command(
        &folder,
        0,
        &["validate", "--follow", "--poll-interval=1s", "--state=o1", "a.jsonl", "b.jsonl"],
    );
    let follower = common::follower::Follower::start(&folder, {
        ccxlog.env("NO_COLOR", "1");
        ccxlog
    });
    follower.wait_for("b.jsonl:");
    assert_eq!(mode(&folder, "o1"), 0o600);
    assert_eq!(follower.end().status.code(), Some(1));
    assert_eq!(mode(&folder, "o1"), 0o640);
}
