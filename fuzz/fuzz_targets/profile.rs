//! Profiles of what was seen.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cloudconnexa_drift::fuzzing::profile(bytes));
