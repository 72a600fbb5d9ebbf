//! Collects what records say about sessions, for the table of sessions.

use std::cell::RefCell;
use std::rc::Rc;

use cloudconnexa_reader::records::Refused;
use cloudconnexa_validator::sessions::SessionEvent;

use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::table::{SessionEvents, SessionTable};

/// About how many bytes an event of a session takes.
const EVENT_BYTES: usize = 1024;

/// Joins the session events of a run in `table`.
pub(crate) fn register(builder: RunBuilder, table: &Rc<RefCell<SessionTable>>) -> RunBuilder {
    let make = || Box::<SessionVisitor>::default() as Box<dyn Visitor>;
    builder.collected_visitor(Box::new(make), Box::new(TableCollector(Rc::clone(table))))
}

#[derive(Debug, Default)]
struct SessionVisitor {
    events: SessionEvents,
    /// The last record was not left out.
    was_usable: bool,
}

impl Visitor for SessionVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        let is_named = record.outline.as_ref().is_some_and(|outline| outline.name().is_some());
        let event = record.outline.as_ref().and_then(|outline| SessionEvent::read(outline, record.is_valid));
        self.was_usable = true;
        match event {
            // It is about something else.
            None if is_named => {}
            Some(Ok(event)) => {
                self.events.invalid += u64::from(!event.is_valid);
                self.events.events.push(event);
            }
            _ => {
                self.events.left_out += 1;
                self.was_usable = false;
            }
        }
    }

    /// Defects of a record are reported only if they keep it out of the table.
    fn suppresses_findings(&self) -> bool {
        self.was_usable
    }

    fn refused(&mut self, _: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.events.left_out += u64::from(refused.why.is_some());
    }

    fn take_part(&mut self) -> Option<Part> {
        Some(Box::new(std::mem::take(&mut self.events)))
    }

    fn weight(&self) -> usize {
        self.events.events.len() * EVENT_BYTES
    }
}

struct TableCollector(Rc<RefCell<SessionTable>>);

impl Collector for TableCollector {
    fn collect(&mut self, part: Part) {
        if let Ok(events) = part.downcast::<SessionEvents>() {
            self.0.borrow_mut().add(*events);
        }
    }

    fn has_failed(&self) -> bool {
        self.0.borrow().has_failed()
    }
}
