//! Whether inputs are followed, and how often they are polled.

use std::time::Duration;

use super::headings::INPUTS;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct FollowArgs {
    /// Keep reading what is new until SIGINT or SIGTERM, then write reports as usual
    ///
    /// A plain file that is named is read as it grows, and again from its start if another file takes its place. In
    /// folders, patterns and `s3://` prefixes, which may be empty at first, every file or object that is new or has
    /// changed is read: files once they have not changed for one interval, compressed ones once they are complete.
    /// Standard input cannot be followed. A second signal ends the process at once.
    #[arg(long, conflicts_with = "write_baseline", help_heading = INPUTS)]
    pub(crate) follow: bool,

    /// How often `--follow` looks for new data, such as `500ms`, `10s` or `2m`; 5s by default
    #[arg(long, value_name = "DURATION", requires = "follow", value_parser = interval, help_heading = INPUTS)]
    pub(crate) poll_interval: Option<Duration>,
}

/// Reads an interval such as `500ms`.
fn interval(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match &text[digits..] {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let number: Option<u64> = text[..digits].parse().ok();
    unit.zip(number)
        .and_then(|(unit, number)| number.checked_mul(unit))
        .filter(|millis| (1..=86_400_000).contains(millis))
        .map(Duration::from_millis)
        .ok_or_else(|| "expected a time from 1ms to 24h, such as `500ms`, `10s` or `2m`".to_owned())
}

#[cfg(test)]
mod tests;
