//! Judges blocks: counts what is in them, and words what may be shown.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::records::{Item, Record, Refused, Splitter};
use cloudconnexa_validator::semantics::{Semantics, StreamEvent, StreamFinding};
use cloudconnexa_validator::sessions::{SessionEvent, Unreadable};
use cloudconnexa_validator::{
    Accepted, Checker, FastCheck, Finding, Notice, Report, Severity, Span, Subject, Validator,
};

use super::block::{Block, Content, Piece};
use super::groups::{About, Kind};
use super::lens::{Lens, Lenses, Seen};
use super::outcome::{KindShown, Listing, Outcome, Said};
use super::tally::{Fared, Name};
use crate::baseline::Baseline;
use crate::fingerprint::Fingerprint;
use crate::forge::Root;
use crate::levels::{self, InputLevels, Levels};
use crate::rejected::{Entry, Why};
use crate::render::{Found, List, Place, style};

/// The rule that a record beyond the limit breaks: nothing else tells of such a record.
const TOO_LONG: &str = "too-long";

/// What all who judge have in common.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish")]
pub(super) struct Law {
    pub(super) validator: Validator,
    pub(super) max_record_bytes: usize,
    pub(super) lists: Vec<List>,
    /// Findings that lists with a limit show: so many errors, and so many kinds of what is no error.
    pub(super) max_findings: u64,
    /// Some list has no limit.
    pub(super) lists_all: bool,
    /// Somebody wants groups; with values of events in their wording, or without.
    pub(super) groups: Option<Values>,
    pub(super) levels: Levels,
    /// Where the paths of `levels` begin.
    pub(super) levels_root: Root,
    /// Where the paths of fingerprints begin.
    pub(super) root: Root,
    pub(super) baseline: Option<&'static Baseline>,
    /// Somebody wants the records themselves, the accepted and the rejected.
    pub(super) parts: bool,
    /// Somebody wants to know what records tell of sessions, and nothing else of those that can be read.
    pub(super) sights: bool,
    /// What looks at records beyond the schema.
    pub(super) semantics: Option<Semantics>,
    /// Somebody looks at records together.
    pub(super) steps: bool,
    /// Those who look at the records beside.
    pub(super) lenses: Lenses,
}

/// Whether wording has values of the event in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    Shown,
    Masked,
}

/// Notices that are known to be of a kind that was kept: more are not remembered, and cost a closer look each.
const NOTICES: usize = 1 << 12;

/// The longest name of an event that is counted and shown as it is.
const NAME: usize = 64;

/// The longest pointer, and the longest key of a finding, that is told as it is.
const POINTER: usize = 1000;

/// More text than this is handed on before there is more.
const HEAVY: usize = 1 << 20;

/// Judges one block after another, in the order of the inputs, though others may judge those in between.
#[derive(Debug)]
pub(super) struct Judge {
    law: &'static Law,
    checker: Checker<'static>,
    lenses: Vec<Box<dyn Lens>>,
    input: Input,
    errors_kept: u64,
    /// What was kept for showing: whoever merges shows the first of a kind, so that another is never needed.
    kinds_kept: HashSet<KindShown>,
    /// Notices whose findings are of such a kind, each by the hash of all that its wording depends on.
    notices_kept: HashMap<u64, Kind>,
}

/// The input at hand.
#[derive(Debug)]
struct Input {
    name: Arc<str>,
    /// From the root of the repository, once it is needed: most inputs have nothing to tell of.
    path: OnceCell<String>,
    levels: InputLevels,
}

/// Where a block's outcome goes when it gets heavy: it is taken, and an empty one left in its place.
pub(super) type Relief<'a> = &'a mut dyn FnMut(&mut Outcome);

impl Judge {
    pub(super) fn new(law: &'static Law) -> Self {
        Self::with(law, law.lenses.make())
    }

    /// One that judges no records, and tells what is found otherwise.
    pub(super) fn teller(law: &'static Law) -> Self {
        Self::with(law, Vec::new())
    }

    fn with(law: &'static Law, lenses: Vec<Box<dyn Lens>>) -> Self {
        let input = Input { name: "".into(), path: OnceCell::new(), levels: law.levels.of("") };
        Self {
            law,
            checker: law.validator.checker(),
            lenses,
            input,
            errors_kept: 0,
            kinds_kept: HashSet::new(),
            notices_kept: HashMap::new(),
        }
    }

    /// Judges a block; gives its memory back.
    pub(super) fn block(&mut self, block: Block, outcome: &mut Outcome, relief: Relief<'_>) -> Vec<u8> {
        let Block { input, mut memory, content, breaks_off } = block;
        self.enter(input);
        match content {
            Content::Uncut { range, at } => {
                let mut splitter = Splitter::over(memory, range, at, self.law.max_record_bytes);
                if breaks_off {
                    splitter.push(&[], |item| self.item(item, outcome, relief));
                    memory = splitter.finish(|item| self.last_item(&item, outcome, relief));
                } else {
                    memory = splitter.finish(|item| self.item(item, outcome, relief));
                }
            }
            Content::Cut(pieces) => {
                for piece in pieces {
                    let item = match piece {
                        Piece::Record { range, at, before, after, is_element } => {
                            let (text, end) = (&memory[range.clone()], range.len() - after);
                            let (before, rest) = text.split_at(before);
                            let (bytes, after) = rest.split_at(end - before.len());
                            Item::Record(Record { bytes, at, before, after, is_element })
                        }
                        Piece::Finding(finding) => Item::Finding(finding),
                        Piece::Refused { range, at, part, finding } => {
                            Item::Refused(Refused { bytes: &memory[range], at, part, finding })
                        }
                        Piece::Between(length) => Item::Between(length),
                        Piece::Carried { range, raw, is_end } => {
                            outcome.parted.carry(&memory[range], raw, is_end);
                            continue;
                        }
                    };
                    if breaks_off {
                        self.last_item(&item, outcome, relief);
                    } else {
                        self.item(item, outcome, relief);
                    }
                }
            }
        }
        memory
    }

    /// Goes on with an input.
    fn enter(&mut self, input: Arc<str>) {
        if !Arc::ptr_eq(&self.input.name, &input) {
            if self.law.levels.depend_on_path() {
                self.input.levels = self.law.levels.of(&self.law.levels_root.path(&input));
            }
            self.input.path = OnceCell::new();
            self.input.name = input;
        }
    }

    /// Tells what was found about several records.
    pub(super) fn raised(&mut self, raised: StreamFinding, outcome: &mut Outcome) {
        self.enter(raised.input);
        self.finding(None, raised.event.as_deref(), &raised.finding, outcome);
    }

    fn item(&mut self, item: Item<'_>, outcome: &mut Outcome, relief: Relief<'_>) {
        match item {
            Item::Record(record) => self.record(record, outcome),
            Item::Finding(finding) => self.apart(&finding, outcome),
            Item::Refused(refused) => {
                if let Some(finding) = &refused.finding {
                    self.apart(finding, outcome);
                }
                if self.law.parts {
                    self.refuse(&refused, outcome);
                }
                outcome.sightings.left_out += u64::from(refused.finding.is_some());
            }
            Item::Between(length) => outcome.parted.counts.between += length,
        }
        if outcome.weight + outcome.parted.weight() + outcome.sightings.weight() >= HEAVY {
            relief(outcome);
        }
    }

    /// Takes note of what stands in no record.
    fn apart(&mut self, finding: &Finding, outcome: &mut Outcome) {
        if finding.rule().id == TOO_LONG {
            outcome.tally.event(Name::Untold, Fared::one(false));
        }
        self.finding(None, None, finding, outcome);
    }

    fn record(&mut self, record: Record<'_>, outcome: &mut Outcome) {
        if self.law.sights {
            return self.sight(record, outcome);
        }
        let judgement = if self.lenses.is_empty() && self.law.semantics.is_none() {
            self.checker.fast_check(record.bytes)
        } else {
            self.checker.fast_check_with_outline(record.bytes)
        };
        if let FastCheck::Valid(accepted) = judgement
            && agrees(self.law, &self.input, &accepted, record)
            && let Some(severity) = count(
                &Keeper {
                    law: self.law,
                    input: &self.input,
                    errors_kept: self.errors_kept,
                    kept: &self.notices_kept,
                },
                &accepted,
                record,
                outcome,
            )
        {
            let fared = Fared::one(severity < Some(Severity::Error));
            if let Some(event) = accepted.event() {
                outcome.tally.event(Name::Known(event.name), fared);
            } else {
                let name = String::from_utf8_lossy(&record.bytes[accepted.name()]);
                outcome.tally.event(Name::Unknown(&shortened(&name, NAME)), fared);
            }
            if let Some(outline) = accepted.outline(record.bytes) {
                if let Some(semantics) = self.law.semantics.as_ref().filter(|_| self.law.steps) {
                    outcome.step(&self.input.name, semantics.stream_event(&outline, record.at));
                }
                let seen = Seen { record, outline, is_valid: fared.valid > 0 };
                self.lenses.iter_mut().for_each(|lens| lens.look(&seen));
            }
            if self.law.parts {
                self.part(record, fared.valid > 0, None, outcome);
            }
            return;
        }
        let mut report = self.law.validator.check(record.bytes, record.at);
        let subject = report.subject.clone();
        let unknown = match &subject {
            Subject::Unknown(name) => shortened(name, NAME),
            _ => Cow::Borrowed(""),
        };
        let (name, event) = match &subject {
            Subject::Known(event) => (Name::Known(event.name), Some(event.name)),
            Subject::Unknown(_) => (Name::Unknown(&unknown), Some(&*unknown)),
            Subject::Nameless => (Name::Untold, None),
        };
        let (beyond, step) = self.beyond(record, event);
        let of_schema_alone = beyond.is_empty();
        if !of_schema_alone {
            report.findings.extend(beyond);
            report.findings.sort_by_key(|finding| (finding.span().start.offset, Reverse(finding.severity())));
        }
        outcome.tally.findings_left_out += report.left_out as u64;
        let mut worst = None;
        for finding in &report.findings {
            worst = worst.max(self.finding(Some(record), event, finding, outcome));
        }
        outcome.tally.event(name, Fared::one(worst < Some(Severity::Error)));
        let is_valid = worst < Some(Severity::Error);
        if let Some(step) = step {
            outcome.step(&self.input.name, step);
        }
        if self.law.parts {
            self.part(record, is_valid, Some((&report, event)), outcome);
        }
        if !self.lenses.is_empty()
            && let Some(outline) = self.checker.outline(record.bytes)
        {
            let seen = Seen { record, outline, is_valid };
            self.lenses.iter_mut().for_each(|lens| lens.look(&seen));
        }
        if of_schema_alone
            && let FastCheck::Valid(accepted) = self.checker.fast_check(record.bytes)
            && self.notices_kept.len() + accepted.notices().len() <= NOTICES
        {
            let kinds = accepted.notices().iter().zip(&report.findings).filter_map(|(notice, finding)| {
                let severity = self.input.levels.severity(finding.rule(), event)?;
                let hash = notice_hash(event?, notice, record.bytes);
                Some((hash, kind(finding, severity, event)))
            });
            self.notices_kept.extend(kinds);
        }
    }

    /// What there is to say of a record beyond the schema, and what it adds to the rules about several.
    fn beyond(&mut self, record: Record<'_>, event: Option<&str>) -> (Vec<Finding>, Option<StreamEvent>) {
        let Some(semantics) = &self.law.semantics else { return (Vec::new(), None) };
        let Some(outline) = self.checker.outline(record.bytes) else { return (Vec::new(), None) };
        let levels = &self.input.levels;
        let findings = semantics.check(&outline, record.at, |rule| levels.severity(rule, event).is_some());
        (findings, self.law.steps.then(|| semantics.stream_event(&outline, record.at)))
    }

    /// Takes what a record tells of a session; tells what is wrong with it if it has to be left out.
    fn sight(&mut self, record: Record<'_>, outcome: &mut Outcome) {
        if let FastCheck::Valid(accepted) = self.checker.fast_check_with_outline(record.bytes)
            && let Some(event) = accepted.event()
            && let Some(outline) = accepted.outline(record.bytes)
        {
            match SessionEvent::read(&outline, true) {
                Some(Err(Unreadable)) => {}
                Some(Ok(sighting)) => {
                    outcome.tally.event(Name::Known(event.name), Fared::one(true));
                    return outcome.sightings.push(sighting);
                }
                None => return outcome.tally.event(Name::Known(event.name), Fared::one(true)),
            }
        }
        let report = self.law.validator.check(record.bytes, record.at);
        let is_valid = report.is_valid();
        let unknown = match &report.subject {
            Subject::Unknown(name) => shortened(name, NAME),
            _ => Cow::Borrowed(""),
        };
        let (name, event) = match &report.subject {
            Subject::Known(event) => (Name::Known(event.name), Some(event.name)),
            Subject::Unknown(_) => (Name::Unknown(&unknown), Some(&*unknown)),
            Subject::Nameless => (Name::Untold, None),
        };
        outcome.tally.event(name, Fared::one(is_valid));
        let outline = self.checker.outline(record.bytes);
        match outline.map(|outline| (outline.name().is_some(), SessionEvent::read(&outline, is_valid))) {
            // It is about something else, valid or not.
            Some((true, None)) => return,
            Some((_, Some(Ok(sighting)))) => return outcome.sightings.push(sighting),
            _ => outcome.sightings.left_out += 1,
        }
        for finding in report.findings.iter().filter(|finding| finding.severity() == Severity::Error) {
            self.finding(Some(record), event, finding, outcome);
        }
    }

    /// Puts a record among the accepted or the rejected.
    fn part(
        &self,
        record: Record<'_>,
        is_valid: bool,
        report: Option<(&Report, Option<&str>)>,
        outcome: &mut Outcome,
    ) {
        if is_valid {
            return outcome.parted.accept(&record);
        }
        let checked;
        let (report, event) = if let Some(known) = report {
            known
        } else {
            checked = self.law.validator.check(record.bytes, record.at);
            let event = match &checked.subject {
                Subject::Known(event) => Some(event.name),
                Subject::Unknown(name) => Some(name.as_str()),
                Subject::Nameless => None,
            };
            (&checked, event)
        };
        let findings: Vec<_> =
            report.findings.iter().filter_map(|finding| self.why(finding, event)).collect();
        self.reject(record, &findings, outcome);
    }

    fn reject(&self, record: Record<'_>, findings: &[Why<'_>], outcome: &mut Outcome) {
        let indent = record.before.len() as u64;
        let raw = [record.before, record.bytes, record.after].concat();
        // In front there are blanks on the same line.
        let mut at = record.at;
        at.offset -= indent;
        at.column -= indent;
        let entry =
            Entry { source: &self.input.name, at, is_element: record.is_element, part: None, raw: &*raw };
        outcome.parted.reject(&entry, findings);
    }

    fn refuse(&self, refused: &Refused<'_>, outcome: &mut Outcome) {
        let is_whole = refused.part == 1 && refused.finding.is_some();
        let entry = Entry {
            source: &self.input.name,
            at: refused.at,
            is_element: false,
            part: (!is_whole).then_some((refused.part, refused.finding.is_none())),
            raw: refused.bytes,
        };
        let why = refused.finding.as_ref().and_then(|finding| self.why(finding, None));
        outcome.parted.reject(&entry, why.as_slice());
    }

    /// What a rejected file tells of a finding.
    fn why<'a>(&self, finding: &'a Finding, event: Option<&str>) -> Option<Why<'a>> {
        let severity = self.input.levels.severity(finding.rule(), event)?;
        let start = finding.span().start;
        Some(Why {
            id: finding.rule().id,
            severity: style::word(severity),
            pointer: finding.pointer(),
            line: start.line,
            column: start.column,
            message: finding.text().message,
        })
    }

    fn last_item(&mut self, item: &Item<'_>, outcome: &mut Outcome, relief: Relief<'_>) {
        let record = match item {
            Item::Record(record) => *record,
            Item::Refused(refused) if self.law.parts => return self.refuse(refused, outcome),
            Item::Between(length) => {
                outcome.parted.counts.between += length;
                return;
            }
            Item::Finding(_) | Item::Refused(_) => return,
        };
        if self.law.validator.check(record.bytes, record.at).is_valid() {
            return self.item(Item::Record(record), outcome, relief);
        }
        if self.law.parts {
            self.reject(record, &[], outcome);
        }
        let (line, column) = (record.at.line, record.at.column);
        outcome.say(Said::Note(format!(
            "the input breaks off within the event at {}:{line}:{column}, which is not judged",
            self.input.name
        )));
    }

    /// Takes note of a finding; tells how much it weighs.
    fn finding(
        &mut self,
        record: Option<Record<'_>>,
        event: Option<&str>,
        finding: &Finding,
        outcome: &mut Outcome,
    ) -> Option<Severity> {
        let (law, rule) = (self.law, finding.rule());
        let severity = self.input.levels.severity(rule, event)?;
        // What could be anything but a name is a value, and no report has to have it.
        let name = event.filter(|name| is_plausible_name(name));
        let (pointer, key) = (shortened(finding.pointer(), POINTER), shortened(finding.key(), POINTER));
        let kind = kind(finding, severity, event);
        let path = self.input.path.get_or_init(|| law.root.path(&self.input.name));
        let fingerprint = Fingerprint::new(rule.id, path, name, &pointer, &key);
        if let Some(values) = law.groups {
            let known = law.baseline.map_or(0, |baseline| baseline.count(fingerprint));
            outcome.file(&self.input.name).add(kind, known, finding.span(), || About {
                rule,
                severity,
                event: name.map(str::to_owned),
                pointer: pointer.to_string(),
                key: key.to_string(),
                text: match values {
                    Values::Shown => finding.text(),
                    Values::Masked => finding.masked(),
                },
            });
        }
        let known = law.baseline.is_some_and(|baseline| baseline.has(fingerprint));
        if !known {
            outcome.tally.findings(rule, severity, 1);
        }
        let is_full = severity < Severity::Error && self.kinds_kept.len() as u64 >= law.max_findings;
        if is_full && !known && !law.lists_all {
            return Some(severity);
        }
        let kind_shown = (severity < Severity::Error)
            .then(|| hash(&(rule.id, finding.pointer(), &finding.text().message)));
        let within_limit = known || self.is_within_limit(kind_shown);
        if !within_limit && !law.lists_all {
            return Some(severity);
        }
        let place = Place { input: &self.input.name, record, event };
        let found = Found { finding, severity, place, pointer: &pointer, fingerprint };
        let texts = law.lists.iter().map(|list| {
            (within_limit || !list.is_limited).then(|| {
                let mut text = Vec::new();
                list.finding(&mut text, &found);
                text
            })
        });
        let listing = Listing {
            rule,
            severity,
            kind: kind_shown,
            known: known.then_some(fingerprint),
            texts: texts.collect(),
        };
        outcome.say(Said::Finding(listing));
        Some(severity)
    }

    /// Whether it may be among those that lists with a limit show.
    fn is_within_limit(&mut self, kind: Option<KindShown>) -> bool {
        match kind {
            None => {
                self.errors_kept += 1;
                self.errors_kept <= self.law.max_findings
            }
            Some(kind) => {
                (self.kinds_kept.len() as u64) < self.law.max_findings && self.kinds_kept.insert(kind)
            }
        }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        self.lenses.iter_mut().for_each(|lens| lens.end());
    }
}

/// Whether there is nothing to say of a valid record beyond the schema.
fn agrees(law: &Law, input: &Input, accepted: &Accepted<'_>, record: Record<'_>) -> bool {
    let Some(semantics) = &law.semantics else { return true };
    let event = accepted.event().map(|event| event.name);
    let wants = |rule| event.is_none() || input.levels.severity(rule, event).is_some();
    accepted
        .outline(record.bytes)
        .is_none_or(|outline| semantics.check(&outline, record.at, wants).is_empty())
}

/// What there is to know about notices that need no closer look.
struct Keeper<'a> {
    law: &'static Law,
    input: &'a Input,
    errors_kept: u64,
    kept: &'a HashMap<u64, Kind>,
}

impl Keeper<'_> {
    /// Of what kind a notice is and how much it weighs, if nothing more is wanted of it than to be counted.
    fn kind(&self, hash: u64, severity: Severity, outcome: &mut Outcome) -> Option<Kind> {
        if self.law.lists_all || self.law.baseline.is_some() {
            return None;
        }
        if severity == Severity::Error && self.errors_kept < self.law.max_findings {
            return None;
        }
        let kind = Kind { severity: Reverse(severity), ..*self.kept.get(&hash)? };
        let is_known = self.law.groups.is_none() || outcome.file(&self.input.name).groups.contains_key(&kind);
        is_known.then_some(kind)
    }
}

/// Counts the notices of a record if none of them needs a closer look; tells how much the gravest weighs.
#[expect(clippy::option_option, reason = "whether they were counted; and whether there are any")]
fn count(
    keeper: &Keeper<'_>,
    accepted: &Accepted<'_>,
    record: Record<'_>,
    outcome: &mut Outcome,
) -> Option<Option<Severity>> {
    let unknown;
    let event = if let Some(event) = accepted.event() {
        event.name
    } else {
        unknown = String::from_utf8_lossy(&record.bytes[accepted.name()]);
        &*unknown
    };
    let weigh = |notice: &Notice| keeper.input.levels.severity(notice.rule(), Some(event));
    // Most events have notes alone, which nobody wants unless they ask.
    let mut kinds = Vec::new();
    for notice in accepted.notices() {
        if let Some(severity) = weigh(notice) {
            let hash = notice_hash(event, notice, record.bytes);
            kinds.push((severity, keeper.kind(hash, severity, outcome)?, notice));
        }
    }
    let mut worst = None;
    for (severity, kind, notice) in kinds {
        worst = worst.max(Some(severity));
        outcome.tally.findings(notice.rule(), severity, 1);
        if keeper.law.groups.is_some()
            && let Some(group) = outcome.file(&keeper.input.name).groups.get_mut(&kind)
        {
            group.add(|| {
                let range = notice.range();
                let start = record.at.after(&record.bytes[..range.start]);
                Span { start, end: start.after(&record.bytes[range]) }
            });
        }
    }
    Some(worst)
}

fn kind(finding: &Finding, severity: Severity, event: Option<&str>) -> Kind {
    let rule = finding.rule();
    let name = event.filter(|name| is_plausible_name(name));
    let (pointer, key) = (shortened(finding.pointer(), POINTER), shortened(finding.key(), POINTER));
    let fingerprint = Fingerprint::new(rule.id, "", name, &pointer, &key);
    Kind { severity: Reverse(severity), rule: levels::index(rule), fingerprint }
}

/// The hash of what the wording of a notice's finding depends on, and its kind.
fn notice_hash(event: &str, notice: &Notice, record: &[u8]) -> u64 {
    hash(&(event, notice.kind(), &record[notice.range()]))
}

fn hash(value: &impl Hash) -> u64 {
    // The same in every run and thread.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A name that can be shown and kept: whole, unless no vendor can have meant it.
fn shortened(name: &str, most: usize) -> Cow<'_, str> {
    if name.len() <= most {
        return Cow::Borrowed(name);
    }
    let end = (0..=most).rev().find(|&end| name.is_char_boundary(end)).unwrap_or_default();
    Cow::Owned(format!("{}…", &name[..end]))
}
