//! Counts coverage on the way of the records through a run.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_validator::coverage::Coverage;

use crate::run::{Lens, Seen};

/// What all threads have counted that are done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<Coverage>>);

/// What one of them counts.
#[derive(Debug)]
struct Counting {
    own: Coverage,
    all: Arc<Mutex<Coverage>>,
}

impl Counter {
    /// Makes the lenses of threads.
    pub(crate) fn lens(&self) -> impl Fn() -> Box<dyn Lens> + Send + Sync + 'static {
        let all = Arc::clone(&self.0);
        move || Box::new(Counting { own: Coverage::default(), all: Arc::clone(&all) })
    }

    /// What was counted, once the run is over.
    pub(crate) fn take(&self) -> Coverage {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lens for Counting {
    fn look(&mut self, seen: &Seen<'_>) {
        if seen.is_valid {
            self.own.count(&seen.outline);
        }
    }

    fn end(&mut self) {
        let own = mem::take(&mut self.own);
        self.all.lock().unwrap_or_else(PoisonError::into_inner).merge(&own);
    }
}
