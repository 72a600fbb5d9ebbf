//! The gate of the event schema: its version is at least the one that its changes require, and the changelog has an entry.

use std::cmp::Ordering;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::released::{self, compare, version_of};
use crate::tools::root;
use crate::{Outcome, tools};

/// The version of the workspace, which all crates share.
const WORKSPACE: &str = env!("CARGO_PKG_VERSION");

/// Compares the schema with the newest released one, with this `ccxlog`.
pub(crate) fn check(ccxlog: impl FnOnce() -> Command) -> Outcome {
    let released = released::read()?;
    let newest = released.last().ok_or("no version of the schema has been released")?;
    let current = released::current()?;
    let path = root().join("CHANGELOG.md");
    let changelog =
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let is_same = current == newest.text;
    let needed = if is_same { newest.version.clone() } else { needed(ccxlog(), &newest.version)? };
    let declared = version_of(&current)?;
    judge(
        &Versions { newest: &newest.version, declared: &declared, needed: &needed, workspace: WORKSPACE },
        is_same,
    )?;
    has_entry(&changelog, &declared)
}

/// Asks `ccxlog` which version the change from a released one requires.
fn needed(mut ccxlog: Command, newest: &str) -> Result<String, String> {
    ccxlog.args(["schema", "diff", newest, "schema/log-event.schema.json", "--format", "json", "--quiet"]);
    let output = ccxlog.output().map_err(|error| format!("cannot run {}: {error}", tools::show(&ccxlog)))?;
    let report: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        format!(
            "`{}` reports nothing: {}",
            tools::show(&ccxlog),
            String::from_utf8_lossy(&output.stderr).trim()
        )
    })?;
    report["needed"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| "the released schema has no version".to_owned())
}

/// The versions that have to fit together.
struct Versions<'a> {
    /// Of the newest released schema.
    newest: &'a str,
    /// In `$id` of the schema.
    declared: &'a str,
    /// The lowest that the changes allow.
    needed: &'a str,
    /// Of the workspace.
    workspace: &'a str,
}

fn judge(versions: &Versions<'_>, is_same: bool) -> Outcome {
    let &Versions { newest, declared, needed, workspace } = versions;
    if is_same {
        return if compare(workspace, newest) == Ordering::Less {
            Err(format!("the workspace has version {workspace}, and schema {newest} is released"))
        } else {
            Ok(())
        };
    }
    if compare(declared, needed) == Ordering::Less || compare(declared, newest) != Ordering::Greater {
        return Err(format!(
            "schema/log-event.schema.json differs from the released {newest} so that it has to be {needed} at least, and \
             its `$id` says {declared}; run `ccxlog schema diff {newest} schema/log-event.schema.json` to see why"
        ));
    }
    if compare(declared, workspace) != Ordering::Equal {
        return Err(format!(
            "`$id` of the schema says {declared}, and the workspace has version {workspace}: a new schema is released with \
             the crates, so raise both to the same"
        ));
    }
    Ok(())
}

/// Checks that the changelog says what this version of the schema brings.
fn has_entry(changelog: &str, version: &str) -> Outcome {
    let entry = format!("Schema {version}");
    let is_entry = |line: &str| {
        let rest = line.trim_start_matches(['*', '#', ' ']).strip_prefix(entry.as_str());
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.' && rest.len() > 1))
    };
    if changelog.lines().any(is_entry) {
        return Ok(());
    }
    Err(format!(
        "CHANGELOG.md has no entry that begins with `{entry}`; `ccxlog schema diff OLD NEW --format markdown` drafts one"
    ))
}

#[cfg(test)]
mod tests {
    use super::{Versions, has_entry, judge};

    fn verdict(declared: &str, needed: &str, workspace: &str, is_same: bool) -> Result<(), String> {
        judge(&Versions { newest: "1.4.0", declared, needed, workspace }, is_same)
    }

    #[test]
    fn a_schema_that_is_released_needs_no_other_version() {
        assert_eq!(verdict("1.4.0", "1.4.0", "1.4.0", true), Ok(()));
        assert_eq!(verdict("1.4.0", "1.4.0", "1.6.2", true), Ok(()));
        assert!(verdict("1.4.0", "1.4.0", "1.3.0", true).is_err());
    }

    #[test]
    fn a_change_needs_at_least_its_version() {
        assert_eq!(verdict("2.0.0", "2.0.0", "2.0.0", false), Ok(()));
        assert_eq!(verdict("1.10.0", "1.5.0", "1.10.0", false), Ok(()));
        for declared in ["1.4.0", "1.5.0", "1.10.0"] {
            let error = verdict(declared, "2.0.0", declared, false).unwrap_err();
            assert!(error.contains("has to be 2.0.0 at least") && error.contains(declared), "{error}");
        }
        // Even a change of a text needs a version of its own.
        assert!(verdict("1.4.0", "1.4.0", "1.4.0", false).is_err());
        assert!(verdict("1.5.0", "1.5.0", "1.6.0", false).unwrap_err().contains("raise both to the same"));
    }

    #[test]
    fn the_changelog_has_to_name_the_version() {
        for changelog in ["* Schema 1.5.0: a field.", "#### Schema 1.5.0", "x\n* Schema 1.5.0.\n"] {
            assert_eq!(has_entry(changelog, "1.5.0"), Ok(()), "{changelog}");
        }
        for changelog in ["", "* Schema 1.4.0", "* Schema 1.5.01", "* Schema 1.5.0.1", "a schema 1.5.0"] {
            assert!(has_entry(changelog, "1.5.0").is_err(), "{changelog}");
        }
    }
}
