//! Runs the commands that findings suggest.

#![allow(clippy::disallowed_macros, reason = "a skipped program is printed")]

use std::process::{Command, Stdio};

use super::Folder;

/// Returns the command that a finding suggests, if it suggests one that pipes events into `ccxlog`.
pub fn suggested(output: &str) -> Option<&str> {
    let end = output.find(" | ccxlog validate`")? + " | ccxlog validate".len();
    output[..end].rsplit_once('`').map(|(_, command)| command)
}

/// Runs what is suggested, and expects events that are all valid. Skips that where the program does not exist.
#[track_caller]
pub fn run_suggested(folder: &Folder, name: &str, file: &str, output: &str) {
    let command = suggested(output).unwrap_or_else(|| panic!("{name}: no command in {output}"));
    let program = command.split(' ').next().unwrap_or_default();
    let is_there =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if cfg!(windows) || is_there.is_err() {
        eprintln!("skipped for {name}: `{program}` is not installed, or not as a shell on Unix knows it");
        return;
    }
    let script = command.replace("FILE", file).replace("ccxlog", env!("CARGO_BIN_EXE_ccxlog"));
    let ran = folder.program("sh").args(["-c", &script]).output().expect("a shell");
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && stderr.contains("all valid"), "{name}: {script}\n{stdout}{stderr}");
}
