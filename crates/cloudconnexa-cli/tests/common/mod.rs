//! Runs the real binary in a folder of its own, and shows all that came of it as one text.

// Each test file uses another part of it.
#![allow(dead_code, unreachable_pub)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with inputs, in which `ccxlog` runs.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With one file in it.
    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self::new().and(name, content)
    }

    /// And another file.
    pub fn and(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `ccxlog`, with nothing of the caller's environment that it heeds.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ccxlog"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM", "COLUMNS", "GITHUB_STEP_SUMMARY"]
        {
            command.env_remove(name);
        }
        command
    }

    /// Runs it without standard input.
    pub fn run(&self, args: &[&str]) -> String {
        let output = self.command(args).output().expect("the binary runs");
        shown(args, &output)
    }

    /// Runs it with `input` on standard input.
    pub fn pipe(&self, args: &[&str], input: &[u8]) -> String {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        // It may well stop reading before the end.
        let _ = child.stdin.take().expect("piped").write_all(input);
        shown(args, &child.wait_with_output().expect("the binary ends"))
    }
}

/// Command, exit code, standard output and standard error in one.
pub fn shown(args: &[&str], output: &Output) -> String {
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

/// Takes time and rate, `…, 0.01 s, 2.0 MB/s)`, off the summary.
fn without_time(text: &str) -> String {
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

/// One of the documented examples, as the vendor prints it.
pub fn documented(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/documented");
    fs::read_to_string(folder.join(format!("{name}-v1.json"))).expect("an example")
}

/// One of the documented examples on a line of its own, without the line end.
pub fn line(name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&documented(name)).expect("JSON");
    value.to_string()
}

/// One gzip member.
pub fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content.as_ref()).expect("memory");
    encoder.finish().expect("memory")
}
