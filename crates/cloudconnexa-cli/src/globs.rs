//! Glob patterns of inputs.

use std::path::Path;

use glob::{MatchOptions, Pattern};

use crate::forge::Root;

/// Reads a glob pattern. An error is a sentence.
pub(crate) fn parse(text: &str) -> Result<Pattern, String> {
    if Path::new(text).is_absolute() {
        return Err(format!(
            "cannot use `{text}` as a pattern: it must be relative to the folder of the config file"
        ));
    }
    let plain = text.strip_prefix("./").unwrap_or(text);
    let plain = plain.strip_suffix('/').unwrap_or(plain);
    Pattern::new(plain).map_err(|error| format!("cannot use `{text}` as a pattern: {}", error.msg))
}

/// Returns whether `pattern` matches `path`, with `/` between folders, or a folder that contains it. `*` does not match
/// `/`.
pub(crate) fn matches(pattern: &Pattern, path: &str) -> bool {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders.chain([path]).any(|path| pattern.matches_with(path, options))
}

/// Returns whether one of `patterns`, relative to `root`, matches the input of this name. An object also matches by its
/// key.
pub(crate) fn any_matches(patterns: &[Pattern], root: &Root, name: &str) -> bool {
    if patterns.is_empty() {
        return false;
    }
    let path = root.path(name);
    let key = name.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map(|(_, key)| key);
    patterns.iter().any(|pattern| matches(pattern, &path) || key.is_some_and(|key| matches(pattern, key)))
}
