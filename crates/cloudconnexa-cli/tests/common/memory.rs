//! Memory of a running process, from `/proc`.
//!
//! Peaks do not count the pages of the program's own file: a debug build has about 30 MiB of them, more with every feature, which
//! says nothing about how much memory an input takes.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// Returns the peak resident memory in KiB.
pub fn peak_kib(child: &Child) -> u64 {
    peak(child.id()).expect("the process still runs")
}

/// Waits for the end of a process and returns its peak resident memory in KiB, as of shortly before.
pub fn peak_until_end(child: &mut Child) -> u64 {
    let mut last = 0;
    while child.try_wait().expect("it can be waited for").is_none() {
        last = peak(child.id()).unwrap_or(last);
        thread::sleep(Duration::from_millis(2));
    }
    last
}

/// Returns the current resident memory of the process `id` in KiB.
pub fn resident_kib(id: u32) -> u64 {
    let status = status(id).expect("the process still runs");
    field(&status, "VmRSS:").expect("the process still runs")
}

/// Returns the peak in KiB, unless the process has ended.
fn peak(id: u32) -> Option<u64> {
    let status = status(id)?;
    // No page of a file is given back, so there were no more of them at the peak than now.
    Some(field(&status, "VmHWM:")?.saturating_sub(field(&status, "RssFile:")?))
}

fn status(id: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{id}/status")).ok()
}

/// Returns a size in KiB, unless the process has ended.
fn field(status: &str, name: &str) -> Option<u64> {
    let size = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(size.trim().trim_end_matches(" kB").parse().expect("a number"))
}
