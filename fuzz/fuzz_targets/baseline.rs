//! Baselines.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ccxlog::fuzzing::baseline(bytes));
