//! The exceptions of the package.

use cloudconnexa_reader::SourceError;
use pyo3::exceptions::PyException;
use pyo3::{PyErr, create_exception};

create_exception!(
    cloudconnexa_events,
    Error,
    PyException,
    "The base class of the exceptions of this package."
);
create_exception!(
    cloudconnexa_events,
    InputError,
    Error,
    "An input matches nothing that can be read: no such file, an empty folder, a bucket that cannot be listed."
);
create_exception!(
    cloudconnexa_events,
    ReadError,
    Error,
    "An input could not be read to its end. The message names it, and the cause."
);
create_exception!(
    cloudconnexa_events,
    ConvertError,
    Error,
    "Events could not be converted, or the output could not be written."
);

/// Returns an exception about inputs that stand for nothing. There is at least one.
pub(crate) fn of_inputs(errors: &[SourceError]) -> PyErr {
    let shown: Vec<String> = errors.iter().take(10).map(ToString::to_string).collect();
    let more = errors.len() - shown.len();
    let rest = if more > 0 { format!("\n… and {more} more") } else { String::new() };
    InputError::new_err(format!("{}{rest}", shown.join("\n")))
}
