//! Collects the profile of the records of a run, for drift.

use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_drift::{Collector, Profile, Validity};

use crate::check::{RunBuilder, VisitedRecord, Visitor};

/// The profile of all threads that have ended.
#[derive(Clone, Debug)]
pub(crate) struct ProfileCollector(Arc<Mutex<Profile>>);

impl ProfileCollector {
    /// Collects the profile of a run.
    pub(crate) fn register(builder: RunBuilder) -> (RunBuilder, Self) {
        let profile = Self(Arc::new(Mutex::new(Collector::new().finish())));
        let total = profile.clone();
        let make = move || {
            Box::new(ProfileVisitor { own: Some(Collector::new()), total: total.clone() }) as Box<dyn Visitor>
        };
        (builder.visitor(Box::new(make)), profile)
    }

    /// Returns the profile, once the run has ended.
    pub(crate) fn take(self) -> Profile {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Collects on one thread.
#[derive(Debug)]
struct ProfileVisitor {
    own: Option<Collector>,
    total: ProfileCollector,
}

impl Visitor for ProfileVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        let Some(collector) = &mut self.own else { return };
        if let Some(kind) = record.other_kind() {
            collector.observe_other(&kind);
        } else if let Some(outline) = &record.outline {
            collector.observe(record.record.bytes, outline, Validity::from(record.is_valid));
        }
    }

    fn finish(&mut self) {
        if let Some(collector) = self.own.take() {
            self.total.0.lock().unwrap_or_else(PoisonError::into_inner).merge(collector.finish());
        }
    }
}
