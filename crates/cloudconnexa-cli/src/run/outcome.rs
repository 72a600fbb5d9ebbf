//! What came of a piece of the work: counts, and what there is to say about it, in order.

use std::sync::Arc;

use super::tally::Tally;

/// To be merged in the order of the inputs.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) said: Vec<Said>,
    /// The input that it is about, if it is about one.
    pub(super) input: Option<Arc<str>>,
}

/// A warning or note is shown once for each thing that it is about: the hash of rule, place and message.
pub(super) type Kind = u64;

/// Something to say.
#[derive(Debug)]
pub(super) enum Said {
    /// A finding that may be shown, if it is among the first.
    Finding {
        rule: &'static cloudconnexa_validator::rules::Rule,
        /// Of what is no error.
        kind: Option<Kind>,
        text: Vec<u8>,
    },
    /// Something that could not be done.
    Problem(String),
    /// Something worth knowing.
    Note(String),
}

impl Outcome {
    pub(super) fn of(input: &Arc<str>) -> Self {
        Self { input: Some(Arc::clone(input)), ..Self::default() }
    }
}
