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
}

impl PatternSource {
    /// Whether they are in a config file, and so apply to every command, whatever it reads.
    pub(super) fn is_config(self) -> bool {
        matches!(self, Self::ConfigExclude | Self::ConfigOverrides)
    }
}

impl fmt::Display for PatternSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConfigExclude => "`exclude` of the config file",
            Self::ConfigOverrides => "`paths` of `[[overrides]]`",
            Self::Exclude => "`--exclude`",
            Self::Include => "`--include`",
        })
    }
}

/// Decides which inputs are excluded.
#[derive(Debug)]
pub(crate) struct Excluder([PatternList; 2]);

impl Excluder {
    /// Takes the patterns of the config file, relative to `config_folder`, and those of `--exclude`, relative to the
    /// working directory.
    pub(crate) fn new(config_folder: &Path, config: Vec<Pattern>, arguments: Vec<Pattern>) -> Self {
        let list = |source, folder, patterns| PatternList { source, root: root_at(folder), patterns };
        Self([
            list(PatternSource::ConfigExclude, config_folder, config),
            list(PatternSource::Exclude, Path::new("."), arguments),
        ])
    }

    /// Forgets the patterns of the config file.
    pub(crate) fn forget_config(&mut self) {
        self.0[0].patterns.clear();
    }

    pub(super) fn lists(&self) -> &[PatternList] {
        &self.0
    }

    /// Returns whether the input of this name is excluded.
    pub(crate) fn excludes(&self, name: &str) -> bool {
        self.0.iter().any(|list| globs::any_matches(&list.patterns, &list.root, name))
    }
}
