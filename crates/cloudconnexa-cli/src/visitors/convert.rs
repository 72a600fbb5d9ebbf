//! Converts the valid events of a run, and collects the rejected records.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use cloudconnexa_reader::records::{Record, Refused};
use cloudconnexa_validator::{Checker, EventView, Finding};

use super::split::WrappedEvents;
use crate::check::{Collector, Part, RunBuilder, VisitedInput, VisitedRecord, Visitor};
use crate::convert::{ConvertOutputs, Converted, Form, Rows, RowsPart};
use crate::split_outputs::Partition;

/// The format, and the events that are selected.
#[derive(Debug)]
pub(crate) struct Conversion {
    pub(crate) form: Form,
    /// The names of the selected events; empty for all.
    pub(crate) names: Vec<String>,
}

/// Converts the events of a run.
pub(crate) fn register(
    builder: RunBuilder,
    conversion: Arc<Conversion>,
    outputs: &Rc<RefCell<ConvertOutputs>>,
) -> RunBuilder {
    let make = move || {
        Box::new(ConvertVisitor {
            rows: conversion.form.rows(),
            conversion: Arc::clone(&conversion),
            partition: Partition::default(),
            converted: Converted::default(),
            wrapped: WrappedEvents::default(),
            checker: None,
        }) as Box<dyn Visitor>
    };
    builder.collected_visitor(Box::new(make), Box::new(OutputCollector(Rc::clone(outputs))))
}

#[derive(Debug)]
struct ConvertVisitor {
    conversion: Arc<Conversion>,
    rows: Rows,
    /// The rejected records, and the bytes of all.
    partition: Partition,
    converted: Converted,
    wrapped: WrappedEvents,
    /// Checks the events of records that wrap them again, once it is known that none of them is invalid.
    checker: Option<Checker<'static>>,
}

/// The converted events and rejected records of a part of the inputs.
struct ConvertedPart {
    rows: RowsPart,
    rejected: Vec<u8>,
    converted: Converted,
}

impl ConvertVisitor {
    fn convert(&mut self, event: &EventView<'_>) {
        let names = &self.conversion.names;
        if !names.is_empty() && !names.iter().any(|name| *name == event.name()) {
            self.converted.left_out += 1;
            return;
        }
        self.converted.unknown_events += u64::from(event.event().is_none());
        self.converted.with_unknown_fields += u64::from(event.unknown_fields().next().is_some());
        self.converted.rows += 1;
        self.rows.push(event);
    }
}

impl Visitor for ConvertVisitor {
    fn needs_fields(&self) -> bool {
        false
    }

    fn needs_view(&self) -> bool {
        true
    }

    fn record(&mut self, record: &VisitedRecord<'_>) {
        let is_wrapped = record.origin.is_wrapped();
        match &record.view {
            Some(_) if record.is_valid && is_wrapped => self.wrapped.accept(record.record.bytes),
            Some(event) if record.is_valid => {
                self.partition.count_accepted(&record.record, 1);
                self.convert(event);
            }
            _ => record.with_reasons(|reasons| {
                if is_wrapped {
                    self.wrapped.reject(reasons);
                } else {
                    self.partition.reject_record(record.input.name, &record.record, reasons, 0);
                }
            }),
        }
    }

    fn wrapped_fault(&mut self, input: &VisitedInput<'_>, finding: &Finding) {
        self.wrapped.reject(input.reason(finding, None).as_slice());
    }

    fn wrapped(&mut self, input: &VisitedInput<'_>, record: &Record<'_>) {
        let wrapped = std::mem::take(&mut self.wrapped);
        let Some((lines, events)) = wrapped.finish(input, record, &mut self.partition) else { return };
        self.partition.count_accepted(record, events);
        let mut checker = self.checker.take().unwrap_or_else(|| input.checker());
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match checker.view(line) {
                Some(event) => self.convert(&event),
                None => debug_assert!(false, "it was valid"),
            }
        }
        self.checker = Some(checker);
    }

    fn unfinished_record(&mut self, input: &VisitedInput<'_>, record: &Record<'_>) {
        self.partition.reject_record(input.name, record, &[], 0);
    }

    fn refused(&mut self, input: &VisitedInput<'_>, refused: &Refused<'_>) {
        self.partition.refuse(input, refused);
    }

    fn between(&mut self, bytes: u64) {
        self.partition.counts.between += bytes;
    }

    fn take_part(&mut self) -> Option<Part> {
        let Partition { rejected, counts, .. } = std::mem::take(&mut self.partition);
        let converted = Converted { records: counts, ..std::mem::take(&mut self.converted) };
        Some(Box::new(ConvertedPart { rows: self.rows.take(), rejected, converted }))
    }

    fn weight(&self) -> usize {
        self.rows.weight() + self.partition.rejected.len()
    }
}

struct OutputCollector(Rc<RefCell<ConvertOutputs>>);

impl Collector for OutputCollector {
    fn collect(&mut self, part: Part) {
        if let Ok(part) = part.downcast::<ConvertedPart>() {
            let ConvertedPart { rows, rejected, converted } = *part;
            self.0.borrow_mut().add(rows, &rejected, converted);
        }
    }

    fn has_failed(&self) -> bool {
        self.0.borrow().has_failed()
    }
}
