//! Collects what records say about connections, for a question about them.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_reader::records::Refused;
use cloudconnexa_validator::sessions::Limits;

use super::top::FullCollector;
use crate::check::{RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::connections::{Collected, Question};

/// What all threads have collected.
#[derive(Clone, Debug)]
pub(crate) struct SharedConnections {
    total: Arc<Mutex<Option<Collected>>>,
    /// There is more than is kept.
    is_full: Arc<AtomicBool>,
}

impl SharedConnections {
    /// Collects during a run.
    pub(crate) fn register(builder: RunBuilder, question: Question, limits: Limits) -> (RunBuilder, Self) {
        let new = move || Collected::new(question, limits);
        let shared = Self { total: Arc::new(Mutex::new(Some(new()))), is_full: Arc::default() };
        let collector = FullCollector(Arc::clone(&shared.is_full));
        let total = shared.clone();
        let make = move || {
            let visitor =
                ConnectionVisitor { own: new(), question, limits, was_usable: true, total: total.clone() };
            Box::new(visitor) as Box<dyn Visitor>
        };
        (builder.collected_visitor(Box::new(make), Box::new(collector)), shared)
    }

    /// Returns what was collected, once the run has ended.
    pub(crate) fn take(&self) -> Option<Collected> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Collects on one thread.
#[derive(Debug)]
struct ConnectionVisitor {
    own: Collected,
    question: Question,
    limits: Limits,
    /// The last record was not left out.
    was_usable: bool,
    total: SharedConnections,
}

impl ConnectionVisitor {
    fn hand_over(&mut self) {
        let own = mem::replace(&mut self.own, Collected::new(self.question, self.limits));
        let mut total = self.total.total.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(total) = &mut *total {
            total.append(own);
            self.total.is_full.fetch_or(total.is_full(), Ordering::Relaxed);
        }
    }
}

impl Visitor for ConnectionVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        self.was_usable = self.own.add(record);
        if self.own.is_much() {
            self.hand_over();
        }
    }

    /// Defects of a record are reported only if they keep it out of the answer.
    fn suppresses_findings(&self) -> bool {
        self.was_usable
    }

    fn refused(&mut self, _: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.own.left_out += u64::from(refused.why.is_some());
    }

    fn finish(&mut self) {
        self.hand_over();
    }
}
