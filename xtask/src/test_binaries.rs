//! Runs all tests of the workspace, several binaries at a time. `cargo test` runs one after the other, though many keep only
//! one processor busy; `cargo nextest`, which does this too, takes longer to build than it would save.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::{io, io::Write, thread};

use serde_json::Value;

use crate::Outcome;
use crate::tools::{HEAVY, alone, cargo, show};

/// A binary with tests, as `cargo test` builds it.
#[derive(Debug, PartialEq, Eq)]
struct TestBinary {
    /// The source file that it is built from, relative to the package.
    source: String,
    path: PathBuf,
    /// The folder of its package, which is where tests run.
    package: PathBuf,
}

/// Builds and runs all tests with these environment variables; fails if any of them fails.
pub(crate) fn run_all(variables: &[(&str, OsString)]) -> Outcome {
    let mut build = cargo(&["test", "--workspace", HEAVY, "--locked", "--no-run"]);
    build.args(["--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit());
    let shown = show(&build);
    let output = build.output().map_err(|error| format!("cannot run `{shown}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` ended with {}", output.status));
    }
    let mut jobs: Vec<(String, Command)> = Vec::new();
    for binary in binaries(&String::from_utf8_lossy(&output.stdout))? {
        let mut command = alone(Command::new(&binary.path));
        // insta finds the workspace by this one.
        command.env("CARGO_MANIFEST_DIR", &binary.package).current_dir(&binary.package);
        jobs.push((format!("{} of {}", binary.source, binary.package.display()), command));
    }
    if jobs.is_empty() {
        return Err(format!("`{shown}` built no tests"));
    }
    jobs.push((
        "the examples in documentation".to_owned(),
        cargo(&["test", "--workspace", HEAVY, "--doc", "--locked"]),
    ));
    for (_, command) in &mut jobs {
        command.envs(variables.iter().map(|(name, value)| (name, value)));
    }
    run_jobs(jobs, io::stdout())
}

/// Runs commands, as many at a time as there are processors, and prints to `out` what each has printed as soon as it ends. The
/// last come first: the longest tests, those over several crates, are the last that cargo builds.
fn run_jobs(jobs: Vec<(String, Command)>, out: impl Write + Send) -> Outcome {
    let count = jobs.len();
    let jobs = Mutex::new(jobs);
    let failed = Mutex::new(Vec::new());
    let out = Mutex::new(out);
    let next = || jobs.lock().ok()?.pop();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((name, mut command)) = next() {
                    let output = command.stdin(Stdio::null()).output();
                    let passed = output.as_ref().is_ok_and(|output| output.status.success());
                    let printed = out.lock().is_ok_and(|mut out| print(&name, &output, &mut *out).is_ok());
                    if let (false, Ok(mut failed)) = (passed && printed, failed.lock()) {
                        failed.push(name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().map_err(|_| "a test could not be run".to_owned())?;
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("{} of {count} test binaries failed:\n  {}", failed.len(), failed.join("\n  ")))
}

/// Prints the output of a command in one piece.
fn print(name: &str, output: &io::Result<Output>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "     Running {name}")?;
    match output {
        Ok(output) => {
            out.write_all(&output.stdout)?;
            out.write_all(&output.stderr)?;
            if !output.status.success() {
                writeln!(out, "error: {name} ended with {}", output.status)?;
            }
        }
        Err(error) => writeln!(out, "error: cannot run {name}: {error}")?,
    }
    out.flush()
}

/// Reads the test binaries from the messages of `cargo test --no-run`.
fn binaries(messages: &str) -> Result<Vec<TestBinary>, String> {
    let mut found = Vec::new();
    for line in messages.lines() {
        let message: Value =
            serde_json::from_str(line).map_err(|error| format!("cannot read a message of cargo: {error}"))?;
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        if message.pointer("/profile/test") != Some(&Value::Bool(true)) {
            continue;
        }
        let (Some(path), Some(manifest), Some(source)) =
            (text("/executable"), text("/manifest_path"), text("/target/src_path"))
        else {
            return Err(format!("a message of cargo lacks the path of a test: {line}"));
        };
        let package = PathBuf::from(manifest).parent().map(PathBuf::from).unwrap_or_default();
        let source = PathBuf::from(source);
        let source = source.strip_prefix(&package).unwrap_or(&source).display().to_string();
        found.push(TestBinary { source, path: path.into(), package });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::{TestBinary, binaries, run_jobs};

    #[test]
    fn test_binaries_are_read_from_messages_of_cargo() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/w/crates/a/Cargo.toml","target":{"src_path":"/w/crates/a/src/lib.rs"},"profile":{"test":false},"executable":null}
{"reason":"compiler-artifact","manifest_path":"/w/crates/a/Cargo.toml","target":{"src_path":"/w/crates/a/tests/x.rs"},"profile":{"test":true},"executable":"/t/x-1"}
{"reason":"build-finished","success":true}"#;
        let expected = TestBinary {
            source: Path::new("tests").join("x.rs").display().to_string(),
            path: "/t/x-1".into(),
            package: "/w/crates/a".into(),
        };
        assert_eq!(binaries(messages).unwrap(), [expected]);
        assert!(binaries("not JSON").is_err());
    }

    #[test]
    fn one_failing_binary_fails_the_run_and_is_named() {
        let jobs = || {
            let cargo = |argument: &str| {
                let mut command = Command::new(env!("CARGO"));
                command.arg(argument);
                (argument.to_owned(), command)
            };
            vec![cargo("--version"), cargo("--no-such-option"), cargo("-V")]
        };
        let mut printed = Vec::new();
        let message = run_jobs(jobs(), &mut printed).unwrap_err();
        assert!(message.contains("1 of 3") && message.contains("--no-such-option"), "{message}");
        let printed = String::from_utf8_lossy(&printed);
        assert!(printed.contains("error: --no-such-option ended with"), "{printed}");
        assert_eq!(run_jobs(jobs().into_iter().take(1).collect(), std::io::sink()), Ok(()));
    }
}
