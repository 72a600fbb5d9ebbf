//! Checks the events inside records, as if they stood alone.

use cloudconnexa_reader::FlushFn;
use cloudconnexa_reader::records::{Item, Record};
use cloudconnexa_validator::Finding;
use cloudconnexa_validator::unwrap::{Unwrapped, Unwrapper};

use super::accept::Verdict;
use super::checker::{RecordChecker, visited};
use super::origin::Origin;
use super::result::BlockResult;

impl RecordChecker {
    /// Takes an item of an input whose records may wrap events.
    pub(super) fn item_or_wrapper(
        &mut self,
        item: Item<'_>,
        result: &mut BlockResult,
        flush: FlushFn<'_, BlockResult>,
    ) {
        match item {
            Item::Record(record) => self.record_or_wrapper(record, result, flush),
            other => self.item(other, result, flush),
        }
    }

    fn record_or_wrapper(
        &mut self,
        record: Record<'_>,
        result: &mut BlockResult,
        flush: FlushFn<'_, BlockResult>,
    ) {
        let is_automatic = self.context.unwrapper.as_ref().is_none_or(Unwrapper::is_automatic);
        // An event is not looked into, unless somebody says where in it another one is.
        if is_automatic && self.accept(record, &Origin::Input, result) == Verdict::Accepted {
            return self.flush_if_heavy(result, flush);
        }
        let Some(unwrapped) = self.unwrapped(record) else {
            return self.item(Item::Record(record), result, flush);
        };
        let mut events = 0;
        for part in unwrapped.parts() {
            if let Some(fault) = part.fault() {
                let finding = Finding::framing(part.span(0..part.bytes().len()), fault);
                self.findings.add(&self.context, &self.input, None, &finding, result);
                let input = visited(&self.input, &self.context);
                self.visitors.iter_mut().for_each(|visitor| visitor.wrapped_fault(&input, &finding));
            } else {
                let at = part.position();
                self.record(
                    Record::alone(part.bytes(), at),
                    &Origin::Wrapped { outer: record, part },
                    result,
                );
                events += 1;
            }
            self.flush_if_heavy(result, flush);
        }
        result.counts.unwrapped.add(events);
        let input = visited(&self.input, &self.context);
        self.visitors.iter_mut().for_each(|visitor| visitor.wrapped(&input, &record));
        self.flush_if_heavy(result, flush);
    }

    /// Whether the events of a record that wraps some are all there, though the input breaks off after it.
    pub(super) fn is_whole_wrapper(&self, record: Record<'_>) -> bool {
        let is_valid = |unwrapped: &Unwrapped<'_>| {
            unwrapped
                .parts()
                .all(|part| part.fault().is_none() && self.context.validator.is_valid(part.bytes()))
        };
        self.unwrapped(record).is_some_and(|unwrapped| unwrapped.is_complete() || is_valid(&unwrapped))
    }

    fn unwrapped<'r>(&self, record: Record<'r>) -> Option<Unwrapped<'r>> {
        let unwrapped = self.context.unwrapper.as_ref()?.unwrap(record.bytes, record.at)?;
        let is_itself = unwrapped.is_ambiguous() && self.context.validator.is_valid(record.bytes);
        (!is_itself).then_some(unwrapped)
    }
}
