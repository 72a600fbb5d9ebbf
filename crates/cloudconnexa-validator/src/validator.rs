//! The way of a record: bytes, tape, verdict, findings.

use std::sync::OnceLock;

use cloudconnexa_events::SCHEMA;
use serde_json::Value;

use crate::catalog::{self, EventSpec};
use crate::check::{self, Check};
use crate::engine::{self, Engine};
use crate::finding::{Finding, Place, Severity};
use crate::position::{Locator, Position, Span};
use crate::rules::not_utf8::NotUtf8;
use crate::rules::syntax::Syntax;
use crate::rules::too_deep::TooDeep;
use crate::tape::{Fault, FaultKind, Tape};

/// The schema. Make one and share it: checking takes `&self`.
///
/// What it holds of one record changes nothing about the next; it is [`Send`] and [`Sync`]. The first record that is not
/// proved valid at once takes some milliseconds, as the schema is compiled for it.
#[derive(Debug)]
pub struct Validator {
    schema: Value,
    /// For records that are no event of the catalogue, once there is one.
    any: OnceLock<Engine>,
    /// For each event of the catalogue, once there is a record of it.
    events: Vec<OnceLock<Engine>>,
}

/// What a record turned out to be.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An event that the schema describes.
    Known(&'static EventSpec),
    /// An event of this name, which the schema does not know.
    Unknown(String),
    /// Nothing that has an `eventName`.
    Nameless,
}

/// What came of checking a record.
#[derive(Clone, Debug)]
pub struct Report {
    /// What event it is.
    pub subject: Subject,
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many repeated fields, unknown fields and huge numbers beyond the first thousand of each `findings` leaves
    /// out: a hostile record can have millions. Whether a record is valid never depends on them.
    pub left_out: usize,
}

impl Report {
    /// Whether nothing found is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() < Severity::Error)
    }

    /// The report of a record that could not be read.
    fn unread(finding: Finding) -> Self {
        Self { subject: Subject::Nameless, findings: vec![finding], left_out: 0 }
    }
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator {
    /// Takes the schema that is built in. It is compiled once a record needs it: most are proved valid without.
    ///
    /// # Panics
    ///
    /// Never with the schema that is built in, which a test of this crate compiles.
    #[must_use]
    pub fn new() -> Self {
        Self::of(serde_json::from_str(SCHEMA).expect("the built-in schema is JSON"))
    }

    fn of(schema: Value) -> Self {
        let events = catalog::EVENTS.iter().map(|_| OnceLock::new()).collect();
        Self { schema, any: OnceLock::new(), events }
    }

    /// Compiles any schema, for tests, with formats asserted and nothing fetched from anywhere.
    #[cfg(test)]
    pub(crate) fn compile(schema: Value) -> Result<Self, jsonschema::ValidationError<'static>> {
        Engine::compile(engine::of_event(&schema, None)).map(|any| {
            let validator = Self::of(schema);
            validator.any.get_or_init(|| any);
            validator
        })
    }

    /// What judges a record of this kind.
    pub(crate) fn engine(&self, subject: &Subject) -> &Engine {
        let known = |event: &EventSpec| {
            let place = catalog::EVENTS.iter().position(|other| other.name == event.name)?;
            Some((self.events.get(place)?, Some(event.name)))
        };
        let (engine, name) = match subject {
            Subject::Known(event) => known(event),
            _ => None,
        }
        .unwrap_or((&self.any, None));
        engine.get_or_init(|| {
            Engine::compile(engine::of_event(&self.schema, name)).expect("the schema and its parts compile")
        })
    }

    /// Checks one record: a whole JSON text, whose first byte stands at `at`.
    ///
    /// Whatever the bytes are, the answer is a report: this never fails, never panics, and needs little stack.
    #[must_use]
    pub fn check(&self, record: &[u8], at: Position) -> Report {
        if u32::try_from(record.len()).is_err() {
            let span = Span { start: at, end: at.after(record) };
            return Report::unread(Finding::too_long(span, u32::MAX.into()));
        }
        let text = match str::from_utf8(record) {
            Ok(text) => text,
            Err(error) => return Report::unread(not_utf8(record, at, error)),
        };
        let locator = Locator::new(record, at);
        match Tape::parse(text) {
            Ok(tape) => Check { validator: self, tape: &tape, locator }.report(),
            Err(fault) => Report::unread(refused(text, &locator, fault)),
        }
    }

    /// Whether a record is valid: what [`check`](Self::check) says, without saying why. A [`Checker`](crate::Checker) says so
    /// of most [much sooner](crate::Checker::is_valid).
    #[must_use]
    pub fn is_valid(&self, record: &[u8]) -> bool {
        let text = if u32::try_from(record.len()).is_ok() { str::from_utf8(record).ok() } else { None };
        text.and_then(|text| Tape::parse(text).ok()).is_some_and(|tape| check::is_valid(self, &tape))
    }
}

fn not_utf8(record: &[u8], at: Position, error: std::str::Utf8Error) -> Finding {
    let begin = error.valid_up_to();
    let end = error.error_len().map_or(record.len(), |length| begin + length);
    let start = at.after(&record[..begin]);
    let span = Span { start, end: start.after(&record[begin..end]) };
    let place = Place { pointer: String::new(), span };
    Finding::new(place, NotUtf8::new(&record[begin..end], error.error_len().is_none()))
}

fn refused(text: &str, locator: &Locator<'_>, fault: Fault) -> Finding {
    let place = Place { pointer: fault.pointer, span: locator.span(fault.range.clone()) };
    match fault.kind {
        FaultKind::TooDeep => Finding::new(place, TooDeep),
        kind => {
            let (before, found) = (&text[..fault.range.start], &text[fault.range]);
            Finding::new(place, Syntax::within(kind, found, before))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, with};

    #[test]
    fn a_validator_can_be_shared() {
        fn is_shared<T: Send + Sync>(_: &T) {}
        is_shared(&Validator::default());
    }

    #[test]
    fn the_subject_is_told_by_the_event_name() {
        let validator = Validator::new();
        let subject = |record: &str| validator.check(record.as_bytes(), Position::START).subject;
        assert!(
            matches!(subject(DISCONNECTED), Subject::Known(event) if event.name == "client-disconnected")
        );
        let other = with(TEST_MESSAGE, "eventName", "\"user-created\"");
        assert!(matches!(subject(&other), Subject::Unknown(name) if name == "user-created"));
        let escaped = with(TEST_MESSAGE, "eventName", "\"test\\u002dmessage\"");
        assert!(matches!(subject(&escaped), Subject::Known(event) if event.name == "test-message"));
        for nameless in ["", "[]", "{}", "{\"eventName\": 7}"] {
            assert!(matches!(subject(nameless), Subject::Nameless), "{nameless}");
        }
    }

    #[test]
    fn whatever_the_bytes_are_there_is_a_report() {
        let validator = Validator::new();
        let bytes: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        let odd: [&[u8]; 8] = [
            b"",
            b"\xef\xbb\xbf",
            b"\0\0\0",
            b"\r\n",
            b"{\"\xff\":1}",
            b"\"\\",
            b"-",
            b"{\"a\":\"\xed\xa0\x80\"}",
        ];
        for record in bytes.iter().map(Vec::as_slice).chain(odd) {
            let report = validator.check(record, Position::START);
            assert!(!report.is_valid() && report.findings.len() == 1, "{record:?}");
        }
    }

    #[test]
    fn findings_stand_in_the_order_of_the_text() {
        let broken =
            DISCONNECTED.replace("\"macOS\"", "7").replace("178.136.162.32", "none").replace("34409", "-1");
        let report = Validator::new().check(broken.as_bytes(), Position::START);
        let offsets: Vec<_> = report.findings.iter().map(|finding| finding.span().start.offset).collect();
        let errors = report.findings.iter().filter(|finding| finding.severity() == Severity::Error);
        assert_eq!((errors.count(), offsets.len()), (4, 5));
        assert!(offsets.is_sorted());
    }
}
