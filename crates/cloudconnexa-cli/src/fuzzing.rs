//! What fuzz targets call, in `fuzz/`: a function for each kind of bytes that come from outside, which panics where
//! something does not hold that must. `cargo test` calls each with all seeds.

#![allow(clippy::missing_panics_doc, reason = "that is how they tell")]

#[cfg(test)]
mod tests;
mod tiers;

pub use tiers::tiers;

/// A file of events, in whatever form: every byte is accepted, rejected or between records, and what is told of it does
/// not depend on how it comes.
pub fn lines(bytes: &[u8]) {
    crate::check::fuzzing::lines(bytes);
}

/// A rejected file: a line of it, and all of it replayed.
pub fn rejected(bytes: &[u8]) {
    crate::rejected::fuzzing::line(bytes);
    crate::check::fuzzing::replay(bytes);
}

/// `ccxlog.toml`.
pub fn config(bytes: &[u8]) {
    crate::config::fuzzing::config(bytes);
}

/// A file beside a fixture that says what is expected of it.
pub fn expected(bytes: &[u8]) {
    crate::expectations::fuzzing::expected(bytes);
}

/// What `--state` remembers.
pub fn state(bytes: &[u8]) {
    crate::state::fuzzing::state(bytes);
}

/// What `--baseline` knows.
pub fn baseline(bytes: &[u8]) {
    crate::baseline::fuzzing::baseline(bytes);
}
