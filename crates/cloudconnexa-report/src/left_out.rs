//! Files and objects that were found but not read, by the reason.

use std::collections::BTreeMap;

use crate::text::count;

/// How many files and objects were found but not read, by the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// `exclude` of the config file matches them.
    pub by_config: u64,
    /// `--exclude` matches them.
    pub by_exclude: u64,
    /// They were written before `--since`, or not before `--until`.
    pub by_time: u64,
    /// `--include` does not match them.
    pub by_include: u64,
    /// They are symbolic links in folders, which are not followed.
    pub links: u64,
    /// Their names are not those of logs.
    pub others: u64,
    /// The name of the config file.
    pub config: Option<String>,
    /// The names of the first few, by the order of the reasons.
    first: BTreeMap<LeftOutReason, Vec<String>>,
}

/// Why a file or object was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeftOutReason {
    /// `exclude` of the config file matches it.
    Config,
    /// `--exclude` matches it.
    Exclude,
    /// `--include` does not match it.
    Include,
    /// It is a symbolic link in a folder, and these are not followed.
    Link,
    /// Its name is not that of a log.
    Other,
}

/// How many names are kept for each reason.
const MAX_NAMES: usize = 3;

impl LeftOut {
    /// Returns the number of all of them.
    pub fn total(&self) -> u64 {
        let Self { by_config, by_exclude, by_time, by_include, links, others, config: _, first: _ } = self;
        by_config + by_exclude + by_time + by_include + links + others
    }

    /// Adds a file or object. Its name is asked for if it is one of the first that are left out for this reason.
    pub fn push(&mut self, reason: LeftOutReason, name: impl FnOnce() -> String) {
        self.extend(reason, 1, || Some(name()));
    }

    /// Adds this many, of which these are the names of the first.
    pub fn extend<I: IntoIterator<Item = String>>(
        &mut self,
        reason: LeftOutReason,
        number: u64,
        first: impl FnOnce() -> I,
    ) {
        *match reason {
            LeftOutReason::Config => &mut self.by_config,
            LeftOutReason::Exclude => &mut self.by_exclude,
            LeftOutReason::Include => &mut self.by_include,
            LeftOutReason::Link => &mut self.links,
            LeftOutReason::Other => &mut self.others,
        } += number;
        self.extend_names(reason, first);
    }

    fn extend_names<I: IntoIterator<Item = String>>(
        &mut self,
        reason: LeftOutReason,
        first: impl FnOnce() -> I,
    ) {
        let names = self.first.entry(reason).or_default();
        if names.len() < MAX_NAMES {
            let room = MAX_NAMES - names.len();
            names.extend(first().into_iter().take(room));
        }
    }

    /// Adds other counts to these.
    pub fn add(&mut self, other: Self) {
        self.by_config += other.by_config;
        self.by_exclude += other.by_exclude;
        self.by_time += other.by_time;
        self.by_include += other.by_include;
        self.links += other.links;
        self.others += other.others;
        self.config = self.config.take().or(other.config);
        for (reason, first) in other.first {
            self.extend_names(reason, || first);
        }
    }

    /// Returns a phrase for each reason: `15 excluded by ccxlog.toml`.
    pub fn phrases(&self) -> Vec<String> {
        self.reasons().iter().map(|(number, why)| format!("{} {why}", count(*number))).collect()
    }

    /// Returns a phrase for each reason but the time, with the names of the first few: ``2 excluded by ccxlog.toml: `a.json`
    /// and `b.json` ``. Whoever asks for a time leaves out all that is older.
    pub fn named(&self) -> Vec<String> {
        let named = |(number, why, reason): (u64, String, Option<LeftOutReason>)| {
            let first = self.first.get(&reason?).filter(|first| !first.is_empty())?;
            let mut names: Vec<_> = first.iter().map(|name| format!("`{name}`")).collect();
            let more = number.saturating_sub(names.len() as u64);
            if more > 0 {
                names.push(format!("{} more", count(more)));
            }
            let last = names.pop()?;
            let names = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
            Some(format!("{} {why}: {names}", count(number)))
        };
        self.by_reason().into_iter().filter_map(named).collect()
    }

    /// Returns the reasons that apply, each with the number of files that it applies to.
    pub fn reasons(&self) -> Vec<(u64, String)> {
        self.by_reason().into_iter().map(|(number, why, _)| (number, why)).collect()
    }

    fn by_reason(&self) -> Vec<(u64, String, Option<LeftOutReason>)> {
        let config = self.config.as_deref().unwrap_or("the config file");
        let by = [
            (self.by_config, format!("excluded by {config}"), Some(LeftOutReason::Config)),
            (self.by_exclude, "excluded by `--exclude`".to_owned(), Some(LeftOutReason::Exclude)),
            (self.by_time, "left out by `--since` or `--until`".to_owned(), None),
            (self.by_include, "left out by `--include`".to_owned(), Some(LeftOutReason::Include)),
            (self.links, format!("symbolic link{} left out", plural(self.links)), Some(LeftOutReason::Link)),
            (
                self.others,
                format!("other file{} left out (not .json, .jsonl or .ndjson)", plural(self.others)),
                Some(LeftOutReason::Other),
            ),
        ];
        by.into_iter().filter(|(number, ..)| *number > 0).collect()
    }
}

fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, LeftOutReason};

    #[test]
    fn each_reason_is_named_with_its_count() {
        let mut all =
            LeftOut { by_config: 15, links: 1, config: Some("ccxlog.toml".into()), ..LeftOut::default() };
        all.add(LeftOut { by_exclude: 2, by_time: 3000, by_include: 4, others: 5, ..LeftOut::default() });
        assert_eq!(all.total(), 3027);
        assert_eq!(
            all.phrases(),
            [
                "15 excluded by ccxlog.toml",
                "2 excluded by `--exclude`",
                "3,000 left out by `--since` or `--until`",
                "4 left out by `--include`",
                "1 symbolic link left out",
                "5 other files left out (not .json, .jsonl or .ndjson)",
            ]
        );
        assert!(LeftOut::default().phrases().is_empty());
        assert!(all.named().is_empty());
    }

    #[test]
    fn the_first_few_are_named() {
        let mut all = LeftOut { config: Some("ccxlog.toml".into()), ..LeftOut::default() };
        for name in ["a", "b"] {
            all.push(LeftOutReason::Config, || name.to_owned());
        }
        all.push(LeftOutReason::Other, || "x.txt".to_owned());
        let mut more = LeftOut { by_time: 7, ..LeftOut::default() };
        more.extend(LeftOutReason::Config, 1000, || ["c", "d"].map(str::to_owned));
        more.push(LeftOutReason::Include, || "y.json".to_owned());
        all.add(more);
        all.push(LeftOutReason::Config, || panic!("there are enough names"));
        assert_eq!(
            all.named(),
            [
                "1,003 excluded by ccxlog.toml: `a`, `b`, `c` and 1,000 more",
                "1 left out by `--include`: `y.json`",
                "1 other file left out (not .json, .jsonl or .ndjson): `x.txt`",
            ]
        );
    }
}
