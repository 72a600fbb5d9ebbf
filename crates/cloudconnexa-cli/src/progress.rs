//! A bar on standard error while work goes on, on a terminal, and only if it takes long enough to be worth one.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shorter work shows none.
const PATIENCE: Duration = Duration::from_millis(500);

/// The bar, drawn or not.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    since: Instant,
    wanted: bool,
    shown: bool,
}

impl Progress {
    /// Whether there is somebody to see it.
    pub(crate) fn is_wanted(quiet: bool) -> bool {
        !quiet && std::io::stderr().is_terminal()
    }

    /// For `total` bytes, where that is known; `quiet` means never.
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
        Self { bar, since: Instant::now(), wanted: Self::is_wanted(quiet), shown: false }
    }

    /// What counts the bytes that are read.
    pub(crate) fn bar(&self) -> &ProgressBar {
        &self.bar
    }

    /// Now and then: shows the bar when it is time to.
    pub(crate) fn tick(&mut self, message: &str) {
        if !self.wanted {
            return;
        }
        if !self.shown && self.since.elapsed() >= PATIENCE {
            self.shown = true;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if self.shown && self.bar.message() != message {
            self.bar.set_message(message.to_owned());
        }
    }

    /// Takes the bar out of the way of what `write` puts on the terminal.
    pub(crate) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        if self.shown { self.bar.suspend(write) } else { write() }
    }

    /// Wipes it.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
