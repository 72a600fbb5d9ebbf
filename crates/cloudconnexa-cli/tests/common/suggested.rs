//! Runs the commands that findings suggest.

#![allow(clippy::disallowed_macros, reason = "a skipped program is printed")]

use std::process::Output;

use super::Folder;

/// Returns the command that a finding suggests, if it suggests one that pipes events into `ccxlog`.
pub fn suggested(output: &str) -> Option<&str> {
    let end = output.find(" | ccxlog validate`")? + " | ccxlog validate".len();
    output[..end].rsplit_once('`').map(|(_, command)| command)
}

/// Runs a command with `file` in place of `FILE`. Returns `None`, and says so, where a program that it needs does not exist.
pub fn run_command(folder: &Folder, name: &str, command: &str, file: &str) -> Option<Output> {
    if cfg!(windows) {
        eprintln!("skipped for {name}: no shell as on Unix for `{command}`");
        return None;
    }
    let script = command.replace("FILE", file).replace("ccxlog", env!("CARGO_BIN_EXE_ccxlog"));
    let output = folder.program("sh").args(["-c", &script]).output().expect("a shell");
    let is_missing = String::from_utf8_lossy(&output.stderr).contains(": not found");
    if is_missing {
        eprintln!("skipped for {name}: a program of `{command}` is not installed");
    }
    (!is_missing).then_some(output)
}

/// Runs what is suggested, and expects events that are all valid.
#[track_caller]
pub fn run_suggested(folder: &Folder, name: &str, file: &str, output: &str) {
    let command = suggested(output).unwrap_or_else(|| panic!("{name}: no command in {output}"));
    let Some(ran) = run_command(folder, name, command, file) else { return };
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && stderr.contains("all valid"), "{name}: {command}\n{stdout}{stderr}");
}
