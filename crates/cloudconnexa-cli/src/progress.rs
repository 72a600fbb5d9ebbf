//! A progress bar on standard error, if that is a terminal and the run takes long enough.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run takes before the bar appears.
const SHOW_AFTER: Duration = Duration::from_millis(500);

/// A progress bar, visible or not.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    is_wanted: bool,
    is_shown: bool,
}

impl Progress {
    /// Returns whether a bar would be seen.
    pub(crate) fn is_wanted(quiet: bool) -> bool {
        !quiet && std::io::stderr().is_terminal()
    }

    /// Creates a bar for `total` bytes, or a spinner if the number is not known; `quiet` means that it never appears.
    pub(crate) fn new(total: Option<u64>, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let template = match total {
            Some(_) => {
                "{bar:30.cyan/dim} {percent:>3} %  {decimal_bytes_per_sec:>12}, {eta} left  {wide_msg:.dim}"
            }
            None => "{spinner:.cyan} {decimal_bytes} read  {decimal_bytes_per_sec}  {wide_msg:.dim}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Self { bar, started: Instant::now(), is_wanted: Self::is_wanted(quiet), is_shown: false }
    }

    /// Returns the bar, to count the bytes that are read.
    pub(crate) fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Shows the bar once it is time, with this message. To be called now and then.
    pub(crate) fn tick(&mut self, message: &str) {
        if !self.is_wanted {
            return;
        }
        if !self.is_shown && self.started.elapsed() >= SHOW_AFTER {
            self.is_shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if self.is_shown && self.bar.message() != message {
            self.bar.set_message(message.to_owned());
        }
    }

    /// Hides the bar while `write` writes to the terminal.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        if self.is_shown { self.bar.suspend(write) } else { write() }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
