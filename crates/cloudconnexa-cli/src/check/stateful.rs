//! Rules about several records: they see what each record contributes in the order of the inputs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use cloudconnexa_report::InputFindings;
use cloudconnexa_validator::semantics::{Stream, StreamCounts, StreamEvent};
use cloudconnexa_validator::sessions::Limits;

use super::checker::RecordChecker;
use super::context::CheckContext;
use super::result::BlockResult;

/// Applies rules about several records.
pub(super) struct StatefulRules {
    stream: Stream,
    checker: RecordChecker,
    /// Findings about records of inputs that have ended.
    late: LateFindings,
}

impl StatefulRules {
    pub(super) fn new(context: &Arc<CheckContext>, limits: Limits) -> Self {
        let checker = RecordChecker::without_visitors(context);
        Self { stream: Stream::new(limits), checker, late: LateFindings::default() }
    }

    /// Takes what records of `input` contribute, and returns a result for each finding, in order. Findings about the input
    /// itself are added to `files`.
    pub(super) fn steps(
        &mut self,
        input: &Arc<str>,
        steps: Vec<StreamEvent>,
        files: &mut Vec<InputFindings>,
    ) -> Vec<BlockResult> {
        let Self { stream, checker, .. } = self;
        let mut found = Vec::new();
        for step in steps {
            // One result per finding, as how many steps come at once depends on how the work was shared out.
            stream.observe(input, step, &mut |raised| {
                let (is_late, mut result) = (raised.is_late(), BlockResult::default());
                checker.raised(&raised, &mut result);
                found.push((is_late, result));
            });
        }
        let results = found.into_iter().map(|(is_late, mut result)| {
            for file in std::mem::take(&mut result.files) {
                if is_late {
                    self.late.add(file);
                } else {
                    match files.iter_mut().find(|known| known.input == file.input) {
                        Some(known) => known.append(file),
                        None => files.push(file),
                    }
                }
            }
            result
        });
        results.collect()
    }

    /// Returns the findings that need the end of all inputs, those about inputs that ended before, and the counts.
    pub(super) fn finish(self) -> (BlockResult, Vec<InputFindings>, StreamCounts) {
        let Self { stream, mut checker, mut late } = self;
        let mut result = BlockResult::default();
        let counts = stream.finish(&mut |raised| checker.raised(&raised, &mut result));
        for file in std::mem::take(&mut result.files) {
            late.add(file);
        }
        (result, late.files, counts)
    }
}

/// Findings of inputs that have ended, of which there may be many.
#[derive(Debug, Default)]
struct LateFindings {
    files: Vec<InputFindings>,
    /// The index of each input in `files`.
    index: HashMap<Arc<str>, usize>,
}

impl LateFindings {
    fn add(&mut self, file: InputFindings) {
        match self.index.entry(Arc::clone(&file.input)) {
            Entry::Occupied(known) => self.files[*known.get()].append(file),
            Entry::Vacant(new) => {
                new.insert(self.files.len());
                self.files.push(file);
            }
        }
    }
}
