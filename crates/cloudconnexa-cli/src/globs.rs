//! Glob patterns of inputs.

use cloudconnexa_reader::Pattern;

use crate::paths::PathRoot;

/// Reads a glob pattern. An error is a sentence.
pub(crate) fn parse(text: &str) -> Result<Pattern, String> {
    Pattern::new(text).map_err(|error| error.to_string())
}

/// Returns whether one of `patterns`, relative to `root`, matches the input of this name. An object also matches by its
/// key.
pub(crate) fn any_matches(patterns: &[Pattern], root: &PathRoot, name: &str) -> bool {
    if patterns.is_empty() {
        return false;
    }
    let path = root.path(name);
    let key = name.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map(|(_, key)| key);
    patterns.iter().any(|pattern| pattern.matches(&path) || key.is_some_and(|key| pattern.matches(key)))
}
