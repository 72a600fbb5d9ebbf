//! Coverage on the command line: its formats and minimums.

mod minimum;

pub(crate) use minimum::{add as add_minimum, override_by, parse as parse_minimum};

/// A format of a report of coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Lcov,
}

pub(crate) const FORMATS: [(&str, Format); 3] =
    [("human", Format::Human), ("json", Format::Json), ("lcov", Format::Lcov)];
