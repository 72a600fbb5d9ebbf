//! The pattern that may be meant by one that matches nothing.

use std::fs;
use std::ops::Range;

use cloudconnexa_reader::Pattern;

use crate::nearest::{distance, nearest};
use crate::paths::PathRoot;

/// With how many paths a pattern is compared.
const MAX_PATHS: usize = 10_000;

/// How many names of a folder are looked at.
const MAX_NAMES: usize = 1000;

/// The shortest word that may be misspelt.
const MIN_WORD_BYTES: usize = 3;

/// The pattern that differs least from one that matches nothing, and that matches one of the paths it was compared with.
#[derive(Debug, Default)]
pub(super) struct NearestPattern {
    /// The pattern, and by how many edits it differs.
    found: Option<(usize, String)>,
    compared: usize,
}

impl NearestPattern {
    /// Looks whether a pattern that differs in one name or word matches `path`.
    pub(super) fn compare(&mut self, pattern: &Pattern, path: &str) {
        let most = self.found.as_ref().map_or(usize::MAX, |(distance, _)| *distance);
        if most <= 1 || self.compared == MAX_PATHS {
            return;
        }
        self.compared += 1;
        let (pattern, is_better) = (pattern.as_str(), |found: &(usize, String)| found.0 < most);
        let found = by_name(pattern, path).or_else(|| by_word(pattern, path)).filter(is_better);
        self.found = found.or(self.found.take());
    }

    /// Takes a pattern that is meant if there is no other.
    pub(super) fn suggest(&mut self, pattern: String) {
        self.found.get_or_insert((usize::MAX, pattern));
    }

    /// The pattern that may be meant.
    pub(super) fn pattern(&self) -> Option<&str> {
        self.found.as_ref().map(|(_, pattern)| pattern.as_str())
    }
}

/// Replaces the first name of a pattern that differs from the one in the same place of `path`.
fn by_name(pattern: &str, path: &str) -> Option<(usize, String)> {
    let mut parts: Vec<_> = pattern.split('/').collect();
    let (index, name) = parts.iter().zip(path.split('/')).enumerate().find_map(|(index, (part, name))| {
        let is_same = part.contains(['*', '?', '[']) || *part == name;
        (!is_same).then_some((index, name))
    })?;
    let distance = distance(parts[index], name)?;
    parts[index] = name;
    matching(parts.join("/"), path).map(|meant| (distance, meant))
}

/// Replaces a word of a pattern by a similar one of `path`, wherever they are: `**` stands for any number of folders, and `*`
/// for any part of a name.
fn by_word(pattern: &str, path: &str) -> Option<(usize, String)> {
    let replaced = words(pattern).flat_map(|range| words(path).map(move |other| (range.clone(), other)));
    let similar = replaced.filter_map(|(range, other)| {
        let (word, meant) = (&pattern[range.clone()], &path[other]);
        let distance = distance(word, meant).filter(|_| word != meant)?;
        let meant = [&pattern[..range.start], meant, &pattern[range.end..]].concat();
        matching(meant, path).map(|meant| (distance, meant))
    });
    similar.min_by_key(|(distance, _)| *distance)
}

/// Returns `pattern` if it matches `path`.
fn matching(pattern: String, path: &str) -> Option<String> {
    Pattern::new(&pattern).is_ok_and(|pattern| pattern.matches(path)).then_some(pattern)
}

/// Returns the places of letters and digits that follow each other.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    // Shorter ones are similar to any other.
    let is_long = |word: &&str| word.len() >= MIN_WORD_BYTES;
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(is_long);
    parts.map(move |word| {
        let start = word.as_ptr().addr() - text.as_ptr().addr();
        start..start + word.len()
    })
}

/// Returns `pattern` with the folder that may be meant by the first of its `fixed` folders that does not exist.
pub(super) fn nearest_folder(root: &PathRoot, fixed: &str, pattern: &str) -> Option<String> {
    let mut before = String::new();
    for name in fixed.split('/') {
        let folder = root.full_path(&before);
        if !folder.join(name).exists() {
            let entries = fs::read_dir(folder).ok()?.take(MAX_NAMES).flatten();
            let names: Vec<_> = entries
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            let meant = nearest(name, names.iter().map(String::as_str))?;
            return Some([&before, meant, &pattern[before.len() + name.len()..]].concat());
        }
        before.push_str(name);
        before.push('/');
    }
    None
}
