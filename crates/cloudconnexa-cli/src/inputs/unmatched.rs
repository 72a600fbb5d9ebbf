//! Patterns that match no input, and names of events that none has, which are most likely misspelt.
//!
//! Patterns of a config file apply to every command, whatever it reads. Such a pattern is reported only if everything that
//! it could match was read, or if no file is there that it could be for.

mod nearest;

use std::path::PathBuf;

use cloudconnexa_reader::{Pattern, is_address, with_slashes};
use cloudconnexa_report::Summary;
use cloudconnexa_validator::catalog::EVENTS;
use walkdir::WalkDir;

use super::{PatternList, PatternSource};
use crate::globs;
use crate::levels::Levels;
use crate::nearest::nearest;
use crate::paths::PathRoot;
use nearest::{NearestPattern, nearest_folder};

/// How many files and folders are looked at to find one that a pattern of the config file is for. In a larger tree, such a
/// pattern is not reported.
const MAX_ENTRIES: usize = 5000;

/// What a pattern has that is not a plain path.
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// Patterns that have not matched an input so far.
#[derive(Debug)]
pub(crate) struct UnmatchedPatterns(Vec<Unmatched>);

#[derive(Debug)]
struct Unmatched {
    source: PatternSource,
    root: PathRoot,
    pattern: Pattern,
    nearest: NearestPattern,
}

/// The inputs of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedInputs<'a> {
    pub(crate) inputs: &'a [PathBuf],
    /// The command line names them, so that the config file may be for others as well.
    pub(crate) are_arguments: bool,
}

impl NamedInputs<'_> {
    /// Whether everything is read that patterns relative to `root` can match, or, without patterns, anything below `root`.
    /// The inputs of the config file are all that it is for.
    pub(crate) fn cover(self, root: &PathRoot, patterns: &[Pattern]) -> bool {
        let covers = |pattern: &str| covers(self.inputs, root, pattern);
        let covers_all = || match patterns {
            [] => covers(""),
            patterns => patterns.iter().all(|pattern| covers(pattern.as_str())),
        };
        !self.are_arguments || covers_all()
    }
}

impl Unmatched {
    fn matches(&self, name: &str) -> bool {
        match self.source {
            // Severities depend on the path alone, not on the key of an object.
            PatternSource::ConfigOverrides => self.pattern.matches(&self.root.path(name)),
            _ => globs::any_matches(std::slice::from_ref(&self.pattern), &self.root, name),
        }
    }

    /// Whether the pattern is about something else than what was read, so that it is not wrong if it matches nothing.
    fn is_about_others(&mut self, named: NamedInputs<'_>) -> bool {
        if !self.source.is_config() || covers(named.inputs, &self.root, self.pattern.as_str()) {
            return false;
        }
        // Patterns of excluded files may be about objects.
        if self.source == PatternSource::ConfigExclude || self.may_match_file() {
            return true;
        }
        let text = self.pattern.as_str();
        let is_rooted = !fixed_folders(text).is_empty() || !text.contains(WILDCARDS);
        named.are_arguments && !is_rooted && self.nearest.pattern().is_none()
    }

    /// Whether it matches some file below its folder, or there are too many to look at. Takes the names of these files for
    /// the pattern that may be meant.
    fn may_match_file(&mut self) -> bool {
        let Self { root, pattern, nearest, .. } = self;
        let fixed = fixed_folders(pattern.as_str());
        if is_address(fixed) {
            return true;
        }
        let depth = match pattern.as_str()[fixed.len()..].trim_start_matches('/') {
            any if any.contains("**") => usize::MAX,
            rest => rest.split('/').count(),
        };
        let entries = WalkDir::new(root.full_path(fixed)).max_depth(depth).follow_links(true);
        let mut entries = entries.sort_by_file_name().into_iter();
        for entry in entries.by_ref().take(MAX_ENTRIES).flatten() {
            let path = root.path(&entry.path().to_string_lossy());
            if pattern.matches(&path) {
                return true;
            }
            nearest.compare(pattern, &path);
        }
        if entries.next().is_some() {
            return true;
        }
        if nearest.pattern().is_none()
            && let Some(meant) = nearest_folder(root, fixed, pattern.as_str())
        {
            nearest.suggest(meant);
        }
        false
    }
}

/// Whether the folder of everything that a pattern relative to `root` can match is one of `inputs`, or is in one of them.
fn covers(inputs: &[PathBuf], root: &PathRoot, pattern: &str) -> bool {
    let base = root.full_path(fixed_folders(pattern));
    inputs.iter().any(|input| base.starts_with(root.full_path(&root.path(&input.to_string_lossy()))))
}

/// Returns the names of events in the inputs that the schema does not have. `None` if there may be others, as not all was
/// read, or there are too many.
pub(crate) fn unknown_events(summary: &Summary) -> Option<Vec<&str>> {
    let (counts, left_out) = (&summary.counts, &summary.left_out);
    let unseen = [
        counts.unread,
        counts.more_unknown.total(),
        summary.done_before,
        left_out.by_exclude,
        left_out.by_time,
        left_out.by_include,
    ];
    unseen.iter().all(|count| *count == 0).then(|| counts.unknown.keys().map(String::as_str).collect())
}

/// Returns notes about events that `[[overrides]]` name, and that are neither in the schema nor among the `unknown` events of
/// the inputs. There are none unless all inputs were read that an override is for, which `covers` says of its patterns.
pub(crate) fn unmatched_events(
    levels: &Levels,
    unknown: &[&str],
    covers: impl Fn(&[Pattern]) -> bool,
) -> Vec<String> {
    let names = || EVENTS.iter().map(|event| event.name).chain(unknown.iter().copied());
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
    let wildcard = pattern.find(WILDCARDS).unwrap_or(pattern.len());
    pattern[..wildcard].rfind('/').map_or("", |end| &pattern[..end])
}

impl UnmatchedPatterns {
    pub(crate) fn new<'a>(lists: impl Iterator<Item = &'a PatternList>) -> Self {
        let all = lists.flat_map(|list| {
            list.patterns.iter().map(|pattern| Unmatched {
                source: list.source,
                root: list.root.clone(),
                pattern: pattern.clone(),
                nearest: NearestPattern::default(),
            })
        });
        Self(all.collect())
    }

    /// Drops the patterns that match an input, whether it is read or not.
    pub(crate) fn observe(&mut self, name: &str) {
        self.0.retain(|unmatched| !unmatched.matches(name));
        for Unmatched { root, pattern, nearest, .. } in &mut self.0 {
            nearest.compare(pattern, &root.path(name));
        }
    }

    /// Returns a note for each pattern that is left, after all of these inputs were listed.
    pub(crate) fn notes(&mut self, named: NamedInputs<'_>) -> Vec<String> {
        self.0.retain_mut(|unmatched| !unmatched.is_about_others(named));
        let notes = self.0.iter().map(|Unmatched { pattern, source, nearest, .. }| {
            let meant = with_slashes(pattern.as_str()).or_else(|| nearest.pattern().map(str::to_owned));
            let remedy = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            format!("the pattern `{}` in {source} matches none of the inputs{remedy}", pattern.as_str())
        });
        notes.collect()
    }
}
