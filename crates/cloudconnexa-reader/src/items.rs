//! The iterator over what a function makes of each record, computed on other threads.

use std::fmt;
use std::sync::Arc;
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
    /// An input stands for nothing that can be read.
    Source(SourceError),
    /// A source could not be read to its end.
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

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Read(error) => Some(error),
        }
    }
}

/// A record on its way through a worker.
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

    /// Whether the source could not be read on from within or after it, so that its end may be missing.
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

/// Results per batch.
const BATCH_ITEMS: usize = 1024;

/// What a reader gives, in the order of the inputs; see [`Reader`](crate::Reader) for what the two levels of `Result`
/// mean. Dropping it ends the reading.
///
/// # Panics
///
/// [`next`](Iterator::next) panics if the caller's function has panicked on a worker thread.
#[must_use = "records are read as the iterator is advanced"]
pub struct Items<T> {
    batch: std::vec::IntoIter<ItemResult<T>>,
    batches: Receiver<Vec<ItemResult<T>>>,
    thread: Option<JoinHandle<()>>,
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
            match self.batches.recv() {
                Ok(batch) => self.batch = batch.into_iter(),
                Err(_) => {
                    if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join) {
                        std::panic::resume_unwind(panic);
                    }
                    return None;
                }
            }
        }
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
    let thread = thread::spawn(move || {
        let _prefetch = Prefetch::new(&sources, threads);
        let mut sink = Channel { sender, is_closed: false };
        let make_stage = || Map { f: Arc::clone(&f) };
        if threads > 1 {
            return pool::run(sources, &reader, &splitting, threads, make_stage, &mut sink);
        }
        let mut stage = make_stage();
        for source in &sources {
            if !sink.is_closed {
                splitting.split(source, &mut reader, &mut Inline::new(&mut stage, &mut sink));
            }
        }
    });
    Items { batch: errors.into_iter(), batches, thread: Some(thread) }
}

/// Applies a function to each record.
struct Map<F> {
    f: Arc<F>,
}

/// The results of a part of the inputs.
struct Results<T>(Vec<ItemResult<T>>);

impl<T> Default for Results<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Send + 'static> Output for Results<T> {
    fn event(&mut self, _: &Arc<str>, event: ReadEvent) {
        if let ReadEvent::Error(error) = event {
            self.0.push(Err(Error::Read(error)));
        }
    }

    fn append(&mut self, later: Self) {
        self.0.extend(later.0);
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
            let result = match item {
                Item::Record(record) => (self.f)(SourceRecord { source: &source, record, is_cut_off }),
                Item::Fault(span, fault) => Err(rejected(span.start, &[], Cause::Framing(fault))),
                Item::Refused(refused) => {
                    let cause = refused.why.map_or(Cause::Part, |(_, fault)| Cause::Framing(fault));
                    Err(rejected(refused.at, refused.bytes, cause))
                }
                Item::Between(_) => return,
            };
            output.0.push(Ok(result));
            if output.0.len() >= BATCH_ITEMS {
                flush(output);
            }
        })
    }
}

/// Sends results to the iterator.
struct Channel<T> {
    sender: SyncSender<Vec<ItemResult<T>>>,
    is_closed: bool,
}

impl<T> Sink<Results<T>> for Channel<T> {
    fn merge(&mut self, output: Results<T>) {
        if !output.0.is_empty() && !self.is_closed {
            self.is_closed = self.sender.send(output.0).is_err();
        }
    }

    fn is_done(&self) -> bool {
        self.is_closed
    }
}
