//! The reader: inputs in, records or events out, in order.

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use cloudconnexa_inflate::Limits;

use crate::bytes::SourceReader;
use crate::items::{Items, SourceRecord, spawn};
use crate::records::DEFAULT_LIMIT;
use crate::rejected::Rejected;
use crate::source::{RemoteOptions, Source, SourceError, SourceFinder};
use crate::split::SplitRecords;

/// Reads the records of files, folders, globs, standard input, and, with the feature `s3`, buckets and web servers.
///
/// Each method that reads returns an iterator whose items come in the order of the inputs. An item is one of three things:
///
/// * `Ok(Ok(item))`: a record, an event, or what your function makes of a record;
/// * `Ok(Err(rejected))`: bytes that are not that, with their [source, position and cause](Rejected);
/// * `Err(error)`: an input that could not be [read to its end](crate::Error), so that items may be missing. It sits in
///   the outer `Result` so that nobody takes an incomplete archive for a complete one; the iterator goes on with the next
///   input.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let logs = folder.path();
/// # std::fs::write(logs.join("a.jsonl"), concat!(include_str!("../examples/events.jsonl"), "{\"eventName\":\n"))?;
/// use cloudconnexa_reader::Reader;
///
/// let mut users = 0;
/// for event in Reader::new([logs]).events() {
///     match event? {
///         Ok(event) => users += usize::from(!event.user().is_empty()),
///         Err(rejected) => eprintln!("{rejected}"),
///     }
/// }
/// assert_eq!(users, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before an iterator is made"]
pub struct Reader {
    inputs: Inputs,
    threads: usize,
    max_record_bytes: usize,
    limits: Limits,
    remote: RemoteOptions,
}

#[derive(Clone, Debug)]
enum Inputs {
    Named(Vec<PathBuf>),
    Sources(Vec<Source>),
}

impl Reader {
    /// A reader of these inputs: `-` for standard input, files, folders with logs below them, glob patterns, addresses.
    pub fn new<I>(inputs: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PathBuf>,
    {
        Self::with(Inputs::Named(inputs.into_iter().map(Into::into).collect()))
    }

    /// A reader of sources that are known already, such as those that [`SourceFinder`] found.
    pub fn from_sources(sources: Vec<Source>) -> Self {
        Self::with(Inputs::Sources(sources))
    }

    fn with(inputs: Inputs) -> Self {
        Self {
            inputs,
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            max_record_bytes: DEFAULT_LIMIT,
            limits: Limits::default(),
            remote: RemoteOptions::default(),
        }
    }

    /// Sets the number of threads that read and process; by default one per core.
    pub fn threads(mut self, threads: NonZero<usize>) -> Self {
        self.threads = threads.get();
        self
    }

    /// Sets the longest record, in bytes; longer ones are rejected. 16 MiB by default.
    pub fn max_record_bytes(mut self, bytes: usize) -> Self {
        self.max_record_bytes = bytes;
        self
    }

    /// Sets how far gzip data may inflate.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how objects of buckets and web servers are requested.
    pub fn remote(mut self, options: RemoteOptions) -> Self {
        self.remote = options;
        self
    }

    /// Reads records as bytes, without looking into them.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use cloudconnexa_reader::{Reader, Source};
    ///
    /// let text = "{\"a\":1}\n{\"b\":2}\n";
    /// let source = Source::custom("memory", move || Ok(Box::new(text.as_bytes())));
    /// let mut lines = Vec::new();
    /// for record in Reader::from_sources(vec![source]).records() {
    ///     if let Ok(record) = record? {
    ///         lines.push((record.position.line, record.bytes));
    ///     }
    /// }
    /// assert_eq!(lines, [(1, b"{\"a\":1}".to_vec()), (2, b"{\"b\":2}".to_vec())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn records(self) -> Items<OwnedRecord> {
        self.map(|record| OwnedRecord {
            source: Arc::clone(record.source()),
            position: record.position(),
            bytes: record.bytes().to_vec(),
            is_cut_off: record.is_cut_off(),
        })
    }

    /// Reads events into their types. What does not parse as an event is [`Rejected`], with its bytes.
    #[cfg(feature = "events")]
    pub fn events(self) -> Items<cloudconnexa_events::Event> {
        self.try_map(|record| cloudconnexa_events::Event::from_slice(record.bytes()))
    }

    /// Calls `f` for each record, on all threads, and returns what it makes of them in the order of the inputs.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let logs = folder.path();
    /// # std::fs::write(logs.join("a.jsonl"), include_str!("../examples/events.jsonl"))?;
    /// use cloudconnexa_reader::Reader;
    ///
    /// let mut bytes = 0;
    /// for length in Reader::new([logs]).map(|record| record.bytes().len()) {
    ///     if let Ok(length) = length? {
    ///         bytes += length;
    ///     }
    /// }
    /// assert!(bytes > 1000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<T, F>(self, f: F) -> Items<T>
    where
        T: Send + 'static,
        F: Fn(SourceRecord<'_>) -> T + Send + Sync + 'static,
    {
        self.start(move |record| Ok(f(record)))
    }

    /// Calls `f` for each record as [`map`](Self::map) does, and rejects those for which it returns an error.
    pub fn try_map<T, E, F>(self, f: F) -> Items<T>
    where
        T: Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
        F: Fn(SourceRecord<'_>) -> Result<T, E> + Send + Sync + 'static,
    {
        self.start(move |record| f(record).map_err(|error| record.reject(error.into())))
    }

    fn start<T, F>(self, f: F) -> Items<T>
    where
        T: Send + 'static,
        F: Fn(SourceRecord<'_>) -> Result<T, Rejected> + Send + Sync + 'static,
    {
        let (sources, errors) = self.sources();
        let splitting = SplitRecords { max_record_bytes: self.max_record_bytes, ..SplitRecords::default() };
        spawn(sources, errors, SourceReader::new(self.limits), splitting, self.threads, f)
    }

    fn sources(&self) -> (Vec<Source>, Vec<SourceError>) {
        match &self.inputs {
            Inputs::Sources(sources) => (sources.clone(), Vec::new()),
            Inputs::Named(inputs) => {
                let found = SourceFinder::new(self.remote.clone()).find(inputs, &mut |_| true);
                (found.sources, found.errors)
            }
        }
    }
}

/// A record with its bytes and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnedRecord {
    /// The name of the source.
    pub source: Arc<str>,
    /// The position of its first byte, in the decompressed text of the source.
    pub position: crate::Position,
    /// Its bytes, without the white space around it.
    pub bytes: Vec<u8>,
    /// Whether the source could not be read on from within or after it, so that its end may be missing.
    pub is_cut_off: bool,
}
