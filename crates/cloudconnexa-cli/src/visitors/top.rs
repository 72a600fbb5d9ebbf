//! Counts the events that match a filter by the values of their fields.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_reader::records::Refused;

use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::filter::{EventFilter, LookedAt, Missed};
use crate::top::{Grouping, Groups, LeftOut};

/// A thread hands over its groups when it has this many, …
const MAX_OWN_GROUPS: usize = 1 << 12;

/// … or their values take this many bytes, so that memory does not depend on the number of threads.
const MAX_OWN_BYTES: usize = 1 << 20;

/// What is counted, and how.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) filter: EventFilter,
    pub(crate) grouping: Grouping,
}

/// The counts of all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedCounts {
    total: Arc<Mutex<Counted>>,
    /// There are more groups than may be counted.
    is_full: Arc<AtomicBool>,
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) groups: Groups,
    pub(crate) left_out: LeftOut,
    pub(crate) looked_at: LookedAt,
    pub(crate) missed: Missed,
}

impl SharedCounts {
    /// Counts events during a run.
    pub(crate) fn register(builder: RunBuilder, count: Arc<Count>) -> (RunBuilder, Self) {
        let shared = Self::default();
        let collector = FullCollector(Arc::clone(&shared.is_full));
        let total = shared.clone();
        let make = move || {
            Box::new(TopVisitor {
                count: Arc::clone(&count),
                own: Counted::default(),
                key: Vec::new(),
                total: total.clone(),
            }) as Box<dyn Visitor>
        };
        (builder.collected_visitor(Box::new(make), Box::new(collector)), shared)
    }

    /// Returns what was counted, once the run has ended. `None` if there are too many groups.
    pub(crate) fn take(&self) -> Option<Counted> {
        let total = mem::take(&mut *self.total.lock().unwrap_or_else(PoisonError::into_inner));
        (!self.is_full.load(Ordering::Relaxed)).then_some(total)
    }
}

/// Counts on one thread.
#[derive(Debug)]
struct TopVisitor {
    count: Arc<Count>,
    own: Counted,
    /// The key of the last event, for its memory.
    key: Vec<u8>,
    total: SharedCounts,
}

impl TopVisitor {
    fn hand_over(&mut self) {
        let missed = self.own.missed.take();
        let own = Counted { missed, ..mem::take(&mut self.own) };
        let mut total = self.total.total.lock().unwrap_or_else(PoisonError::into_inner);
        total.left_out.add(own.left_out);
        total.looked_at.add(own.looked_at);
        total.missed.merge(own.missed);
        if !total.groups.merge(own.groups, self.count.grouping.max_groups) {
            self.total.is_full.store(true, Ordering::Relaxed);
        }
    }
}

impl Visitor for TopVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        let Self { count, own, key, .. } = self;
        own.looked_at.count(record, false);
        if !count.filter.matches(record, &mut own.missed) {
            return;
        }
        let Some(outline) = &record.outline else { return };
        count.grouping.add(outline, key, &mut own.groups, &mut own.left_out);
        if own.groups.len() >= MAX_OWN_GROUPS || own.groups.key_bytes() >= MAX_OWN_BYTES {
            self.hand_over();
        }
    }

    /// What is wrong with events is for `ccxlog validate` to say.
    fn suppresses_findings(&self) -> bool {
        true
    }

    fn refused(&mut self, _: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.own.looked_at.count_refused(refused);
    }

    fn finish(&mut self) {
        self.hand_over();
    }
}

/// Ends the run once there is too much to count. Counts reach the total without it, as they are the same in any order.
pub(super) struct FullCollector(pub(super) Arc<AtomicBool>);

impl Collector for FullCollector {
    fn collect(&mut self, _: Part) {}

    fn has_failed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
