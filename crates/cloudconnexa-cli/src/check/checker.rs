//! Checks the records of blocks, on one thread.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use cloudconnexa_reader::records::{Item, Record, Refused};
use cloudconnexa_reader::{Block, BlockItem, FlushFn, Output as _, ReadEvent, Stage};
use cloudconnexa_report::{EventLabel, MAX_NAME_BYTES, ValidityCounts, shorten};
use cloudconnexa_validator::semantics::{StreamEvent, StreamFinding};
use cloudconnexa_validator::{Accepted, Checker, FastCheck, Finding, Severity, Subject, TextKind};

use super::context::{CheckContext, CurrentInput};
use super::findings::FindingRecorder;
use super::notices::{KnownNotices, NoticeScope};
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
    needs_fields: bool,
    needs_view: bool,
    pub(super) input: CurrentInput,
    /// The kind of text that the input is, if it is not JSON.
    text_kind: Option<TextKind>,
    pub(super) findings: FindingRecorder,
    notices: KnownNotices,
}

/// The result of the fast tier for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is valid and counted; nothing is left to do.
    Accepted,
    /// It is valid, but has warnings or notes to report.
    Proven,
    /// It may be valid or not.
    Undecided,
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

    /// Accepts a record that the fast tier proves valid, unless it has something new to report.
    pub(super) fn accept(
        &mut self,
        record: Record<'_>,
        origin: &Origin<'_>,
        result: &mut BlockResult,
    ) -> Verdict {
        if self.needs_view {
            return self.accept_view(record, origin, result);
        }
        let checked = if !self.needs_fields && self.context.semantics.is_none() {
            self.checker.fast_check(record.bytes)
        } else {
            self.checker.fast_check_with_outline(record.bytes)
        };
        let FastCheck::Valid(accepted) = checked else { return Verdict::Undecided };
        if !follows_rules(&self.context, &self.input, &accepted, record) {
            return Verdict::Proven;
        }
        let scope = NoticeScope {
            context: &self.context,
            input: &self.input,
            origin,
            kinds_listed: self.findings.kinds_listed(),
        };
        let Some(severity) = self.notices.count(scope, &accepted, record, result) else {
            return Verdict::Proven;
        };
        let is_valid = severity < Some(Severity::Error);
        let validity = ValidityCounts::one(is_valid);
        if let Some(event) = accepted.event() {
            result.counts.add_events(EventLabel::Known(event.name), validity);
        } else {
            let name = String::from_utf8_lossy(&record.bytes[accepted.name()]);
            result.counts.add_events(EventLabel::Unknown(&shorten(&name, MAX_NAME_BYTES)), validity);
        }
        if self.visitors.is_empty() && !self.context.is_stateful {
            return Verdict::Accepted;
        }
        let outline = accepted.outline(record.bytes);
        if let (Some(semantics), Some(outline)) = (&self.context.semantics, &outline)
            && self.context.is_stateful
        {
            let step = semantics.stream_event(outline, origin.check_position(&record));
            result.push_step(&self.input.name, origin.relocated(step));
        }
        let input = visited(&self.input, &self.context);
        let visited = VisitedRecord {
            input,
            record,
            origin,
            outline,
            view: None,
            is_valid,
            notices: accepted.notices(),
            report: None,
        };
        self.visitors.iter_mut().for_each(|visitor| visitor.record(&visited));
        Verdict::Accepted
    }

    /// Accepts a record that is valid, and has visitors read it in a view.
    fn accept_view(&mut self, record: Record<'_>, origin: &Origin<'_>, result: &mut BlockResult) -> Verdict {
        let Some(view) = self.checker.view(record.bytes) else { return Verdict::Undecided };
        let name = view.name();
        let label = match view.event() {
            Some(event) => EventLabel::Known(event.name),
            None => EventLabel::Unknown(&shorten(&name, MAX_NAME_BYTES)),
        };
        result.counts.add_events(label, ValidityCounts::one(true));
        let input = visited(&self.input, &self.context);
        let (view, outline) = (Some(view), None);
        let visited = VisitedRecord {
            input,
            record,
            origin,
            outline,
            view,
            is_valid: true,
            notices: &[],
            report: None,
        };
        self.visitors.iter_mut().for_each(|visitor| visitor.record(&visited));
        Verdict::Accepted
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

impl Stage for RecordChecker {
    type Output = BlockResult;

    // The merging thread is woken half as often as with one, in as much memory.
    const BLOCKS: usize = 2;

    fn block(&mut self, block: Block, result: &mut BlockResult, flush: FlushFn<'_, BlockResult>) -> Vec<u8> {
        self.input.enter(block.input(), &self.context);
        self.text_kind = block.head().and_then(TextKind::of_input);
        result.input = Some(Arc::clone(&self.input.name));
        let buf = if self.context.unwrapper.is_some() {
            block.visit(|item, is_cut_off| match item {
                BlockItem::Item(item) if is_cut_off => self.cut_off_item(item, result, flush),
                BlockItem::Item(item) => self.item_or_wrapper(item, result, flush),
                BlockItem::PassThrough { bytes, raw_bytes, is_end } => {
                    self.pass_through(bytes, raw_bytes, is_end);
                }
            })
        } else {
            block.visit(|item, is_cut_off| match item {
                BlockItem::Item(item) if is_cut_off => self.cut_off_item(item, result, flush),
                BlockItem::Item(item) => self.item(item, result, flush),
                BlockItem::PassThrough { bytes, raw_bytes, is_end } => {
                    self.pass_through(bytes, raw_bytes, is_end);
                }
            })
        };
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

/// Returns whether no rule about single records beyond the schema has a finding.
fn follows_rules(
    context: &CheckContext,
    input: &CurrentInput,
    accepted: &Accepted<'_>,
    record: Record<'_>,
) -> bool {
    let Some(semantics) = &context.semantics else { return true };
    let event = accepted.event().map(|event| event.name);
    let applies = |rule| event.is_none() || input.levels.severity(rule, event).is_some();
    accepted
        .outline(record.bytes)
        .is_none_or(|outline| semantics.check(&outline, record.at, applies).is_empty())
}
