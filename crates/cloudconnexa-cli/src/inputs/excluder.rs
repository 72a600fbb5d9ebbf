//! Patterns of files that are not read.

use std::fmt;
use std::path::Path;

use cloudconnexa_reader::Pattern;

use crate::globs;
use crate::paths::{PathRoot, root_at};

/// Glob patterns, and where they come from.
#[derive(Clone, Debug)]
pub(crate) struct PatternList {
    pub(crate) source: PatternSource,
    /// The folder that they are relative to.
    pub(crate) root: PathRoot,
    pub(crate) patterns: Vec<Pattern>,
}

/// The origin of patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternSource {
    ConfigExclude,
    ConfigOverrides,
    Exclude,
    Include,
    ConfigValid,
}

impl PatternSource {
    /// Whether they are in a config file, and so apply to every command, whatever it reads.
    pub(super) fn is_config(self) -> bool {
        matches!(self, Self::ConfigExclude | Self::ConfigOverrides | Self::ConfigValid)
    }
}

impl fmt::Display for PatternSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConfigExclude => "`exclude` of the config file",
            Self::ConfigOverrides => "`paths` of `[[overrides]]`",
            Self::Exclude => "`--exclude`",
            Self::Include => "`--include`",
            Self::ConfigValid => "`valid` of `[test]`",
        })
    }
}

/// Decides which inputs are excluded.
#[derive(Debug)]
pub(crate) struct Excluder {
    lists: [PatternList; 2],
    /// The name of the config file, for messages.
    config: Option<String>,
}

impl Excluder {
    /// Takes the patterns of the config file, relative to `config_folder`, and those of `--exclude`, relative to the
    /// working directory.
    pub(crate) fn new(config_folder: &Path, config: Vec<Pattern>, arguments: Vec<Pattern>) -> Self {
        let list = |source, folder, patterns| PatternList { source, root: root_at(folder), patterns };
        let lists = [
            list(PatternSource::ConfigExclude, config_folder, config),
            list(PatternSource::Exclude, Path::new("."), arguments),
        ];
        Self { lists, config: None }
    }

    /// Names the config file after the file at `path`.
    pub(crate) fn with_config(mut self, path: Option<&Path>) -> Self {
        self.config = path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        self
    }

    /// Returns the name of the config file.
    pub(super) fn config_name(&self) -> Option<String> {
        self.config.clone()
    }

    /// Forgets the patterns of the config file.
    pub(crate) fn forget_config(&mut self) {
        self.lists[0].patterns.clear();
    }

    pub(super) fn lists(&self) -> &[PatternList] {
        &self.lists
    }

    /// Returns whether the input of this name is excluded.
    pub(crate) fn excludes(&self, name: &str) -> bool {
        self.excluded_by(name).is_some()
    }

    /// Returns the origin of the pattern that excludes the input of this name.
    pub(super) fn excluded_by(&self, name: &str) -> Option<PatternSource> {
        let mut lists = self.lists.iter();
        let list = lists.find(|list| globs::any_matches(&list.patterns, &list.root, name))?;
        Some(list.source)
    }
}
