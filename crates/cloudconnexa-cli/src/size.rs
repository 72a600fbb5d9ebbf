//! Sizes in bytes, as people write and read them.

/// Reads `4096`, `64KiB`, `16 MiB`, `1GB`; `K`, `M` and `G` alone are binary.
pub(crate) fn parse(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: usize =
        number.parse().map_err(|_| "expected a number of bytes, such as `65536` or `16MiB`".to_owned())?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(format!("unknown unit `{}`; write KiB, MiB, GiB, kB, MB or GB", unit.trim())),
    };
    match number.checked_mul(factor) {
        Some(0) => Err("expected at least one byte".to_owned()),
        Some(bytes) => Ok(bytes),
        None => Err("more than this machine can address".to_owned()),
    }
}

/// `999 B`, `1.2 kB`, `34.5 MB`.
#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
pub(crate) fn show(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = 0;
    while amount >= 999.95 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    format!("{amount:.1} {}", UNITS[unit])
}

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 event`, `2,000 events`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{count, counted, parse, show};

    #[test]
    fn reads_sizes() {
        assert_eq!(parse("4096"), Ok(4096));
        assert_eq!(parse("16MiB"), Ok(16 << 20));
        assert_eq!(parse("16 mib"), Ok(16 << 20));
        assert_eq!(parse("2kB"), Ok(2000));
        for wrong in ["", "MiB", "-1", "1.5MiB", "3 apples", "0", "99999999999999999999", "99999999999GiB"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shows_sizes() {
        assert_eq!(show(999), "999 B");
        assert_eq!(show(1_000), "1.0 kB");
        assert_eq!(show(999_960), "1.0 MB");
        assert_eq!(show(266_000_000), "266.0 MB");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(123), "123");
        assert_eq!(counted(1, "file"), "1 file");
    }
}
