//! One validation run: sources in, findings shown, counts kept.

use std::collections::HashSet;
use std::io::{self, IsTerminal as _};

use cloudconnexa_validator::records::{Item, Record, Splitter};
use cloudconnexa_validator::{Finding, Severity, Subject, Validator};

use crate::input::{self, Source};
use crate::progress::Progress;
use crate::render::{Human, Place};
use crate::summary::Summary;
use crate::terminal::{self, Out};

/// The rule that a record beyond the limit breaks: nothing else tells of such a record.
const TOO_LONG: &str = "too-long";

/// How much is read at once.
const CHUNK: usize = 1 << 17;

/// What a run needs and what comes of it.
pub(crate) struct Run {
    validator: Validator,
    max_record_bytes: usize,
    max_findings: u64,
    chunk: Vec<u8>,
    out: Out,
    human: Human,
    progress: Progress,
    pub(crate) summary: Summary,
    /// Somebody sits at the terminal: what a slow pipe brings is shown as it comes.
    watched: bool,
    errors_shown: u64,
    /// The warnings and notes that were shown: one of a kind is enough.
    kinds_shown: HashSet<(&'static str, String, String)>,
    /// Why no more can be written.
    pub(crate) output_failed: Option<io::Error>,
}

impl Run {
    pub(crate) fn new(max_record_bytes: usize, max_findings: u64, progress: Progress) -> Self {
        Self {
            validator: Validator::new(),
            max_record_bytes,
            max_findings,
            chunk: vec![0; CHUNK],
            out: terminal::out(),
            human: Human::new(terminal::width()),
            progress,
            summary: Summary::default(),
            watched: io::stdout().is_terminal(),
            errors_shown: 0,
            kinds_shown: HashSet::new(),
            output_failed: None,
        }
    }

    /// Validates one source to its end, as far as it can be read.
    pub(crate) fn source(&mut self, source: &Source) {
        let name = source.name();
        let mut reader = match input::open(source, self.progress.bar()) {
            Ok(reader) => reader,
            Err(error) => {
                self.summary.unread += 1;
                return self.problem(&format!("cannot read `{name}`: {error}"));
            }
        };
        self.summary.inputs += 1;
        let mut splitter = Splitter::with_limit(self.max_record_bytes);
        let mut chunk = std::mem::take(&mut self.chunk);
        let (mut length_so_far, mut unread, mut cut_off) = (0, false, false);
        while self.output_failed.is_none() {
            self.progress.tick(&name);
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => {
                    let bytes = &chunk[..length];
                    if length_so_far == 0
                        && let Some(what) = input::foreign(bytes)
                    {
                        self.problem(&format!("cannot validate `{name}`: it is {what}"));
                        unread = true;
                        break;
                    }
                    length_so_far += length as u64;
                    splitter.push(bytes, |item| self.item(&name, item));
                    if self.watched {
                        self.flush();
                    }
                }
                Err(error) => {
                    unread = true;
                    cut_off |= error.cut_off;
                    self.problem(&format!("cannot read `{name}` to its end: {}", error.message));
                    if error.cut_off {
                        break;
                    }
                }
            }
        }
        self.chunk = chunk;
        if cut_off {
            splitter.finish(|item| self.last_item(&name, &item));
        } else {
            splitter.finish(|item| self.item(&name, item));
        }
        self.summary.bytes += length_so_far;
        self.summary.unread += u64::from(unread);
        self.summary.empty += u64::from(length_so_far == 0 && !unread);
    }

    /// Writes what is still held back, and takes the progress bar away.
    pub(crate) fn finish(&mut self) {
        self.flush();
        self.progress.finish();
    }

    fn item(&mut self, input: &str, item: Item<'_>) {
        match item {
            Item::Record(record) => self.record(input, record),
            Item::Finding(finding) => {
                if finding.rule().id == TOO_LONG {
                    self.summary.refused_record();
                }
                self.finding(Place { input, record: None, event: None }, &finding);
            }
        }
    }

    fn record(&mut self, input: &str, record: Record<'_>) {
        let report = self.validator.check(record.bytes, record.at);
        self.summary.event(&report);
        let event = match &report.subject {
            Subject::Known(event) => Some(event.name),
            Subject::Unknown(name) => Some(name.as_str()),
            Subject::Untold => None,
        };
        for finding in &report.findings {
            self.finding(Place { input, record: Some(record), event }, finding);
        }
    }

    /// The input broke off behind this: a record that is not valid may be the first part of one that is.
    fn last_item(&mut self, input: &str, item: &Item<'_>) {
        let Item::Record(record) = *item else { return };
        if self.validator.check(record.bytes, record.at).is_valid() {
            self.record(input, record);
        } else {
            let (line, column) = (record.at.line, record.at.column);
            self.flush();
            let message = format!(
                "the input breaks off within the event at {input}:{line}:{column}, which is not judged"
            );
            self.progress.aside(|| terminal::note(&message));
        }
    }

    fn finding(&mut self, place: Place<'_>, finding: &Finding) {
        let shown = self.output_failed.is_none() && self.is_worth_showing(finding);
        self.summary.finding(finding, shown);
        if shown {
            let (human, out) = (&self.human, &mut self.out);
            if let Err(error) = self.progress.aside(|| human.finding(out, place, finding)) {
                self.output_failed = Some(error);
            }
        }
    }

    /// Errors up to the limit; of the rest, which can come with every event, one of a kind.
    fn is_worth_showing(&mut self, finding: &Finding) -> bool {
        if finding.severity() == Severity::Error {
            self.errors_shown += 1;
            return self.errors_shown <= self.max_findings;
        }
        let room = (self.kinds_shown.len() as u64) < self.max_findings;
        let kind = (finding.rule().id, finding.pointer().to_owned(), finding.text().message.clone());
        room && self.kinds_shown.insert(kind)
    }

    /// Says what went wrong, behind the findings so far.
    fn problem(&mut self, message: &str) {
        self.flush();
        self.progress.aside(|| terminal::problem(message));
    }

    fn flush(&mut self) {
        let out = &mut self.out;
        if let Err(error) = self.progress.aside(|| io::Write::flush(out)) {
            self.output_failed.get_or_insert(error);
        }
    }
}
