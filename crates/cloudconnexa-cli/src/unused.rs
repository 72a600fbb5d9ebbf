//! Patterns that no input has met: most likely mistyped.
//!
//! Those of a config file are there for every command and whatever it reads; one counts only if all that it could have met
//! was read.

use std::path::PathBuf;

use glob::Pattern;

use crate::levels::matches;
use crate::paths::{PathRoot, root_at};
use crate::select::{Selection, any};
use crate::settings::Settings;

/// Patterns that were not met so far.
#[derive(Debug, Default)]
pub(crate) struct Unused(Vec<One>);

#[derive(Debug)]
struct One {
    /// What it stands in.
    of: &'static str,
    root: PathRoot,
    pattern: Pattern,
    /// Whether it may mean the key of an object.
    by_key: bool,
    /// Whether it stands in a config file.
    is_configured: bool,
}

impl One {
    /// Whether the folder that all it can match lies in is one of `inputs`, or within one.
    fn is_covered(&self, inputs: &[PathBuf]) -> bool {
        let base = self.root.full_path(fixed(self.pattern.as_str()));
        inputs
            .iter()
            .any(|input| base.starts_with(self.root.full_path(&self.root.path(&input.to_string_lossy()))))
    }
}

/// The folders that a pattern begins with before anything is left open.
fn fixed(pattern: &str) -> &str {
    let open = pattern.find(['*', '?', '[']).unwrap_or(pattern.len());
    pattern[..open].rfind('/').map_or("", |end| &pattern[..end])
}

impl Unused {
    /// All patterns that say something about inputs.
    pub(crate) fn new(settings: &Settings, selection: &Selection) -> Self {
        let mut all = Vec::new();
        for (of, root, patterns) in settings.excluder.lists() {
            all.extend(patterns.iter().map(|pattern| One {
                of,
                root: root.clone(),
                pattern: pattern.clone(),
                by_key: true,
                is_configured: of != "`--exclude`",
            }));
        }
        let here = root_at(std::path::Path::new("."));
        let include = selection.choice.include.iter().filter_map(|text| crate::config::pattern(text).ok());
        all.extend(include.map(|pattern| One {
            of: "`--include`",
            root: here.clone(),
            pattern,
            by_key: true,
            is_configured: false,
        }));
        for pattern in settings.levels.overrides.iter().flat_map(|one| &one.paths) {
            let (root, pattern) = (settings.levels_root.clone(), pattern.clone());
            let of = "`paths` of `[[overrides]]`";
            all.push(One { of, root, pattern, by_key: false, is_configured: true });
        }
        Self(all)
    }

    /// Takes note of an input, whether it is read or not.
    pub(crate) fn see(&mut self, name: &str) {
        self.0.retain(|one| {
            let is_met = if one.by_key {
                any(std::slice::from_ref(&one.pattern), &one.root, name)
            } else {
                matches(&one.pattern, &one.root.path(name))
            };
            !is_met
        });
    }

    /// What there is to say about those that are left, now that all of `inputs` is known.
    pub(crate) fn notes(&self, inputs: &[PathBuf]) -> impl Iterator<Item = String> {
        self.0.iter().filter(|one| !one.is_configured || one.is_covered(inputs)).map(|one| {
            format!("the pattern `{}` in {} matches none of the inputs", one.pattern.as_str(), one.of)
        })
    }
}
