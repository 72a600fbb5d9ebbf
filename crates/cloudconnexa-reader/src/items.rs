//! The iterator over what a function makes of each record, computed on other threads.

use std::fmt;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::block::{Block, BlockItem};
use crate::bytes::SourceReader;
use crate::error::ReadError;
use crate::event::ReadEvent;
use crate::inline::Inline;
use crate::pool;
use crate::position::Position;
use crate::records::{Item, Record};
use crate::rejected::{Cause, Rejected};
use crate::source::{Prefetch, Source, SourceError};
use crate::split::SplitRecords;
use crate::stage::{FlushFn, Output, Sink, Splitting as _, Stage};

/// An input that was not read, or not to its end: items may be missing.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nothing to read was found for an input: an empty folder, a pattern without a match, a bucket that cannot be listed.
    Source(SourceError),
    /// A source could not be opened, or not be read to its end.
    Read(ReadError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Read(error) => error.fmt(f),
        }
    }
}

/// It has no [`source`](std::error::Error::source): its text includes that of the cause.
impl std::error::Error for Error {}

/// A record as the function of [`Reader::map`](crate::Reader::map) gets it.
#[derive(Clone, Copy, Debug)]
pub struct SourceRecord<'a> {
    source: &'a Arc<str>,
    record: Record<'a>,
    is_cut_off: bool,
}

impl<'a> SourceRecord<'a> {
    /// The name of the source.
    #[must_use]
    pub fn source(&self) -> &'a Arc<str> {
        self.source
    }

    /// The bytes of the record, without the white space around it.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.record.bytes
    }

    /// The position of its first byte, in the decompressed text of the source.
    #[must_use]
    pub fn position(&self) -> Position {
        self.record.at
    }

    /// Whether the source could not be read beyond this record, so that the end of the record may be missing.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    pub(crate) fn reject(&self, error: Box<dyn std::error::Error + Send + Sync>) -> Rejected {
        Rejected {
            source: Arc::clone(self.source),
            position: self.record.at,
            bytes: self.record.bytes.to_vec(),
            cause: if self.is_cut_off { Cause::CutOff(error) } else { Cause::Parse(error) },
        }
    }
}

/// Batches of results that may wait for the caller.
const WAITING_BATCHES: usize = 2;

/// Results are merged before the rest of their batch once the records that they come from, and the results themselves,
/// take this many bytes. With less, workers that read whole inputs would often wait for their turn.
const FLUSH_BYTES: usize = 4 << 20;

/// Errors of one input that may wait for its end. A gzip file can have one for each of its members.
const MAX_WAITING_ERRORS: usize = 1000;

/// An iterator over the results of a [`Reader`](crate::Reader), in the order of the inputs.
///
/// See [`Reader`](crate::Reader) for the meaning of the two levels of `Result`. Threads start to read when it is made.
/// Dropping it stops them, without waiting for them.
///
/// # Panics
///
/// If the caller's function panics, [`next`](Iterator::next) continues the panic, possibly before it has returned all
/// earlier results.
#[must_use = "records are read as the iterator is advanced"]
pub struct Items<T> {
    batch: std::vec::IntoIter<ItemResult<T>>,
    batches: Receiver<Vec<ItemResult<T>>>,
    thread: Option<JoinHandle<()>>,
    is_dropped: Arc<AtomicBool>,
}

/// An item; see [`Reader`](crate::Reader).
pub type ItemResult<T> = Result<Result<T, Rejected>, Error>;

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

impl<T> Iterator for Items<T> {
    type Item = ItemResult<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.batch.next() {
                return Some(item);
            }
            if let Ok(batch) = self.batches.recv() {
                self.batch = batch.into_iter();
            } else {
                if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
                    std::panic::resume_unwind(panic);
                }
                return None;
            }
        }
    }
}

impl<T> FusedIterator for Items<T> {}

impl<T> Drop for Items<T> {
    fn drop(&mut self) {
        self.is_dropped.store(true, Ordering::Relaxed);
    }
}

/// Starts reading on other threads.
pub(crate) fn spawn<T, F>(
    sources: Vec<Source>,
    errors: Vec<SourceError>,
    mut reader: SourceReader,
    splitting: SplitRecords,
    threads: usize,
    f: F,
) -> Items<T>
where
    T: Send + 'static,
    F: Fn(SourceRecord<'_>) -> Result<T, Rejected> + Send + Sync + 'static,
{
    let (sender, batches) = sync_channel(WAITING_BATCHES);
    let errors: Vec<_> = errors.into_iter().map(|error| Err(Error::Source(error))).collect();
    let f = Arc::new(f);
    let is_dropped = Arc::new(AtomicBool::new(false));
    let mut sink = Channel { sender, pending: Results::default(), is_dropped: Arc::clone(&is_dropped) };
    let thread = thread::spawn(move || {
        let _prefetch = Prefetch::new(&sources, threads);
        let make_stage = || Map { f: Arc::clone(&f) };
        if threads > 1 {
            pool::run(sources, &reader, &splitting, threads, make_stage, &mut sink);
        } else {
            let mut stage = make_stage();
            for source in &sources {
                if sink.is_done() {
                    break;
                }
                splitting.split(source, &mut reader, &mut Inline::new(&mut stage, &mut sink));
            }
        }
    });
    Items { batch: errors.into_iter(), batches, thread: Some(thread), is_dropped }
}

/// Applies a function to each record.
struct Map<F> {
    f: Arc<F>,
}

/// The results of a part of the inputs.
///
/// A source is read ahead of its records, so that its error is reported before its last records are. An error waits for
/// the end of its source here, to come after all of them.
struct Results<T> {
    items: Vec<ItemResult<T>>,
    /// The memory that `items` take, roughly.
    bytes: usize,
    /// Errors of the source that is being read.
    errors: Vec<Error>,
    /// How many items come before the first end of a source.
    first_end: Option<usize>,
}

impl<T> Default for Results<T> {
    fn default() -> Self {
        Self { items: Vec::new(), bytes: 0, errors: Vec::new(), first_end: None }
    }
}

impl<T> Results<T> {
    fn push(&mut self, result: Result<T, Rejected>, length: usize) {
        self.items.push(Ok(result));
        self.bytes += length + size_of::<ItemResult<T>>();
    }
}

impl<T: Send + 'static> Output for Results<T> {
    fn event(&mut self, _: &Arc<str>, event: ReadEvent) {
        match event {
            ReadEvent::Error(error) if self.errors.len() < MAX_WAITING_ERRORS => {
                self.errors.push(Error::Read(error));
            }
            ReadEvent::Error(error) => self.items.push(Err(Error::Read(error))),
            ReadEvent::End(_) => {
                self.first_end.get_or_insert(self.items.len());
                self.items.extend(self.errors.drain(..).map(Err));
            }
            _ => {}
        }
    }

    fn append(&mut self, mut later: Self) {
        self.bytes += later.bytes;
        if let Some(end) = later.first_end {
            self.first_end.get_or_insert(self.items.len() + end);
            let rest = later.items.split_off(end);
            self.items.append(&mut later.items);
            self.items.extend(self.errors.drain(..).map(Err));
            later.items = rest;
        }
        if self.items.is_empty() {
            self.items = later.items;
        } else {
            self.items.append(&mut later.items);
        }
        for error in later.errors {
            if self.errors.len() < MAX_WAITING_ERRORS {
                self.errors.push(error);
            } else {
                self.items.push(Err(error));
            }
        }
    }
}

impl<T, F> Stage for Map<F>
where
    T: Send + 'static,
    F: Fn(SourceRecord<'_>) -> Result<T, Rejected> + Send + Sync + 'static,
{
    type Output = Results<T>;

    fn block(
        &mut self,
        block: Block,
        output: &mut Self::Output,
        flush: FlushFn<'_, Self::Output>,
    ) -> Vec<u8> {
        let source = Arc::clone(block.input());
        block.visit(|item, is_cut_off| {
            let BlockItem::Item(item) = item else { return };
            let rejected = |position, bytes: &[u8], cause| Rejected {
                source: Arc::clone(&source),
                position,
                bytes: bytes.to_vec(),
                cause,
            };
            let (result, length) = match item {
                Item::Record(record) => {
                    ((self.f)(SourceRecord { source: &source, record, is_cut_off }), record.bytes.len())
                }
                Item::Fault(span, fault) => (Err(rejected(span.start, &[], Cause::Framing(fault))), 0),
                Item::Refused(refused) => {
                    let cause = refused.why.map_or(Cause::Part, |(_, fault)| Cause::Framing(fault));
                    (Err(rejected(refused.at, refused.bytes, cause)), refused.bytes.len())
                }
                Item::Between(_) => return,
            };
            output.push(result, length);
            if output.bytes >= FLUSH_BYTES {
                flush(output);
            }
        })
    }
}

/// Sends results to the iterator.
struct Channel<T> {
    sender: SyncSender<Vec<ItemResult<T>>>,
    pending: Results<T>,
    is_dropped: Arc<AtomicBool>,
}

impl<T: Send + 'static> Sink<Results<T>> for Channel<T> {
    fn merge(&mut self, output: Results<T>) {
        self.pending.append(output);
        self.pending.first_end = None;
        let items = std::mem::take(&mut self.pending.items);
        if !items.is_empty() {
            // It fails only if the iterator was dropped, which ends the run.
            let _ = self.sender.send(items);
        }
    }

    fn is_done(&self) -> bool {
        self.is_dropped.load(Ordering::Relaxed)
    }
}
