//! Files of expectations.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ccxlog::fuzzing::expected(bytes));
