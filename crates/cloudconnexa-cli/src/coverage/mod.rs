//! Coverage on the command line: its arguments, its minimums, and counting during a run.

mod args;
mod counter;
mod minimum;

pub(crate) use args::{CoverageArgs, FORMATS, Format, HELP};
pub(crate) use counter::Counter;
pub(crate) use minimum::{add as add_minimum, override_by, parse as parse_minimum};
