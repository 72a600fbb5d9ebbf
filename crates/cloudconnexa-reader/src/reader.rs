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
/// Each method that reads returns an iterator over the inputs in their order. An item is one of three things:
///
/// * `Ok(Ok(item))`: a record, an event, or what your function returned for a record;
/// * `Ok(Err(rejected))`: bytes that are not a record or that your function refused, with their
///   [source, position and cause](Rejected);
/// * `Err(error)`: an input that could not be [read to its end](crate::Error), so that items may be missing. It is in the
///   outer `Result` so that nobody takes an incomplete archive for a complete one.
///
/// An error is not the end of the iterator. It comes after the last item of its input, and the next input follows. Inputs
/// for which nothing was found, such as an empty folder, come first. If you use `?` on the outer `Result`, the rest of the
/// inputs is not read.
///
/// Items arrive in batches, of the records of about 256 KiB of text, so a pipe that is slow to fill is slow to arrive.
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
///         Ok(event) => users += usize::from(event.user_id().is_some()),
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
    /// Creates a reader of `inputs`: `-` for standard input, files, folders with logs below them, glob patterns, addresses.
    ///
    /// In folders, logs are the files whose names end in `.json`, `.jsonl` or `.ndjson`, each also with `.gz`; other files are
    /// left out. A file that is found more than once is read once. [`SourceFinder`] reports both. Symbolic links are
    /// followed, also out of a folder; see [`SourceFinder::without_links`].
    pub fn new<I>(inputs: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<PathBuf>,
    {
        Self::with(Inputs::Named(inputs.into_iter().map(Into::into).collect()))
    }

    /// Creates a reader of known sources, such as those that [`SourceFinder`] found.
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

    /// Sets the number of threads that read records and call your function; by default one per core.
    pub fn threads(mut self, threads: NonZero<usize>) -> Self {
        self.threads = threads.get();
        self
    }

    /// Sets the greatest length of a record, in bytes, inclusive; longer ones are [`Rejected`], in parts of at most 64 KiB.
    /// 16 MiB by default.
    pub fn max_record_bytes(mut self, bytes: usize) -> Self {
        self.max_record_bytes = bytes;
        self
    }

    /// Sets how much gzip data may inflate. An input that exceeds it is read up to there, and is an error.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets how objects of buckets and web servers are requested.
    pub fn remote(mut self, options: RemoteOptions) -> Self {
        self.remote = options;
        self
    }

    /// Reads records as bytes, without parsing them.
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

    /// Reads events as typed values. A record that does not parse as an event is [`Rejected`], with its bytes; the cause
    /// is a [`cloudconnexa_events::Error`]. An event of an unknown name is not rejected, but an
    /// [`EventBody::Other`](cloudconnexa_events::EventBody::Other).
    #[cfg(feature = "events")]
    pub fn events(self) -> Items<cloudconnexa_events::Event> {
        self.try_map(|record| cloudconnexa_events::Event::from_slice(record.bytes()))
    }

    /// Calls `f` for each record, on all threads, and returns an iterator over the results, in the order of the inputs.
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

    /// Calls `f` for each record, as [`map`](Self::map) does, and rejects records for which it returns an error.
    ///
    /// ```
    /// use cloudconnexa_reader::{Reader, Source};
    ///
    /// let source = Source::custom("memory", || Ok(Box::new(&b"10\n20\nx\n"[..])));
    /// let mut sum = 0;
    /// let mut rejected = Vec::new();
    /// let parse = |text: &[u8]| std::str::from_utf8(text).unwrap_or_default().parse::<u32>();
    /// for number in Reader::from_sources(vec![source]).try_map(move |record| parse(record.bytes())) {
    ///     match number? {
    ///         Ok(number) => sum += number,
    ///         Err(bytes) => rejected.push(bytes.to_string()),
    ///     }
    /// }
    /// assert_eq!(sum, 30);
    /// assert_eq!(rejected, ["memory:3:1: invalid digit found in string"]);
    /// # Ok::<_, cloudconnexa_reader::Error>(())
    /// ```
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

/// A record, with its bytes and their origin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnedRecord {
    /// The name of the source.
    pub source: Arc<str>,
    /// The position of its first byte, in the decompressed text of the source.
    pub position: crate::Position,
    /// Its bytes, without the white space around it.
    pub bytes: Vec<u8>,
    /// Whether the source could not be read beyond this record, so that the end of the record may be missing.
    pub is_cut_off: bool,
}
