//! Cuts an input into records.
