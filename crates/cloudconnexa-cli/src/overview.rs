//! Collects what the HTML page shows in addition to findings, on the way of the records through a run.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_report::Masking;
use cloudconnexa_report::overview::{EarlierProfile, Overview, OverviewCollector, OverviewCounts};

use crate::run::{Lens, Lenses, Seen};

/// Collects an overview on all threads of a run.
#[derive(Clone, Debug)]
pub(crate) struct SharedOverview {
    counts: Arc<Mutex<OverviewCounts>>,
    earlier: Option<EarlierProfile>,
    masking: Masking,
}

/// Collects an overview on one thread.
#[derive(Debug)]
struct ThreadOverview {
    own: Option<OverviewCollector>,
    all: Arc<Mutex<OverviewCounts>>,
}

impl SharedOverview {
    /// Adds a collector to `lenses`. Values that are masked are not kept for the end.
    pub(crate) fn new(lenses: &mut Lenses, earlier: Option<EarlierProfile>, masking: Masking) -> Self {
        let counts = Arc::<Mutex<OverviewCounts>>::default();
        let all = Arc::clone(&counts);
        lenses.add(move || {
            Box::new(ThreadOverview { own: Some(OverviewCollector::new()), all: Arc::clone(&all) })
        });
        Self { counts, earlier, masking }
    }

    /// Returns the overview at the end of a run.
    pub(crate) fn take(self) -> Overview {
        let counts = mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        counts.finish(self.earlier, self.masking)
    }
}

impl Lens for ThreadOverview {
    fn look(&mut self, seen: &Seen<'_>) {
        if let Some(collector) = &mut self.own {
            collector.add(seen.record.bytes, &seen.outline, seen.is_valid);
        }
    }

    fn end(&mut self) {
        if let Some(collector) = self.own.take() {
            self.all.lock().unwrap_or_else(PoisonError::into_inner).merge(collector.finish());
        }
    }
}
