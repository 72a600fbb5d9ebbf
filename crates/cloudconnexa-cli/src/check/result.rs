//! The result of checking a part of the inputs: counts, and messages in order.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::sync::Arc;

use cloudconnexa_reader::{
    GzipError, GzipErrorKind, Output, ReadError, ReadErrorKind, ReadEvent, Unfinished,
};
use cloudconnexa_report::{Fingerprint, FoldedFindings, InputFindings, ReportedFinding, RunCounts};
use cloudconnexa_validator::rules::Rule;
use cloudconnexa_validator::semantics::StreamEvent;
use cloudconnexa_validator::{Finding, Severity};

use super::context::CheckContext;
use super::findings::hash;
use super::visitor::Part;
use crate::unreadable::Cause;

/// Rules whose findings are about an input rather than about one of its events: one is listed for each input.
const PER_INPUT: [&str; 2] = ["empty-input", "null-filled"];

/// The result of checking a part of the inputs, to be merged in their order.
#[derive(Debug, Default)]
pub(super) struct BlockResult {
    pub(super) counts: RunCounts,
    pub(super) messages: Vec<Message>,
    /// Findings for groups, if those are wanted: of one input after another.
    pub(super) files: Vec<InputFindings>,
    /// The parts that visitors have collected, each with the index of the visitor.
    pub(super) parts: Vec<(usize, Part)>,
    /// The input that it is about, if it is about one.
    pub(super) input: Option<Arc<str>>,
    /// Bytes of text in `messages`.
    pub(super) weight: usize,
    /// Inputs that may be read to their ends by another attempt.
    pub(super) unfinished: Vec<Unfinished>,
    /// Inputs that were not read because a stop was requested.
    pub(super) skipped: u64,
}

/// The kind of a warning or note, of which one is listed, or one for each input if it is denied: rule, pointer and message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct NoticeKey {
    rule: &'static str,
    /// Of the whole pointer, which can be long.
    pointer_hash: u64,
    /// The pointer as it is shown, and the message. A hash alone can be the same for different kinds.
    text: Arc<str>,
}

impl NoticeKey {
    /// Returns the kind of `finding`, whose pointer is shown as `pointer`.
    pub(super) fn new(finding: &Finding, severity: Severity, pointer: &str, input: &str) -> Self {
        let rule = finding.rule().id;
        // A file without content is named, however many there are, and so is each one that fails the run.
        let of_input = if PER_INPUT.contains(&rule) || severity == Severity::Error { input } else { "" };
        let text = format!("{pointer} {} {of_input}", finding.text().message).into();
        Self { rule, pointer_hash: hash(&finding.pointer()), text }
    }
}

/// Something to report.
#[derive(Debug)]
pub(super) enum Message {
    /// A finding for lists.
    Finding(ListedFinding),
    /// Something that failed.
    Problem { input: Arc<str>, message: String, cause: Cause },
    /// An input without content, in a run that has no findings about inputs.
    Empty { input: Arc<str>, severity: Severity },
    /// Something worth knowing.
    Note(String),
    /// The parts of some records of an input that rules about several records need.
    Steps { input: Arc<str>, steps: Vec<StreamEvent> },
}

/// A finding, written as lists show it.
#[derive(Debug)]
pub(super) struct ListedFinding {
    pub(super) rule: &'static Rule,
    pub(super) severity: Severity,
    /// Its kind, unless it is an error of itself.
    pub(super) kind: Option<NoticeKey>,
    /// Its fingerprint and its input, if the baseline may have it; then it is not counted yet.
    pub(super) known: Option<(Fingerprint, Arc<str>)>,
    /// The text for each list, in order; `None` where the list has enough.
    pub(super) texts: Vec<Option<Vec<u8>>>,
    /// Instead of texts, the finding itself, if it is listed once for all records of its kind.
    pub(super) folded: Option<FoldedFindings>,
}

impl ListedFinding {
    /// Creates one that is listed once for all records of its kind, if the baseline does not have it.
    pub(super) fn folded(
        rule: &'static Rule,
        known: (Fingerprint, Arc<str>),
        reported: &ReportedFinding<'_>,
    ) -> Self {
        let mut folded = FoldedFindings::default();
        folded.add(reported);
        let (severity, known, folded) = (reported.severity, Some(known), Some(folded));
        Self { rule, severity, kind: None, known, texts: Vec::new(), folded }
    }
}

impl BlockResult {
    /// Adds a message.
    pub(super) fn push(&mut self, message: Message) {
        if let Message::Finding(finding) = &message {
            self.weight += finding.texts.iter().flatten().map(Vec::len).sum::<usize>() + size_of::<Message>();
        }
        self.messages.push(message);
    }

    /// Adds what a record of `input` contributes to rules about several records.
    pub(super) fn push_step(&mut self, input: &Arc<str>, step: StreamEvent) {
        self.weight += size_of::<StreamEvent>();
        if let Some(Message::Steps { input: last, steps }) = self.messages.last_mut()
            && Arc::ptr_eq(last, input)
        {
            return steps.push(step);
        }
        self.messages.push(Message::Steps { input: Arc::clone(input), steps: vec![step] });
    }

    /// Counts a finding of an input.
    pub(super) fn add_finding(
        &mut self,
        context: &CheckContext,
        input: &Arc<str>,
        rule: &'static Rule,
        severity: Severity,
    ) {
        self.counts.add_findings(rule, severity, 1);
        // What rejected files say of their inputs is not kept: there can be any number of names.
        if !context.has_claimed_names {
            self.file(input).rules.insert((Reverse(severity), rule.id));
        }
    }

    /// Whether there is anything to report.
    pub(super) fn has_reports(&self) -> bool {
        !self.counts.findings.is_empty()
            || self.messages.iter().any(|message| !matches!(message, Message::Steps { .. }))
    }

    /// The findings of `input`, which is the last one so far, or a new one.
    pub(super) fn file(&mut self, input: &Arc<str>) -> &mut InputFindings {
        if self.files.last().is_none_or(|last| last.is_done || last.input != *input) {
            self.files.push(InputFindings::new(input));
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    fn problem(&mut self, input: &Arc<str>, error: &ReadError) {
        let message = read_error_message(error);
        self.file(input).problems.push(message.clone());
        self.push(Message::Problem { input: Arc::clone(input), message, cause: error.into() });
    }
}

impl Output for BlockResult {
    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        self.input = Some(Arc::clone(input));
        match event {
            ReadEvent::Error(error) => self.problem(input, &error),
            ReadEvent::End(end) => {
                self.counts.unread += u64::from(!end.is_complete);
                if end.was_opened {
                    self.counts.inputs += 1;
                    self.counts.bytes += end.bytes;
                    self.counts.empty += u64::from(end.is_empty || end.bytes == 0 && end.is_complete);
                }
                self.file(input).is_done = true;
            }
            ReadEvent::Unfinished(unfinished) => self.unfinished.push(*unfinished),
            ReadEvent::Skipped => self.skipped += 1,
            ReadEvent::Replaced { bytes } => self.counts.bytes += bytes,
            _ => {}
        }
    }

    fn append(&mut self, later: Self) {
        self.counts.add(later.counts);
        self.messages.extend(later.messages);
        self.weight += later.weight;
        self.parts.extend(later.parts);
        self.unfinished.extend(later.unfinished);
        self.skipped += later.skipped;
        for file in later.files {
            match self.files.last_mut() {
                Some(last) if !last.is_done && last.input == file.input => last.append(file),
                _ => self.files.push(file),
            }
        }
        if later.input.is_some() {
            self.input = later.input;
        }
    }
}

/// The message for an error of the reader.
pub(crate) fn read_error_message(error: &ReadError) -> String {
    let name = error.input();
    match error.kind() {
        ReadErrorKind::Foreign(kind) => format!("cannot validate `{name}`: it is {}", kind.text_for(name)),
        ReadErrorKind::Gzip(error) => format!("cannot read `{name}` to its end: {}", gzip_message(error)),
        _ => error.to_string(),
    }
}

/// The message for an error of gzip data, with the option that raises a limit.
pub(crate) fn gzip_message(error: &GzipError) -> String {
    match error.kind() {
        GzipErrorKind::TooManyBytes => format!("{error}; raise `--max-inflated-bytes` if it is genuine"),
        GzipErrorKind::RatioTooHigh => {
            format!("{error}, as no log does; raise `--max-ratio` if it is genuine")
        }
        _ => error.to_string(),
    }
}
