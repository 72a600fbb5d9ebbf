//! Selects inputs by time, by name, and by whether they were read before.

use std::path::{Path, PathBuf};

use cloudconnexa_reader::Pattern;
use cloudconnexa_report::{LeftOut, LeftOutReason};

use crate::outputs::InputAccess;
use crate::paths::{PathRoot, root_at};
use crate::state::State;
use crate::{globs, size};
use cloudconnexa_reader::{Limits as InflateLimits, Source};

/// Which inputs are wanted; by default, all.
#[derive(Clone, Debug, Default)]
pub(crate) struct FilterOptions {
    /// Inclusive lower bound of the modification time, in seconds since 1970.
    pub(crate) since: Option<i64>,
    /// Whether keys that say that they are older are listed all the same.
    pub(crate) lists_all: bool,
    /// Exclusive upper bound of the modification time, in seconds since 1970.
    pub(crate) until: Option<i64>,
    /// Glob patterns; empty for all names.
    pub(crate) include: Vec<String>,
    /// The state file.
    pub(crate) state: Option<PathBuf>,
    /// The limits in force, if inputs that cannot be read are skipped.
    pub(crate) skipping: Option<InflateLimits>,
}

impl FilterOptions {
    /// Whether the name of an object alone does not decide whether it is wanted.
    pub(super) fn needs_metadata(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.state.is_some()
    }
}

/// Decides which inputs are read, and counts the others.
#[derive(Debug)]
pub(crate) struct InputFilter {
    since: Option<i64>,
    until: Option<i64>,
    include: Vec<Pattern>,
    working_directory: PathRoot,
    pub(crate) state: Option<State>,
    /// Inputs that were left out by time or name.
    pub(crate) left_out: LeftOut,
    /// Inputs that an earlier run has read.
    pub(crate) done_before: u64,
    /// Inputs that cannot be read, as an earlier run has reported, and that are not read again.
    pub(crate) unread_before: u64,
    /// Files and objects that are read.
    wanted: u64,
}

impl InputFilter {
    /// Opens the state file, if there is one. Also returns a note about it, if there is something to say.
    pub(crate) fn new(
        options: &FilterOptions,
        access: &InputAccess,
    ) -> Result<(Self, Option<String>), String> {
        let include = options.include.iter().map(|text| globs::parse(text)).collect::<Result<Vec<_>, _>>()?;
        if let (Some(since), Some(until)) = (options.since, options.until)
            && since >= until
        {
            return Err("no time is at or after `--since` and before `--until`; swap them".to_owned());
        }
        let (state, note) = match &options.state {
            Some(path) => {
                let (mut state, note) = State::open(path, access)?;
                if let Some(limits) = options.skipping {
                    state.skip_unreadable(limits);
                }
                (Some(state), note)
            }
            None => (None, None),
        };
        let filter = Self {
            since: options.since,
            until: options.until,
            include,
            working_directory: root_at(Path::new(".")),
            state,
            left_out: LeftOut::default(),
            done_before: 0,
            unread_before: 0,
            wanted: 0,
        };
        Ok((filter, note))
    }

    pub(super) fn include(&self) -> &[Pattern] {
        &self.include
    }

    /// Returns whether an input is to be read, and counts it.
    pub(crate) fn wants(&mut self, source: &Source) -> bool {
        if matches!(source, Source::Stdin) {
            return true;
        }
        if !self.is_in_time(source) {
            self.left_out.by_time += 1;
            return false;
        }
        if !self.is_included(source) {
            self.left_out.push(LeftOutReason::Include, || source.name());
            return false;
        }
        if let Some(state) = &mut self.state
            && state.is_done(source)
        {
            (self.done_before, self.unread_before) = (state.done_before, state.unread_before);
            return false;
        }
        self.wanted += 1;
        true
    }

    /// Returns whether time and name are those that are wanted.
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
        self.include.is_empty() || globs::any_matches(&self.include, &self.working_directory, &source.name())
    }

    /// If all inputs were left out, of which these were, returns the reason.
    pub(crate) fn nothing_left(&self, left_out: &LeftOut) -> Option<String> {
        let filtered = left_out.by_time + left_out.by_include;
        if self.wanted + self.done_before + self.unread_before > 0 || filtered == 0 {
            return None;
        }
        let is_by_time = self.since.is_some() || self.until.is_some();
        let given = [
            (self.since.is_some(), "`--since`"),
            (self.until.is_some(), "`--until`"),
            (!self.include.is_empty(), "`--include`"),
        ];
        let given: Vec<_> = given.iter().filter(|(is_given, _)| *is_given).map(|(_, name)| *name).collect();
        let (options, verb) = match given.as_slice() {
            [one] => ((*one).to_owned(), "leaves"),
            [first @ .., last] => (format!("{} and {last}", first.join(", ")), "leave"),
            [] => return None,
        };
        let mut text =
            format!("{options} {verb} nothing to read: {} left out", size::counted(filtered, "input"));
        if is_by_time {
            text += "; what counts is when an object was uploaded or a file modified, not when its events happened; \
                     `ccxlog find --between` goes by the time of events";
        }
        Some(text)
    }
}
