//! Numbers, read as `serde_json` does: `u64`, else `i64`, else the nearest 64-bit float.

use serde_json::Number;

/// A defect of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// A zero before other digits.
    LeadingZero,
    /// No digit after the sign, the point or the exponent.
    NoDigit,
}

/// Scans the number whose first byte, a digit or a minus, is at `start`.
///
/// Returns the offset after it, or the defect and its position.
pub(super) fn scan(text: &[u8], start: usize) -> Result<usize, (usize, NumberFault)> {
    let mut at = start;
    if text[at] == b'-' {
        at += 1;
    }
    let integer = at;
    at = digits(text, at)?;
    if text[integer] == b'0' && at > integer + 1 {
        return Err((integer, NumberFault::LeadingZero));
    }
    if text.get(at) == Some(&b'.') {
        at = digits(text, at + 1)?;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = text.get(at) {
            at += 1;
        }
        at = digits(text, at)?;
    }
    Ok(at)
}

/// Scans at least one digit.
fn digits(text: &[u8], at: usize) -> Result<usize, (usize, NumberFault)> {
    match text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count() {
        0 => Err((at, NumberFault::NoDigit)),
        count => Ok(at + count),
    }
}

/// Returns whether a scanned number is too large for a 64-bit float.
pub(super) fn is_huge(number: &str) -> bool {
    // Without an exponent it takes more than 300 digits to get there.
    (number.len() > 300 || number.contains(['e', 'E'])) && read(number).is_none()
}

/// The value of a scanned number that is not huge.
pub(super) fn value(number: &str) -> Number {
    if let Ok(value) = number.parse::<u64>() {
        return value.into();
    }
    read(number).unwrap_or_else(|| greatest(number))
}

/// The greatest float, with the sign of the number.
pub(super) fn greatest(number: &str) -> Number {
    let value = if number.starts_with('-') { f64::MIN } else { f64::MAX };
    Number::from_f64(value).unwrap_or_else(|| 0.into())
}

/// Leaves the rest to `serde_json`, so that a value is the same to the last bit.
fn read(number: &str) -> Option<Number> {
    let value: Number = serde_json::from_str(number).ok()?;
    // With `arbitrary_precision`, which another crate of a build may turn on, it reads any number.
    value.as_f64().is_some_and(f64::is_finite).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_that_of_serde_json() {
        for text in [
            "0",
            "-0",
            "-0.0",
            "1.0",
            "1e2",
            "1E+2",
            "1e-400",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "0.1e-7",
            "1.7976931348623157e308",
        ] {
            assert_eq!(scan(text.as_bytes(), 0), Ok(text.len()), "{text}");
            assert!(!is_huge(text), "{text}");
            assert_eq!(value(text), serde_json::from_str::<Number>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn a_huge_number_is_known_as_such() {
        let digits = "9".repeat(400);
        for text in ["1e999", "-1e999", "1.8e308", &digits] {
            assert!(is_huge(text), "{text}");
            assert!(serde_json::from_str::<Number>(text).is_err(), "{text}");
        }
        assert!(!is_huge(&"9".repeat(301)));
        assert!(!is_huge(&format!("0.{digits}")));
    }

    #[test]
    fn a_broken_number_is_refused_where_it_breaks() {
        use NumberFault::{LeadingZero, NoDigit};
        for (text, at, fault) in [
            ("01", 0, LeadingZero),
            ("-01", 1, LeadingZero),
            ("-", 1, NoDigit),
            ("-x", 1, NoDigit),
            ("1.", 2, NoDigit),
            ("1.e3", 2, NoDigit),
            ("1e", 2, NoDigit),
            ("1e+", 3, NoDigit),
        ] {
            assert_eq!(scan(text.as_bytes(), 0), Err((at, fault)), "{text}");
        }
    }
}
