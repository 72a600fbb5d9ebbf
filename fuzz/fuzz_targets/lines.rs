//! Files of events, the whole way to findings, reports and outputs.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ccxlog::fuzzing::lines(bytes));
