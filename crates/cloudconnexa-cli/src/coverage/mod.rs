//! Coverage: which parts of the schema fixtures exercise, whether that is enough, and how it is reported.

mod class;
mod counter;
mod human;
mod json;
mod lcov;
mod minimum;
mod report;
mod words;

pub(crate) use class::Class;
pub(crate) use counter::Counter;
pub(crate) use json::schema as json_schema;
pub(crate) use minimum::{Minimum, add as add_minimum, override_by};
pub(crate) use report::{Group, Report};
pub(crate) use words::{field as field_in_words, what as what_in_words};

use std::io;

use crate::exit::Exit;
use crate::outputs::Output;
use crate::summary::Summary;
use crate::terminal;

/// A format of a report of coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Lcov,
}

pub(crate) const FORMATS: [(&str, Format); 3] =
    [("human", Format::Human), ("json", Format::Json), ("lcov", Format::Lcov)];

/// All that is told at the end.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) report: &'a Report,
    pub(crate) summary: &'a Summary,
    /// What the schema is called in lcov.
    pub(crate) schema_path: &'a str,
    pub(crate) exit: Exit,
}

impl Format {
    /// Writes all of it.
    pub(crate) fn write(self, out: &mut Output, run: &Run<'_>) -> io::Result<()> {
        match self {
            Self::Human => out.write_styled(human::text(run.report, terminal::width()).as_bytes()),
            Self::Json => json::write(out, run),
            Self::Lcov => lcov::write(out, run.report, run.schema_path),
        }
    }
}
