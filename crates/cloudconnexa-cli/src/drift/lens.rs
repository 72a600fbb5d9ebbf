//! Collects the profiles of all threads.

use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_drift::{Collector, Profile};

use crate::run::{Lens, Lenses, Seen};

/// Merges the profiles of all threads as they end.
#[derive(Clone, Debug)]
pub(crate) struct ProfileCollector(Arc<Mutex<Profile>>);

impl ProfileCollector {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Collector::new().finish())))
    }

    /// A lens for each thread.
    pub(crate) fn lenses(&self) -> Lenses {
        let mut lenses = Lenses::default();
        lenses.add(self.lens());
        lenses
    }

    /// Makes one.
    pub(crate) fn lens(&self) -> impl Fn() -> Box<dyn Lens> + Send + Sync + 'static {
        let all = self.clone();
        move || Box::new(Watcher { collector: Some(Collector::new()), all: all.clone() })
    }

    /// Returns the profile of what all threads have observed.
    pub(crate) fn profile(self) -> Profile {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Debug)]
struct Watcher {
    collector: Option<Collector>,
    all: ProfileCollector,
}

impl Lens for Watcher {
    fn look(&mut self, seen: &Seen<'_>) {
        if let Some(collector) = &mut self.collector {
            collector.observe(seen.record.bytes, &seen.outline, seen.is_valid.into());
        }
    }

    fn end(&mut self) {
        if let Some(collector) = self.collector.take() {
            self.all.0.lock().unwrap_or_else(PoisonError::into_inner).merge(collector.finish());
        }
    }
}
