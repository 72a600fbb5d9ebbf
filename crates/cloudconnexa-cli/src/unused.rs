//! Patterns that no input has met: most likely mistyped.

use glob::Pattern;

use crate::forge::Root;
use crate::levels::matches;
use crate::select::{Selection, any};
use crate::settings::Settings;

/// Patterns that were not met so far.
#[derive(Debug, Default)]
pub(crate) struct Unused(Vec<One>);

#[derive(Debug)]
struct One {
    /// What it stands in.
    of: &'static str,
    root: Root,
    pattern: Pattern,
    /// Whether it may mean the key of an object.
    by_key: bool,
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
            }));
        }
        let here = Root::at(std::path::Path::new("."));
        let include = selection.choice.include.iter().filter_map(|text| crate::config::pattern(text).ok());
        all.extend(include.map(|pattern| One {
            of: "`--include`",
            root: here.clone(),
            pattern,
            by_key: true,
        }));
        for pattern in settings.levels.overrides.iter().flat_map(|one| &one.paths) {
            let (root, pattern) = (settings.levels_root.clone(), pattern.clone());
            all.push(One { of: "`paths` of `[[overrides]]`", root, pattern, by_key: false });
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

    /// What there is to say about those that are left.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|one| {
            format!("the pattern `{}` in {} matches none of the inputs", one.pattern.as_str(), one.of)
        })
    }
}
