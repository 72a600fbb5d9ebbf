//! Shares of points and percentages, exact and never rounded up.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// 100 % in the unit of [`Percent`].
const ALL: u32 = 1_000_000;

/// A percentage from 0 % to 100 % with up to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

/// Text that is not a percentage. `Display` says how to write one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePercentError(String);

impl fmt::Display for ParsePercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            f,
            "`{text}` is not a percentage; write it like `90%` or `99.5%`, from 0% to 100%, with up to four decimals"
        )
    }
}

impl Error for ParsePercentError {}

impl FromStr for Percent {
    type Err = ParsePercentError;

    fn from_str(text: &str) -> Result<Self, ParsePercentError> {
        let error = || ParsePercentError(text.to_owned());
        // Whoever writes 0.9 means 90 %, and would get a check that anything passes.
        let number = text.trim().strip_suffix('%').ok_or_else(error)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 4 {
            return Err(error());
        }
        let parts: u32 = format!("{decimals:0<4}").parse().map_err(|_| error())?;
        let whole: u32 = whole.parse().map_err(|_| error())?;
        let share = whole.checked_mul(10_000).and_then(|whole| whole.checked_add(parts));
        share.filter(|share| *share <= ALL).map(Self).ok_or_else(error)
    }
}

impl Percent {
    /// Returns the number of percent.
    pub fn number(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.number())
    }
}

/// How many of some points are covered. `Display` writes the percentage with one decimal, never rounded up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Share {
    /// Points that an event meets.
    pub covered: u64,
    /// All points.
    pub points: u64,
}

impl Share {
    /// Whether at least that much is covered.
    pub fn is_at_least(self, percent: Percent) -> bool {
        self.missing_for(percent) == 0
    }

    /// Returns how many more points have to be covered to reach a percentage.
    pub fn missing_for(self, percent: Percent) -> u64 {
        let needed = u128::from(self.points) * u128::from(percent.0);
        let needed = u64::try_from(needed.div_ceil(u128::from(ALL))).unwrap_or(u64::MAX);
        needed.saturating_sub(self.covered)
    }

    /// Returns the share in hundredths of a percent, rounded down: 10,000 only if every point is covered.
    pub fn hundredths(self) -> u32 {
        let share = u128::from(self.covered) * 10_000;
        share
            .checked_div(u128::from(self.points))
            .map_or(10_000, |share| u32::try_from(share).unwrap_or(10_000))
    }

    pub(super) fn add(&mut self, is_covered: bool) {
        self.covered += u64::from(is_covered);
        self.points += 1;
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.hundredths() / 10;
        f.pad(&format!("{}.{} %", tenths / 10, tenths % 10))
    }
}

#[cfg(test)]
mod tests;
