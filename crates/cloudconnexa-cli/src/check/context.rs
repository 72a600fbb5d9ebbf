//! The context that all checkers of a run share, and the input that a checker is at.

use std::cell::OnceCell;
use std::sync::Arc;

use cloudconnexa_report::Masking;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::{Subject, Validator};

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
    /// The folder that paths of `levels` are relative to.
    pub(super) levels_root: PathRoot,
    /// The folder that paths of fingerprints are relative to.
    pub(super) root: PathRoot,
    pub(super) baseline: Option<Arc<Baseline>>,
    /// Rules beyond the schema, if some apply.
    pub(super) semantics: Option<Semantics>,
    /// Whether some of them are about several records.
    pub(super) is_stateful: bool,
    pub(super) visitors: Visitors,
}

/// The input that a checker is in.
#[derive(Debug)]
pub(super) struct CurrentInput {
    pub(super) name: Arc<str>,
    /// From the root of the repository, once it is needed: most inputs have no findings.
    path: OnceCell<String>,
    pub(super) levels: InputLevels,
}

impl CurrentInput {
    /// The input of a checker that has not seen one yet.
    pub(super) fn none(context: &CheckContext) -> Self {
        Self { name: "".into(), path: OnceCell::new(), levels: context.levels.of("") }
    }

    /// Enters an input, unless it is the current one.
    pub(super) fn enter(&mut self, input: &Arc<str>, context: &CheckContext) {
        if !Arc::ptr_eq(&self.name, input) {
            if context.levels.depend_on_path() {
                self.levels = context.levels.of(&context.levels_root.path(input));
            }
            self.path = OnceCell::new();
            self.name = Arc::clone(input);
        }
    }

    /// Its path from the root of the repository.
    pub(super) fn path(&self, context: &CheckContext) -> &str {
        self.path.get_or_init(|| context.root.path(&self.name))
    }
}

/// The name of the event that a record is, if it has one.
pub(super) fn event_name(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::Known(event) => Some(event.name),
        Subject::Unknown(name) => Some(name),
        Subject::Nameless => None,
    }
}
