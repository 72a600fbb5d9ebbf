//! Findings about records: `validate`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cloudconnexa_reader::records::Item;
use cloudconnexa_validator::{self as validator};
use cloudconnexa_validator::{Checker, FastCheck, Masking, Notice, Report, Severity, TextKind};
use pyo3::prelude::*;

use crate::VALIDATOR;
use crate::job::{self, Assembler, Collector, Unread};
use crate::options::Options;

/// A problem with a record, or a remark about it.
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "cloudconnexa_events")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Finding {
    /// The id of the rule, which never changes its meaning; `ccxlog explain ID` describes it.
    #[pyo3(get)]
    rule: &'static str,
    /// `error`, which makes a record invalid, or `warning`.
    #[pyo3(get)]
    severity: &'static str,
    source: Arc<str>,
    /// The line where it starts, from 1, in the decompressed text.
    #[pyo3(get)]
    line: u64,
    /// The column where it starts, from 1, in Unicode code points.
    #[pyo3(get)]
    column: u64,
    /// The byte where it starts, from 0, in the decompressed text.
    #[pyo3(get)]
    offset: u64,
    /// Its length in bytes.
    #[pyo3(get)]
    length: u64,
    event: Option<Arc<str>>,
    /// JSON Pointer (RFC 6901) to the value within the event; empty for the event itself.
    #[pyo3(get)]
    pointer: String,
    /// The value found and the value required.
    #[pyo3(get)]
    message: String,
    /// How to fix it, if that is known.
    #[pyo3(get)]
    help: Option<String>,
}

#[pymethods]
impl Finding {
    /// The name of the input; `<bytes>` for bytes.
    #[getter]
    fn source(&self) -> &str {
        &self.source
    }

    /// The name of the event, if there is one.
    #[getter]
    fn event(&self) -> Option<&str> {
        self.event.as_deref()
    }

    fn __str__(&self) -> String {
        let Self { source, line, column, severity, rule, message, .. } = self;
        format!("{source}:{line}:{column}: {severity}[{rule}]: {message}")
    }

    fn __repr__(&self) -> String {
        format!("<Finding {self}>", self = self.__str__())
    }
}

/// The result of validating inputs.
#[pyclass(frozen, module = "cloudconnexa_events")]
#[derive(Debug, Default)]
pub(crate) struct Validation {
    findings: Vec<Finding>,
    counts: BTreeMap<&'static str, u64>,
    /// The number of records without an error.
    #[pyo3(get)]
    valid: u64,
    /// The number of records with an error.
    #[pyo3(get)]
    invalid: u64,
    /// The number of errors, in records and between them.
    #[pyo3(get)]
    errors: u64,
    /// The number of findings that are not in `findings`, because there are too many.
    #[pyo3(get)]
    findings_left_out: u64,
    /// Inputs that could not be read to their ends, each with the reason.
    #[pyo3(get)]
    unread: Vec<String>,
}

#[pymethods]
impl Validation {
    /// The findings, in the order of the inputs.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.findings.clone()
    }

    /// The number of findings of each rule.
    #[getter]
    fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.counts.clone()
    }

    /// The number of records.
    #[getter]
    fn records(&self) -> u64 {
        self.valid + self.invalid
    }

    /// Whether nothing is wrong: no error, and every input was read to its end.
    #[getter]
    fn is_valid(&self) -> bool {
        self.errors == 0 && self.unread.is_empty()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Validation of {} records: {} invalid, {} errors, {} findings>",
            self.records(),
            self.invalid,
            self.errors,
            self.counts.values().sum::<u64>()
        )
    }
}

/// Validates the records of inputs.
#[pyfunction]
pub(crate) fn validate(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
    max_findings: usize,
    show_values: bool,
) -> PyResult<Validation> {
    let sources = options.find(py, &inputs, false, false)?;
    validate_sources(py, sources, options, max_findings, show_values)
}

/// Validates the records of sources.
pub(crate) fn validate_sources(
    py: Python<'_>,
    sources: Vec<cloudconnexa_reader::Source>,
    options: &Options,
    max_findings: usize,
    show_values: bool,
) -> PyResult<Validation> {
    let limit = Limit { listed: Arc::default(), max: max_findings };
    let total = Total { all: Validation::default(), limit: limit.clone() };
    let make = move || FindingCollector::new(limit.clone(), show_values);
    let items = job::start(sources, options, make, total);
    let mut validation = Validation::default();
    while let Some(total) = items.next(py)? {
        validation = total;
    }
    Ok(validation)
}

/// How many findings are listed, on all threads.
#[derive(Clone, Debug, Default)]
struct Limit {
    listed: Arc<AtomicUsize>,
    max: usize,
}

fn masking(show_values: bool) -> Masking {
    if show_values { Masking::Shown } else { Masking::Masked }
}

pub(crate) struct FindingCollector {
    checker: Checker<'static>,
    source: Arc<str>,
    text_kind: Option<TextKind>,
    masking: Masking,
    limit: Limit,
    part: Validation,
    /// About how many bytes its findings take.
    bytes: usize,
}

impl Default for FindingCollector {
    fn default() -> Self {
        Self::new(Limit::default(), false)
    }
}

impl FindingCollector {
    /// Starts over, as the only collector.
    pub(crate) fn reset(&mut self, max_findings: usize, show_values: bool) {
        self.limit.max = max_findings;
        self.masking = masking(show_values);
    }

    fn new(limit: Limit, show_values: bool) -> Self {
        Self {
            checker: VALIDATOR.checker(),
            source: Arc::from(""),
            text_kind: None,
            masking: masking(show_values),
            limit,
            part: Validation::default(),
            bytes: 0,
        }
    }

    /// Whether another finding would be listed, as far as this thread knows.
    fn has_room(&self) -> bool {
        self.limit.listed.load(Ordering::Relaxed) + self.part.findings.len() < self.limit.max
    }

    fn add(&mut self, finding: &validator::Finding, event: Option<&Arc<str>>) {
        if finding.severity() == Severity::Note {
            return;
        }
        *self.part.counts.entry(finding.rule().id).or_default() += 1;
        self.part.errors += u64::from(finding.severity() == Severity::Error);
        if !self.has_room() {
            self.part.findings_left_out += 1;
            return;
        }
        let (text, span) = (finding.describe(self.masking), finding.span());
        self.bytes += size_of::<Finding>() + text.message.len();
        self.part.findings.push(Finding {
            rule: finding.rule().id,
            severity: finding.severity().name(),
            source: Arc::clone(&self.source),
            line: span.start.line,
            column: span.start.column,
            offset: span.start.offset,
            length: span.end.offset - span.start.offset,
            event: event.cloned(),
            pointer: finding.pointer().to_owned(),
            message: text.message,
            help: text.help,
        });
    }

    fn add_report(&mut self, report: &Report) {
        let name = match self.masking {
            Masking::Shown => report.subject.name(),
            Masking::Masked => report.subject.shown_name(),
        };
        let event = name.map(Arc::from);
        self.part.findings_left_out += report.left_out as u64;
        for finding in &report.findings {
            self.add(finding, event.as_ref());
        }
    }
}

/// Whether a notice becomes a finding.
fn is_told(notice: &Notice) -> bool {
    notice.rule().severity > Severity::Note
}

impl Collector for FindingCollector {
    type Part = Validation;

    fn enter(&mut self, source: &Arc<str>, head: Option<&[u8]>) {
        self.source = Arc::clone(source);
        self.text_kind = head.and_then(TextKind::of_input);
    }

    fn line(&mut self, text: &[u8]) -> Option<usize> {
        let (record, accepted) = self.checker.fast_check_line(text)?;
        if accepted.notices().iter().any(is_told) {
            return None;
        }
        self.part.valid += 1;
        Some(record.len())
    }

    fn item(&mut self, item: Item<'_>, _: bool) {
        let record = match item {
            Item::Record(record) => record,
            Item::Fault(span, fault) => return self.add(&validator::Finding::framing(span, fault), None),
            Item::Refused(refused) => {
                if let Some((span, fault)) = refused.why {
                    self.part.invalid += 1;
                    self.add(&validator::Finding::framing(span, fault), None);
                }
                return;
            }
            Item::Between(_) => return,
        };
        let has_room = self.has_room();
        let report = match self.checker.fast_check(record.bytes) {
            FastCheck::Valid(accepted) => {
                self.part.valid += 1;
                let notices = accepted.notices().iter().filter(|notice| is_told(notice));
                if has_room && notices.clone().next().is_some() {
                    VALIDATOR.check_proven(record.bytes, record.at)
                } else {
                    for notice in notices {
                        *self.part.counts.entry(notice.rule().id).or_default() += 1;
                        self.part.findings_left_out += 1;
                    }
                    return;
                }
            }
            FastCheck::Undecided => {
                let report = VALIDATOR.check_within(record.bytes, record.at, self.text_kind);
                let is_valid = report.is_valid();
                self.part.valid += u64::from(is_valid);
                self.part.invalid += u64::from(!is_valid);
                report
            }
        };
        self.add_report(&report);
    }

    fn weight(&self) -> usize {
        self.bytes
    }

    fn take(&mut self) -> Validation {
        self.bytes = 0;
        std::mem::take(&mut self.part)
    }
}

/// The sum of all parts.
struct Total {
    all: Validation,
    limit: Limit,
}

impl Total {
    fn add(&mut self, part: Validation) {
        let all = &mut self.all;
        for (rule, count) in part.counts {
            *all.counts.entry(rule).or_default() += count;
        }
        all.valid += part.valid;
        all.invalid += part.invalid;
        all.errors += part.errors;
        all.findings_left_out += part.findings_left_out;
        let room = self.limit.max - all.findings.len();
        all.findings_left_out += part.findings.len().saturating_sub(room) as u64;
        all.findings.extend(part.findings.into_iter().take(room));
        self.limit.listed.store(all.findings.len(), Ordering::Relaxed);
    }
}

impl Assembler<Validation> for Total {
    type Item = Validation;

    fn part(&mut self, part: Validation, _: &mut dyn FnMut(Validation)) {
        self.add(part);
    }

    fn unread(&mut self, unread: Unread, _: &mut dyn FnMut(Validation)) {
        self.all.unread.push(unread.cause);
    }

    fn finish(&mut self, emit: &mut dyn FnMut(Validation)) {
        emit(std::mem::take(&mut self.all));
    }
}
