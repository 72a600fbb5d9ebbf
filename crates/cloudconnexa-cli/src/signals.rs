//! Ends the process in order when it is told to: nothing half is left behind, and somebody is told.

/// From now on SIGINT and SIGTERM remove what was written beside, and end the process with 130 or 143.
#[cfg(unix)]
pub(crate) fn watch() {
    use signal_hook::consts::{SIGINT, SIGTERM};

    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let was_placed = crate::outputs::abandon();
            let name = if signal == SIGINT { "SIGINT" } else { "SIGTERM" };
            let state = if was_placed { "the outputs are in place" } else { "nothing was put into place" };
            crate::terminal::problem(&format!("stopped by {name}; {state}"));
            std::process::exit(128 + signal);
        }
    });
}

/// Elsewhere the process just ends; what was written beside is left there, and nothing is put into place.
#[cfg(not(unix))]
pub(crate) fn watch() {}
