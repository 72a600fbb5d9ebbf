//! A mistyped task is no success, nor is one that lacks a tool.

use std::process::Command;

fn exit_code(arguments: &[&str]) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap().status.code()
}

#[test]
fn unknown_tasks_end_with_2() {
    for arguments in [
        &[][..],
        &["codgen"],
        &["codegen", "--chek"],
        &["ci", "fast"],
        &["bench", "--rounds"],
        &["fuzz", "lines"],
    ] {
        assert_eq!(exit_code(arguments), Some(2), "{arguments:?}");
    }
    assert_eq!(exit_code(&["--help"]), Some(0));
    assert_eq!(exit_code(&["codegen", "--check"]), Some(0));
}

#[test]
fn without_python_nothing_is_skipped() {
    let nowhere = std::env::temp_dir().join("xtask-usage");
    let mut ship = Command::new(env!("CARGO_BIN_EXE_xtask"));
    // Neither a program on the path, nor one that an earlier run installed.
    let output = ship.arg("ship").env("PATH", &nowhere).env("CARGO_TARGET_DIR", &nowhere).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("python3 is needed") && said.contains("apt-get install python3-venv"), "{said}");
}
