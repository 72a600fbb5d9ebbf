//! Checks the records of blocks, on one thread.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use cloudconnexa_reader::records::{Item, Record, Refused};
use cloudconnexa_reader::{Block, BlockItem, BlockVisitor, FlushFn, Output as _, Position, ReadEvent, Stage};
use cloudconnexa_report::{EventLabel, MAX_NAME_BYTES, ValidityCounts, shorten};
use cloudconnexa_validator::semantics::{StreamEvent, StreamFinding};
use cloudconnexa_validator::{Checker, FastCheck, Finding, Severity, Subject, TextKind};

use super::accept::Verdict;
use super::context::{CheckContext, CurrentInput};
use super::findings::FindingRecorder;
use super::notices::KnownNotices;
use super::origin::Origin;
use super::result::{BlockResult, Message};
use super::visitor::{VisitedInput, VisitedRecord, Visitor};

/// The rule for records over the limit. Only its finding shows that there was a record.
const TOO_LONG: &str = "too-long";

/// The name of standard input.
const STDIN: &str = "<stdin>";

/// Results with more text than this are merged before their block is done.
const FLUSH_BYTES: usize = 1 << 20;

/// Checks one block after another, in the order of the inputs, though others may check those in between.
#[derive(Debug)]
pub(super) struct RecordChecker {
    pub(super) context: Arc<CheckContext>,
    pub(super) checker: Checker<'static>,
    pub(super) visitors: Vec<Box<dyn Visitor>>,
    pub(super) needs_fields: bool,
    pub(super) needs_view: bool,
    pub(super) input: CurrentInput,
    /// The kind of text that the input is, if it is not JSON.
    text_kind: Option<TextKind>,
    pub(super) findings: FindingRecorder,
    pub(super) notices: KnownNotices,
}

impl RecordChecker {
    pub(super) fn new(context: &Arc<CheckContext>) -> Self {
        Self::with_visitors(context, context.visitors.make())
    }

    /// A checker for findings of rules about several records, which checks no records itself.
    pub(super) fn without_visitors(context: &Arc<CheckContext>) -> Self {
        Self::with_visitors(context, Vec::new())
    }

    fn with_visitors(context: &Arc<CheckContext>, visitors: Vec<Box<dyn Visitor>>) -> Self {
        let needs_fields = visitors.iter().any(|visitor| visitor.needs_fields());
        let needs_view = visitors.iter().any(|visitor| visitor.needs_view());
        Self {
            context: Arc::clone(context),
            checker: context.validator.checker(),
            needs_fields,
            needs_view,
            visitors,
            input: CurrentInput::none(context),
            text_kind: None,
            findings: FindingRecorder::default(),
            notices: KnownNotices::default(),
        }
    }

    /// Adds a finding about several records.
    pub(super) fn raised(&mut self, raised: &StreamFinding, result: &mut BlockResult) {
        self.input.enter(&raised.input, &self.context);
        let (context, event) = (&self.context, raised.event.as_deref());
        self.findings.add_of_event(context, &self.input, None, event, &raised.finding, result);
    }

    pub(super) fn item(&mut self, item: Item<'_>, result: &mut BlockResult, flush: FlushFn<'_, BlockResult>) {
        match item {
            Item::Record(record) => {
                let verdict = self.accept(record, &Origin::Input, result);
                if verdict != Verdict::Accepted && !self.check_parts(record, result, flush) {
                    self.explain(record, &Origin::Input, verdict, result);
                }
            }
            Item::Fault(span, fault) => self.finding_between(&Finding::framing(span, fault), result),
            Item::Refused(refused) => {
                if let Some((span, fault)) = refused.why {
                    self.finding_between(&Finding::framing(span, fault), result);
                }
                self.refused(&refused);
            }
            Item::Between(length) => self.between(length),
        }
        self.flush_if_heavy(result, flush);
    }

    /// Has results merged before their block is done, if they are large.
    pub(super) fn flush_if_heavy(&mut self, result: &mut BlockResult, flush: FlushFn<'_, BlockResult>) {
        let weight = self.visitors.iter().map(|visitor| visitor.weight()).sum::<usize>();
        if result.weight + weight >= FLUSH_BYTES {
            self.take_parts(result);
            flush(result);
        }
    }

    fn refused(&mut self, refused: &Refused<'_>) {
        let input = visited(&self.input, &self.context);
        self.visitors.iter_mut().for_each(|visitor| visitor.refused(&input, refused));
    }

    pub(super) fn between(&mut self, bytes: u64) {
        self.visitors.iter_mut().for_each(|visitor| visitor.between(bytes));
    }

    fn pass_through(&mut self, bytes: &[u8], raw_bytes: u64, is_end: bool) {
        self.visitors.iter_mut().for_each(|visitor| visitor.pass_through(bytes, raw_bytes, is_end));
    }

    /// Moves what visitors have collected to the result.
    fn take_parts(&mut self, result: &mut BlockResult) {
        for (index, visitor) in self.visitors.iter_mut().enumerate() {
            // If one thread reads a whole input, all of its blocks share one result.
            result.weight += visitor.weight();
            result.parts.extend(visitor.take_part().map(|part| (index, part)));
        }
    }

    /// Adds the finding that the current input is empty. Standard input may be: without `-`, an empty pipe is an error.
    fn empty_input(&mut self, result: &mut BlockResult) {
        if &*self.input.name == STDIN {
            return;
        }
        let (finding, context) = (Finding::empty_input(), &self.context);
        let Some(levels) = &context.empty_levels else {
            self.findings.add(context, &self.input, None, &finding, result);
            return;
        };
        let levels = levels.of(&context.levels_root.path(&self.input.name));
        if let Some(severity) = levels.severity(finding.rule(), None) {
            result.push(Message::Empty { input: Arc::clone(&self.input.name), severity });
        }
    }

    /// Adds a finding about bytes outside of records.
    pub(super) fn finding_between(&mut self, finding: &Finding, result: &mut BlockResult) {
        if finding.rule().id == TOO_LONG {
            result.counts.add_events(EventLabel::Missing, ValidityCounts::one(false));
        }
        self.findings.add(&self.context, &self.input, None, finding, result);
    }

    pub(super) fn record(&mut self, record: Record<'_>, origin: &Origin<'_>, result: &mut BlockResult) {
        let verdict = self.accept(record, origin, result);
        if verdict != Verdict::Accepted {
            self.explain(record, origin, verdict, result);
        }
    }

    /// Checks a record by all tiers and rules, and reports what they find.
    pub(super) fn explain(
        &mut self,
        record: Record<'_>,
        origin: &Origin<'_>,
        verdict: Verdict,
        result: &mut BlockResult,
    ) {
        let (position, validator) = (origin.check_position(&record), self.context.validator);
        let mut report = match verdict {
            Verdict::Proven => validator.check_proven(record.bytes, position),
            _ => validator.check_within(record.bytes, position, self.text_kind),
        };
        let subject = report.subject.clone();
        let shortened = subject.name().map(|name| match &subject {
            Subject::Unknown(name) => shorten(name, MAX_NAME_BYTES),
            _ => Cow::Borrowed(name),
        });
        let event = shortened.as_deref();
        let label = match (&subject, event) {
            (Subject::Known(event), _) => EventLabel::Known(event.name),
            (_, Some(name)) => EventLabel::Unknown(name),
            (_, None) => EventLabel::Missing,
        };
        let (beyond, step) = self.beyond_schema(record, origin, event);
        let is_schema_only = beyond.is_empty();
        if !is_schema_only {
            report.findings.extend(beyond);
            report.findings.sort_by_key(|finding| (finding.span().start.offset, Reverse(finding.severity())));
        }
        report.findings.iter_mut().for_each(|finding| origin.relocate(finding));
        let severities = report.findings.iter();
        let worst = severities.filter_map(|finding| self.input.levels.severity(finding.rule(), event)).max();
        let is_valid = worst < Some(Severity::Error);
        result.counts.add_events(label, ValidityCounts::one(is_valid));
        let mut is_reported = true;
        if !self.visitors.is_empty() {
            let outline = if self.needs_fields { self.checker.outline(record.bytes) } else { None };
            let input = visited(&self.input, &self.context);
            let report = Some((&report, event));
            let view = None;
            let visited =
                VisitedRecord { input, record, origin, outline, view, is_valid, notices: &[], report };
            for visitor in &mut self.visitors {
                visitor.record(&visited);
                is_reported &= !visitor.suppresses_findings();
            }
        }
        if is_reported {
            result.counts.findings_left_out += report.left_out as u64;
            for finding in &report.findings {
                self.findings.add(
                    &self.context,
                    &self.input,
                    Some((origin.shown(record), event)),
                    finding,
                    result,
                );
            }
        }
        if let Some(step) = step {
            result.push_step(&self.input.name, step);
        }
        if is_schema_only
            && verdict == Verdict::Proven
            && let FastCheck::Valid(accepted) = self.checker.fast_check(record.bytes)
        {
            self.notices.remember(&self.input, &accepted, &report.findings, event, record.bytes);
        }
    }

    /// Returns the findings of rules beyond the schema, and the part of the record that rules about several records need.
    fn beyond_schema(
        &mut self,
        record: Record<'_>,
        origin: &Origin<'_>,
        event: Option<&str>,
    ) -> (Vec<Finding>, Option<StreamEvent>) {
        let Some(semantics) = &self.context.semantics else { return (Vec::new(), None) };
        let Some(outline) = self.checker.outline(record.bytes) else { return (Vec::new(), None) };
        let (levels, at) = (&self.input.levels, origin.check_position(&record));
        let findings = semantics.check(&outline, at, |rule| levels.severity(rule, event).is_some());
        let step = self.context.is_stateful.then(|| origin.relocated(semantics.stream_event(&outline, at)));
        (findings, step)
    }

    /// Takes the last item of a truncated input: a record that is invalid may be the first part of a valid one.
    pub(super) fn cut_off_item(
        &mut self,
        item: Item<'_>,
        result: &mut BlockResult,
        flush: FlushFn<'_, BlockResult>,
    ) {
        let record = match &item {
            Item::Record(record) => *record,
            Item::Refused(refused) => return self.refused(refused),
            Item::Between(length) => return self.between(*length),
            Item::Fault(..) => return,
        };
        if self.context.validator.check(record.bytes, record.at).is_valid() || self.is_whole_wrapper(record) {
            return self.item_or_wrapper(item, result, flush);
        }
        let input = visited(&self.input, &self.context);
        self.visitors.iter_mut().for_each(|visitor| visitor.unfinished_record(&input, &record));
        let (line, column) = (record.at.line, record.at.column);
        result.push(Message::Note(format!(
            "the input breaks off within the event at {}:{line}:{column}, which is not checked",
            self.input.name
        )));
    }
}

/// Has records of a block checked.
struct BlockChecker<'a, 'f> {
    checker: &'a mut RecordChecker,
    result: &'a mut BlockResult,
    flush: FlushFn<'f, BlockResult>,
}

impl BlockVisitor for BlockChecker<'_, '_> {
    fn line(&mut self, text: &[u8], at: Position) -> Option<usize> {
        let len = self.checker.accept_line(text, at, self.result)?;
        self.checker.flush_if_heavy(self.result, self.flush);
        Some(len)
    }

    fn item(&mut self, item: BlockItem<'_>, is_cut_off: bool) {
        let Self { checker, result, flush } = self;
        match item {
            BlockItem::Item(item) if is_cut_off => checker.cut_off_item(item, result, flush),
            BlockItem::Item(item) if checker.context.unwrapper.is_some() => {
                checker.item_or_wrapper(item, result, flush);
            }
            BlockItem::Item(item) => checker.item(item, result, flush),
            BlockItem::PassThrough { bytes, raw_bytes, is_end } => {
                checker.pass_through(bytes, raw_bytes, is_end);
            }
        }
    }
}

impl Stage for RecordChecker {
    type Output = BlockResult;

    // The merging thread is woken half as often as with one, in as much memory.
    const BLOCKS: usize = 2;

    fn block(&mut self, block: Block, result: &mut BlockResult, flush: FlushFn<'_, BlockResult>) -> Vec<u8> {
        self.input.enter(block.input(), &self.context);
        self.text_kind = block.head().and_then(TextKind::of_input);
        result.input = Some(Arc::clone(&self.input.name));
        let buf = block.visit_lines(&mut BlockChecker { checker: self, result, flush });
        self.take_parts(result);
        buf
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent, result: &mut BlockResult) {
        if matches!(&event, ReadEvent::End(end) if end.is_empty) {
            self.input.enter(input, &self.context);
            self.empty_input(result);
        }
        result.event(input, event);
    }
}

impl Drop for RecordChecker {
    fn drop(&mut self) {
        self.visitors.iter_mut().for_each(|visitor| visitor.finish());
    }
}

pub(super) fn visited<'a>(input: &'a CurrentInput, context: &CheckContext) -> VisitedInput<'a> {
    VisitedInput { name: &input.full_name, levels: &input.levels, validator: context.validator }
}
