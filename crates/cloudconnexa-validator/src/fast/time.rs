//! Times of the form `YYYY-MM-DDThh:mm:ss`, with up to nine decimals and `Z`, checked eight bytes at a time.

#[cfg(test)]
mod tests;

use super::scan::Scan;
use super::scanner::{Advance, Scanner};
use super::window::window;

/// Eight bytes of a pattern: a digit for each zero, and its own bytes everywhere else.
#[derive(Clone, Copy)]
struct Form {
    bytes: u64,
    /// For each byte, the bits that are set if it does not match, after an exclusive or with the pattern.
    other: u64,
    /// For each digit, what to add so that 10 and more set a bit of `beyond`.
    carry: u64,
    beyond: u64,
}

impl Form {
    const fn new(form: [u8; 8]) -> Self {
        let (mut other, mut carry, mut beyond) = ([0xff; 8], [0; 8], [0; 8]);
        let mut at = 0;
        while at < 8 {
            if form[at] == b'0' {
                (other[at], carry[at], beyond[at]) = (0xf0, 6, 0xf0);
            }
            at += 1;
        }
        Self {
            bytes: u64::from_le_bytes(form),
            other: u64::from_le_bytes(other),
            carry: u64::from_le_bytes(carry),
            beyond: u64::from_le_bytes(beyond),
        }
    }

    /// Returns the digits as numbers, and a word that is 0 if the bytes match the pattern.
    #[inline(always)]
    fn read(self, bytes: [u8; 8]) -> (u64, u64) {
        let digits = u64::from_le_bytes(bytes) ^ self.bytes;
        // A byte above 0x0f is caught by `other`, so it does not matter if it carries into its neighbour.
        let wrong = digits & self.other | digits.wrapping_add(self.carry) & self.beyond;
        (digits, wrong)
    }
}

const YEAR_AND_MONTH: Form = Form::new(*b"0000-00-");
const DAY_AND_MINUTE: Form = Form::new(*b"00T00:00");
const SECOND: Form = Form::new(*b":00.0000");
const END: Form = Form::new(*b"000000Z\"");

/// Returns the two-digit number that starts at each byte.
#[inline(always)]
fn pairs(digits: u64) -> [u8; 8] {
    digits.wrapping_mul(10).wrapping_add(digits >> 8).to_le_bytes()
}

impl<S: Scan, const KEEP: u8> Scanner<'_, S, KEEP> {
    /// Scans a time in its usual form, whose opening quote must be at `at`.
    #[inline(always)]
    pub(super) fn date_time(&self, at: usize) -> Advance {
        let length = window!(length, self.record, at);
        (length > 0).then_some(at + length)
    }
}

/// Returns the length of the time at the start of these bytes, quotes included, or 0 if there is none.
#[inline(always)]
fn length(bytes: &[u8; 32]) -> usize {
    let [Some(first), Some(second), Some(third), Some(fourth)] =
        [&bytes[1..], &bytes[9..], &bytes[17..], &bytes[21..]].map(<[u8]>::first_chunk)
    else {
        return 0;
    };
    let (date, wrong_date) = YEAR_AND_MONTH.read(*first);
    let (time, wrong_time) = DAY_AND_MINUTE.read(*second);
    let [century, _, year, _, _, month, ..] = pairs(date);
    let [day, _, _, hour, _, _, minute, _] = pairs(time);
    let (third, wrong_second) = SECOND.read(*third);
    let (_, wrong_end) = END.read(*fourth);
    let [_, second, ..] = pairs(third);
    let is_right = wrong_date | wrong_time == 0
        && bytes[0] == b'"'
        && month.wrapping_sub(1) < 12
        && day.wrapping_sub(1) < days(century, year, month)
        && hour < 24
        && minute < 60;
    if !is_right {
        0
    } else if wrong_second | wrong_end == 0 && second < 60 {
        29
    } else {
        other_decimals(bytes)
    }
}

/// Returns the number of days of a month.
#[inline(always)]
fn days(century: u8, year: u8, month: u8) -> u8 {
    const DAYS: [u8; 16] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0];
    let is_leap = if year == 0 { century } else { year }.is_multiple_of(4);
    DAYS[usize::from(month & 15)] + u8::from(month == 2 && is_leap)
}

/// Returns the length of a time whose date, hours and minutes are valid, or 0 if the rest is not.
#[inline(never)]
fn other_decimals(bytes: &[u8; 32]) -> usize {
    let [b':', tens @ b'0'..=b'5', ones @ b'0'..=b'9', rest @ ..] = &bytes[17..] else { return 0 };
    _ = (tens, ones);
    let decimals = match rest {
        [b'.', rest @ ..] => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => return if rest.starts_with(b"Z\"") { 22 } else { 0 },
    };
    let is_right = (1..=9).contains(&decimals) && rest[1 + decimals..].starts_with(b"Z\"");
    if is_right { 23 + decimals } else { 0 }
}
