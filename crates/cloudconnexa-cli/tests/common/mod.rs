//! Runs the real binary in a folder of its own, and renders exit code, standard output and standard error as one text.

// Each test file uses a different part of this module.
#![allow(dead_code, unreachable_pub)]

#[cfg(unix)]
pub mod follower;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod random;
pub mod suggested;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// An event without the fields that the schema requires.
pub const BROKEN: &str = "{\"eventName\":\"test-message\"}\n";

/// A temporary folder with inputs, in which `ccxlog` runs.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Creates a folder with one file.
    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::new().and(name, content)
    }

    /// Adds or replaces a file.
    pub fn and(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    /// Writes a file with `ccxlog sample` and these arguments.
    pub fn sample(&self, name: &str, args: &[&str]) {
        let output = self.command(&["sample", "-o", name]).args(args).output().expect("the binary runs");
        assert!(output.status.success(), "{output:?}");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Reads a file.
    #[track_caller]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Reads a file that is UTF-8.
    #[track_caller]
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns the names of all files, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    /// Returns the command `ccxlog`, without the environment variables of the caller that it reads.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_ccxlog"));
        command.args(args);
        command
    }

    /// Returns another program that runs `ccxlog`, with the same environment.
    pub fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM", "COLUMNS", "GITHUB_STEP_SUMMARY"]
        {
            command.env_remove(name);
        }
        command
    }

    /// Runs `ccxlog` without standard input.
    pub fn run(&self, args: &[&str]) -> String {
        let output = self.command(args).output().expect("the binary runs");
        transcript(args, &output)
    }

    /// Runs `ccxlog` without standard input, and returns the exit code.
    pub fn exit_code(&self, args: &[&str]) -> Option<i32> {
        self.command(args).output().expect("the binary runs").status.code()
    }

    /// Starts `ccxlog` with pipes for standard input, output and error.
    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the binary runs")
    }

    /// Runs `ccxlog` with `input` on standard input.
    pub fn pipe(&self, args: &[&str], input: &[u8]) -> String {
        let mut child = self.start(args);
        // It may stop reading before the end.
        let _ = child.stdin.take().expect("piped").write_all(input);
        transcript(args, &child.wait_with_output().expect("the binary ends"))
    }
}

/// Sends a signal, such as `-TERM`.
#[cfg(unix)]
pub fn send_signal(child: &Child, signal: &str) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().expect("it runs").success());
}

/// Renders the command, its exit code, standard output and standard error.
pub fn transcript(args: &[&str], output: &Output) -> String {
    let mut text =
        format!("$ ccxlog {}\nexit code: {}\n", args.join(" "), output.status.code().unwrap_or(-1));
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let content = String::from_utf8(bytes.clone()).expect("only UTF-8 is written");
        if !content.is_empty() {
            text.extend(["----- ", name, " -----\n", &without_time(&content)]);
        }
    }
    text
}

/// Replaces time and throughput in the summary, `…, 0.01 s, 2.0 MB/s)`, with an ellipsis.
pub fn without_time(text: &str) -> String {
    let lines = text.lines().map(|line| match line.strip_suffix("/s)") {
        Some(start) => {
            let mut parts: Vec<&str> = start.rsplitn(3, ", ").collect();
            parts.reverse();
            format!("{}, …)\n", parts[0])
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// Returns the exit code in a transcript.
pub fn code(transcript: &str) -> i32 {
    let line = transcript.lines().nth(1);
    line.and_then(|line| line.strip_prefix("exit code: ")?.parse().ok()).expect("a code")
}

/// The folder of sample events that all crates share.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus")
}

/// Returns a documented example as the vendor prints it.
pub fn documented(name: &str) -> String {
    fs::read_to_string(corpus().join(format!("documented/{name}-v1.json"))).expect("an example")
}

/// Returns a documented example as one line, without the line end.
pub fn line(name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&documented(name)).expect("JSON");
    value.to_string()
}

/// Compresses `content` into one gzip member.
pub fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content.as_ref()).expect("memory");
    encoder.finish().expect("memory")
}
