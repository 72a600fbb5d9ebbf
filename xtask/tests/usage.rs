//! A mistyped task is no success.

use std::process::Command;

fn exit_code(arguments: &[&str]) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap().status.code()
}

#[test]
fn unknown_tasks_end_with_2() {
    for arguments in [&[][..], &["codgen"], &["codegen", "--chek"], &["ci", "fast"], &["bench", "--rounds"]] {
        assert_eq!(exit_code(arguments), Some(2), "{arguments:?}");
    }
    assert_eq!(exit_code(&["--help"]), Some(0));
    assert_eq!(exit_code(&["codegen", "--check"]), Some(0));
}
