//! Patterns that match no input, and names of events that none has, which are most likely misspelt.
//!
//! Patterns of a config file apply to every command, whatever it reads. Such a pattern is reported only if everything that
//! it could match was read.

use std::path::PathBuf;

use cloudconnexa_reader::{Pattern, with_slashes};
use cloudconnexa_report::Summary;
use cloudconnexa_validator::catalog::EVENTS;

use super::{PatternList, PatternSource};
use crate::globs;
use crate::levels::Levels;
use crate::nearest::{distance, nearest};
use crate::paths::PathRoot;

/// Patterns that have not matched an input so far.
#[derive(Debug)]
pub(crate) struct UnmatchedPatterns(Vec<Unmatched>);

#[derive(Debug)]
struct Unmatched {
    source: PatternSource,
    root: PathRoot,
    pattern: Pattern,
    /// The pattern that may be meant, which matches an input, and by how many edits it differs.
    nearest: Option<(usize, String)>,
}

impl Unmatched {
    /// Looks whether a pattern that differs in one name matches the input of this name.
    fn compare(&mut self, name: &str) {
        let path = self.root.path(name);
        let most = self.nearest.as_ref().map_or(usize::MAX, |(distance, _)| *distance);
        if most > 1
            && let Some(found) =
                similar(self.pattern.as_str(), &path).filter(|(distance, _)| *distance < most)
        {
            self.nearest = Some(found);
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self.source {
            // Severities depend on the path alone, not on the key of an object.
            PatternSource::ConfigOverrides => self.pattern.matches(&self.root.path(name)),
            _ => globs::any_matches(std::slice::from_ref(&self.pattern), &self.root, name),
        }
    }

    fn is_covered(&self, inputs: &[PathBuf]) -> bool {
        covers(inputs, &self.root, self.pattern.as_str())
    }
}

/// Whether the folder of everything that a pattern relative to `root` can match is one of `inputs`, or is in one of them.
pub(super) fn covers(inputs: &[PathBuf], root: &PathRoot, pattern: &str) -> bool {
    let base = root.full_path(fixed_folders(pattern));
    inputs.iter().any(|input| base.starts_with(root.full_path(&root.path(&input.to_string_lossy()))))
}

/// Returns the pattern that matches `path` and differs from this one in a single name, which is similar, and by how many
/// edits it differs.
fn similar(pattern: &str, path: &str) -> Option<(usize, String)> {
    let mut parts: Vec<_> = pattern.split('/').collect();
    let (index, name) = parts.iter().zip(path.split('/')).enumerate().find_map(|(index, (part, name))| {
        let is_same = part.contains(['*', '?', '[']) || *part == name;
        (!is_same).then_some((index, name))
    })?;
    let distance = distance(parts[index], name)?;
    parts[index] = name;
    let meant = parts.join("/");
    Pattern::new(&meant).is_ok_and(|meant| meant.matches(path)).then_some((distance, meant))
}

/// Returns notes about events that `[[overrides]]` name, and that neither the schema nor the inputs have. There are none
/// unless all inputs were read that an override is for, which `covers` says of its patterns.
pub(crate) fn unmatched_events(
    levels: &Levels,
    summary: &Summary,
    covers: impl Fn(&[Pattern]) -> bool,
) -> Vec<String> {
    let (counts, left_out) = (&summary.counts, &summary.left_out);
    let unseen = [
        counts.unread,
        counts.more_unknown.total(),
        summary.done_before,
        left_out.by_exclude,
        left_out.by_time,
        left_out.by_include,
    ];
    if unseen.iter().any(|count| *count > 0) {
        return Vec::new();
    }
    let names = || EVENTS.iter().map(|event| event.name).chain(counts.unknown.keys().map(String::as_str));
    let overrides = levels.scoped.iter().filter(|one| covers(&one.paths));
    let mut unmatched: Vec<_> =
        overrides.flat_map(|one| &one.events).filter(|event| names().all(|name| name != *event)).collect();
    unmatched.dedup();
    let notes = unmatched.into_iter().map(|event| {
        let remedy = nearest(event, names()).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        format!(
            "the event `{event}` in `events` of `[[overrides]]` is neither in the schema nor in the inputs{remedy}"
        )
    });
    notes.collect()
}

/// Returns the folders before the first wildcard of a pattern.
fn fixed_folders(pattern: &str) -> &str {
    let wildcard = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    pattern[..wildcard].rfind('/').map_or("", |end| &pattern[..end])
}

impl UnmatchedPatterns {
    pub(crate) fn new<'a>(lists: impl Iterator<Item = &'a PatternList>) -> Self {
        let all = lists.flat_map(|list| {
            list.patterns.iter().map(|pattern| Unmatched {
                source: list.source,
                root: list.root.clone(),
                pattern: pattern.clone(),
                nearest: None,
            })
        });
        Self(all.collect())
    }

    /// Drops the patterns that match an input, whether it is read or not.
    pub(crate) fn observe(&mut self, name: &str) {
        self.0.retain(|unmatched| !unmatched.matches(name));
        self.0.iter_mut().for_each(|unmatched| unmatched.compare(name));
    }

    /// Returns a note for each pattern that is left, after all of `inputs` were listed.
    pub(crate) fn notes(&self, inputs: &[PathBuf]) -> impl Iterator<Item = String> {
        let reported =
            self.0.iter().filter(|unmatched| !unmatched.source.is_config() || unmatched.is_covered(inputs));
        reported.map(|Unmatched { pattern, source, nearest, .. }| {
            let meant =
                with_slashes(pattern.as_str()).or_else(|| nearest.as_ref().map(|(_, meant)| meant.clone()));
            let remedy = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            format!("the pattern `{}` in {source} matches none of the inputs{remedy}", pattern.as_str())
        })
    }
}
