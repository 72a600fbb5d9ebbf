//! How inputs are found and read.

use std::collections::HashSet;
use std::ffi::OsString;
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

const MAX_THREADS: usize = 1024;

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
    /// Inputs are names of sources that were found before, not patterns or folders.
    is_exact: bool,
    remote: RemoteOptions,
}

#[pymethods]
impl Options {
    #[new]
    #[pyo3(signature = (
        *, threads = None, max_record_bytes = None, max_inflated_bytes = None, skip_unreadable = false,
        follow_links = true, is_exact = false, endpoint_url = None, region = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn new(
        threads: Option<usize>,
        max_record_bytes: Option<usize>,
        max_inflated_bytes: Option<u64>,
        skip_unreadable: bool,
        follow_links: bool,
        is_exact: bool,
        endpoint_url: Option<String>,
        region: Option<String>,
    ) -> PyResult<Self> {
        if let Some(threads) = threads.filter(|threads| !(1..=MAX_THREADS).contains(threads)) {
            return Err(PyValueError::new_err(format!(
                "`threads` is {threads}, but must be from 1 to {MAX_THREADS}"
            )));
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
            is_exact,
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
        let (options, wanted) = (self.clone(), inputs.to_vec());
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
            finder.find(&wanted, &mut |_| true)
        })?;
        if !found.errors.is_empty() {
            return Err(of_inputs(&found.errors));
        }
        if self.is_exact {
            let names: HashSet<OsString> = found.sources.iter().map(name).collect();
            // One that is gone may match others as a pattern, or be a folder by now.
            if let Some(gone) = inputs.iter().find(|input| !names.contains(input.as_os_str())) {
                return Err(InputError::new_err(format!(
                    "cannot read `{}`: it is no longer there",
                    gone.display()
                )));
            }
        }
        Ok(found.sources)
    }
}

/// Returns the name of a source, which may be a path that is not Unicode.
fn name(source: &reader::Source) -> OsString {
    match source {
        reader::Source::File(path) => path.clone().into_os_string(),
        other => other.name().into(),
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
#[pyclass(frozen, get_all, eq, hash, module = "cloudconnexa_events")]
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Source {
    /// The path or the address.
    name: OsString,
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
        format!("<Source {}, size={}, modified={}>", self.name.display(), shown(size), shown(modified))
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
            name: name(source),
            size: source.length(),
            modified: source.modified(),
        };
        sources.iter().map(described).collect()
    }))
}
