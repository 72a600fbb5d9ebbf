//! Memory of a running process, from `/proc`.

use std::fs;
use std::process::Child;

/// Returns the peak resident memory in KiB.
pub fn peak_kib(child: &Child) -> u64 {
    status_field(child.id(), "VmHWM:")
}

/// Returns the current resident memory of the process `id` in KiB.
pub fn resident_kib(id: u32) -> u64 {
    status_field(id, "VmRSS:")
}

fn status_field(id: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("the process still runs");
    let size = status.lines().find_map(|line| line.strip_prefix(name)).expect("a size");
    size.trim().trim_end_matches(" kB").parse().expect("a number")
}
