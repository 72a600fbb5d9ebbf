//! Sizes in bytes on the command line; numbers and sizes in text.

pub(crate) use cloudconnexa_report::text::{bytes as show, count, counted};

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

#[cfg(test)]
mod tests;
