//! The entry point of the fuzz target `listing`. It panics when a property does not hold; `cargo test` runs it on all
//! seeds.

#![allow(clippy::missing_panics_doc, reason = "a panic is how a fuzz target fails")]

#[cfg(test)]
mod tests;

/// Checks the handling of responses to a request for a list of objects.
pub fn listing(bytes: &[u8]) {
    crate::bucket::fuzzing::listing(bytes);
}
