//! The context that all checkers of a run share, and the input that a checker is at.

use std::cell::OnceCell;
use std::sync::Arc;

use cloudconnexa_report::Masking;
use cloudconnexa_validator::Validator;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::unwrap::Unwrapper;

use super::targets::List;
use super::visitor::Visitors;
use crate::baseline::Baseline;
use crate::levels::{InputLevels, Levels};
use crate::paths::PathRoot;

/// The settings, rules and visitors that all checkers of a run share.
#[derive(Debug)]
pub(super) struct CheckContext {
    pub(super) validator: &'static Validator,
    pub(super) lists: Vec<List>,
    /// How many errors, and how many kinds of warnings and notes, lists with a limit show.
    pub(super) max_findings: u64,
    /// Some list has no limit.
    pub(super) has_unlimited_list: bool,
    /// Whether findings are grouped for reports, and whether the text of groups has values of events.
    pub(super) groups: Option<Masking>,
    pub(super) levels: Levels,
    /// The levels by which inputs without content are named, if that is not a finding like any other.
    pub(super) empty_levels: Option<Levels>,
    /// The folder that paths of `levels` are relative to.
    pub(super) levels_root: PathRoot,
    /// The folder that paths of fingerprints are relative to.
    pub(super) root: PathRoot,
    pub(super) baseline: Option<Arc<Baseline>>,
    /// Rules beyond the schema, if some apply.
    pub(super) semantics: Option<Semantics>,
    /// Whether some of them are about several records.
    pub(super) is_stateful: bool,
    /// Finds the events inside records, if that is wanted.
    pub(super) unwrapper: Option<Unwrapper>,
    pub(super) visitors: Visitors,
    /// Whether the names of inputs are only what a rejected file says, so that they may have any length.
    pub(super) has_claimed_names: bool,
}

/// The longest name of an input that is shown as it is, in bytes. No path and no key is longer on common systems.
const MAX_INPUT_NAME_BYTES: usize = 4096;

/// The input that a checker is in.
#[derive(Debug)]
pub(super) struct CurrentInput {
    /// Its name as it is shown.
    pub(super) name: Arc<str>,
    /// Its name as it was given.
    pub(super) full_name: Arc<str>,
    /// From the root of the repository, once it is needed: most inputs have no findings.
    path: OnceCell<String>,
    /// As the baseline names it.
    path_in_baseline: OnceCell<String>,
    pub(super) levels: InputLevels,
}

impl CurrentInput {
    /// The input of a checker that has not seen one yet.
    pub(super) fn none(context: &CheckContext) -> Self {
        let name: Arc<str> = "".into();
        Self {
            full_name: Arc::clone(&name),
            name,
            path: OnceCell::new(),
            path_in_baseline: OnceCell::new(),
            levels: context.levels.of(""),
        }
    }

    /// Enters an input, unless it is the current one.
    pub(super) fn enter(&mut self, input: &Arc<str>, context: &CheckContext) {
        if !Arc::ptr_eq(&self.full_name, input) {
            if context.levels.depend_on_path() {
                self.levels = context.levels.of(&context.levels_root.path(input));
            }
            (self.path, self.path_in_baseline) = (OnceCell::new(), OnceCell::new());
            self.full_name = Arc::clone(input);
            self.name = match shown_name(input) {
                Some(shown) if context.has_claimed_names => shown.into(),
                _ => Arc::clone(input),
            };
        }
    }

    /// Its path as `baseline` has it.
    pub(super) fn path_in(&self, baseline: &Baseline) -> &str {
        self.path_in_baseline.get_or_init(|| baseline.root.path(&self.name))
    }

    /// Its path from the root of the repository.
    pub(super) fn path(&self, context: &CheckContext) -> &str {
        self.path.get_or_init(|| context.root.path(&self.name))
    }
}

/// Returns the start and the end of a name that is too long to be shown as a whole.
fn shown_name(name: &str) -> Option<String> {
    let half = MAX_INPUT_NAME_BYTES / 2;
    let is_long = name.len() > MAX_INPUT_NAME_BYTES;
    is_long.then(|| {
        let is_boundary = |index: &usize| name.is_char_boundary(*index);
        let head = (0..=half).rev().find(is_boundary).unwrap_or_default();
        let tail = (name.len() - half..name.len()).find(is_boundary).unwrap_or(name.len());
        format!("{}…{}", &name[..head], &name[tail..])
    })
}

#[cfg(test)]
mod tests {
    use super::{MAX_INPUT_NAME_BYTES, shown_name};

    #[test]
    fn a_name_that_is_too_long_keeps_its_start_and_its_end() {
        assert_eq!(shown_name(&"x".repeat(MAX_INPUT_NAME_BYTES)), None);
        for letter in ["x", "ü", "€"] {
            for length in [MAX_INPUT_NAME_BYTES + 1, 5000, 20_000] {
                let shown = shown_name(&format!("<{}>", letter.repeat(length))).unwrap();
                let (start, end) = shown.split_once('…').unwrap();
                assert!(start.starts_with('<') && end.ends_with('>'), "{shown}");
                let half = MAX_INPUT_NAME_BYTES / 2;
                assert!([start, end].iter().all(|part| (half - 3..=half).contains(&part.len())), "{shown}");
            }
        }
    }
}
