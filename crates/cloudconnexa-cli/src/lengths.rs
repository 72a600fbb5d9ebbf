//! Lengths of time, as people write and read them: `30d`, `12h`.

const UNITS: [(&str, u64); 5] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];

/// Reads a length of time as microseconds.
pub(crate) fn parse(text: &str) -> Result<i64, String> {
    let expected = || "expected a length of time, such as `30d`, `12h` or `90m`".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == &text[digits..]).ok_or_else(expected)?;
    let number: u64 = text[..digits].parse().map_err(|_| expected())?;
    let micros = number.checked_mul(*unit).and_then(|seconds| seconds.checked_mul(1_000_000));
    micros.and_then(|micros| i64::try_from(micros).ok()).ok_or_else(|| "that is too long".to_owned())
}

/// `30d`: the greatest unit that has no rest.
pub(crate) fn show(micros: i64) -> String {
    let seconds = micros.unsigned_abs() / 1_000_000;
    let whole = |unit: u64| seconds >= unit && seconds.is_multiple_of(unit);
    // Days rather than weeks, as they are usually asked for.
    let (name, unit) = UNITS.into_iter().skip(1).find(|(_, unit)| whole(*unit)).unwrap_or(("s", 1));
    format!("{}{name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::{parse, show};

    #[test]
    fn lengths() {
        for (text, seconds) in [("0s", 0), ("90m", 5400), ("12h", 43_200), ("30d", 2_592_000)] {
            assert_eq!(parse(text), Ok(seconds * 1_000_000));
            assert_eq!(show(seconds * 1_000_000), text);
        }
        assert_eq!(parse("2w"), Ok(14 * 86_400 * 1_000_000));
        for wrong in ["", "d", "30", "1y", "-1d", "1 d", "é", "99999999999999999999d", "9999999999w"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
