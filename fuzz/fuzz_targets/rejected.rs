//! Rejected files, line by line and replayed.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ccxlog::fuzzing::rejected(bytes));
