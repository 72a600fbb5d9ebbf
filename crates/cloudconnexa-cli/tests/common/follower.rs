//! A `ccxlog validate --follow` in the background, whose output can be waited for.

use std::fs;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Folder, send_signal};

/// A running `ccxlog validate --follow`, which writes standard output and standard error to files.
pub struct Follower<'a> {
    folder: &'a Folder,
    child: Child,
}

impl<'a> Follower<'a> {
    /// Starts `command` in `folder`.
    pub fn start(folder: &'a Folder, mut command: Command) -> Self {
        let file = |name: &str| fs::File::create(folder.path(name)).expect("a file");
        let child = command.stdout(file("stdout")).stderr(file("stderr")).spawn();
        Self { folder, child: child.expect("the binary runs") }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn stdout(&self) -> String {
        self.folder.text("stdout")
    }

    /// Returns standard output, then standard error, as written so far.
    pub fn output(&self) -> String {
        self.stdout() + &self.folder.text("stderr")
    }

    /// Waits until either output contains `text`.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let since = Instant::now();
        while !self.output().contains(text) {
            assert!(since.elapsed() < Duration::from_secs(30), "no {text:?} in {}", self.output());
            sleep(Duration::from_millis(5));
        }
    }

    /// Sends SIGTERM.
    pub fn signal(&self) {
        send_signal(&self.child, "-TERM");
    }

    /// Sends SIGTERM, waits for the end, and returns the complete output.
    pub fn end(mut self) -> Output {
        sleep(Duration::from_millis(50));
        self.signal();
        let status = self.child.wait().expect("it ends");
        Output { status, stdout: self.folder.bytes("stdout"), stderr: self.folder.bytes("stderr") }
    }
}

/// A test that fails must not leave it running: it would never end.
impl Drop for Follower<'_> {
    fn drop(&mut self) {
        // Both do nothing if it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
