//! Entry points of the fuzz targets in `fuzz/`: for each kind of untrusted bytes, a function that panics if a property does
//! not hold. `cargo test` calls each with all seeds.

#![allow(clippy::missing_panics_doc, reason = "a panic is how they report")]

#[cfg(test)]
mod tests;
mod tiers;
mod views;

use std::sync::LazyLock;

use cloudconnexa_validator::Validator;

pub use tiers::tiers;
pub use views::views;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

/// A file of events in any form: every byte is accepted, rejected or between records, and the report does not depend on
/// how the bytes arrive.
pub fn lines(bytes: &[u8]) {
    crate::check::fuzzing::lines(bytes);
}

/// A rejected file: as a single line, and as a file to replay.
pub fn rejected(bytes: &[u8]) {
    crate::rejected::fuzzing::line(bytes);
    crate::check::fuzzing::replay(bytes);
}

/// `ccxlog.toml`.
pub fn config(bytes: &[u8]) {
    crate::config::fuzzing::config(bytes);
}

/// A file of expected findings.
pub fn expected(bytes: &[u8]) {
    crate::expectations::fuzzing::expected(bytes);
}

/// A state file.
pub fn state(bytes: &[u8]) {
    crate::state::fuzzing::state(bytes);
}

/// A baseline.
pub fn baseline(bytes: &[u8]) {
    crate::baseline::fuzzing::baseline(bytes);
}
