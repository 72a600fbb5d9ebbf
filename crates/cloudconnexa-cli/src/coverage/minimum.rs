//! How much has to be covered, and whether it is: exact, without rounding.

use std::fmt;
use std::str::FromStr;

use cloudconnexa_validator::catalog::{EVENTS, event};

use crate::nearest::nearest;

/// What stands for the points that all events have in common.
pub(super) const HEADER: &str = "header";

/// What stands for every event, and for the header.
const EACH: &str = "each";

/// All of something, in the unit of [`Percent`].
const ALL: u32 = 1_000_000;

/// A share, in ten-thousandths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Percent(u32);

/// What a minimum is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    All,
    Each,
    Header,
    Event(&'static str),
}

/// So much has to be covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Minimum {
    pub(crate) of: Of,
    pub(crate) percent: Percent,
}

/// How many points are covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) covered: u64,
    pub(crate) points: u64,
}

/// Adds a minimum, unless there is one of the same already.
pub(crate) fn add(minimums: &mut Vec<Minimum>, minimum: Minimum) -> Result<(), String> {
    if let Some(other) = minimums.iter().find(|other| other.of == minimum.of) {
        return Err(format!("`{minimum}` comes after `{other}`, which is about the same; remove one"));
    }
    minimums.push(minimum);
    Ok(())
}

/// Puts minimums before those that are about the same.
pub(crate) fn override_by(minimums: &mut Vec<Minimum>, others: Vec<Minimum>) {
    minimums.retain(|minimum| others.iter().all(|other| other.of != minimum.of));
    minimums.extend(others);
}

impl FromStr for Minimum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (of, percent) = match text.rsplit_once('=') {
            None => (Of::All, text),
            Some((EACH, percent)) => (Of::Each, percent),
            Some((HEADER, percent)) => (Of::Header, percent),
            Some((name, percent)) => {
                let event = event(name).ok_or_else(|| {
                    let names = EVENTS.iter().map(|event| event.name).chain([EACH, HEADER]);
                    match nearest(name, names) {
                        Some(meant) => format!("no event is named `{name}`; did you mean `{meant}`?"),
                        None => format!("no event is named `{name}`; `ccxlog events` lists them"),
                    }
                })?;
                (Of::Event(event.name), percent)
            }
        };
        Ok(Self { of, percent: percent.parse()? })
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "`{text}` is no share; write it as in `90%` or `99.5%`, from 0% to 100% and with up to four decimals"
            )
        };
        // Whoever writes 0.9 means 90 %, and would get a check that anything passes.
        let number = text.trim().strip_suffix('%').ok_or_else(expected)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(decimals) || decimals.len() > 4 {
            return Err(expected());
        }
        let parts: u32 = format!("{decimals:0<4}").parse().map_err(|_| expected())?;
        let whole: u32 = whole.parse().map_err(|_| expected())?;
        let share = whole.checked_mul(10_000).and_then(|whole| whole.checked_add(parts));
        share.filter(|share| *share <= ALL).map(Self).ok_or_else(expected)
    }
}

impl Percent {
    /// As a number of percent.
    pub(super) fn number(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl Share {
    /// Whether it is no less than that.
    pub(crate) fn is_at_least(self, percent: Percent) -> bool {
        self.lacks(percent) == 0
    }

    /// How many more points make it that much.
    pub(super) fn lacks(self, percent: Percent) -> u64 {
        let needed = u128::from(self.points) * u128::from(percent.0);
        let needed = u64::try_from(needed.div_ceil(u128::from(ALL))).unwrap_or(u64::MAX);
        needed.saturating_sub(self.covered)
    }

    /// In hundredths of a percent, and less rather than more: what lacks a point is never all.
    pub(super) fn hundredths(self) -> u32 {
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

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.number())
    }
}

impl fmt::Display for Minimum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.percent;
        match self.of {
            Of::All => write!(f, "{percent}"),
            Of::Each => write!(f, "{EACH}={percent}"),
            Of::Header => write!(f, "{HEADER}={percent}"),
            Of::Event(name) => write!(f, "{name}={percent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> Percent {
        text.parse().unwrap()
    }

    #[test]
    fn reads_shares() {
        for (text, expected) in [
            ("90%", "90%"),
            ("0%", "0%"),
            ("100%", "100%"),
            ("100.0000%", "100%"),
            (" 99.5 %", "99.5%"),
            ("0.0001%", "0.0001%"),
            ("each=80%", "each=80%"),
            ("header=80%", "header=80%"),
            ("test-message=1.25%", "test-message=1.25%"),
        ] {
            assert_eq!(text.parse::<Minimum>().map(|minimum| minimum.to_string()).as_deref(), Ok(expected));
        }
        for wrong in [
            "",
            "%",
            "90",
            "0.9",
            "-1%",
            "100.1%",
            "100.0001%",
            "101%",
            "1.00001%",
            "1.%",
            ".5%",
            "9e1%",
            "1,5%",
            "99999999999%",
            "=90%",
            "each=",
            "no-such-event=90%",
            "+5%",
        ] {
            assert!(wrong.parse::<Minimum>().is_err(), "{wrong}");
        }
        let problem = "client-disconected=90%".parse::<Minimum>().unwrap_err();
        assert!(problem.contains("did you mean `client-disconnected`?"), "{problem}");
    }

    /// What lacks a point is never all, however many there are.
    #[test]
    fn nothing_is_rounded_up() {
        for points in [1, 2, 3, 7, 250, 9_999, 10_000, 10_001, 1_000_000, u64::MAX] {
            let (most, all) = (Share { covered: points - 1, points }, Share { covered: points, points });
            assert!(!most.is_at_least(percent("100%")) && all.is_at_least(percent("100%")), "{points}");
            assert_ne!(most.to_string(), "100.0 %");
            assert_eq!((all.to_string(), most.lacks(percent("100%"))), ("100.0 %".to_owned(), 1));
        }
        let share = Share { covered: 9_999, points: 10_000 };
        assert!(share.is_at_least(percent("99.99%")) && !share.is_at_least(percent("99.9901%")));
        assert_eq!((share.to_string(), share.hundredths()), ("99.9 %".to_owned(), 9_999));
        let half = Share { covered: 1, points: 2 };
        assert!(half.is_at_least(percent("50%")) && !half.is_at_least(percent("50.0001%")));
        let third = Share { covered: 1, points: 3 };
        assert!(third.is_at_least(percent("33.3333%")) && !third.is_at_least(percent("33.3334%")));
        let none = Share { covered: 0, points: 3 };
        assert!(none.is_at_least(percent("0%")) && !none.is_at_least(percent("0.0001%")));
        assert_eq!((none.to_string(), none.lacks(percent("50%"))), ("0.0 %".to_owned(), 2));
    }

    #[test]
    fn each_is_said_once_and_the_later_list_wins() {
        let mut minimums = Vec::new();
        add(&mut minimums, "90%".parse().unwrap()).unwrap();
        add(&mut minimums, "header=80%".parse().unwrap()).unwrap();
        assert!(add(&mut minimums, "70%".parse().unwrap()).is_err());
        override_by(&mut minimums, vec!["100%".parse().unwrap(), "each=50%".parse().unwrap()]);
        let shown: Vec<_> = minimums.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["header=80%", "100%", "each=50%"]);
    }
}
