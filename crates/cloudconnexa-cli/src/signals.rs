//! Handles SIGINT and SIGTERM: stops a `--follow` run, or ends the process without leaving temporary files.

#[cfg(all(test, unix))]
mod tests;

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether a `--follow` run was asked to stop.
static STOP_REQUESTED: Mutex<bool> = Mutex::new(false);
static STOP: Condvar = Condvar::new();

/// From now on, SIGINT and SIGTERM remove temporary files and end the process with 130 or 143.
pub(crate) fn watch() {
    listen(0);
}

/// From now on, the first SIGINT or SIGTERM requests a stop, and another one acts as for [`watch`].
pub(crate) fn watch_for_stop() {
    listen(1);
}

/// Returns whether a stop was requested.
pub(crate) fn is_stop_requested() -> bool {
    *STOP_REQUESTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for `time`, or until a stop is requested.
pub(crate) fn wait(time: Duration) {
    let requested = STOP_REQUESTED.lock().unwrap_or_else(PoisonError::into_inner);
    drop(STOP.wait_timeout_while(requested, time, |requested| !*requested));
}

/// The first `requests` signals request a stop, the next one ends the process.
#[cfg(unix)]
fn listen(requests: usize) {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for (count, signal) in signals.forever().enumerate() {
            if count < requests {
                *STOP_REQUESTED.lock().unwrap_or_else(PoisonError::into_inner) = true;
                STOP.notify_all();
            } else {
                end_process(signal);
            }
        }
    });
}

#[cfg(unix)]
fn end_process(signal: i32) -> ! {
    let name = if signal == signal_hook::consts::SIGINT { "SIGINT" } else { "SIGTERM" };
    let (has_committed, removed) = crate::outputs::discard_pending();
    let outcome = outcome(has_committed, removed, crate::outputs::has_streamed());
    crate::terminal::problem(&format!("stopped by {name}; {outcome}"));
    std::process::exit(128 + signal);
}

/// Says what a process leaves that is stopped: whether it put any file into place before, how many unfinished files were
/// removed, and whether it wrote to standard output.
#[cfg(unix)]
fn outcome(has_committed: bool, removed: usize, has_streamed: bool) -> &'static str {
    match (has_committed, removed, has_streamed) {
        (false, 0, false) => "not all was read, and nothing was written",
        (false, 0, true) => "not all was read, and what was written to standard output is incomplete",
        (false, _, false) => "nothing was put into place",
        (false, _, true) => {
            "what was written to standard output is incomplete, and no file was put into place"
        }
        // Outputs that were to be written later are not known here.
        (true, 0, _) => "each file that was put into place is complete, and any other is as before",
        (true, _, _) => "some outputs are in place, and the others are as before",
    }
}

/// Elsewhere, the process just ends: temporary files stay, and no target is replaced.
#[cfg(not(unix))]
fn listen(_: usize) {}
