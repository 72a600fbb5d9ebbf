//! The options of a sample.

use crate::layout::Format;
use crate::mix::Mix;
use crate::text::Spelling;

/// What a sample contains and how it is written.
///
/// The defaults give valid events of all kinds, one per line, as the vendor lays them out, from the start of 2026 on.
///
/// ```
/// use cloudconnexa_sample::{Format, Options};
///
/// let options = Options::default().seed(7).format(Format::Pretty).invalid(10_000);
/// assert_eq!(options.seed, 7);
/// assert!(!options.shuffle_keys);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The seed of the random numbers. The same options and seed give the same bytes. Default: 1.
    pub seed: u64,
    /// Which events the sample contains, and how often. Default: [`Mix::default`].
    pub mix: Mix,
    /// How events are separated and indented. Default: [`Format::Jsonl`].
    pub format: Format,
    /// The time of the first event, in microseconds since 1970-01-01T00:00:00Z. Default: 2026-01-01T00:00:00Z.
    pub start: u64,
    /// The mean time between two events, in microseconds: event number N occurs in the N-th of these intervals. Default:
    /// `None`, which is several a second, as in a tenant of a thousand people.
    pub interval: Option<u64>,
    /// The number of invalid events per million: from 0, the default, to 1,000,000.
    pub invalid: u64,
    /// Whether every event has a field that the schema does not describe.
    pub unknown_field: bool,
    /// Whether the keys of every object are shuffled.
    pub shuffle_keys: bool,
    /// How strings are spelled in JSON. Default: [`Spelling::Plain`].
    pub spelling: Spelling,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            mix: Mix::default(),
            format: Format::Jsonl,
            start: 1_767_225_600_000_000,
            interval: None,
            invalid: 0,
            unknown_field: false,
            shuffle_keys: false,
            spelling: Spelling::Plain,
        }
    }
}

impl Options {
    /// Sets [`seed`](Self::seed).
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets [`mix`](Self::mix).
    #[must_use]
    pub fn mix(self, mix: Mix) -> Self {
        Self { mix, ..self }
    }

    /// Sets [`format`](Self::format).
    #[must_use]
    pub fn format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// Sets [`start`](Self::start), in microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn start(self, start: u64) -> Self {
        Self { start, ..self }
    }

    /// Sets [`interval`](Self::interval), in microseconds.
    #[must_use]
    pub fn interval(self, interval: Option<u64>) -> Self {
        Self { interval, ..self }
    }

    /// Sets [`invalid`](Self::invalid), the number of invalid events per million.
    #[must_use]
    pub fn invalid(self, invalid: u64) -> Self {
        Self { invalid, ..self }
    }

    /// Sets [`unknown_field`](Self::unknown_field).
    #[must_use]
    pub fn unknown_field(self, unknown_field: bool) -> Self {
        Self { unknown_field, ..self }
    }

    /// Sets [`shuffle_keys`](Self::shuffle_keys).
    #[must_use]
    pub fn shuffle_keys(self, shuffle_keys: bool) -> Self {
        Self { shuffle_keys, ..self }
    }

    /// Sets [`spelling`](Self::spelling).
    #[must_use]
    pub fn spelling(self, spelling: Spelling) -> Self {
        Self { spelling, ..self }
    }
}
