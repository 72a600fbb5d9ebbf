//! Names of objects as the vendor gives them, with the time of their events.

use crate::random::Random;
use crate::text::date;

/// One hour, in microseconds.
const HOUR: u64 = 3_600_000_000;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Returns the name of the object for the hour of this time: `2026-11-27-08-00-k3x9.jsonl.gz`. Another seed gives other
/// letters at its end.
pub(crate) fn key(micros: u64, seed: u64) -> String {
    let hours = micros / HOUR;
    let mut bits = Random::new(seed ^ hours.rotate_left(32)).bits();
    let mut end = String::new();
    for _ in 0..4 {
        end.push(char::from(DIGITS[(bits % 36) as usize]));
        bits /= 36;
    }
    format!("{}-{:02}-00-{end}.jsonl.gz", date(hours / 24), hours % 24)
}
