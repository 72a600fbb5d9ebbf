//! The severity of each rule's findings, as configured for all inputs and events, or for some.

#[cfg(test)]
mod tests;

use cloudconnexa_reader::Pattern;
use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::semantics::{is_record_rule, is_stream_rule};

use crate::nearest::nearest;

/// The word for all rules whose findings are warnings.
const WARNINGS: &str = "warnings";

/// Rules for records that cannot be read. Such a record was not checked at all, so these can't be allowed.
const UNREADABLE: &[&str] = &["syntax", "not-utf8", "too-deep", "too-long"];

/// The treatment of the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// They are errors, and fail the run.
    Deny,
    /// They are warnings.
    Warn,
    /// They are neither shown nor counted.
    Allow,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Allow => "allow",
        }
    }
}

/// Levels from one place: options, the config file, or one of its `[[overrides]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SeverityOverrides {
    /// Each with the index of the rule in [`RULES`].
    rules: Vec<(usize, Level)>,
    deny_warnings: bool,
}

impl SeverityOverrides {
    /// Adds a level for the rules with these ids. `source` says in messages where they come from, such as `--deny`.
    pub(crate) fn add(&mut self, level: Level, ids: &[String], source: &str) -> Result<(), String> {
        for id in ids {
            if id == WARNINGS {
                match level {
                    Level::Deny => self.deny_warnings = true,
                    Level::Warn | Level::Allow => {
                        return Err(format!(
                            "`{WARNINGS}` in {source} can only be denied; name the rules instead"
                        ));
                    }
                }
                continue;
            }
            let Some(rule) = RULES.iter().position(|rule| rule.id == id) else {
                return Err(unknown_rule(id, source));
            };
            if level == Level::Allow && UNREADABLE.contains(&id.as_str()) {
                return Err(format!(
                    "`{id}` can't be allowed in {source}: a record that can't be read was not checked; `--warn {id}` keeps it from failing"
                ));
            }
            if let Some((_, other)) =
                self.rules.iter().find(|(known, other)| *known == rule && *other != level)
            {
                return Err(format!("`{id}` in {source} is also set to {}; keep one", other.word()));
            }
            self.rules.push((rule, level));
        }
        Ok(())
    }

    /// Denies all warnings of rules that are not named.
    pub(crate) fn deny_warnings(&mut self) {
        self.deny_warnings = true;
    }

    fn apply(&self, table: &mut SeverityTable) {
        if self.deny_warnings {
            for severity in table.iter_mut().flatten().filter(|severity| **severity == Severity::Warning) {
                *severity = Severity::Error;
            }
        }
        for (rule, level) in &self.rules {
            table[*rule] = match level {
                Level::Deny => Some(Severity::Error),
                Level::Warn => Some(Severity::Warning),
                Level::Allow => None,
            };
        }
    }
}

/// Returns the message that no rule has this id, with the id that may be meant.
pub(crate) fn unknown_rule(id: &str, source: &str) -> String {
    let remedy = match nearest(id, RULES.iter().map(|rule| rule.id).chain([WARNINGS])) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`ccxlog explain` lists all".to_owned(),
    };
    format!("{source} names the rule `{id}`, which does not exist; {remedy}")
}

/// For each rule, in the order of [`RULES`], the severity of its findings; `None` if they are allowed.
type SeverityTable = Vec<Option<Severity>>;

/// Levels for some inputs or events only.
#[derive(Clone, Debug)]
pub(crate) struct ScopedOverrides {
    /// Patterns of input paths, relative to the folder of the config file; empty for all inputs.
    pub(crate) paths: Vec<Pattern>,
    /// Names of events; empty for all events.
    pub(crate) events: Vec<String>,
    pub(crate) severities: SeverityOverrides,
}

impl ScopedOverrides {
    fn applies_to(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|pattern| pattern.matches(path))
    }
}

/// Which rules apply unless they are configured by name. A rule that is denied or warned of by name always applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RuleSet {
    /// The rules of the schema.
    #[default]
    Schema,
    /// Also the rules about a record on its own.
    Semantic,
    /// Also the rules about several records.
    Stateful,
}

impl RuleSet {
    /// Returns the set for the flags `--semantic` and `--stateful`.
    pub(crate) fn from_flags(semantic: bool, stateful: bool) -> Self {
        match (semantic, stateful) {
            (_, true) => Self::Stateful,
            (true, false) => Self::Semantic,
            (false, false) => Self::Schema,
        }
    }
}

/// The levels of all rules, from all places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// From the config file.
    pub(crate) config: SeverityOverrides,
    /// From its `[[overrides]]`; of several that apply, the last one wins.
    pub(crate) scoped: Vec<ScopedOverrides>,
    /// From options, which take precedence over all others.
    pub(crate) options: SeverityOverrides,
    pub(crate) rule_set: RuleSet,
}

/// Which kinds of rules beyond the schema apply to any input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActiveRules {
    /// Rules about a record on its own.
    pub(crate) semantic: bool,
    /// Rules about several records.
    pub(crate) stateful: bool,
}

/// The levels for one input.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputLevels {
    any: SeverityTable,
    events: Vec<(String, SeverityTable)>,
}

impl Levels {
    /// Levels that report errors only, whatever is configured.
    pub(crate) fn errors_only() -> Self {
        let mut options = SeverityOverrides::default();
        let others = RULES.iter().enumerate().filter(|(_, rule)| rule.severity < Severity::Error);
        options.rules = others.map(|(index, _)| (index, Level::Allow)).collect();
        Self { options, ..Self::default() }
    }

    /// Returns which kinds of rules beyond the schema apply, by the rule set or because one is configured by name.
    pub(crate) fn active_rules(&self) -> ActiveRules {
        let all =
            [&self.config, &self.options].into_iter().chain(self.scoped.iter().map(|one| &one.severities));
        let is_configured = |is_such: fn(&'static Rule) -> bool| {
            let mut rules = all.clone().flat_map(|overrides| &overrides.rules);
            rules.any(|(rule, level)| *level != Level::Allow && is_such(RULES[*rule]))
        };
        ActiveRules {
            semantic: self.rule_set >= RuleSet::Semantic || is_configured(is_record_rule),
            stateful: self.rule_set == RuleSet::Stateful || is_configured(is_stream_rule),
        }
    }

    /// Returns whether inputs may have different levels.
    pub(crate) fn depend_on_path(&self) -> bool {
        self.scoped.iter().any(|one| !one.paths.is_empty())
    }

    /// Returns the levels for the input at `path`, relative to the folder of the config file, with `/` between folders.
    pub(crate) fn of(&self, path: &str) -> InputLevels {
        let scoped: Vec<_> = self.scoped.iter().filter(|one| one.applies_to(path)).collect();
        let table = |event: Option<&str>| {
            // Notes are about what the vendor itself writes in nearly every event, so they have to be asked for.
            let default = |rule: &'static Rule| {
                let is_in_set = if is_record_rule(rule) {
                    self.rule_set >= RuleSet::Semantic
                } else if is_stream_rule(rule) {
                    self.rule_set == RuleSet::Stateful
                } else {
                    true
                };
                Some(rule.severity).filter(|severity| is_in_set && *severity > Severity::Note)
            };
            let mut table: SeverityTable = RULES.iter().map(|rule| default(rule)).collect();
            self.config.apply(&mut table);
            for one in &scoped {
                if one.events.is_empty()
                    || event.is_some_and(|event| one.events.iter().any(|name| name == event))
                {
                    one.severities.apply(&mut table);
                }
            }
            self.options.apply(&mut table);
            table
        };
        let names = scoped.iter().flat_map(|one| &one.events);
        let mut events: Vec<_> = names.map(|name| (name.clone(), table(Some(name)))).collect();
        events.dedup_by(|one, other| one.0 == other.0);
        InputLevels { any: table(None), events }
    }
}

impl InputLevels {
    /// Returns the severity of a finding of `rule` about an event of this name; `None` if it is allowed.
    pub(crate) fn severity(&self, rule: &'static Rule, event: Option<&str>) -> Option<Severity> {
        let of_event = event.and_then(|event| self.events.iter().find(|(name, _)| name == event));
        let table = of_event.map_or(&self.any, |(_, table)| table);
        // The default has empty tables.
        table.get(index(rule)).copied().unwrap_or(Some(rule.severity))
    }
}

/// Returns the index of `rule` in the table of all rules.
fn index(rule: &'static Rule) -> usize {
    RULES.iter().position(|known| std::ptr::eq(*known, rule)).unwrap_or(RULES.len())
}
