//! The build crate.
