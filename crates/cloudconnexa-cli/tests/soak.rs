//! Long runs take no more memory at the end than at the start, and count every event.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests make their inputs")]
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::Write as _;
use std::process::{ChildStdin, Stdio};

use cloudconnexa_sample::{Options, Sample};
use common::Folder;
use common::memory::resident_kib;

/// The allowed growth of memory in KiB. The number of blocks in flight varies; this is a few percent of the input.
const SLACK_KIB: u64 = 8 << 10;

/// One of this many events is followed by a broken copy of itself.
const BROKEN_INTERVAL: u64 = 20;

/// The text that was written to standard input.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    events: u64,
    broken: u64,
    bytes: u64,
}

/// The merged log of some clouds, each with its own sessions, over some hours of its own clock.
struct Log {
    clouds: Vec<Sample>,
    hours: u64,
}

impl Log {
    fn new(clouds: u64, hours: u64) -> Self {
        assert!(hours < 24, "times are read as times of one day");
        let clouds = (1..=clouds).map(|seed| Sample::new(&Options::default().seed(seed))).collect();
        Self { clouds, hours }
    }

    /// Writes the log, and calls `progress` about 200 times with the fraction of the hours that is written.
    fn write(mut self, to: &mut ChildStdin, mut progress: impl FnMut(f64)) -> Written {
        let (mut written, mut block, mut event) = (Written::default(), Vec::new(), Vec::new());
        let (total, all, mut next_report) = (self.hours * 3600, self.clouds.len(), 0);
        let mut earliest = 0;
        while !self.clouds.is_empty() {
            // One event of each cloud in turn, until its hours are over.
            let mut clocks = Vec::new();
            self.clouds.retain_mut(|cloud| {
                event.clear();
                cloud.event(&mut event);
                let clock = clock(&event);
                clocks.push(clock);
                if clock >= total {
                    return false;
                }
                event.push(b'\n');
                block.extend_from_slice(&event);
                written.events += 1;
                if written.events.is_multiple_of(BROKEN_INTERVAL) {
                    let text = String::from_utf8_lossy(&event).replacen("\"cloudId\"", "\"cloudID\"", 1);
                    block.extend_from_slice(text.as_bytes());
                    written.broken += 1;
                }
                true
            });
            if self.clouds.len() == all {
                earliest = clocks.into_iter().min().unwrap_or(total);
            }
            if block.len() >= 1 << 16 {
                written.bytes += block.len() as u64;
                to.write_all(&block).expect("it keeps reading");
                block.clear();
                if earliest * 200 / total >= next_report {
                    next_report = earliest * 200 / total + 1;
                    progress(seconds(earliest) / seconds(total));
                }
            }
        }
        written.bytes += block.len() as u64;
        to.write_all(&block).expect("it keeps reading");
        progress(1.0);
        written
    }
}

#[expect(clippy::cast_precision_loss, reason = "less than a day")]
fn seconds(whole: u64) -> f64 {
    whole as f64
}

/// Returns the time of an event in seconds since the first of its month.
fn clock(event: &[u8]) -> u64 {
    let text = std::str::from_utf8(event).expect("UTF-8");
    let (_, rest) = text.split_once("\"timestamp\"").expect("each event has one");
    let (date, time) = rest.split_once('T').expect("a date and a time");
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let day = number(&date[date.len() - 2..]) - 1;
    ((day * 24 + number(&time[..2])) * 60 + number(&time[3..5])) * 60 + number(&time[6..8])
}

/// Memory over time: the fraction of the run that was over, and KiB.
#[derive(Debug, Default)]
struct MemorySamples(Vec<(f64, u64)>);

impl MemorySamples {
    fn take(&mut self, process: u32, progress: f64) {
        self.0.push((progress, resident_kib(process)));
    }

    /// Returns the maximum in the first tenth of the run, and in the last.
    fn first_and_last_tenth(&self) -> (u64, u64) {
        let max = |is_within: fn(f64) -> bool| {
            let sizes = self.0.iter().filter(|(progress, _)| is_within(*progress)).map(|(_, size)| *size);
            sizes.max().expect("a sample")
        };
        (max(|progress| progress <= 0.1), max(|progress| progress >= 0.9))
    }

    #[track_caller]
    fn assert_flat(&self, command: &str) {
        let (first, last) = self.first_and_last_tenth();
        let count = self.0.len();
        println!("{command}: {first} KiB in the first tenth, {last} KiB in the last, {count} samples");
        assert!(count > 20, "{count} samples");
        assert!(last <= first + SLACK_KIB, "{command}: {first} KiB, then {last} KiB");
    }
}

/// Runs `ccxlog` on what `feed` writes, and returns the exit code, standard error, and the result of `feed`.
fn run<T>(
    folder: &Folder,
    args: &[&str],
    memory: &mut MemorySamples,
    feed: impl FnOnce(&mut ChildStdin, &mut dyn FnMut(f64)) -> T,
) -> (i32, String, T) {
    let mut child = folder
        .command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path("stderr")).expect("a file"))
        .spawn()
        .expect("the binary runs");
    let process = child.id();
    let mut stdin = child.stdin.take().expect("piped");
    let result = feed(&mut stdin, &mut |progress| memory.take(process, progress));
    drop(stdin);
    let code = child.wait().expect("it ends").code().expect("no signal");
    (code, folder.text("stderr"), result)
}

/// Returns the number before `unit`.
fn number(text: &str, unit: &str) -> u64 {
    let (before, _) = text.split_once(unit).unwrap_or_else(|| panic!("no `{unit}` in {text}"));
    let digits: String = before.chars().rev().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    digits.chars().rev().filter(|c| *c != ',').collect::<String>().parse().expect("a number")
}

/// Returns the numbers of bytes and records in the line that starts with `label`.
fn sums(text: &str, label: &str) -> (u64, u64) {
    let line = text.lines().find(|line| line.trim_start().starts_with(label));
    let line = line.unwrap_or_else(|| panic!("no `{label}` in {text}"));
    (number(line, " byte"), if line.contains(" record") { number(line, " record") } else { 0 })
}

fn validate(clouds: u64, hours: u64) {
    let (folder, mut memory) = (Folder::new(), MemorySamples::default());
    let (code, stderr, written) =
        run(&folder, &["validate", "--threads", "2", "-"], &mut memory, |to, progress| {
            Log::new(clouds, hours).write(to, progress)
        });
    println!("validate: {written:?}");
    assert_eq!(code, 1, "{stderr}");
    assert_eq!(number(&stderr, " events in 1 input"), written.events + written.broken, "{stderr}");
    assert_eq!(number(&stderr, " invalid"), written.broken, "{stderr}");
    memory.assert_flat("validate");
}

/// Replays the rejected records `times` times in one run, as if as many runs had written to one file.
fn split_and_replay(clouds: u64, hours: u64, times: u64) {
    let folder = Folder::new();
    let mut memory = MemorySamples::default();
    let args = ["split", "--threads", "2", "--accepted", "good.gz", "--rejected", "bad.jsonl", "-"];
    let (code, stderr, written) =
        run(&folder, &args, &mut memory, |to, progress| Log::new(clouds, hours).write(to, progress));
    assert_eq!(code, 1, "{stderr}");
    memory.assert_flat("split");
    let (accepted, rejected) = (sums(&stderr, "accepted"), sums(&stderr, "rejected"));
    assert_eq!(sums(&stderr, "in ").0, written.bytes);
    assert_eq!((accepted.1, rejected.1), (written.events, written.broken), "{stderr}");
    assert_eq!(accepted.0 + rejected.0, written.bytes, "{stderr}");

    // With the finding lowered to a warning, everything is accepted.
    let lines = folder.bytes("bad.jsonl");
    let mut memory = MemorySamples::default();
    let args = ["replay", "--threads", "2", "--warn", "missing-field", "--accepted", "more.jsonl"];
    let args = [&args[..], &["--rejected", "none.jsonl", "-"]].concat();
    let (code, stderr, ()) = run(&folder, &args, &mut memory, |to, progress| {
        let piece = (lines.len() / 100).max(1);
        for time in 0..times {
            for (at, bytes) in (0_u64..).zip(lines.chunks(piece)) {
                to.write_all(bytes).expect("it keeps reading");
                progress((seconds(time) + seconds(at) / 101.0) / seconds(times));
            }
        }
    });
    assert_eq!(code, 0, "{stderr}");
    memory.assert_flat("replay");
    assert_eq!(sums(&stderr, "accepted"), (rejected.0 * times, rejected.1 * times), "{stderr}");
    assert_eq!(sums(&stderr, "rejected"), (0, 0), "{stderr}");
    assert_eq!(fs::metadata(folder.path("more.jsonl")).expect("a file").len(), rejected.0 * times);
}

/// One cloud.
#[test]
fn ten_hours_of_validate_take_constant_memory() {
    validate(1, 10);
}

#[test]
fn ten_hours_of_split_and_replay_take_constant_memory() {
    split_and_replay(1, 10, 10);
}

/// Twenty clouds: millions of events.
#[test]
#[ignore = "takes minutes; `cargo xtask soak` runs it"]
fn ten_busy_hours_of_validate_take_constant_memory() {
    validate(20, 10);
}

#[test]
#[ignore = "takes minutes; `cargo xtask soak` runs it"]
fn ten_busy_hours_of_split_and_replay_take_constant_memory() {
    split_and_replay(20, 10, 1);
}
