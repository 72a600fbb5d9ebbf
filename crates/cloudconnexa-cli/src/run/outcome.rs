//! What came of a piece of the work: counts, and what there is to say about it, in order.

use std::sync::Arc;

use cloudconnexa_reader::{
    GzipError, GzipErrorKind, Output, ReadError, ReadErrorKind, ReadEvent, Unfinished,
};
use cloudconnexa_report::{Fingerprint, InputFindings, RunCounts};
use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::Rule;
use cloudconnexa_validator::semantics::Step;

use super::parted::Parted;
use super::sightings::Sightings;

/// To be merged in the order of the inputs.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tally: RunCounts,
    pub(super) said: Vec<Message>,
    /// Findings as groups, if anybody wants them: of one input after another.
    pub(super) files: Vec<InputFindings>,
    /// What is split, if anything is.
    pub(super) parted: Parted,
    /// What it tells of sessions, if anybody wants to know.
    pub(super) sightings: Sightings,
    /// The input that it is about, if it is about one.
    pub(super) input: Option<Arc<str>>,
    /// Bytes of text in `said`.
    pub(super) weight: usize,
    /// Inputs that may be read to their ends at another attempt.
    pub(super) broken: Vec<Unfinished>,
    /// Inputs that were not read because an end was asked for.
    pub(super) left: u64,
}

/// A warning or note is shown once for each thing that it is about: the hash of rule, place and message.
pub(super) type KindShown = u64;

/// Something to say.
#[derive(Debug)]
pub(super) enum Message {
    /// A finding that may be listed.
    Finding(Listing),
    /// Something that could not be done.
    Problem { input: Option<Arc<str>>, message: String },
    /// Something worth knowing.
    Note(String),
    /// What some records of an input add to the rules about several.
    Steps { input: Arc<str>, steps: Vec<Step> },
}

/// A finding as lists have it.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) rule: &'static Rule,
    pub(super) severity: Severity,
    /// Of what is no error.
    pub(super) kind: Option<KindShown>,
    /// What the baseline may know it by; then it is not counted yet.
    pub(super) known: Option<Fingerprint>,
    /// For each list, in its order, the text; none where the list has enough.
    pub(super) texts: Vec<Option<Vec<u8>>>,
}

impl Outcome {
    pub(super) fn say(&mut self, said: Message) {
        if let Message::Finding(listing) = &said {
            self.weight += listing.texts.iter().flatten().map(Vec::len).sum::<usize>() + size_of::<Message>();
        }
        self.said.push(said);
    }

    /// Adds what a record of `input` adds to the rules about several.
    pub(super) fn step(&mut self, input: &Arc<str>, step: Step) {
        self.weight += size_of::<Step>();
        if let Some(Message::Steps { input: last, steps }) = self.said.last_mut()
            && Arc::ptr_eq(last, input)
        {
            return steps.push(step);
        }
        self.said.push(Message::Steps { input: Arc::clone(input), steps: vec![step] });
    }

    /// Whether there is anything to say to anybody.
    pub(super) fn says_something(&self) -> bool {
        !self.tally.findings.is_empty() || self.said.iter().any(|said| !matches!(said, Message::Steps { .. }))
    }

    /// Tells what could not be done about `input`.
    fn problem(&mut self, input: &Arc<str>, message: String) {
        self.file(input).problems.push(message.clone());
        self.say(Message::Problem { input: Some(Arc::clone(input)), message });
    }

    /// The findings of `input`, which is the last one so far, or a new one.
    pub(super) fn file(&mut self, input: &Arc<str>) -> &mut InputFindings {
        if self.files.last().is_none_or(|last| last.is_done || last.input != *input) {
            self.files.push(InputFindings::new(input));
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }
}

impl Output for Outcome {
    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        self.input = Some(Arc::clone(input));
        match event {
            ReadEvent::Error(error) => self.problem(input, message(&error)),
            ReadEvent::End(end) => {
                self.tally.unread += u64::from(!end.is_complete);
                if end.was_opened {
                    self.tally.inputs += 1;
                    self.tally.bytes += end.bytes;
                    self.tally.empty += u64::from(end.bytes == 0 && end.is_complete);
                }
                self.file(input).is_done = true;
            }
            ReadEvent::Unfinished(unfinished) => self.broken.push(*unfinished),
            ReadEvent::Skipped => self.left += 1,
            ReadEvent::Replaced { bytes } => self.tally.bytes += bytes,
            _ => {}
        }
    }

    fn append(&mut self, later: Self) {
        self.tally.add(later.tally);
        self.said.extend(later.said);
        self.weight += later.weight;
        self.parted.append(later.parted);
        self.broken.extend(later.broken);
        self.left += later.left;
        self.sightings.append(later.sightings);
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

/// An error of the reader, in the words of this program.
pub(crate) fn message(error: &ReadError) -> String {
    let name = error.input();
    match error.kind() {
        ReadErrorKind::Foreign(kind) => format!("cannot validate `{name}`: it is {kind}"),
        ReadErrorKind::Gzip(error) => format!("cannot read `{name}` to its end: {}", gzip_message(error)),
        _ => error.to_string(),
    }
}

/// An error of gzip data, with the option that lifts a limit.
pub(crate) fn gzip_message(error: &GzipError) -> String {
    match error.kind() {
        GzipErrorKind::TooManyBytes => format!("{error}; raise `--max-inflated-bytes` if it is genuine"),
        GzipErrorKind::RatioTooHigh => {
            format!("{error}, as no log does; raise `--max-ratio` if it is genuine")
        }
        _ => error.to_string(),
    }
}
