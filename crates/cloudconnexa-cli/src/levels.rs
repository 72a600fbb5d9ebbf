//! How much the findings of each rule weigh: what the team decided, for all events or for some.

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::{RULES, Rule};
use cloudconnexa_validator::semantics::{is_record_rule, is_stream_rule};
use glob::{MatchOptions, Pattern};

use crate::nearest::nearest;

/// The word that stands for all rules whose findings are warnings.
const WARNINGS: &str = "warnings";

/// Rules that keep a record from being read. What they speak of was not checked at all, so they can't be silenced.
const UNREADABLE: &[&str] = &["syntax", "not-utf8", "too-deep", "too-long"];

/// What to do with the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// They are errors, and fail the run.
    Deny,
    /// They are warnings.
    Warn,
    /// They are neither shown nor counted.
    Allow,
}

/// What someone asked for: by flags, in the config file, or in an override of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    rules: Vec<(usize, Level)>,
    deny_warnings: bool,
}

impl Wishes {
    /// Reads the ids of rules; `source` says where they stand: «`--deny`», «`deny` in ccxlog.toml».
    pub(crate) fn add(&mut self, level: Level, ids: &[String], source: &str) -> Result<(), String> {
        for id in ids {
            if id == WARNINGS {
                match level {
                    Level::Deny => self.deny_warnings = true,
                    Level::Warn | Level::Allow => {
                        return Err(format!("`{WARNINGS}` can be denied, not in {source}; name the rules"));
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
                return Err(format!("`{id}` in {source} is asked for as {} as well; keep one", other.word()));
            }
            self.rules.push((rule, level));
        }
        Ok(())
    }

    /// Also denies all warnings that nothing else is said of.
    pub(crate) fn deny_warnings(&mut self) {
        self.deny_warnings = true;
    }

    fn apply(&self, table: &mut Table) {
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

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Allow => "allow",
        }
    }
}

/// Says that no rule has this id, and which may be meant.
pub(crate) fn unknown_rule(id: &str, source: &str) -> String {
    let remedy = match nearest(id, RULES.iter().map(|rule| rule.id).chain([WARNINGS])) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`ccxlog explain` lists all".to_owned(),
    };
    format!("{source} names the rule `{id}`, which does not exist; {remedy}")
}

/// For each rule, in the order of [`RULES`], the severity of its findings; `None` where they are allowed.
type Table = Vec<Option<Severity>>;

/// Wishes for some inputs or events only.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    /// Inputs, by their paths from the folder of the config file; all where there are none.
    pub(crate) paths: Vec<Pattern>,
    /// Events, by their names; all where there are none.
    pub(crate) events: Vec<String>,
    pub(crate) wishes: Wishes,
}

/// All that was decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// Of the config file; what comes later wins.
    pub(crate) config: Wishes,
    pub(crate) overrides: Vec<Override>,
    /// Of the flags, which win over all.
    pub(crate) flags: Wishes,
    /// Which rules beyond the schema are applied of themselves.
    pub(crate) beyond: Beyond,
}

/// Rules beyond the schema: those of a record alone, or those of several as well. One that is raised by its name is applied
/// in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Beyond {
    #[default]
    Nothing,
    Semantic,
    Stateful,
}

/// What holds for one input.
#[derive(Clone, Debug, Default)]
pub(crate) struct InputLevels {
    any: Table,
    events: Vec<(String, Table)>,
}

impl Levels {
    /// Whether rules about one record are applied, and whether those about several.
    pub(crate) fn beyond(&self) -> (bool, bool) {
        let all = [&self.config, &self.flags].into_iter().chain(self.overrides.iter().map(|one| &one.wishes));
        let raised = |is_such: fn(&'static Rule) -> bool| {
            let mut all = all.clone().flat_map(|wishes| &wishes.rules);
            all.any(|(rule, level)| *level != Level::Allow && is_such(RULES[*rule]))
        };
        (
            self.beyond >= Beyond::Semantic || raised(is_record_rule),
            self.beyond == Beyond::Stateful || raised(is_stream_rule),
        )
    }

    /// Whether not the same holds for all inputs.
    pub(crate) fn depend_on_path(&self) -> bool {
        self.overrides.iter().any(|one| !one.paths.is_empty())
    }

    /// What holds for the input at `path`, seen from the folder of the config file, with `/` between folders.
    pub(crate) fn of(&self, path: &str) -> InputLevels {
        let overrides: Vec<_> = self.overrides.iter().filter(|one| one.is_about(path)).collect();
        let table = |event: Option<&str>| {
            // What the vendor itself writes in nearly every event is told of to those who ask.
            let by_itself = |rule: &'static Rule| {
                let is_asked = !is_record_rule(rule) && !is_stream_rule(rule)
                    || is_record_rule(rule) && self.beyond >= Beyond::Semantic
                    || is_stream_rule(rule) && self.beyond == Beyond::Stateful;
                Some(rule.severity).filter(|severity| is_asked && *severity > Severity::Note)
            };
            let mut table: Table = RULES.iter().map(|rule| by_itself(rule)).collect();
            self.config.apply(&mut table);
            for one in &overrides {
                if one.events.is_empty()
                    || event.is_some_and(|event| one.events.iter().any(|name| name == event))
                {
                    one.wishes.apply(&mut table);
                }
            }
            self.flags.apply(&mut table);
            table
        };
        let names = overrides.iter().flat_map(|one| &one.events);
        let mut events: Vec<_> = names.map(|name| (name.clone(), table(Some(name)))).collect();
        events.dedup_by(|one, other| one.0 == other.0);
        InputLevels { any: table(None), events }
    }
}

impl Override {
    fn is_about(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|pattern| matches(pattern, path))
    }
}

/// Whether `path`, with `/` between folders, is one that `pattern` means, or below one: `*` stays within a folder.
pub(crate) fn matches(pattern: &Pattern, path: &str) -> bool {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders.chain([path]).any(|path| pattern.matches_with(path, options))
}

impl InputLevels {
    /// How much a finding of `rule` about an event of this name weighs; `None` if it is allowed.
    pub(crate) fn severity(&self, rule: &'static Rule, event: Option<&str>) -> Option<Severity> {
        let special = event.and_then(|event| self.events.iter().find(|(name, _)| name == event));
        let table = special.map_or(&self.any, |(_, table)| table);
        // A rule that is not in the table weighs what it says itself.
        table.get(index(rule)).copied().unwrap_or(Some(rule.severity))
    }
}

/// The place of `rule` in the table of all rules.
pub(crate) fn index(rule: &'static Rule) -> usize {
    RULES.iter().position(|known| std::ptr::eq(*known, rule)).unwrap_or(RULES.len())
}

#[cfg(test)]
mod tests {
    use cloudconnexa_validator::Severity;
    use cloudconnexa_validator::rules::rule;
    use glob::Pattern;

    use super::{Beyond, Level, Levels, Override, Wishes};

    fn wishes(level: Level, ids: &[&str]) -> Wishes {
        let mut wishes = Wishes::default();
        let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
        wishes.add(level, &ids, "a test").unwrap();
        wishes
    }

    fn severity(levels: &Levels, path: &str, event: &str, id: &str) -> Option<Severity> {
        levels.of(path).severity(rule(id).unwrap(), Some(event))
    }

    #[test]
    fn the_more_special_wins_and_flags_win_over_all() {
        let mut levels = Levels {
            config: wishes(Level::Deny, &["warnings"]),
            overrides: vec![
                Override {
                    paths: vec![Pattern::new("old/**/*.json").unwrap()],
                    events: Vec::new(),
                    wishes: wishes(Level::Allow, &["unknown-field"]),
                },
                Override {
                    paths: Vec::new(),
                    events: vec!["domain-blocked".to_owned()],
                    wishes: wishes(Level::Warn, &["unknown-field"]),
                },
            ],
            flags: Wishes::default(),
            beyond: Beyond::Nothing,
        };
        let of = |levels: &Levels, path, event| severity(levels, path, event, "unknown-field");
        assert_eq!(of(&levels, "new/a.json", "test-message"), Some(Severity::Error));
        assert_eq!(of(&levels, "old/x/a.json", "test-message"), None);
        assert_eq!(of(&levels, "old/x/a.json", "domain-blocked"), Some(Severity::Warning));
        assert_eq!(of(&levels, "new/a.json", "domain-blocked"), Some(Severity::Warning));
        assert_eq!(severity(&levels, "a", "b", "wrong-type"), Some(Severity::Error));
        levels.flags = wishes(Level::Allow, &["unknown-field", "wrong-type"]);
        assert_eq!(of(&levels, "new/a.json", "domain-blocked"), None);
        assert_eq!(severity(&levels, "a", "b", "wrong-type"), None);
    }

    #[test]
    fn rules_beyond_the_schema_are_applied_to_those_who_ask() {
        let (record, stream) = ("session-duration-mismatch", "duplicate-trace-id");
        let of = |levels: &Levels, id| severity(levels, "a", "b", id);
        let mut levels = Levels::default();
        assert_eq!((of(&levels, record), of(&levels, stream), levels.beyond()), (None, None, (false, false)));
        // What is strict is strict with what is looked for.
        levels.flags = wishes(Level::Deny, &["warnings"]);
        assert_eq!((of(&levels, record), of(&levels, stream), levels.beyond()), (None, None, (false, false)));
        levels.beyond = Beyond::Semantic;
        assert_eq!((of(&levels, record), of(&levels, stream)), (Some(Severity::Error), None));
        assert_eq!(levels.beyond(), (true, false));
        levels.beyond = Beyond::Stateful;
        assert_eq!(
            (of(&levels, record), of(&levels, stream)),
            (Some(Severity::Error), Some(Severity::Error))
        );
        assert_eq!(of(&levels, "tunnel-address"), None);

        let raised = Levels { flags: wishes(Level::Warn, &[stream]), ..Levels::default() };
        assert_eq!((of(&raised, record), of(&raised, stream)), (None, Some(Severity::Warning)));
        assert_eq!(raised.beyond(), (false, true));
        let allowed = Levels { flags: wishes(Level::Allow, &[stream]), ..Levels::default() };
        assert_eq!(allowed.beyond(), (false, false));
    }

    #[test]
    fn what_cannot_be_wished_is_refused_with_the_remedy() {
        let refused = |level, ids: &[&str]| {
            let mut wishes = Wishes::default();
            let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
            wishes.add(Level::Deny, &["wrong-type".to_owned()], "`--deny`").unwrap();
            wishes.add(level, &ids, "`--allow`").unwrap_err()
        };
        insta::assert_snapshot!(
            [
                refused(Level::Allow, &["wrongtype"]),
                refused(Level::Allow, &["something"]),
                refused(Level::Allow, &["syntax"]),
                refused(Level::Allow, &["warnings"]),
                refused(Level::Allow, &["wrong-type"]),
            ]
            .join("\n")
        );
    }
}
