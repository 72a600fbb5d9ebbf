//! How inputs are found and read.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use cloudconnexa_reader::records::DEFAULT_LIMIT;
use cloudconnexa_reader::{self as reader, Limits, RemoteOptions, SourceFinder};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::{InputError, of_inputs};
use crate::job;

/// The greatest limit of a record: the text of a batch has to stay below 2 GiB.
const MAX_RECORD_BYTES: usize = 1 << 30;

/// How inputs are found and read.
#[pyclass(frozen, skip_from_py_object, module = "cloudconnexa_events._native")]
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// By default, one per processor. Counting these takes longer than to validate a record.
    threads: Option<usize>,
    pub(crate) max_record_bytes: usize,
    pub(crate) limits: Limits,
    /// Inputs that cannot be read to their ends are left out, and named.
    pub(crate) skip_unreadable: bool,
    follow_links: bool,
    remote: RemoteOptions,
}

#[pymethods]
impl Options {
    #[new]
    #[pyo3(signature = (
        *, threads = None, max_record_bytes = None, max_inflated_bytes = None, skip_unreadable = false,
        follow_links = true, endpoint_url = None, region = None
    ))]
    fn new(
        threads: Option<usize>,
        max_record_bytes: Option<usize>,
        max_inflated_bytes: Option<u64>,
        skip_unreadable: bool,
        follow_links: bool,
        endpoint_url: Option<String>,
        region: Option<String>,
    ) -> PyResult<Self> {
        if threads == Some(0) {
            return Err(PyValueError::new_err("`threads` is 0, but must be at least 1"));
        }
        if let Some(bytes) = max_record_bytes.filter(|bytes| !(1..=MAX_RECORD_BYTES).contains(bytes)) {
            return Err(PyValueError::new_err(format!(
                "`max_record_bytes` is {bytes}, but must be from 1 to {MAX_RECORD_BYTES}"
            )));
        }
        let mut remote = RemoteOptions::default();
        (remote.endpoint, remote.region) = (endpoint_url, region);
        let limits = Limits::default();
        Ok(Self {
            threads,
            max_record_bytes: max_record_bytes.unwrap_or(DEFAULT_LIMIT),
            limits: max_inflated_bytes.map_or(limits, |bytes| limits.with_max_bytes(bytes)),
            skip_unreadable,
            follow_links,
            remote,
        })
    }
}

impl Options {
    /// The number of threads.
    pub(crate) fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get))
    }

    /// Finds the sources of inputs, which may be none if they `may_be_empty`.
    ///
    /// # Errors
    ///
    /// An `InputError` if one of them stands for nothing.
    pub(crate) fn find(
        &self,
        py: Python<'_>,
        inputs: &[PathBuf],
        may_be_empty: bool,
        needs_metadata: bool,
    ) -> PyResult<Vec<reader::Source>> {
        let is_missing =
            |path: &&PathBuf| is_file_name(path) && path.try_exists().is_ok_and(|exists| !exists);
        if let Some(path) = inputs.iter().find(is_missing).filter(|_| !self.skip_unreadable) {
            return Err(InputError::new_err(format!(
                "cannot read `{}`: there is no such file",
                path.display()
            )));
        }
        let (options, inputs) = (self.clone(), inputs.to_vec());
        // A bucket may take minutes to list.
        let found = job::wait(py, move || {
            let mut finder = SourceFinder::new(options.remote.clone());
            if !options.follow_links {
                finder = finder.without_links();
            }
            if needs_metadata {
                finder = finder.with_metadata();
            }
            if may_be_empty {
                finder.allow_empty();
            }
            finder.find(&inputs, &mut |_| true)
        })?;
        if found.errors.is_empty() { Ok(found.sources) } else { Err(of_inputs(&found.errors)) }
    }
}

/// Whether an input is the name of a file or a folder, as far as can be told without looking for it.
fn is_file_name(input: &Path) -> bool {
    let text = input.to_str().unwrap_or_default();
    text != "-"
        && !reader::is_pattern(input)
        && !reader::is_address(text)
        && reader::meant_address(text).is_none()
}

/// A file or an object that an input stands for.
#[pyclass(frozen, get_all, module = "cloudconnexa_events")]
#[derive(Debug)]
pub(crate) struct Source {
    /// The path or the address.
    name: String,
    /// The size in bytes as stored; `None` if it is not known.
    size: Option<u64>,
    /// When it was last written, in seconds since 1970; `None` if that is not known.
    modified: Option<i64>,
}

#[pymethods]
impl Source {
    fn __repr__(&self) -> String {
        let shown = |number: Option<String>| number.unwrap_or_else(|| "None".to_owned());
        let (size, modified) =
            (self.size.map(|size| size.to_string()), self.modified.map(|at| at.to_string()));
        format!("Source(name={:?}, size={}, modified={})", self.name, shown(size), shown(modified))
    }
}

/// Finds what inputs stand for.
#[pyfunction]
pub(crate) fn find(
    py: Python<'_>,
    inputs: Vec<PathBuf>,
    options: &Options,
    may_be_empty: bool,
) -> PyResult<Vec<Source>> {
    let sources = options.find(py, &inputs, may_be_empty, true)?;
    Ok(py.detach(|| {
        let described = |source: &reader::Source| Source {
            name: source.name(),
            size: source.length(),
            modified: source.modified(),
        };
        sources.iter().map(described).collect()
    }))
}
