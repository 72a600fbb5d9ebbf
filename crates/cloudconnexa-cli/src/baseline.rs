//! Baselines: known findings that don't fail a run, so that only new ones do.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use cloudconnexa_report::{Fingerprint, GoneFinding, InputFindings};
use cloudconnexa_validator::rules::{Rule, rule};
use serde::{Deserialize, Serialize};

use crate::levels::unknown_rule;
use crate::paths::{PathRoot, root_of_file};

/// The version of the file format.
const VERSION: u32 = 1;

/// The most entries of a baseline that is written. Nobody works through more, and all of them are held in memory.
const MAX_ENTRIES: usize = 100_000;

/// Known findings.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    entries: Vec<Entry>,
    /// The index of each entry in `entries`.
    indexes: HashMap<Fingerprint, usize>,
    /// The files that entries are about.
    files: HashSet<String>,
    /// The folder that these paths are relative to.
    pub(crate) root: PathRoot,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    ccxlog_baseline: u32,
    findings: Vec<Entry>,
}

/// The findings of one rule about one field of one kind of event in one file. It has all parts of their fingerprint, which
/// therefore is not written to the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The path from the root of the repository that the baseline is in, or else from its folder.
    file: String,
    id: String,
    event: Option<String>,
    pointer: String,
    /// The key that distinguishes findings of the rule at this pointer, such as the name of a missing field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    key: String,
    count: u64,
}

impl Entry {
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::new(&self.id, &self.file, self.event.as_deref(), &self.pointer, &self.key)
    }
}

impl Baseline {
    /// Reads a file. An error is a sentence.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            let remedy = if error.kind() == io::ErrorKind::NotFound {
                format!("; `--write-baseline {name}` writes it")
            } else {
                String::new()
            };
            format!("cannot read the baseline `{name}`: {error}{remedy}")
        })?;
        let baseline =
            Self::parse(&text).map_err(|problem| format!("cannot use the baseline `{name}`: {problem}"))?;
        Ok(Self { root: root_of_file(path), ..baseline })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let again = "write it again with `--write-baseline`";
        // Another version may have other fields, so the version is checked first.
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}; {again}"))?;
        match value.get("ccxlogBaseline").map(|version| (version, version.as_u64())) {
            None => return Err(format!("it is not a baseline, as it has no `ccxlogBaseline`; {again}")),
            Some((_, Some(version))) if version == u64::from(VERSION) => {}
            Some((version, _)) => {
                return Err(format!(
                    "it is of version {version}, and this ccxlog reads version {VERSION}; {again}"
                ));
            }
        }
        let file: File = serde_json::from_str(text).map_err(|error| format!("{error}; {again}"))?;
        let mut baseline = Self::default();
        let mut total = 0_u64;
        for entry in file.findings {
            if rule(&entry.id).is_none() {
                return Err(unknown_rule(&entry.id, "it"));
            }
            // Later additions can't overflow if the total doesn't.
            total = total
                .checked_add(entry.count)
                .ok_or_else(|| format!("its counts add up to more than {}; {again}", u64::MAX))?;
            baseline.files.insert(entry.file.clone());
            let index = *baseline.indexes.entry(entry.fingerprint()).or_insert(baseline.entries.len());
            match baseline.entries.get_mut(index) {
                Some(known) => known.count += entry.count,
                None => baseline.entries.push(entry),
            }
        }
        Ok(baseline)
    }

    /// Returns whether it has findings with this fingerprint.
    pub(crate) fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.indexes.contains_key(&fingerprint)
    }

    /// Returns how many findings with this fingerprint it has.
    pub(crate) fn count(&self, fingerprint: Fingerprint) -> u64 {
        self.indexes.get(&fingerprint).map_or(0, |index| self.entries[*index].count)
    }
}

/// Matches the findings of a run with a baseline.
#[derive(Debug)]
pub(crate) struct BaselineMatcher {
    baseline: Arc<Baseline>,
    /// For each entry, how many of its findings were not matched so far.
    remaining: Vec<u64>,
    /// Files of the baseline that were read to their ends.
    files_read: HashSet<String>,
}

impl BaselineMatcher {
    pub(crate) fn new(baseline: Arc<Baseline>) -> Self {
        let remaining = baseline.entries.iter().map(|entry| entry.count).collect();
        Self { baseline, remaining, files_read: HashSet::new() }
    }

    /// Matches a finding; returns whether the baseline has it.
    pub(crate) fn take(&mut self, fingerprint: Fingerprint) -> bool {
        let Some(index) = self.baseline.indexes.get(&fingerprint) else { return false };
        let remaining = &mut self.remaining[*index];
        let was_known = *remaining > 0;
        *remaining = remaining.saturating_sub(1);
        was_known
    }

    /// Records that an input was read to its end.
    pub(crate) fn file_done(&mut self, input: &str) {
        let path = self.baseline.root.path(input);
        if self.baseline.files.contains(&path) {
            self.files_read.insert(path);
        }
    }

    /// Returns the findings that were not matched, of files that were read or no longer exist, unless `is_allowed`
    /// returns true for the file, the rule and the name of the event. Paths are from `shown_root`.
    pub(crate) fn stale(
        &self,
        shown_root: &PathRoot,
        is_allowed: impl Fn(&Path, &'static Rule, Option<&str>) -> bool,
    ) -> Vec<GoneFinding> {
        let entries = self.baseline.entries.iter().zip(&self.remaining);
        let stale = entries.filter(|(entry, remaining)| {
            let path = self.baseline.root.full_path(&entry.file);
            let is_deleted = || !entry.file.starts_with('<') && !path.exists();
            **remaining > 0
                && (self.files_read.contains(&entry.file) || is_deleted())
                && rule(&entry.id).is_none_or(|rule| !is_allowed(&path, rule, entry.event.as_deref()))
        });
        stale
            .map(|(entry, remaining)| GoneFinding {
                path: self.shown(&entry.file, shown_root),
                rule: entry.id.clone(),
                event: entry.event.clone(),
                pointer: entry.pointer.clone(),
                count: *remaining,
            })
            .collect()
    }
}

impl BaselineMatcher {
    /// Returns what reports call the file of an entry.
    fn shown(&self, file: &str, shown_root: &PathRoot) -> String {
        let is_path = !file.starts_with('<') && !cloudconnexa_reader::is_address(file);
        if is_path {
            shown_root.path(&self.baseline.root.full_path(file).to_string_lossy())
        } else {
            file.to_owned()
        }
    }
}

/// Collects findings for a new baseline.
#[derive(Debug, Default)]
pub(crate) struct BaselineBuilder {
    /// The folder that paths are relative to.
    root: PathRoot,
    entries: Vec<Entry>,
    is_too_long: bool,
}

impl BaselineBuilder {
    /// Collects a baseline that will be written to `path`.
    pub(crate) fn new(path: &Path) -> Self {
        Self { root: root_of_file(path), ..Self::default() }
    }

    /// Adds the findings of an input that was read to its end.
    pub(crate) fn add(&mut self, file: &InputFindings) {
        self.is_too_long |=
            !file.ungrouped.is_empty() || self.entries.len() + file.groups.len() > MAX_ENTRIES;
        if self.is_too_long {
            return;
        }
        let path = self.root.path(&file.input);
        self.entries.extend(file.groups.values().map(|group| {
            let details = group.details();
            Entry {
                file: path.clone(),
                id: details.rule.id.to_owned(),
                event: details.event.clone(),
                pointer: details.pointer.clone(),
                key: details.key.clone(),
                count: group.count(),
            }
        }));
    }

    /// Returns the text of the file, with one line per entry so that it can be reviewed, and the number of findings.
    pub(crate) fn finish(mut self) -> Result<(String, u64), String> {
        if self.is_too_long {
            return Err(format!(
                "more than {} kinds of findings, or more than a thousand in one file; switch rules off with `--allow`, or exclude files",
                crate::size::count(MAX_ENTRIES as u64)
            ));
        }
        self.entries.sort();
        let count = self.entries.iter().map(|entry| entry.count).sum();
        let lines: Result<Vec<_>, _> = self.entries.iter().map(serde_json::to_string).collect();
        let lines = lines.map_err(|error| error.to_string())?.join(",\n    ");
        let (open, close) = if lines.is_empty() { ("", "") } else { ("\n    ", "\n  ") };
        let text =
            format!("{{\n  \"ccxlogBaseline\": {VERSION},\n  \"findings\": [{open}{lines}{close}]\n}}\n");
        Ok((text, count))
    }
}
