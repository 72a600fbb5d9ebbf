//! Answers to requests for a list of objects.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cloudconnexa_remote::fuzzing::listing(bytes));
