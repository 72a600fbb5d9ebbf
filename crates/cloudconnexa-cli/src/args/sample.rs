//! `ccxlog sample`.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::ValueEnum;
use cloudconnexa_sample::Mix;
use cloudconnexa_validator::catalog::EVENTS;

use crate::nearest::nearest;
use crate::time;

pub(super) const HELP: &str = "\
Examples:
  ccxlog sample --events 100000 -o events.jsonl.gz
  ccxlog sample --mix flow-established=9,traffic-blocked=1 --start 2026-03-01T08:00:00Z
  ccxlog sample --span 7d --split-into logs/ --start 2026-11-27
  ccxlog sample --cover fixtures/ && ccxlog coverage fixtures/
  ccxlog sample --invalid 0.01 | ccxlog validate

Events are consistent: sessions start, have flows, and end. The same
arguments give the same bytes on every machine. All names and addresses
are fictitious.";

#[derive(Debug, clap::Args)]
pub(crate) struct SampleArgs {
    /// How many events to generate
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) events: u64,

    /// The seed; another seed gives other events
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Which events to generate, and their relative frequencies
    ///
    /// By default, all events, mostly flows.
    #[arg(long, value_name = "NAME=WEIGHT,…", value_parser = mix)]
    pub(crate) mix: Option<Mix>,

    /// The layout of events
    #[arg(long, value_enum, default_value_t = SampleFormat::Jsonl)]
    pub(crate) format: SampleFormat,

    /// When the first event occurs: a timestamp or a date
    #[arg(long, value_name = "TIME", default_value = "2026-01-01T00:00:00Z", value_parser = micros)]
    pub(crate) start: u64,

    /// Spread the events over this time, such as `7d`; by default, several occur each second
    #[arg(long, value_name = "TIME", value_parser = time::parse_duration)]
    pub(crate) span: Option<i64>,

    /// Make this share of the events invalid, from 0 to 1
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = millionths)]
    pub(crate) invalid: u64,

    /// Add a field that the schema does not describe to every event
    #[arg(long)]
    pub(crate) unknown_field: bool,

    /// Shuffle the fields of every event
    #[arg(long)]
    pub(crate) shuffle_keys: bool,

    /// Add escapes to all free text, and escape everything but ASCII
    #[arg(long)]
    pub(crate) escapes: bool,

    /// Write to this file instead of standard output, compressed if its name ends in `.gz`
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write a compressed file for each hour into this folder, named as the vendor names its objects
    ///
    /// Such as `2026-11-27-08-00-k3x9.jsonl.gz`. The folder is created if it does not exist.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub(crate) split_into: Option<PathBuf>,

    /// Write a set of fixtures into this folder that covers the schema, one file per event
    ///
    /// `ccxlog coverage DIR` reports 100 % for it. `unknown-event.jsonl` is an event that the schema does not describe.
    /// Values and fields that the schema does not know are warnings; `.expected` files list them for `ccxlog test`.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "split_into", "events", "mix", "invalid"])]
    pub(crate) cover: Option<PathBuf>,
}

/// The layout of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SampleFormat {
    /// One event per line
    Jsonl,
    /// Indented events, one after another
    Pretty,
    /// One array of events
    Array,
}

impl From<SampleFormat> for cloudconnexa_sample::Format {
    fn from(format: SampleFormat) -> Self {
        match format {
            SampleFormat::Jsonl => Self::Jsonl,
            SampleFormat::Pretty => Self::Pretty,
            SampleFormat::Array => Self::Array,
        }
    }
}

/// Reads `flow-established=70,client-connected=12`.
fn mix(text: &str) -> Result<Mix, String> {
    text.parse::<Mix>().map_err(|error| {
        let Some(name) = error.unknown_event() else { return error.to_string() };
        let remedy = nearest(name, EVENTS.iter().map(|event| event.name))
            .map_or("`ccxlog events` lists them".to_owned(), |name| format!("did you mean `{name}`?"));
        format!("{error}; {remedy}")
    })
}

/// Reads a timestamp as microseconds since 1970.
fn micros(text: &str) -> Result<u64, String> {
    let expected =
        || "expected a timestamp or a date from 1970 to 9000, such as `2026-01-01T00:00:00Z`".to_owned();
    let start_of_day = format!("{text}T00:00:00Z");
    let time: cloudconnexa_events::Timestamp =
        text.parse().or_else(|_| start_of_day.parse()).map_err(|_| expected())?;
    // Leaves room up to year 9999 for the events that follow.
    u64::try_from(time.unix_micros())
        .ok()
        .filter(|micros| *micros < 221_845_392_000_000_000)
        .ok_or_else(expected)
}

/// Reads a share as millionths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a million")]
fn millionths(text: &str) -> Result<u64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok((share * 1e6).round() as u64),
        _ => Err("expected a number from 0 to 1, such as `0.01`".to_owned()),
    }
}
