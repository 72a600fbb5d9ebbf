//! Collects the events that match a filter, or fields of them, in the order of the inputs.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use cloudconnexa_reader::records::Refused;
use cloudconnexa_report::sessions::FormulaGuard;
use cloudconnexa_report::table::{Cell, Columns};

use crate::args::TableFormat;
use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::data_output::DataOutput;
use crate::filter::{EventFields, EventFilter, Field, LookedAt, Missed};
use crate::record_lines::{push_record, push_wrapped};

/// Which events are found, and how they are written.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) filter: EventFilter,
    pub(crate) form: FoundForm,
    /// How many events are wanted.
    pub(crate) head: Option<u64>,
}

/// What is written of an event.
#[derive(Debug)]
pub(crate) enum FoundForm {
    /// All of it, byte for byte.
    Event,
    Fields(FieldForm),
    /// Nothing: it is only counted.
    Counted,
}

/// The fields of events that are written, and how.
#[derive(Debug)]
pub(crate) struct FieldForm {
    pub(crate) fields: Vec<Field>,
    pub(crate) columns: Columns,
    pub(crate) format: TableFormat,
    pub(crate) guard: FormulaGuard,
    pub(crate) is_masked: bool,
}

/// The events of a run that were found, and where they go.
#[derive(Debug)]
pub(crate) struct FoundEvents {
    pub(crate) output: DataOutput,
    /// How many were found.
    pub(crate) count: u64,
    pub(crate) looked_at: LookedAt,
    pub(crate) missed: Missed,
    head: Option<u64>,
}

/// The events of a part of the inputs that were found.
#[derive(Debug, Default)]
struct FoundPart {
    text: Vec<u8>,
    /// The length of `text` after each event, if only some events are wanted.
    ends: Vec<usize>,
    count: u64,
    looked_at: LookedAt,
    missed: Missed,
}

impl FoundEvents {
    pub(crate) fn new(output: DataOutput, head: Option<u64>) -> Self {
        Self { output, count: 0, looked_at: LookedAt::default(), missed: Missed::default(), head }
    }

    /// Whether as many as wanted were found, so that the rest was not read.
    pub(crate) fn has_enough(&self) -> bool {
        self.head.is_some_and(|head| self.count >= head)
    }

    fn add(&mut self, part: FoundPart) {
        let mut text = &*part.text;
        let mut count = part.count;
        if let Some(head) = self.head
            && self.count + count >= head
        {
            count = head - self.count;
            let end = usize::try_from(count).ok().and_then(|count| part.ends.get(count.checked_sub(1)?));
            text = &text[..end.copied().unwrap_or(0)];
        }
        self.count += count;
        self.looked_at.add(part.looked_at);
        self.missed.merge(part.missed);
        self.output.append(text);
    }
}

/// Looks for events during a run.
pub(crate) fn register(
    builder: RunBuilder,
    search: Arc<Search>,
    found: &Rc<RefCell<FoundEvents>>,
) -> RunBuilder {
    let make = move || {
        let part = FoundPart::default();
        Box::new(FindVisitor { search: Arc::clone(&search), part, missed: Missed::default() })
            as Box<dyn Visitor>
    };
    builder.collected_visitor(Box::new(make), Box::new(FoundCollector(Rc::clone(found))))
}

#[derive(Debug)]
struct FindVisitor {
    search: Arc<Search>,
    part: FoundPart,
    /// The records of the part that did not match, until one does on this thread.
    missed: Missed,
}

impl Visitor for FindVisitor {
    fn record(&mut self, record: &VisitedRecord<'_>) {
        let part = &mut self.part;
        // More than that is wanted of no part.
        if self.search.head.is_some_and(|head| part.count >= head) {
            return;
        }
        let is_wanted = self.search.filter.matches(record, &mut self.missed);
        part.looked_at.count(record, is_wanted);
        if !is_wanted {
            return;
        }
        part.count += 1;
        match &self.search.form {
            FoundForm::Event => {
                if record.origin.is_wrapped() {
                    push_wrapped(&mut part.text, record.record.bytes);
                } else {
                    push_record(&mut part.text, &record.record);
                }
            }
            FoundForm::Fields(form) => form.write(record, &mut part.text),
            FoundForm::Counted => {}
        }
        if self.search.head.is_some() {
            part.ends.push(part.text.len());
        }
    }

    /// What is wrong with events is for `ccxlog validate` to say.
    fn suppresses_findings(&self) -> bool {
        true
    }

    fn refused(&mut self, _: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.part.looked_at.count_refused(refused);
    }

    fn take_part(&mut self) -> Option<Part> {
        let missed = self.missed.take();
        Some(Box::new(FoundPart { missed, ..std::mem::take(&mut self.part) }))
    }

    fn weight(&self) -> usize {
        self.part.text.len()
    }
}

impl FieldForm {
    fn write(&self, record: &VisitedRecord<'_>, text: &mut Vec<u8>) {
        let event = record.outline.as_ref().map(EventFields::new);
        let cells = self.fields.iter().map(|field| {
            let value = event.as_ref().and_then(|event| field.value(event));
            let cell = value.map_or(Cell::Missing, Cell::from);
            if self.is_masked { field.mask(cell) } else { cell }
        });
        let written = match self.format {
            TableFormat::Jsonl => self.columns.write_json(text, cells),
            TableFormat::Csv => self.columns.write_csv(text, cells, self.guard),
        };
        written.expect("a buffer takes what is written");
    }
}

struct FoundCollector(Rc<RefCell<FoundEvents>>);

impl Collector for FoundCollector {
    fn collect(&mut self, part: Part) {
        if let Ok(part) = part.downcast::<FoundPart>() {
            let mut found = self.0.borrow_mut();
            if !found.has_enough() {
                found.add(*part);
            }
        }
    }

    fn has_failed(&self) -> bool {
        let found = self.0.borrow();
        found.output.has_failed() || found.has_enough()
    }
}
