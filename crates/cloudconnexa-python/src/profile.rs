//! Profiles of events, and what differs from the schema or an earlier profile: drift.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use cloudconnexa_drift as drift;
use cloudconnexa_events::SCHEMA;
use cloudconnexa_reader::records::{Item, Refused};
use cloudconnexa_validator::{Checker, FastCheck, Finding, TextKind};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::VALIDATOR;
use crate::job::{self, Assembler, Collector, Unread};
use crate::options::Options;

/// The rule for records over the limit. Only its finding shows that there was a record.
const TOO_LONG: &str = "too-long";

/// What was observed in a number of records.
#[pyclass(frozen, eq, skip_from_py_object, module = "cloudconnexa_events")]
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile(drift::Profile);

#[pymethods]
impl Profile {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Reads the text of a profile, which `to_json` or `ccxlog drift --write-profile` wrote.
    ///
    /// Raises:
    ///     ValueError: The text is not a profile, not complete, or changed.
    #[staticmethod]
    fn from_json(text: Text) -> PyResult<Self> {
        let bytes = match &text {
            Text::Bytes(bytes) => bytes,
            Text::String(text) => text.as_bytes(),
        };
        let read = drift::Profile::from_text(bytes);
        read.map(Self).map_err(|problem| PyValueError::new_err(format!("the text {problem}")))
    }

    /// Returns the profile as text. Equal profiles have equal texts.
    fn to_json(&self) -> String {
        self.0.to_text()
    }

    /// Returns the profile of everything that this one and others observed. The order does not matter; none of them changes.
    #[pyo3(signature = (*others))]
    fn merge(&self, others: Vec<PyRef<'_, Self>>) -> Self {
        let mut merged = self.0.clone();
        for other in others {
            merged.merge(other.0.clone());
        }
        Self(merged)
    }

    /// Returns how the profile differs from what is known.
    ///
    /// Args:
    ///     against: An earlier profile, whose contents count as known, too.
    ///     schema: The schema, as a `dict` or as text; the built-in one by default.
    ///
    /// Returns:
    ///     The differences, in a stable order.
    ///
    /// Raises:
    ///     ValueError: The schema is not one of this shape.
    #[pyo3(signature = (against = None, schema = None))]
    fn findings(
        &self,
        py: Python<'_>,
        against: Option<&Self>,
        schema: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Vec<Difference>> {
        let schema = match schema {
            None => SCHEMA.to_owned(),
            Some(text) if text.is_instance_of::<PyString>() => text.extract()?,
            Some(value) => py.import("json")?.call_method1("dumps", (value,))?.extract()?,
        };
        let known = drift::Known::parse(&schema)
            .map_err(|problem| PyValueError::new_err(format!("the schema {problem}")))?;
        let compared = drift::compare(&self.0, &known, against.map(|profile| &profile.0));
        Ok(compared.findings.iter().map(Difference::of).collect())
    }

    /// Returns the profile without values of events.
    fn mask(&self) -> Self {
        let mut masked = self.0.clone();
        masked.mask();
        Self(masked)
    }

    /// The number of records that are JSON objects.
    #[getter]
    fn records(&self) -> u64 {
        self.0.records
    }

    /// The number of records of each event.
    #[getter]
    fn events(&self) -> BTreeMap<String, u64> {
        self.0.events.iter().map(|(name, event)| (name.clone(), event.seen.count)).collect()
    }

    /// Whether it has values of events.
    #[getter]
    fn shows_values(&self) -> bool {
        self.0.shows_values
    }

    /// Pickles it as its text.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let from_json = py.get_type::<Self>().getattr("from_json")?;
        Ok((from_json, PyTuple::new(py, [self.to_json()])?))
    }

    fn __repr__(&self) -> String {
        format!("<Profile of {} records of {} events>", self.0.records, self.0.events.len())
    }
}

/// Text of either type.
#[derive(FromPyObject)]
enum Text {
    #[pyo3(transparent)]
    Bytes(Vec<u8>),
    #[pyo3(transparent)]
    String(String),
}

/// A difference between a profile and what is known.
#[pyclass(frozen, get_all, eq, hash, skip_from_py_object, module = "cloudconnexa_events")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Difference {
    /// The kind, such as `new-field`; `docs/drift.md` lists all.
    kind: &'static str,
    /// The names of the events that it concerns.
    events: Vec<String>,
    /// JSON Pointer to the field, if it concerns one.
    pointer: Option<String>,
    /// The number of occurrences.
    count: u64,
    /// The number of occurrences that were possible; 0 if that is unknown.
    of: u64,
    /// The time of the first occurrence, by RFC 3339.
    since: Option<String>,
    /// The time of the last occurrence, by RFC 3339.
    last: Option<String>,
    /// What differs.
    message: String,
    /// What to do.
    remedy: &'static str,
}

impl Difference {
    fn of(finding: &drift::Finding) -> Self {
        Self {
            kind: finding.kind.id(),
            events: finding.events.clone(),
            pointer: finding.path.clone(),
            count: finding.count,
            of: finding.of,
            since: finding.since.map(|time| time.to_string()),
            last: finding.last.map(|time| time.to_string()),
            message: finding.message(),
            remedy: finding.remedy(),
        }
    }
}

#[pymethods]
impl Difference {
    fn __str__(&self) -> String {
        format!("drift[{}]: {}", self.kind, self.message)
    }

    fn __repr__(&self) -> String {
        format!("<Difference {}>", self.__str__())
    }
}

/// Collects the profile of inputs.
#[pyfunction]
pub(crate) fn profile(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
) -> PyResult<(Profile, Vec<String>)> {
    let sources = options.find(py, &inputs, false, false)?;
    let total = Arc::new(Mutex::new(Observed::default()));
    let merged = Merged { total: Arc::clone(&total), unread: Vec::new() };
    let make = move || ProfileCollector {
        checker: VALIDATOR.checker(),
        collector: Some(drift::Collector::new()),
        text_kind: None,
        records: 0,
        total: Arc::clone(&total),
    };
    let items = job::start(sources, options, make, merged);
    let mut result = (drift::Profile::default(), Vec::new());
    while let Some(merged) = items.next(py)? {
        result = merged;
    }
    Ok((Profile(result.0), result.1))
}

/// What all threads that have ended have observed.
#[derive(Default)]
struct Observed {
    profile: drift::Profile,
    /// The number of records, whatever they are.
    records: u64,
}

struct ProfileCollector {
    checker: Checker<'static>,
    /// Taken at the end.
    collector: Option<drift::Collector>,
    text_kind: Option<TextKind>,
    records: u64,
    total: Arc<Mutex<Observed>>,
}

impl Collector for ProfileCollector {
    /// Nothing: profiles are merged once, at the end.
    type Part = ();

    fn enter(&mut self, _: &Arc<str>, head: Option<&[u8]>) {
        self.text_kind = head.and_then(TextKind::of_input);
    }

    fn line(&mut self, text: &[u8]) -> Option<usize> {
        let collector = self.collector.as_mut()?;
        let (record, accepted) = self.checker.fast_check_line_with_outline(text)?;
        self.records += 1;
        if let Some(outline) = accepted.outline(record) {
            collector.observe(record, &outline, drift::Validity::Valid);
        }
        Some(record.len())
    }

    fn item(&mut self, item: Item<'_>, is_cut_off: bool) {
        let Some(collector) = &mut self.collector else { return };
        let record = match item {
            Item::Record(record) => record,
            Item::Refused(Refused { why: Some((span, fault)), .. }) => {
                // Text around the elements of an array is no record.
                self.records += u64::from(Finding::framing(span, fault).rule().id == TOO_LONG);
                return;
            }
            _ => return,
        };
        if let FastCheck::Valid(accepted) = self.checker.fast_check_with_outline(record.bytes) {
            self.records += 1;
            if let Some(outline) = accepted.outline(record.bytes) {
                collector.observe(record.bytes, &outline, drift::Validity::Valid);
            }
            return;
        }
        let report = VALIDATOR.check_within(record.bytes, record.at, self.text_kind);
        // The start of a record says nothing of it.
        if is_cut_off && !report.is_valid() {
            return;
        }
        self.records += 1;
        if let Some(kind) = report.other_kind() {
            collector.observe_other(&kind);
        } else if let Some(outline) = self.checker.outline(record.bytes) {
            collector.observe(record.bytes, &outline, drift::Validity::from(report.is_valid()));
        }
    }

    fn weight(&self) -> usize {
        0
    }

    fn take(&mut self) {}
}

/// The threads end before the merging of their parts does.
impl Drop for ProfileCollector {
    fn drop(&mut self) {
        if let Some(collector) = self.collector.take() {
            let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
            total.profile.merge(collector.finish());
            total.records += self.records;
        }
    }
}

/// Waits for the profile of everything.
struct Merged {
    total: Arc<Mutex<Observed>>,
    unread: Vec<String>,
}

impl Assembler<()> for Merged {
    type Item = (drift::Profile, Vec<String>);

    fn part(&mut self, (): (), _: &mut dyn FnMut(Self::Item)) {}

    fn unread(&mut self, unread: Unread, _: &mut dyn FnMut(Self::Item)) {
        self.unread.push(unread.cause);
    }

    fn finish(&mut self, emit: &mut dyn FnMut(Self::Item)) {
        let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        let Observed { mut profile, records } = std::mem::take(&mut *total);
        profile.unreadable = records.saturating_sub(profile.records + profile.others.values().sum::<u64>());
        emit((profile, std::mem::take(&mut self.unread)));
    }
}
