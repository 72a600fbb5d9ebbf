//! One HTML page about a run: to be looked at, mailed and kept. It loads nothing and runs nothing.
//!
//! Whatever an event says is text to it: `maud` escapes all that is not written here, and a policy in the page forbids
//! scripts and loads in case anything got through. Each chart has its numbers in a table below.

mod chart;
mod page;
mod time;

use std::io::{self, Write};

use super::Run;
use crate::run::Values;

/// Writes the page.
pub(super) fn write(out: &mut dyn Write, run: &Run<'_>, values: Values) -> io::Result<()> {
    out.write_all(page::page(run, values).into_string().as_bytes())
}

#[cfg(test)]
mod tests;
