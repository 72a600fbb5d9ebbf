//! What came of a piece of the work: counts, and what there is to say about it, in order.

use std::sync::Arc;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::Rule;
use cloudconnexa_validator::semantics::StreamEvent;

use super::attempt::Broken;
use super::groups::InFile;
use super::parted::Parted;
use super::sightings::Sightings;
use super::tally::Tally;
use crate::fingerprint::Fingerprint;

/// To be merged in the order of the inputs.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) said: Vec<Said>,
    /// Findings as groups, if anybody wants them: of one input after another.
    pub(super) files: Vec<InFile>,
    /// What is split, if anything is.
    pub(super) parted: Parted,
    /// What it tells of sessions, if anybody wants to know.
    pub(super) sightings: Sightings,
    /// The input that it is about, if it is about one.
    pub(super) input: Option<Arc<str>>,
    /// Bytes of text in `said`.
    pub(super) weight: usize,
    /// Inputs that may be read to their ends at another attempt.
    pub(super) broken: Vec<Broken>,
    /// Inputs that were not read because an end was asked for.
    pub(super) left: u64,
}

/// A warning or note is shown once for each thing that it is about: the hash of rule, place and message.
pub(super) type KindShown = u64;

/// Something to say.
#[derive(Debug)]
pub(super) enum Said {
    /// A finding that may be listed.
    Finding(Listing),
    /// Something that could not be done.
    Problem { input: Option<Arc<str>>, message: String },
    /// Something worth knowing.
    Note(String),
    /// What some records of an input add to the rules about several.
    Steps { input: Arc<str>, steps: Vec<StreamEvent> },
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
    pub(super) fn of(input: &Arc<str>) -> Self {
        Self { input: Some(Arc::clone(input)), ..Self::default() }
    }

    pub(super) fn say(&mut self, said: Said) {
        if let Said::Finding(listing) = &said {
            self.weight += listing.texts.iter().flatten().map(Vec::len).sum::<usize>() + size_of::<Said>();
        }
        self.said.push(said);
    }

    /// Adds what a record of `input` adds to the rules about several.
    pub(super) fn step(&mut self, input: &Arc<str>, step: StreamEvent) {
        self.weight += size_of::<StreamEvent>();
        if let Some(Said::Steps { input: last, steps }) = self.said.last_mut()
            && Arc::ptr_eq(last, input)
        {
            return steps.push(step);
        }
        self.said.push(Said::Steps { input: Arc::clone(input), steps: vec![step] });
    }

    /// Whether there is anything to say to anybody.
    pub(super) fn says_something(&self) -> bool {
        !self.tally.findings.is_empty() || self.said.iter().any(|said| !matches!(said, Said::Steps { .. }))
    }

    /// Tells what could not be done about `input`.
    pub(super) fn problem(&mut self, input: &Arc<str>, message: String) {
        self.file(input).problems.push(message.clone());
        self.say(Said::Problem { input: Some(Arc::clone(input)), message });
    }

    /// The findings of `input`, which is the last one so far, or a new one.
    pub(super) fn file(&mut self, input: &Arc<str>) -> &mut InFile {
        if self.files.last().is_none_or(|last| last.is_done || last.input != *input) {
            self.files.push(InFile::new(input));
        }
        let last = self.files.len() - 1;
        &mut self.files[last]
    }

    /// Takes in what comes behind.
    pub(super) fn append(&mut self, later: Self) {
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
