//! One HTML page about a run, to be looked at, mailed and kept. It loads nothing and runs nothing.
//!
//! Everything that an event contains is text: `maud` escapes whatever is not written here, and a policy in the page
//! forbids scripts and loads in case anything gets through. Each chart has its numbers in a table below.

mod chart;
mod connections;
mod page;
mod time;

use std::io::{self, Write};

use crate::masking::Masking;
use crate::run::RunResults;

/// Writes the page.
pub(super) fn write(out: &mut dyn Write, run: &RunResults<'_>, masking: Masking) -> io::Result<()> {
    out.write_all(page::page(run, masking).into_string().as_bytes())
}

#[cfg(test)]
mod tests;
