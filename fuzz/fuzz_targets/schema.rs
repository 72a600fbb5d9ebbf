//! Schemas that somebody compares with.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cloudconnexa_drift::fuzzing::schema(bytes));
