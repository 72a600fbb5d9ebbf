//! The types.
