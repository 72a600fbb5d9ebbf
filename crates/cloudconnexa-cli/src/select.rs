//! Which of the inputs are read: by time, by name, and by what was read before.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloudconnexa_events::Timestamp;
use glob::Pattern;

use crate::forge::Root;
use crate::input::{Network, Source};
use crate::levels::matches;
use crate::state::State;
use crate::{config, size};

pub(crate) const INPUTS: &str = "Inputs";

/// What the command line says about it, for commands that have to see all of it each time.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Choice {
    /// Only files and objects written at this time or later: a timestamp, a date, or an age such as `24h`
    ///
    /// What counts is when a file was changed and when an object was put into its bucket, not the time of the events.
    /// Standard input and objects of the web are always read.
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = INPUTS)]
    pub(crate) since: Option<i64>,

    /// Only files and objects written before this time
    #[arg(long, value_name = "TIME", value_parser = moment, help_heading = INPUTS)]
    pub(crate) until: Option<i64>,

    /// Only files and objects that match this glob pattern, by path, by key or by address; can be repeated
    #[arg(long, value_name = "GLOB", help_heading = INPUTS)]
    pub(crate) include: Vec<String>,

    #[command(flatten)]
    pub(crate) network: Network,
}

/// What the command line says about it.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(crate) choice: Choice,

    /// Remember in this file what was read to its end, and read only what is new or has changed
    ///
    /// An input with findings is remembered, too: a run fails for it once. If a run is cut off, the next one reads the
    /// inputs with findings again, as nobody may have been told. Objects of the web are always read.
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub(crate) state: Option<PathBuf>,
}

impl Selection {
    /// Whether the name of an object does not say enough about it.
    pub(crate) fn looks(&self) -> bool {
        self.choice.since.is_some() || self.choice.until.is_some() || self.state.is_some()
    }
}

/// Says of each input whether it is read, and counts those that are not.
#[derive(Debug)]
pub(crate) struct Sieve {
    since: Option<i64>,
    until: Option<i64>,
    include: Vec<Pattern>,
    here: Root,
    pub(crate) state: Option<State>,
    /// Left out by time or name.
    pub(crate) left_out: u64,
    /// Read by an earlier run.
    pub(crate) done_before: u64,
    /// Files and objects that are read.
    wanted: u64,
}

impl Sieve {
    /// Opens the state, if one is wanted; also gives what there is to say about it.
    pub(crate) fn new(selection: &Selection) -> Result<(Self, Option<String>), String> {
        let choice = &selection.choice;
        let include =
            choice.include.iter().map(|text| config::pattern(text)).collect::<Result<Vec<_>, _>>()?;
        if let (Some(since), Some(until)) = (choice.since, choice.until)
            && since >= until
        {
            return Err("no time is at or after `--since` and before `--until`; exchange them".to_owned());
        }
        let (state, note) = match &selection.state {
            Some(path) => {
                let (state, note) = State::open(path)?;
                (Some(state), note)
            }
            None => (None, None),
        };
        let sieve = Self {
            since: choice.since,
            until: choice.until,
            include,
            here: Root::at(std::path::Path::new(".")),
            state,
            left_out: 0,
            done_before: 0,
            wanted: 0,
        };
        Ok((sieve, note))
    }

    pub(crate) fn wants(&mut self, source: &Source) -> bool {
        if matches!(source, Source::Stdin) {
            return true;
        }
        if !self.selects(source) {
            self.left_out += 1;
            return false;
        }
        if let Some(state) = &mut self.state
            && state.knows(source)
        {
            self.done_before = state.done_before;
            return false;
        }
        self.wanted += 1;
        true
    }

    /// Whether time and name are those that are asked for.
    pub(crate) fn selects(&self, source: &Source) -> bool {
        self.is_in_time(source) && self.is_included(source)
    }

    fn is_in_time(&self, source: &Source) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        source.modified().is_none_or(|time| {
            self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
        })
    }

    fn is_included(&self, source: &Source) -> bool {
        self.include.is_empty() || any(&self.include, &self.here, &source.name())
    }

    /// If nothing is left although there was something: why.
    pub(crate) fn nothing_left(&self) -> Option<String> {
        (self.wanted == 0 && self.done_before == 0 && self.left_out > 0).then(|| {
            format!(
                "`--since`, `--until` and `--include` leave nothing to read: {} left out",
                size::counted(self.left_out, "input")
            )
        })
    }
}

/// Whether one of the patterns means the input of this name; an object is also known by its key.
pub(crate) fn any(patterns: &[Pattern], root: &Root, name: &str) -> bool {
    if patterns.is_empty() {
        return false;
    }
    let path = root.path(name);
    let key = name.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map(|(_, key)| key);
    patterns.iter().any(|pattern| matches(pattern, &path) || key.is_some_and(|key| matches(pattern, key)))
}

/// Reads a timestamp, a date or an age as seconds since 1970.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    at(text, now).ok_or_else(|| {
        "expected a timestamp such as `2026-11-01T08:00:00Z`, a date, or an age such as `90m`, `24h`, `7d`".to_owned()
    })
}

fn at(text: &str, now: i64) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match &text[digits..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => {
            let day = format!("{text}T00:00:00Z");
            let time: Timestamp = text.parse().or_else(|_| day.parse()).ok()?;
            return Some(time.unix_seconds());
        }
    };
    now.checked_sub(text[..digits].parse::<i64>().ok()?.checked_mul(unit)?)
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn moments() {
        let now = 1_000_000_000;
        for (text, expected) in [
            ("0s", Some(now)),
            ("90m", Some(now - 5400)),
            ("24h", Some(now - 86_400)),
            ("7d", Some(now - 604_800)),
            ("2w", Some(now - 1_209_600)),
            ("2001-09-09T01:46:40Z", Some(now)),
            ("2001-09-09T03:46:40.5+02:00", Some(now)),
            ("2001-09-09", Some(now - 6400)),
            ("", None),
            ("h", None),
            ("-1h", None),
            ("1 h", None),
            ("1y", None),
            ("99999999999999999999s", None),
            ("9223372036854775807w", None),
            ("2001-09-31", None),
            ("é", None),
        ] {
            assert_eq!(at(text, now), expected, "{text}");
        }
    }
}
