//! Bytes in memory: one record, or a whole text.

use std::cell::RefCell;
use std::io::{self, Cursor, Read};
use std::sync::{Arc, LazyLock};

use cloudconnexa_reader::Source;
use cloudconnexa_reader::records::Splitter;
use cloudconnexa_validator::Checker;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::VALIDATOR;
use crate::findings::{FindingCollector, Validation, validate_sources};
use crate::job::Collector as _;
use crate::options::Options;

/// More than this is validated on threads. Less takes about as long as starting them.
const THREADS_MIN_BYTES: usize = 1 << 18;

/// The name of bytes in findings.
static NAME: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from("<bytes>"));

thread_local! {
    static CHECKER: RefCell<Checker<'static>> = RefCell::new(VALIDATOR.checker());
    static COLLECTOR: RefCell<Option<FindingCollector>> = const { RefCell::new(None) };
}

/// A bytes object that several readers share without copying it.
struct Shared(Arc<PyBackedBytes>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Returns whether one record is a valid event.
///
/// Args:
///     record: The bytes of one record, without compression: `bytes` or `bytearray`.
///
/// Returns:
///     `True` if no finding of `validate` would be an error.
///
/// Raises:
///     TypeError: It is something else, such as text; encode that as UTF-8.
#[pyfunction]
pub(crate) fn is_valid(record: PyBackedBytes) -> bool {
    CHECKER.with_borrow_mut(|checker| checker.is_valid(&record))
}

/// Validates the records of a text, which may be compressed.
#[pyfunction]
pub(crate) fn validate_bytes(
    py: Python<'_>,
    text: PyBackedBytes,
    options: &Options,
    max_findings: usize,
    show_values: bool,
) -> PyResult<Validation> {
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    // Anything but the start of JSON may be compressed, in another encoding, or no text at all, which the reader recognizes.
    if !matches!(first, None | Some(b'{' | b'[')) || text.len() > THREADS_MIN_BYTES {
        let text = Arc::new(text);
        let open = move || -> io::Result<Box<dyn Read + Send>> {
            Ok(Box::new(Cursor::new(Shared(Arc::clone(&text)))))
        };
        let source = Source::custom(&NAME, open);
        return validate_sources(py, vec![source], options, max_findings, show_values);
    }
    let mut collector = COLLECTOR.take().unwrap_or_default();
    collector.reset(max_findings, show_values);
    collector.enter(&NAME, None);
    let mut splitter = Splitter::with_limit(options.max_record_bytes);
    splitter.push(&text, |item| collector.item(item, false));
    splitter.finish(|item| collector.item(item, false));
    let validation = collector.take();
    COLLECTOR.set(Some(collector));
    Ok(validation)
}
