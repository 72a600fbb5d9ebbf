//! Puts outcomes together in the order of the inputs: findings to standard output, problems to standard error.

use std::collections::HashSet;
use std::io::{self, IsTerminal as _, Write as _};

use super::outcome::{Kind, Outcome, Said};
use crate::progress::Progress;
use crate::summary::Summary;
use crate::terminal::{self, Out};

/// Shows what is worth it, and keeps count.
pub(crate) struct Merge {
    out: Out,
    progress: Progress,
    max_findings: u64,
    /// Somebody sits at the terminal: what a slow pipe brings is shown as it comes.
    watched: bool,
    errors_shown: u64,
    kinds_shown: HashSet<Kind>,
    pub(crate) summary: Summary,
    /// Why no more can be written.
    pub(crate) output_failed: Option<io::Error>,
}

impl Merge {
    pub(super) fn new(max_findings: u64, progress: Progress) -> Self {
        Self {
            out: terminal::out(),
            progress,
            max_findings,
            watched: io::stdout().is_terminal(),
            errors_shown: 0,
            kinds_shown: HashSet::new(),
            summary: Summary::default(),
            output_failed: None,
        }
    }

    /// Takes in the next outcome.
    pub(super) fn add(&mut self, outcome: Outcome) {
        if let Some(input) = &outcome.input {
            self.progress.tick(input);
        }
        self.summary.tally.add(outcome.tally);
        for said in outcome.said {
            match said {
                Said::Finding { rule, kind, text } => {
                    if self.output_failed.is_none() && self.is_worth_showing(kind) {
                        self.summary.shown(rule);
                        self.write(&text);
                    }
                }
                Said::Problem(message) => self.aside(|| terminal::problem(&message)),
                Said::Note(message) => self.aside(|| terminal::note(&message)),
            }
        }
        if self.watched {
            self.flush();
        }
    }

    /// Writes what is still held back, and takes the progress bar away.
    pub(super) fn finish(&mut self) {
        self.flush();
        self.progress.finish();
    }

    /// Errors up to the limit; of the rest, which can come with every event, one of a kind.
    fn is_worth_showing(&mut self, kind: Option<Kind>) -> bool {
        if let Some(kind) = kind {
            let room = (self.kinds_shown.len() as u64) < self.max_findings;
            return room && self.kinds_shown.insert(kind);
        }
        self.errors_shown += 1;
        self.errors_shown <= self.max_findings
    }

    fn write(&mut self, text: &[u8]) {
        let out = &mut self.out;
        if let Err(error) = self.progress.aside(|| out.write_all(text)) {
            self.output_failed = Some(error);
        }
    }

    /// Says something on standard error, behind the findings so far.
    fn aside(&mut self, say: impl FnOnce()) {
        self.flush();
        self.progress.aside(say);
    }

    fn flush(&mut self) {
        let out = &mut self.out;
        if let Err(error) = self.progress.aside(|| out.flush()) {
            self.output_failed.get_or_insert(error);
        }
    }
}
