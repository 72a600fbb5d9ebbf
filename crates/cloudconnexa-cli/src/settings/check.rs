//! Settings for checking records.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;

use super::read::config_folder;
use crate::args::{SeverityArgs, WindowArgs};
use crate::config::Config;
use crate::levels::{Level, Levels, RuleSet, SeverityOverrides};
use crate::paths::{PathRoot, root_at};

/// One day, in microseconds: an event that is further in the future has a wrong timestamp.
const DAY: i64 = 86_400_000_000;

/// How long a session may wait for its other event by default, in microseconds.
const HORIZON: i64 = 30 * DAY;

/// How many sessions may wait for their other event by default.
const MAX_OPEN: usize = 100_000;

/// Which rules apply, and how severe their findings are.
#[derive(Debug)]
pub(crate) struct CheckSettings {
    pub(crate) levels: Levels,
    /// The folder that the paths of `levels` are relative to.
    pub(crate) levels_root: PathRoot,
    /// The file of known findings.
    pub(crate) baseline: Option<PathBuf>,
    /// How much is remembered of sessions, and for how long.
    pub(crate) window: Limits,
    /// The current time, in microseconds since 1970.
    pub(crate) now: i64,
}

impl CheckSettings {
    /// Takes everything from the config file.
    pub(crate) fn new(config: &Config) -> Self {
        let now = now();
        Self {
            levels: Levels {
                config: config.severities.clone(),
                scoped: config.overrides.clone(),
                options: SeverityOverrides::default(),
                rule_set: config.rule_set,
            },
            levels_root: root_at(config_folder(config)),
            baseline: config.baseline.clone(),
            window: Limits {
                horizon: config.horizon.unwrap_or(HORIZON),
                max_open: config.max_open.unwrap_or(MAX_OPEN),
                latest: now.saturating_add(DAY),
            },
            now,
        }
    }

    /// Sets severities by options.
    pub(crate) fn with_severities(mut self, args: &SeverityArgs) -> Result<Self, String> {
        let options = &mut self.levels.options;
        options.add(Level::Deny, &args.deny, "`--deny`")?;
        options.add(Level::Warn, &args.warn, "`--warn`")?;
        options.add(Level::Allow, &args.allow, "`--allow`")?;
        if args.strict {
            options.deny_warnings();
        }
        Ok(self)
    }

    /// Applies at least the rules of this set.
    pub(crate) fn with_rules(mut self, rule_set: RuleSet) -> Self {
        self.levels.rule_set = self.levels.rule_set.max(rule_set);
        self
    }

    /// Sets limits by options.
    pub(crate) fn with_window(mut self, args: &WindowArgs) -> Self {
        self.window.horizon = args.horizon.unwrap_or(self.window.horizon);
        self.window.max_open = args.max_open.unwrap_or(self.window.max_open);
        self
    }

    /// Sets the current time, in microseconds since 1970.
    pub(crate) fn at(mut self, now: Option<i64>) -> Self {
        self.now = now.unwrap_or(self.now);
        self.window.latest = self.now.saturating_add(DAY);
        self
    }

    /// Returns the rules beyond the schema that apply: those about single records, and those about several.
    pub(crate) fn beyond_schema(&self) -> (Option<Semantics>, Option<Limits>) {
        let active = self.levels.active_rules();
        let semantics = (active.semantic || active.stateful).then(|| Semantics::new(Some(self.now)));
        (semantics, active.stateful.then_some(self.window))
    }
}

/// Returns the time of the clock, in microseconds since 1970.
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_micros()).unwrap_or(i64::MAX)
}
