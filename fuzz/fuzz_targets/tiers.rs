//! Records, by the fast tier and by the explaining one.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ccxlog::fuzzing::tiers(bytes));
