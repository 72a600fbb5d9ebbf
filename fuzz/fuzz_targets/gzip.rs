//! Gzip files, against flate2 and against limits.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cloudconnexa_inflate::fuzzing::gzip(bytes));
