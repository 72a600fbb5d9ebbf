use cloudconnexa_reader::Pattern;
use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::rule;

use super::{ActiveRules, Level, Levels, RuleSet, ScopedOverrides, SeverityOverrides};

fn overrides(level: Level, ids: &[&str]) -> SeverityOverrides {
    let mut overrides = SeverityOverrides::default();
    let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
    overrides.add(level, &ids, "a test").unwrap();
    overrides
}

fn severity(levels: &Levels, path: &str, event: &str, id: &str) -> Option<Severity> {
    levels.of(path).severity(rule(id).unwrap(), Some(event))
}

#[test]
fn scoped_overrides_win_over_the_config_file_and_options_over_both() {
    let mut levels = Levels {
        config: overrides(Level::Deny, &["warnings"]),
        scoped: vec![
            ScopedOverrides {
                paths: vec![Pattern::new("old/**/*.json").unwrap()],
                events: Vec::new(),
                severities: overrides(Level::Allow, &["unknown-field"]),
            },
            ScopedOverrides {
                paths: Vec::new(),
                events: vec!["domain-blocked".to_owned()],
                severities: overrides(Level::Warn, &["unknown-field"]),
            },
        ],
        options: SeverityOverrides::default(),
        rule_set: RuleSet::Schema,
    };
    let of = |levels: &Levels, path, event| severity(levels, path, event, "unknown-field");
    assert_eq!(of(&levels, "new/a.json", "test-message"), Some(Severity::Error));
    assert_eq!(of(&levels, "old/x/a.json", "test-message"), None);
    assert_eq!(of(&levels, "old/x/a.json", "domain-blocked"), Some(Severity::Warning));
    assert_eq!(of(&levels, "new/a.json", "domain-blocked"), Some(Severity::Warning));
    assert_eq!(severity(&levels, "a", "b", "wrong-type"), Some(Severity::Error));
    levels.options = overrides(Level::Allow, &["unknown-field", "wrong-type"]);
    assert_eq!(of(&levels, "new/a.json", "domain-blocked"), None);
    assert_eq!(severity(&levels, "a", "b", "wrong-type"), None);
}

#[test]
fn rules_beyond_the_schema_apply_by_rule_set_or_by_name() {
    let (record, stream) = ("session-duration-mismatch", "duplicate-trace-id");
    let of = |levels: &Levels, id| severity(levels, "a", "b", id);
    let active = |levels: &Levels| {
        let ActiveRules { semantic, stateful } = levels.active_rules();
        (semantic, stateful)
    };
    let mut levels = Levels::default();
    assert_eq!((of(&levels, record), of(&levels, stream), active(&levels)), (None, None, (false, false)));
    // Denying all warnings does not apply more rules.
    levels.options = overrides(Level::Deny, &["warnings"]);
    assert_eq!((of(&levels, record), of(&levels, stream), active(&levels)), (None, None, (false, false)));
    levels.rule_set = RuleSet::Semantic;
    assert_eq!((of(&levels, record), of(&levels, stream)), (Some(Severity::Error), None));
    assert_eq!(active(&levels), (true, false));
    levels.rule_set = RuleSet::Stateful;
    assert_eq!((of(&levels, record), of(&levels, stream)), (Some(Severity::Error), Some(Severity::Error)));
    assert_eq!(of(&levels, "tunnel-address"), None);

    let named = Levels { options: overrides(Level::Warn, &[stream]), ..Levels::default() };
    assert_eq!((of(&named, record), of(&named, stream)), (None, Some(Severity::Warning)));
    assert_eq!(active(&named), (false, true));
    let allowed = Levels { options: overrides(Level::Allow, &[stream]), ..Levels::default() };
    assert_eq!(active(&allowed), (false, false));
}

#[test]
fn impossible_levels_are_refused_with_a_remedy() {
    let refused = |level, ids: &[&str]| {
        let mut overrides = SeverityOverrides::default();
        let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
        overrides.add(Level::Deny, &["wrong-type".to_owned()], "`--deny`").unwrap();
        overrides.add(level, &ids, "`--allow`").unwrap_err()
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
