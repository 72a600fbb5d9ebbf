//! Numbers of events, compared without loss where they are whole.

use std::cmp::Ordering;

/// A number as JSON writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i128),
    Other(f64),
}

impl Number {
    /// Reads a number. Neither `inf` nor `+1` is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_such = |byte: u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            || !text.bytes().all(is_such)
        {
            return None;
        }
        match text.parse() {
            Ok(whole) => Some(Self::Whole(whole)),
            Err(_) => text.parse().ok().map(Self::Other),
        }
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => Some(one.cmp(&other)),
            (one, other) => one.float().partial_cmp(&other.float()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the other number is a float as well")]
    fn float(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Other(float) => float,
        }
    }
}

/// Reads a whole number that JSON may write as `4.0` or `4e3`. Returns `None` for any other, and for one beyond 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "it is a whole number below 2^53")]
pub(crate) fn whole_number(text: &str) -> Option<i128> {
    /// Floats beyond this may be whole only because they are rounded.
    const MAX: f64 = 9_007_199_254_740_991.0;
    match Number::parse(text)? {
        Number::Whole(whole) => {
            (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&whole).then_some(whole)
        }
        Number::Other(float) => (float.fract() == 0.0 && float.abs() <= MAX).then_some(float as i128),
    }
}
