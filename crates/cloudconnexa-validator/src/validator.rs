//! The validator: the entry point of the explaining tier.

use crate::check::{self, Check};
use crate::describe::Location;
use crate::engine::Engines;
use crate::finding::Finding;
use crate::position::{Locator, Position, Span};
use crate::recognise::{self, TextKind};
use crate::report::Report;
use crate::rules::merge_conflict::MergeConflict;
use crate::rules::not_utf8::NotUtf8;
use crate::rules::syntax::Syntax;
use crate::rules::too_deep::TooDeep;
use crate::tape;
use cloudconnexa_events::SCHEMA;
use cloudconnexa_tape::{Fault, FaultKind};

/// How much of a line is marked, in bytes.
const MAX_MARKED: usize = 256;

/// The compiled schema. Create one and share it between threads: checking takes `&self`.
///
/// Records do not influence each other. The schema is compiled event by event, when the first record needs it, which
/// takes some milliseconds.
///
/// # Examples
///
/// ```
/// use cloudconnexa_validator::{Position, Validator};
///
/// let validator = Validator::new();
/// let report = validator.check(br#"{"eventName": "test-message"}"#, Position::START);
/// assert!(!report.is_valid());
/// assert!(report.findings.iter().all(|finding| finding.rule().id == "missing-field"));
/// ```
#[derive(Debug)]
pub struct Validator {
    engines: Engines,
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator {
    /// Creates a validator for the built-in schema, [`cloudconnexa_events::SCHEMA`].
    ///
    /// # Panics
    ///
    /// Never: a test of this crate compiles the built-in schema.
    #[must_use]
    pub fn new() -> Self {
        let schema = serde_json::from_str(SCHEMA).expect("the built-in schema is JSON");
        Self { engines: Engines::new(schema) }
    }

    /// Creates a validator for another version of the schema, from its text.
    ///
    /// The schema decides what is valid. What is merely worth knowing (unknown fields, events and values, deprecated fields) is
    /// reported by the built-in schema, which knows more than an older one. Records take longer, as the fast tier is generated
    /// from the built-in schema: with any other, it leaves every record undecided.
    ///
    /// ```
    /// use cloudconnexa_validator::{Position, Validator};
    ///
    /// let stricter = cloudconnexa_events::SCHEMA.replace("\"maximum\": 4294967295", "\"maximum\": 0");
    /// let validator = Validator::for_schema(&stricter)?;
    /// let report = validator.check(br#"{"CloudConnexaLogVersion": 1}"#, Position::START);
    /// assert!(report.findings.iter().any(|finding| finding.rule().id == "out-of-range"));
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, or not a JSON Schema.
    pub fn for_schema(text: &str) -> Result<Self, String> {
        if text == SCHEMA {
            return Ok(Self::new());
        }
        let schema = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        let engines = Engines::compile(schema).map_err(|error| format!("is not a JSON Schema: {error}"))?;
        Ok(Self { engines })
    }

    /// Returns whether the fast tier decides by the schema of this validator.
    pub(crate) fn has_fast_tier(&self) -> bool {
        self.engines.is_built_in()
    }

    /// Compiles any schema, for tests.
    #[cfg(test)]
    pub(crate) fn compile(schema: serde_json::Value) -> Result<Self, jsonschema::ValidationError<'static>> {
        Engines::compile(schema).map(|engines| Self { engines })
    }

    /// Checks one record, which is one complete JSON text, and reports everything found.
    ///
    /// `at` is the position of its first byte. Any bytes get a report: this never fails or panics, and needs little stack.
    #[must_use]
    pub fn check(&self, record: &[u8], at: Position) -> Report {
        self.check_within(record, at, None)
    }

    /// Checks a record as [`check`](Self::check) does. If the text that it is in is not JSON, and neither is the record, that
    /// is reported instead of a syntax error.
    #[must_use]
    pub fn check_within(&self, record: &[u8], at: Position, text_kind: Option<TextKind>) -> Report {
        let of_line = |detail| Report::unread(Finding::new(first_line(record, at), detail));
        let of_text = || {
            let kind = text_kind.filter(|kind| kind.covers(record))?;
            Some(of_line(kind.detail()))
        };
        if u32::try_from(record.len()).is_err() {
            let span = Span { start: at, end: at.after(record) };
            return Report::unread(Finding::too_long(span, u32::MAX.into()));
        }
        let text = match str::from_utf8(record) {
            Ok(text) => text,
            Err(error) => {
                return of_text().unwrap_or_else(|| Report::unread(not_utf8(record, at, error)));
            }
        };
        let locator = Locator::new(record, at);
        match tape::parse(text) {
            Ok(tape) => Check { engines: &self.engines, tape: &tape, locator }.report(),
            Err(fault) => match recognise::merge_conflict(text, fault.range.start) {
                Some(line) => {
                    let location = Location { pointer: String::new(), span: locator.span(line) };
                    Report::unread(Finding::new(location, MergeConflict))
                }
                None => recognise::wrapped(text)
                    .map(of_line)
                    .or_else(of_text)
                    .or_else(|| recognise::not_json(text).map(of_line))
                    .unwrap_or_else(|| Report::unread(unparsable(text, &locator, fault))),
            },
        }
    }

    /// Checks a record that the [fast tier](crate::Checker::fast_check) has proved valid, as [`check`](Self::check) does, without
    /// asking the schema again.
    #[must_use]
    pub fn check_proven(&self, record: &[u8], at: Position) -> Report {
        let tape = str::from_utf8(record).ok().and_then(|text| tape::parse(text).ok());
        match tape {
            Some(tape) if self.has_fast_tier() => {
                let locator = Locator::new(record, at);
                let report = Check { engines: &self.engines, tape: &tape, locator }.report_of_valid();
                debug_assert_eq!(report, self.check(record, at), "the fast tier was right");
                report
            }
            _ => self.check(record, at),
        }
    }

    /// Returns whether a record is valid, as [`check`](Self::check) would, without saying why.
    ///
    /// For many records, [`Checker::is_valid`](crate::Checker::is_valid) is much faster.
    #[must_use]
    pub fn is_valid(&self, record: &[u8]) -> bool {
        let text = if u32::try_from(record.len()).is_ok() { str::from_utf8(record).ok() } else { None };
        text.and_then(|text| tape::parse(text).ok()).is_some_and(|tape| check::is_valid(&self.engines, &tape))
    }
}

/// Returns the location of a record of which nothing is wrong in particular: its first line, as far as it can be shown.
fn first_line(record: &[u8], at: Position) -> Location {
    let end = memchr::memchr(b'\n', record).unwrap_or(record.len()).min(MAX_MARKED);
    let line = record[..end].trim_ascii_end();
    // An end within a character is moved before it.
    let line = match str::from_utf8(line) {
        Err(error) if error.error_len().is_none() => &line[..error.valid_up_to()],
        _ => line,
    };
    Location { pointer: String::new(), span: Span { start: at, end: at.after(line) } }
}

fn not_utf8(record: &[u8], at: Position, error: std::str::Utf8Error) -> Finding {
    let valid = error.valid_up_to();
    let end = error.error_len().map_or(record.len(), |length| valid + length);
    let start = at.after(&record[..valid]);
    let span = Span { start, end: start.after(&record[valid..end]) };
    let location = Location { pointer: String::new(), span };
    Finding::new(location, NotUtf8::new(&record[valid..end], error.error_len().is_none()))
}

fn unparsable(text: &str, locator: &Locator<'_>, fault: Fault) -> Finding {
    let location = Location { pointer: fault.pointer, span: locator.span(fault.range.clone()) };
    match fault.kind {
        FaultKind::TooDeep => Finding::new(location, TooDeep),
        kind => {
            let (before, found) = (&text[..fault.range.start], &text[fault.range]);
            Finding::new(location, Syntax::within(kind, found, before))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Subject;
    use crate::rule::Severity;
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, with};

    #[test]
    fn a_validator_can_be_shared() {
        fn is_shared<T: Send + Sync>(_: &T) {}
        is_shared(&Validator::default());
    }

    #[test]
    fn the_event_name_decides_the_subject() {
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
    fn any_bytes_get_a_report() {
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
    fn findings_are_in_the_order_of_the_text() {
        let broken =
            DISCONNECTED.replace("\"macOS\"", "7").replace("178.136.162.32", "none").replace("34409", "-1");
        let report = Validator::new().check(broken.as_bytes(), Position::START);
        let offsets: Vec<_> = report.findings.iter().map(|finding| finding.span().start.offset).collect();
        let errors = report.findings.iter().filter(|finding| finding.severity() == Severity::Error);
        assert_eq!((errors.count(), offsets.len()), (4, 5));
        assert!(offsets.is_sorted());
    }
}
