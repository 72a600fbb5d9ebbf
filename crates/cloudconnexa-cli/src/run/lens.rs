//! Looks at records on their way through a run: what is counted or gathered beside their validity.

use std::fmt::{self, Debug, Formatter};

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::outline::Outline;

/// A record, as it goes by.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) outline: Outline<'a>,
    /// No finding is an error.
    pub(crate) is_valid: bool,
}

/// Looks at records. Each thread has its own, and sees any part of the inputs in any order: what is gathered must come out
/// the same however the records are dealt out.
pub(crate) trait Lens: Debug + Send {
    /// Takes in a record that is a JSON object.
    fn look(&mut self, seen: &Seen<'_>);

    /// Hands over what was gathered: there are no more records for it.
    fn end(&mut self);
}

/// Those who want to look: each makes the lens of a thread.
#[derive(Default)]
pub(crate) struct Lenses(Vec<Box<dyn Fn() -> Box<dyn Lens> + Send + Sync>>);

impl Lenses {
    /// Adds one.
    pub(crate) fn add(&mut self, make: impl Fn() -> Box<dyn Lens> + Send + Sync + 'static) {
        self.0.push(Box::new(make));
    }

    pub(crate) fn make(&self) -> Vec<Box<dyn Lens>> {
        self.0.iter().map(|make| make()).collect()
    }
}

impl Debug for Lenses {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} lenses", self.0.len())
    }
}
