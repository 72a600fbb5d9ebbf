//! Whatever stands in a rejected file, it is read or told to be damaged; what is read is written, and read again.

#![no_main]

use cloudconnexa_validator::Position;
use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../crates/cloudconnexa-cli/src/rejected.rs"]
mod rejected;

fuzz_target!(|line: &[u8]| {
    match rejected::read(line, Position::START) {
        Ok(owned) => {
            let rejected::Owned { source, at, is_element, part, raw } = &owned;
            let (at, is_element, part) = (*at, *is_element, *part);
            let mut again = Vec::new();
            rejected::write(
                &mut again,
                &rejected::Entry { source, at, is_element, part, raw: raw.as_slice() },
                &[],
            );
            assert_eq!(again.iter().filter(|byte| **byte == b'\n').count(), 1, "one line");
            assert_eq!(rejected::read(&again, Position::START), Ok(owned));
        }
        Err((at, message)) => {
            assert!(at.offset <= line.len() as u64 && !message.is_empty());
        }
    }
});
