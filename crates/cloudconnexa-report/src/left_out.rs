//! Files and objects that were found but not read, by the reason.

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
}

impl LeftOut {
    /// Returns the number of all of them.
    pub fn total(&self) -> u64 {
        let Self { by_config, by_exclude, by_time, by_include, links, others, config: _ } = self;
        by_config + by_exclude + by_time + by_include + links + others
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
    }

    /// Returns a phrase for each reason: `15 excluded by ccxlog.toml`.
    pub fn phrases(&self) -> Vec<String> {
        self.reasons().iter().map(|(number, why)| format!("{} {why}", count(*number))).collect()
    }

    /// Returns the reasons that apply, each with the number of files that it applies to.
    pub fn reasons(&self) -> Vec<(u64, String)> {
        let config = self.config.as_deref().unwrap_or("the config file");
        let by = [
            (self.by_config, format!("excluded by {config}")),
            (self.by_exclude, "excluded by `--exclude`".to_owned()),
            (self.by_time, "left out by `--since` or `--until`".to_owned()),
            (self.by_include, "left out by `--include`".to_owned()),
            (self.links, format!("symbolic link{} left out", plural(self.links))),
            (
                self.others,
                format!("other file{} left out (not .json, .jsonl or .ndjson)", plural(self.others)),
            ),
        ];
        by.into_iter().filter(|(number, _)| *number > 0).collect()
    }
}

fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::LeftOut;

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
    }
}
