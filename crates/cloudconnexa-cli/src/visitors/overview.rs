//! Collects what the HTML page shows in addition to findings.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_report::Masking;
use cloudconnexa_report::overview::{EarlierProfile, Overview, OverviewCollector, OverviewCounts};

use crate::check::{RunBuilder, VisitedRecord, Visitor};

/// The overview of all threads that have ended.
#[derive(Clone, Debug)]
pub(crate) struct SharedOverview {
    counts: Arc<Mutex<OverviewCounts>>,
    earlier: Option<EarlierProfile>,
    masking: Masking,
}

impl SharedOverview {
    /// An overview that compares with `earlier`. Values that are masked are not kept for the end.
    pub(crate) fn new(earlier: Option<EarlierProfile>, masking: Masking) -> Self {
        Self { counts: Arc::default(), earlier, masking }
    }

    /// Collects it during a run.
    pub(crate) fn register(&self, builder: RunBuilder) -> RunBuilder {
        let total = Arc::clone(&self.counts);
        builder.visitor(Box::new(move || {
            Box::new(OverviewVisitor { own: Some(OverviewCollector::new()), total: Arc::clone(&total) })
        }))
    }

    /// Returns the overview, once the run has ended.
    pub(crate) fn take(self) -> Overview {
        let counts = mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        counts.finish(self.earlier, self.masking)
    }
}

/// Collects on one thread.
#[derive(Debug)]
struct OverviewVisitor {
    own: Option<OverviewCollector>,
    total: Arc<Mutex<OverviewCounts>>,
}

impl Visitor for OverviewVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        if let (Some(collector), Some(outline)) = (&mut self.own, &record.outline) {
            collector.add(record.record.bytes, outline, record.is_valid);
        }
    }

    fn finish(&mut self) {
        if let Some(collector) = self.own.take() {
            self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(collector.finish());
        }
    }
}
