//! Memory of a running process, from `/proc`.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

/// Returns the peak resident memory in KiB.
pub fn peak_kib(child: &Child) -> u64 {
    status_field(child.id(), "VmHWM:")
}

/// Waits for the end of a process and returns its peak resident memory in KiB, as of shortly before.
pub fn peak_until_end(child: &mut Child) -> u64 {
    let mut peak = 0;
    while child.try_wait().expect("it can be waited for").is_none() {
        peak = field(child.id(), "VmHWM:").unwrap_or(peak);
        thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// Returns the current resident memory of the process `id` in KiB.
pub fn resident_kib(id: u32) -> u64 {
    status_field(id, "VmRSS:")
}

fn status_field(id: u32, name: &str) -> u64 {
    field(id, name).expect("the process still runs")
}

/// Returns a size in KiB, unless the process has ended.
fn field(id: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let size = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(size.trim().trim_end_matches(" kB").parse().expect("a number"))
}
