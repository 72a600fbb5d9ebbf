//! Ends the process in order when it is told to: nothing half is left behind, and somebody is told.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Whether a run that follows its inputs was told to come to its end.
static TOLD: Mutex<bool> = Mutex::new(false);
static WAS_TOLD: Condvar = Condvar::new();

/// From now on SIGINT and SIGTERM remove what was written beside, and end the process with 130 or 143.
pub(crate) fn watch() {
    listen(0);
}

/// From now on the first SIGINT or SIGTERM asks for an end, and another does what [`watch`] says.
pub(crate) fn watch_for_end() {
    listen(1);
}

/// Whether an end was asked for.
pub(crate) fn is_told_to_end() -> bool {
    *TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits, but not once an end is asked for.
pub(crate) fn wait(time: Duration) {
    let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    drop(WAS_TOLD.wait_timeout_while(told, time, |told| !*told));
}

/// The first `patience` signals ask for an end, the next one ends the process.
#[cfg(unix)]
fn listen(patience: usize) {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        for (count, signal) in signals.forever().enumerate() {
            if count < patience {
                *TOLD.lock().unwrap_or_else(PoisonError::into_inner) = true;
                WAS_TOLD.notify_all();
            } else {
                stop(signal);
            }
        }
    });
}

#[cfg(unix)]
fn stop(signal: i32) -> ! {
    let name = if signal == signal_hook::consts::SIGINT { "SIGINT" } else { "SIGTERM" };
    let state = match crate::outputs::abandon() {
        (false, 0) => "not all was read",
        (false, _) => "nothing was put into place",
        (true, 0) => "the outputs are in place",
        (true, _) => "some outputs are in place, and the others as they were",
    };
    crate::terminal::problem(&format!("stopped by {name}; {state}"));
    std::process::exit(128 + signal);
}

/// Elsewhere the process just ends; what was written beside is left there, and nothing is put into place.
#[cfg(not(unix))]
fn listen(_: usize) {}
