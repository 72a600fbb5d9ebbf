//! Reads the events at the start and the end of sessions from records.

use std::sync::Arc;

use cloudconnexa_reader::records::Item;
use cloudconnexa_validator::sessions::SessionEvent;
use cloudconnexa_validator::{Checker, FastCheck};

use crate::VALIDATOR;
use crate::job::Collector;
use crate::stream::SharedCounts;

/// Reads session events of records.
pub(crate) struct SessionEventReader(Checker<'static>);

impl Default for SessionEventReader {
    fn default() -> Self {
        Self(VALIDATOR.checker())
    }
}

/// What a record is to sessions.
pub(crate) enum Found {
    Event(Box<SessionEvent>),
    /// A record of another event.
    Other,
    /// A record that is not readable, or does not say which session it is about.
    Unusable,
}

impl SessionEventReader {
    pub(crate) fn read(&mut self, record: &[u8]) -> Found {
        if let FastCheck::Valid(accepted) = self.0.fast_check_with_outline(record) {
            let event = accepted.outline(record).and_then(|outline| SessionEvent::read(&outline, true));
            return found(event, true);
        }
        // Without the fast tier, which has left it undecided.
        let is_valid = VALIDATOR.is_valid(record);
        let Some(outline) = self.0.outline(record) else { return Found::Unusable };
        found(SessionEvent::read(&outline, is_valid), outline.name().is_some())
    }
}

fn found<E>(event: Option<Result<SessionEvent, E>>, is_named: bool) -> Found {
    match event {
        Some(Ok(event)) => Found::Event(Box::new(event)),
        None if is_named => Found::Other,
        _ => Found::Unusable,
    }
}

/// Whether the records of events are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Records {
    Kept,
    Dropped,
}

/// Session events of a part of the inputs.
#[derive(Default)]
pub(crate) struct SessionEvents {
    /// Each with its record, which is empty unless records are kept.
    pub(crate) events: Vec<(Box<SessionEvent>, Vec<u8>)>,
    /// About how many bytes the events take.
    bytes: usize,
    /// Records that are not about sessions, and those that do not say which session they are about.
    others: u64,
    unusable: u64,
}

impl SessionEvents {
    /// Adds the records to the counts of a stream.
    pub(crate) fn count(&self, counts: &SharedCounts) {
        counts.add(self.events.len() as u64, self.unusable, self.others);
    }
}

/// Collects session events.
pub(crate) struct EventCollector {
    reader: SessionEventReader,
    records: Records,
    part: SessionEvents,
}

impl EventCollector {
    pub(crate) fn new(records: Records) -> Self {
        Self { reader: SessionEventReader::default(), records, part: SessionEvents::default() }
    }
}

impl Collector for EventCollector {
    type Part = SessionEvents;

    fn enter(&mut self, _: &Arc<str>, _: Option<&[u8]>) {}

    fn item(&mut self, item: Item<'_>, _: bool) {
        match item {
            Item::Record(record) => match self.reader.read(record.bytes) {
                Found::Event(event) => {
                    let kept = if self.records == Records::Kept { record.bytes.to_vec() } else { Vec::new() };
                    self.part.bytes += record.bytes.len() + kept.len();
                    self.part.events.push((event, kept));
                }
                Found::Other => self.part.others += 1,
                Found::Unusable => self.part.unusable += 1,
            },
            Item::Refused(refused) => self.part.unusable += u64::from(refused.why.is_some()),
            _ => {}
        }
    }

    fn weight(&self) -> usize {
        self.part.bytes
    }

    fn take(&mut self) -> SessionEvents {
        std::mem::take(&mut self.part)
    }
}
