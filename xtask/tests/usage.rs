//! A mistyped task does not succeed, nor does one that lacks a tool.

#![allow(clippy::disallowed_methods, reason = "tests run the binary")]

use std::process::Command;

fn exit_code(arguments: &[&str]) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap().status.code()
}

#[test]
fn unknown_tasks_exit_with_2() {
    for arguments in [
        &[][..],
        &["codgen"],
        &["codegen", "--chek"],
        &["ci", "fast"],
        &["test", "fast"],
        &["bench", "--rounds"],
        &["fuzz", "lines"],
        &["features", "all"],
        &["mutants", "--shard"],
    ] {
        assert_eq!(exit_code(arguments), Some(2), "{arguments:?}");
    }
    assert_eq!(exit_code(&["--help"]), Some(0));
}

#[test]
fn a_missing_python_is_an_error_with_a_remedy() {
    let nowhere = std::env::temp_dir().join("xtask-usage");
    let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
    // No program on the path, and none that an earlier run installed.
    let output =
        task.arg("test-packaging").env("PATH", &nowhere).env("CARGO_TARGET_DIR", &nowhere).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("python3 is needed") && stderr.contains("apt-get install python3-venv"),
        "{stderr}"
    );
}
