//! Collects what the HTML page shows in addition to findings.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_report::Masking;
use cloudconnexa_report::overview::{EarlierProfile, Overview, OverviewCollector, OverviewCounts};
use cloudconnexa_validator::sessions::{ConnectionLimits, Limits};

use crate::check::{RunBuilder, VisitedRecord, Visitor};
use crate::connections::connection_limits;

/// The overview of all threads that have ended.
#[derive(Clone, Debug)]
pub(crate) struct SharedOverview {
    counts: Arc<Mutex<OverviewCounts>>,
    earlier: Option<EarlierProfile>,
    masking: Masking,
    limits: ConnectionLimits,
}

impl SharedOverview {
    /// An overview that compares with `earlier`, and keeps as much of connections as `limits` say. Values that are masked are
    /// not shown.
    pub(crate) fn new(earlier: Option<EarlierProfile>, masking: Masking, limits: Limits) -> Self {
        let limits = connection_limits(limits);
        let counts = Arc::new(Mutex::new(OverviewCollector::with_limits(limits).finish()));
        Self { counts, earlier, masking, limits }
    }

    /// Collects it during a run.
    pub(crate) fn register(&self, builder: RunBuilder) -> RunBuilder {
        let (total, limits) = (Arc::clone(&self.counts), self.limits);
        builder.visitor(Box::new(move || {
            Box::new(OverviewVisitor {
                own: Some(OverviewCollector::with_limits(limits)),
                total: Arc::clone(&total),
            })
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
            match record.other_kind() {
                Some(kind) => collector.add_other(outline, &kind),
                None => collector.add(record.record.bytes, outline, record.is_valid),
            }
            if let Some(connections) = collector.take_connections() {
                self.total.lock().unwrap_or_else(PoisonError::into_inner).merge_connections(connections);
            }
        }
    }

    fn finish(&mut self) {
        if let Some(collector) = self.own.take() {
            self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(collector.finish());
        }
    }
}
