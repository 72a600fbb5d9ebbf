//! Counts which parts of the schema records cover.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_validator::coverage::Coverage;

use crate::check::{RunBuilder, VisitedRecord, Visitor};

/// The coverage of all threads that have ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct CoverageCounter(Arc<Mutex<Coverage>>);

impl CoverageCounter {
    /// Counts the coverage of a run.
    pub(crate) fn register(builder: RunBuilder) -> (RunBuilder, Self) {
        let counter = Self::default();
        let total = Arc::clone(&counter.0);
        let make = move || {
            Box::new(CoverageVisitor { own: Coverage::default(), total: Arc::clone(&total) })
                as Box<dyn Visitor>
        };
        (builder.visitor(Box::new(make)), counter)
    }

    /// Returns the coverage, once the run has ended.
    pub(crate) fn take(&self) -> Coverage {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts on one thread.
#[derive(Debug)]
struct CoverageVisitor {
    own: Coverage,
    total: Arc<Mutex<Coverage>>,
}

impl Visitor for CoverageVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        if let Some(outline) = record.outline.as_ref().filter(|_| record.is_valid) {
            self.own.count(outline);
        }
    }

    fn finish(&mut self) {
        let own = mem::take(&mut self.own);
        self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(&own);
    }
}
