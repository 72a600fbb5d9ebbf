//! Compares times with what the explaining tier says of them.

use super::length;
use crate::formats::diagnose;

const TIME: &str = "2023-12-20T10:45:14.000000Z";

/// Returns the length that the fast tier finds for a quoted text.
fn found(text: &[u8]) -> usize {
    let mut bytes = [0; 32];
    bytes[0] = b'"';
    bytes[1..=text.len()].copy_from_slice(text);
    bytes[1 + text.len()] = b'"';
    length(&bytes)
}

fn is_valid(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(|text| diagnose(&["date-time".to_owned()], text).is_none())
}

/// Replaces the two digits at `at`.
fn with(at: usize, number: usize) -> String {
    format!("{}{number:02}{}", &TIME[..at], &TIME[at + 2..])
}

#[test]
fn each_day_of_the_calendar_is_found_and_no_other() {
    for year in ["0000", "0100", "1900", "2000", "2001", "2023", "2024", "2100", "2400", "9999"] {
        for month in 0..100 {
            for day in 0..100 {
                let text = format!("{year}-{month:02}-{day:02}{}", &TIME[10..]);
                let expected = if is_valid(text.as_bytes()) { 29 } else { 0 };
                assert_eq!(found(text.as_bytes()), expected, "{text}");
            }
        }
    }
}

#[test]
fn each_time_of_day_is_found_and_no_other() {
    for number in 0..100 {
        for (place, most) in [("hour", 23), ("minute", 59), ("second", 59)] {
            let at = match place {
                "hour" => 11,
                "minute" => 14,
                _ => 17,
            };
            for text in [
                with(at, number),
                with(at, number).replace(".000000", ""),
                with(at, number).replace(".000000", ".5"),
            ] {
                let expected = if number <= most { text.len() + 2 } else { 0 };
                assert_eq!(found(text.as_bytes()), expected, "{place} {text}");
            }
        }
    }
}

#[test]
fn up_to_nine_decimals_are_found() {
    for decimals in 0..=9 {
        let text = format!("2023-12-20T10:45:14.{}Z", "7".repeat(decimals));
        assert_eq!(found(text.as_bytes()), if decimals == 0 { 0 } else { text.len() + 2 }, "{text}");
    }
    assert_eq!(found(b"2023-12-20T10:45:14Z"), 22);
    // An offset is left to the explaining tier, and so are other letters.
    for end in ["", ".", ".Z", "z", "+00:00", ".5", ".5z", ".5+00:00", "Z ", ".5Z ", ".5.5Z", ",5Z"] {
        let text = format!("2023-12-20T10:45:14{end}");
        assert_eq!(found(text.as_bytes()), 0, "{text}");
    }
}

/// The words that the bytes are read in are checked together, so equal mistakes must not cancel out.
#[test]
fn no_change_of_two_bytes_makes_a_time_of_what_is_none() {
    for first in 0..TIME.len() {
        for second in first..TIME.len() {
            for change in 1..=u8::MAX {
                let mut text = TIME.as_bytes().to_vec();
                text[first] ^= change;
                if second > first {
                    text[second] ^= change;
                }
                assert!(found(&text) == 0 || is_valid(&text), "{}", String::from_utf8_lossy(&text));
            }
        }
    }
}

/// The last two words share four bytes, and are checked together: what is wrong in one must not cancel out the other.
#[test]
fn no_change_of_three_bytes_four_apart_makes_a_time_of_what_is_none() {
    let mut quoted = [0; 32];
    quoted[..29].copy_from_slice(format!("\"{TIME}\"").as_bytes());
    for first in 0..21 {
        for change in 1..=u8::MAX {
            let mut bytes = quoted;
            for at in [first, first + 4, first + 8] {
                bytes[at] ^= change;
            }
            let is_quoted = bytes[0] == b'"' && bytes[28] == b'"';
            let shown = String::from_utf8_lossy(&bytes[..29]);
            assert!(length(&bytes) == 0 || is_quoted && is_valid(&bytes[1..28]), "{shown}");
        }
    }
}

#[test]
fn a_time_has_quotes() {
    let mut bytes = [0; 32];
    bytes[..29].copy_from_slice(format!("\"{TIME}\"").as_bytes());
    assert_eq!(length(&bytes), 29);
    for at in [0, 28] {
        let mut bytes = bytes;
        bytes[at] = b'\'';
        assert_eq!(length(&bytes), 0);
    }
}
