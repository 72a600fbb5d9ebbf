//! Patterns that match no input, which are most likely misspelt.
//!
//! Patterns of a config file apply to every command, whatever it reads. Such a pattern is reported only if everything that
//! it could match was read.

use std::path::PathBuf;

use cloudconnexa_reader::Pattern;

use super::{PatternList, PatternSource};
use crate::globs;
use crate::paths::PathRoot;

/// Patterns that have not matched an input so far.
#[derive(Debug)]
pub(super) struct UnmatchedPatterns(Vec<Unmatched>);

#[derive(Debug)]
struct Unmatched {
    source: PatternSource,
    root: PathRoot,
    pattern: Pattern,
}

impl Unmatched {
    fn matches(&self, name: &str) -> bool {
        match self.source {
            // Severities depend on the path alone, not on the key of an object.
            PatternSource::ConfigOverrides => self.pattern.matches(&self.root.path(name)),
            _ => globs::any_matches(std::slice::from_ref(&self.pattern), &self.root, name),
        }
    }

    /// Whether the folder of everything that it can match is one of `inputs`, or is in one of them.
    fn is_covered(&self, inputs: &[PathBuf]) -> bool {
        let base = self.root.full_path(fixed_folders(self.pattern.as_str()));
        inputs
            .iter()
            .any(|input| base.starts_with(self.root.full_path(&self.root.path(&input.to_string_lossy()))))
    }
}

/// Returns the folders before the first wildcard of a pattern.
fn fixed_folders(pattern: &str) -> &str {
    let wildcard = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    pattern[..wildcard].rfind('/').map_or("", |end| &pattern[..end])
}

impl UnmatchedPatterns {
    pub(super) fn new<'a>(lists: impl Iterator<Item = &'a PatternList>) -> Self {
        let all = lists.flat_map(|list| {
            list.patterns.iter().map(|pattern| Unmatched {
                source: list.source,
                root: list.root.clone(),
                pattern: pattern.clone(),
            })
        });
        Self(all.collect())
    }

    /// Drops the patterns that match an input, whether it is read or not.
    pub(super) fn observe(&mut self, name: &str) {
        self.0.retain(|unmatched| !unmatched.matches(name));
    }

    /// Returns a note for each pattern that is left, after all of `inputs` were listed.
    pub(super) fn notes(&self, inputs: &[PathBuf]) -> impl Iterator<Item = String> {
        let reported =
            self.0.iter().filter(|unmatched| !unmatched.source.is_config() || unmatched.is_covered(inputs));
        reported.map(|Unmatched { pattern, source, .. }| {
            format!("the pattern `{}` in {source} matches none of the inputs", pattern.as_str())
        })
    }
}
