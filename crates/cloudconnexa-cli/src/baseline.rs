//! Baselines: findings that are known and shall not fail, so that only new ones do.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod testing;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use cloudconnexa_report::{Fingerprint, GoneFinding, InputFindings};
use cloudconnexa_validator::rules::{Rule, rule};
use serde::{Deserialize, Serialize};

use crate::levels::unknown_rule;
use crate::paths::PathRoot;

/// The version of the file format that is written and read.
const VERSION: u32 = 1;

/// A file with more different findings is no list that anybody works off, and would have to be held in memory.
const MOST: usize = 100_000;

/// Findings that are known.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    entries: Vec<Entry>,
    places: HashMap<Fingerprint, usize>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    ccxlog_baseline: u32,
    findings: Vec<Entry>,
}

/// Findings of one rule about one field of one kind of event in one file: what their fingerprint is made of, so that
/// it need not be written down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// From the root of the repository.
    file: String,
    id: String,
    event: Option<String>,
    pointer: String,
    /// What tells findings of the rule at this place apart, such as the name of a missing field.
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
    /// Reads a file; says in a sentence why that is not possible.
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
        Self::parse(&text).map_err(|problem| format!("cannot use the baseline `{name}`: {problem}"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let again = "write it again with `--write-baseline`";
        // Another version may have other fields: it is told of first.
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}; {again}"))?;
        match value.get("ccxlogBaseline").map(|version| (version, version.as_u64())) {
            None => return Err(format!("it has no `ccxlogBaseline`, so it is none; {again}")),
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
            // So that nobody who adds up has to look.
            total = total.checked_add(entry.count).ok_or_else(|| {
                format!("its counts add up to more than {}, which no logs have; {again}", u64::MAX)
            })?;
            let place = *baseline.places.entry(entry.fingerprint()).or_insert(baseline.entries.len());
            match baseline.entries.get_mut(place) {
                Some(known) => known.count += entry.count,
                None => baseline.entries.push(entry),
            }
        }
        Ok(baseline)
    }

    /// Whether it knows findings of this kind.
    pub(crate) fn has(&self, fingerprint: Fingerprint) -> bool {
        self.places.contains_key(&fingerprint)
    }

    /// How many findings of this kind it knows.
    pub(crate) fn count(&self, fingerprint: Fingerprint) -> u64 {
        self.places.get(&fingerprint).map_or(0, |place| self.entries[*place].count)
    }

    /// Something to compare a run with.
    pub(crate) fn left(self: &Arc<Self>) -> Left {
        Left {
            baseline: Arc::clone(self),
            counts: self.entries.iter().map(|entry| entry.count).collect(),
            seen: HashSet::new(),
            files: self.entries.iter().map(|entry| entry.file.clone()).collect(),
        }
    }
}

/// What of a baseline was not met yet.
#[derive(Debug)]
pub(crate) struct Left {
    baseline: Arc<Baseline>,
    counts: Vec<u64>,
    /// Files that were read to their ends.
    seen: HashSet<String>,
    files: HashSet<String>,
}

impl Left {
    /// Meets a finding; tells whether it was known.
    pub(crate) fn meet(&mut self, fingerprint: Fingerprint) -> bool {
        let Some(place) = self.baseline.places.get(&fingerprint) else { return false };
        let left = &mut self.counts[*place];
        let was_known = *left > 0;
        *left = left.saturating_sub(1);
        was_known
    }

    /// Takes note that a file was read to its end.
    pub(crate) fn saw(&mut self, path: String) {
        if self.files.contains(&path) {
            self.seen.insert(path);
        }
    }

    /// What was not met, of files that were read or are no more, and of rules that are looked for: `is_allowed` tells
    /// which of a file and an event are not.
    pub(crate) fn gone(
        &self,
        root: &PathRoot,
        is_allowed: impl Fn(&Path, &'static Rule, Option<&str>) -> bool,
    ) -> Vec<GoneFinding> {
        let entries = self.baseline.entries.iter().zip(&self.counts);
        let gone = entries.filter(|(entry, left)| {
            let path = root.full_path(&entry.file);
            let is_no_more = || !entry.file.starts_with('<') && !path.exists();
            **left > 0
                && (self.seen.contains(&entry.file) || is_no_more())
                && rule(&entry.id).is_none_or(|rule| !is_allowed(&path, rule, entry.event.as_deref()))
        });
        gone.map(|(entry, left)| GoneFinding {
            path: entry.file.clone(),
            rule: entry.id.clone(),
            event: entry.event.clone(),
            pointer: entry.pointer.clone(),
            count: *left,
        })
        .collect()
    }
}

/// A baseline in the making.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    entries: Vec<Entry>,
    is_too_long: bool,
}

impl Draft {
    /// Takes in the findings of an input that has come to its end.
    pub(crate) fn add(&mut self, file: &InputFindings, root: &PathRoot) {
        self.is_too_long |= !file.ungrouped.is_empty() || self.entries.len() + file.groups.len() > MOST;
        if self.is_too_long {
            return;
        }
        let path = root.path(&file.input);
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

    /// The text of the file, with a line a finding so that it can be reviewed, and how many findings there are.
    pub(crate) fn finish(mut self) -> Result<(String, u64), String> {
        if self.is_too_long {
            return Err(format!(
                "more than {} kinds of findings, or more than a thousand in one file; switch rules off with `--allow`, or exclude files",
                crate::size::count(MOST as u64)
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

#[cfg(test)]
mod tests {
    use super::testing::{files, root};
    use super::{Baseline, Draft};

    #[test]
    fn what_was_written_is_known() {
        let mut draft = Draft::default();
        for file in files() {
            draft.add(&file, &root());
        }
        let (text, count) = draft.finish().unwrap();
        insta::assert_snapshot!(text);
        let baseline = std::sync::Arc::new(Baseline::parse(&text).unwrap());
        let mut left = baseline.left();
        assert_eq!(left.gone(&root(), |_, _, _| false).iter().map(|gone| gone.count).sum::<u64>(), count);
        for entry in &baseline.entries {
            for _ in 0..entry.count {
                assert!(left.meet(entry.fingerprint()));
            }
            assert!(!left.meet(entry.fingerprint()));
        }
        assert!(left.gone(&root(), |_, _, _| false).is_empty());
        assert!(Baseline::parse(&Draft::default().finish().unwrap().0).unwrap().entries.is_empty());
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_the_remedy() {
        let refused = |text: &str| Baseline::parse(text).unwrap_err();
        let entry = r#""file":"a","event":null,"pointer":"","count":1"#;
        insta::assert_snapshot!(
            [
                refused(""),
                refused("{\"runs\":[]}"),
                refused("{\"ccxlogBaseline\":2,\"new\":[]}"),
                refused("{\"ccxlogBaseline\":\"1\"}"),
                refused("{\"ccxlogBaseline\":1,\"findings\":[{}]}"),
                refused("{\"ccxlogBaseline\":1,\"findings\":[],\"more\":1}"),
                refused(&format!(
                    "{{\"ccxlogBaseline\":1,\"findings\":[{{\"id\":\"wrong-tpye\",{entry}}}]}}"
                )),
                refused(&{
                    let entry =
                        format!("{{\"id\":\"syntax\",{entry}}}").replace(":1}", ":18446744073709551615}");
                    format!("{{\"ccxlogBaseline\":1,\"findings\":[{entry},{entry}]}}")
                }),
            ]
            .join("\n")
        );
    }
}
