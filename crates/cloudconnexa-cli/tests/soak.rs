//! Hours of a log in less: what runs for long takes no more memory at its end than at its start, and counts every event.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::Write as _;
use std::process::{ChildStdin, Stdio};

use cloudconnexa_sample::{Options, Sample};
use common::Folder;

/// So much more may be taken at the end, in KiB: how many blocks are on their way at once comes and goes. Of what goes by
/// it is a few percent.
const SLACK: u64 = 8 << 10;

/// One event of so many comes a second time, broken.
const BROKEN: u64 = 20;

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
struct Fed {
    events: u64,
    broken: u64,
    bytes: u64,
}

/// The log of some clouds, each with sessions of its own, for so many hours of their clocks.
struct Log {
    clouds: Vec<Sample>,
    hours: u64,
}

impl Log {
    fn new(clouds: u64, hours: u64) -> Self {
        assert!(hours < 24, "the clock is read within a day");
        let clouds = (1..=clouds).map(|seed| Sample::new(&Options::default().seed(seed))).collect();
        Self { clouds, hours }
    }

    /// Writes all of it; `look` is told now and then how much of the time is over.
    fn write(mut self, to: &mut ChildStdin, mut look: impl FnMut(f64)) -> Fed {
        let (mut fed, mut block, mut event) = (Fed::default(), Vec::new(), Vec::new());
        let (total, all, mut looked) = (self.hours * 3600, self.clouds.len(), 0);
        let mut earliest = 0;
        while !self.clouds.is_empty() {
            // Taking turns, those that are at the end no more.
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
                fed.events += 1;
                if fed.events.is_multiple_of(BROKEN) {
                    let text = String::from_utf8_lossy(&event).replacen("\"cloudId\"", "\"cloudID\"", 1);
                    block.extend_from_slice(text.as_bytes());
                    fed.broken += 1;
                }
                true
            });
            if self.clouds.len() == all {
                earliest = clocks.into_iter().min().unwrap_or(total);
            }
            if block.len() >= 1 << 16 {
                fed.bytes += block.len() as u64;
                to.write_all(&block).expect("it reads on");
                block.clear();
                // A hundred looks and some.
                if earliest * 200 / total >= looked {
                    looked = earliest * 200 / total + 1;
                    look(seconds(earliest) / seconds(total));
                }
            }
        }
        fed.bytes += block.len() as u64;
        to.write_all(&block).expect("it reads on");
        look(1.0);
        fed
    }
}

#[expect(clippy::cast_precision_loss, reason = "less than a day")]
fn seconds(whole: u64) -> f64 {
    whole as f64
}

/// The second of its day at which an event happened.
fn clock(event: &[u8]) -> u64 {
    let text = std::str::from_utf8(event).expect("UTF-8");
    let (_, rest) = text.split_once("\"timestamp\"").expect("each event has one");
    let (date, time) = rest.split_once('T').expect("a date and a time");
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let day = number(&date[date.len() - 2..]) - 1;
    ((day * 24 + number(&time[..2])) * 60 + number(&time[3..5])) * 60 + number(&time[6..8])
}

/// Memory while time went by: how much of it was over, and KiB.
#[derive(Debug, Default)]
struct Memory(Vec<(f64, u64)>);

impl Memory {
    fn look(&mut self, process: u32, over: f64) {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it still runs");
        let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
        self.0.push((over, size.trim().trim_end_matches(" kB").parse().expect("a number")));
    }

    /// The most of the first tenth, and of the last.
    fn ends(&self) -> (u64, u64) {
        let most = |is_within: fn(f64) -> bool| {
            let within = self.0.iter().filter(|(over, _)| is_within(*over)).map(|(_, size)| *size);
            within.max().expect("somebody looked")
        };
        (most(|over| over <= 0.1), most(|over| over >= 0.9))
    }

    #[track_caller]
    fn is_flat(&self, what: &str) {
        let (first, last) = self.ends();
        println!("{what}: {first} KiB in the first tenth, {last} KiB in the last, {} looks", self.0.len());
        assert!(self.0.len() > 20, "{} looks", self.0.len());
        assert!(last <= first + SLACK, "{what}: {first} KiB, then {last} KiB");
    }
}

/// Runs `ccxlog` over what `feed` writes; exit code, standard error, and what `feed` gave.
fn run<T>(
    folder: &Folder,
    args: &[&str],
    memory: &mut Memory,
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
    let gave = feed(&mut stdin, &mut |over| memory.look(process, over));
    drop(stdin);
    let code = child.wait().expect("it ends").code().expect("no signal");
    (code, fs::read_to_string(folder.path("stderr")).expect("UTF-8"), gave)
}

/// The number in front of `what`.
fn number(text: &str, what: &str) -> u64 {
    let (before, _) = text.split_once(what).unwrap_or_else(|| panic!("no `{what}` in {text}"));
    let digits: String = before.chars().rev().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    digits.chars().rev().filter(|c| *c != ',').collect::<String>().parse().expect("a number")
}

/// The bytes and the records in the line that begins with `what`.
fn sums(text: &str, what: &str) -> (u64, u64) {
    let line = text.lines().find(|line| line.trim_start().starts_with(what));
    let line = line.unwrap_or_else(|| panic!("no `{what}` in {text}"));
    (number(line, " byte"), if line.contains(" record") { number(line, " record") } else { 0 })
}

fn validates(clouds: u64, hours: u64) {
    let (folder, mut memory) = (Folder::new(), Memory::default());
    let (code, told, fed) = run(&folder, &["validate", "--threads", "2", "-"], &mut memory, |to, look| {
        Log::new(clouds, hours).write(to, look)
    });
    println!("validate: {fed:?}");
    assert_eq!(code, 1, "{told}");
    assert_eq!(number(&told, " events in 1 input"), fed.events + fed.broken, "{told}");
    assert_eq!(number(&told, " invalid"), fed.broken, "{told}");
    memory.is_flat("validate");
}

/// What is rejected is replayed so many times over, as if many runs had written to one file.
fn splits(clouds: u64, hours: u64, times: u64) {
    let folder = Folder::new();
    let mut memory = Memory::default();
    let args = ["split", "--threads", "2", "--accepted", "good.gz", "--rejected", "bad.jsonl", "-"];
    let (code, told, fed) =
        run(&folder, &args, &mut memory, |to, look| Log::new(clouds, hours).write(to, look));
    assert_eq!(code, 1, "{told}");
    memory.is_flat("split");
    let (accepted, rejected) = (sums(&told, "accepted"), sums(&told, "rejected"));
    assert_eq!(sums(&told, "in ").0, fed.bytes);
    assert_eq!((accepted.1, rejected.1), (fed.events, fed.broken), "{told}");
    assert_eq!(accepted.0 + rejected.0, fed.bytes, "{told}");

    // Once those are warnings, all the rest comes out as well.
    let lines = fs::read(folder.path("bad.jsonl")).expect("a file");
    let mut memory = Memory::default();
    let args = ["replay", "--threads", "2", "--warn", "missing-field", "--accepted", "more.jsonl"];
    let args = [&args[..], &["--rejected", "none.jsonl", "-"]].concat();
    let (code, told, ()) = run(&folder, &args, &mut memory, |to, look| {
        let piece = (lines.len() / 100).max(1);
        for time in 0..times {
            for (at, bytes) in (0_u64..).zip(lines.chunks(piece)) {
                to.write_all(bytes).expect("it reads on");
                look((seconds(time) + seconds(at) / 101.0) / seconds(times));
            }
        }
    });
    assert_eq!(code, 0, "{told}");
    memory.is_flat("replay");
    assert_eq!(sums(&told, "accepted"), (rejected.0 * times, rejected.1 * times), "{told}");
    assert_eq!(sums(&told, "rejected"), (0, 0), "{told}");
    assert_eq!(fs::metadata(folder.path("more.jsonl")).expect("a file").len(), rejected.0 * times);
}

/// Ten hours of one cloud.
#[test]
fn ten_hours_of_validating() {
    validates(1, 10);
}

#[test]
fn ten_hours_of_splitting() {
    splits(1, 10, 10);
}

/// Ten hours of twenty: millions of events.
#[test]
#[ignore = "takes minutes; `cargo xtask soak` runs it"]
fn ten_busy_hours_of_validating() {
    validates(20, 10);
}

#[test]
#[ignore = "takes minutes; `cargo xtask soak` runs it"]
fn ten_busy_hours_of_splitting() {
    splits(20, 10, 1);
}
