//! Glob patterns over paths and keys.

use std::path::Path;

use glob::MatchOptions;

use super::SourceError;

/// A glob pattern. `*` stays within a folder, and what lies below a match is matched as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(glob::Pattern);

impl Pattern {
    /// Reads a relative pattern.
    ///
    /// # Errors
    ///
    /// If it is absolute, or not a pattern.
    pub fn new(text: &str) -> Result<Self, SourceError> {
        let error =
            |reason: &str| SourceError::Pattern { pattern: text.to_owned(), reason: reason.to_owned() };
        if Path::new(text).is_absolute() {
            let relative = text.trim_start_matches('/');
            return Err(error(&format!("it must be relative, such as `{relative}`")));
        }
        let plain = text.strip_prefix("./").unwrap_or(text);
        let plain = plain.strip_suffix('/').unwrap_or(plain);
        glob::Pattern::new(plain).map(Self).map_err(|problem| error(problem.msg))
    }

    /// The pattern as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it matches `path`, which has `/` between folders, or a folder above it.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let options = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        folders.chain([path]).any(|path| self.0.matches_with(path, options))
    }
}
