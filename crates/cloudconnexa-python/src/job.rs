//! Reads inputs on threads that know nothing of Python, and hands over what comes of them.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cloudconnexa_reader::records::Item;
use cloudconnexa_reader::{
    self as reader, Block, BlockItem, BlockVisitor, FlushFn, Inline, Output, Position, Prefetch, ReadEvent,
    Sink, Source, SourceReader, SplitRecords, Splitting as _, Stage,
};
use pyo3::prelude::*;

use crate::error::{Error, ReadError};
use crate::options::Options;

/// How often a caller that waits looks for signals.
const LOOK_FOR_SIGNALS: Duration = Duration::from_millis(100);

/// How many finished items may wait for the caller.
const WAITING: usize = 2;

/// A collector is emptied once it has more than this, and, if there are several threads, when another thread gets what comes
/// next.
const PART_BYTES: usize = 4 << 20;

/// How many blocks a thread gets at once. A part of few rows takes almost as long to make as one of thousands.
const BLOCKS: usize = 8;

/// The number of errors that are reported for an input. A gzip file can have one for each of its members.
const MAX_ERRORS: usize = 10;

/// Collects something from the records of blocks, on one of the threads.
pub(crate) trait Collector: Send + 'static {
    /// What is collected from some records.
    type Part: Send + 'static;

    /// Enters an input, or the next block of it. `head` is the start of one that does not start as JSON does.
    fn enter(&mut self, source: &Arc<str>, head: Option<&[u8]>);

    /// Takes the record at the start of `text`, as [`BlockVisitor::line`] does. By default, it is left.
    fn line(&mut self, text: &[u8]) -> Option<usize> {
        let _ = text;
        None
    }

    /// Takes the next item. `is_cut_off` says that the input breaks off within or after it.
    fn item(&mut self, item: Item<'_>, is_cut_off: bool);

    /// About how many bytes [`take`](Self::take) would return.
    fn weight(&self) -> usize;

    /// Returns what was collected since the last call.
    fn take(&mut self) -> Self::Part;
}

/// An input that could not be read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    /// The name of the input.
    pub(crate) source: Arc<str>,
    /// Why, in sentences that name it.
    pub(crate) cause: String,
}

/// Puts parts together, in the order of the inputs.
pub(crate) trait Assembler<P>: Send + 'static {
    /// What the caller gets.
    type Item: Send + 'static;

    /// Takes the next part.
    fn part(&mut self, part: P, emit: &mut dyn FnMut(Self::Item));

    /// Takes an input that could not be read to its end, and that is skipped.
    fn unread(&mut self, unread: Unread, emit: &mut dyn FnMut(Self::Item));

    /// Takes the end of all inputs.
    fn finish(&mut self, emit: &mut dyn FnMut(Self::Item));
}

/// Items that other threads produce. Dropping it stops them, without waiting for them.
pub(crate) struct Items<T> {
    state: Mutex<State<T>>,
    is_dropped: Arc<AtomicBool>,
    /// Threads do not survive a fork.
    process: u32,
}

struct State<T> {
    /// `None` once there are no more items.
    receiver: Option<Receiver<Result<T, Unread>>>,
    thread: Option<JoinHandle<()>>,
    outcome: Outcome,
}

/// How the items have ended. Whoever asks again gets the same answer: an end after an error would look like the end of the
/// inputs.
#[derive(Clone, Debug)]
enum Outcome {
    Complete,
    Unread(String),
    Stopped,
    Panicked,
}

impl Outcome {
    fn result<T>(self) -> PyResult<Option<T>> {
        match self {
            Self::Complete => Ok(None),
            Self::Unread(cause) => Err(ReadError::new_err(cause)),
            Self::Stopped => Err(Error::new_err("reading was stopped before the end of the inputs")),
            Self::Panicked => Err(panicked()),
        }
    }
}

impl<T: Send> Items<T> {
    /// Returns the next item; `None` after the last one.
    ///
    /// # Errors
    ///
    /// A `ReadError` if an input could not be read to its end, and whatever a signal raises. There are no items after that.
    pub(crate) fn next(&self, py: Python<'_>) -> PyResult<Option<T>> {
        if self.process != process::id() {
            return Err(Error::new_err(
                "this was made before the process forked, and its threads are in the other process; make one in each",
            ));
        }
        loop {
            let received = py.detach(|| {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(receiver) = &state.receiver else { return Err(state.outcome.clone()) };
                match receiver.recv_timeout(LOOK_FOR_SIGNALS) {
                    Ok(Ok(item)) => return Ok(Some(item)),
                    Err(RecvTimeoutError::Timeout) => return Ok(None),
                    Ok(Err(unread)) => state.outcome = Outcome::Unread(unread.cause),
                    Err(RecvTimeoutError::Disconnected) => {
                        let has_panicked = state.thread.take().is_some_and(|thread| thread.join().is_err());
                        state.outcome = match self.is_dropped.load(Ordering::Relaxed) {
                            _ if has_panicked => Outcome::Panicked,
                            true => Outcome::Stopped,
                            false => Outcome::Complete,
                        };
                    }
                }
                state.receiver = None;
                Err(state.outcome.clone())
            });
            match received {
                Ok(Some(item)) => return Ok(Some(item)),
                Ok(None) => {
                    if let Err(error) = py.check_signals() {
                        self.close();
                        return Err(error);
                    }
                }
                Err(outcome) => return outcome.result(),
            }
        }
    }

    /// Stops the threads.
    fn close(&self) {
        self.is_dropped.store(true, Ordering::Relaxed);
        if let Ok(mut state) = self.state.try_lock()
            && state.receiver.take().is_some()
        {
            state.outcome = Outcome::Stopped;
        }
    }
}

impl<T> Drop for Items<T> {
    fn drop(&mut self) {
        self.is_dropped.store(true, Ordering::Relaxed);
    }
}

/// Starts to read sources, with a collector on each thread.
pub(crate) fn start<C, A>(
    sources: Vec<Source>,
    options: &Options,
    make: impl Fn() -> C + Send + 'static,
    assembler: A,
) -> Items<A::Item>
where
    C: Collector,
    A: Assembler<C::Part>,
{
    let (sender, receiver) = sync_channel(WAITING);
    let is_dropped = Arc::new(AtomicBool::new(false));
    let mut sink = Merger {
        assembler,
        skips: options.skip_unreadable,
        errors: Vec::new(),
        channel: Channel { sender, is_done: Arc::clone(&is_dropped) },
    };
    let (max_record_bytes, threads) = (options.max_record_bytes, options.threads());
    let splitting = SplitRecords { max_record_bytes, ..SplitRecords::default() };
    let mut reader = SourceReader::new(options.limits);
    let thread = thread::spawn(move || {
        let _prefetch = Prefetch::new(&sources, threads);
        if threads > 1 {
            reader::run(sources, &reader, &splitting, threads, || CollectorStage(make()), &mut sink);
        } else {
            let mut stage = CollectorStage(make());
            for source in &sources {
                if sink.is_done() {
                    break;
                }
                splitting.split(source, &mut reader, &mut Inline::new(&mut stage, &mut sink));
            }
            sink.merge(Steps(vec![Step::Part(stage.0.take())]));
        }
        let Merger { assembler, channel, .. } = &mut sink;
        if !channel.is_done() {
            assembler.finish(&mut |item| channel.send(Ok(item)));
        }
    });
    let state = State { receiver: Some(receiver), thread: Some(thread), outcome: Outcome::Complete };
    Items { state: Mutex::new(state), is_dropped, process: process::id() }
}

/// Runs a function on another thread, and waits for it. It goes on alone if a signal raises an exception meanwhile.
pub(crate) fn wait<T: Send + 'static>(py: Python<'_>, f: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        // Nobody wants it after a signal.
        let _ = sender.send(f());
    });
    // It is not shared: this only makes it `Sync`.
    let receiver = Mutex::new(receiver);
    loop {
        let outcome = py.detach(|| {
            receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LOOK_FOR_SIGNALS)
        });
        match outcome {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => return Err(panicked()),
        }
    }
}

fn panicked() -> PyErr {
    Error::new_err("internal error: a thread has panicked; please report it")
}

/// A part of what was collected, or something that happened to an input.
enum Step<P> {
    Part(P),
    Error(String),
    End { source: Arc<str>, is_complete: bool },
}

struct Steps<P>(Vec<Step<P>>);

impl<P> Default for Steps<P> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<P: Send + 'static> Output for Steps<P> {
    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        match event {
            ReadEvent::Error(error) => self.0.push(Step::Error(error.to_string())),
            ReadEvent::End(end) => {
                self.0.push(Step::End { source: Arc::clone(input), is_complete: end.is_complete });
            }
            _ => {}
        }
    }

    fn append(&mut self, mut later: Self) {
        self.0.append(&mut later.0);
    }
}

struct CollectorStage<C>(C);

/// Has a collector process a block.
struct BlockCollector<'a, 'f, C: Collector> {
    collector: &'a mut C,
    steps: &'a mut Steps<C::Part>,
    flush: FlushFn<'f, Steps<C::Part>>,
}

impl<C: Collector> BlockCollector<'_, '_, C> {
    fn flush_if_heavy(&mut self) {
        if self.collector.weight() >= PART_BYTES {
            self.steps.0.push(Step::Part(self.collector.take()));
            (self.flush)(self.steps);
        }
    }
}

impl<C: Collector> BlockVisitor for BlockCollector<'_, '_, C> {
    fn line(&mut self, text: &[u8], _: Position) -> Option<usize> {
        let len = self.collector.line(text)?;
        self.flush_if_heavy();
        Some(len)
    }

    fn item(&mut self, item: BlockItem<'_>, is_cut_off: bool) {
        let BlockItem::Item(item) = item else { return };
        self.collector.item(item, is_cut_off);
        self.flush_if_heavy();
    }
}

impl<C: Collector> Stage for CollectorStage<C> {
    type Output = Steps<C::Part>;

    const BLOCKS: usize = BLOCKS;

    fn block(&mut self, block: Block, steps: &mut Self::Output, flush: FlushFn<'_, Self::Output>) -> Vec<u8> {
        let Self(collector) = self;
        collector.enter(block.input(), block.head());
        block.visit_lines(&mut BlockCollector { collector, steps, flush })
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent, steps: &mut Self::Output) {
        if matches!(&event, ReadEvent::End(end) if !end.is_complete) {
            // What was read before comes first.
            self.finish(steps);
        }
        steps.event(input, event);
    }

    fn finish(&mut self, steps: &mut Self::Output) {
        steps.0.push(Step::Part(self.0.take()));
    }
}

/// Hands items to the caller.
struct Channel<T> {
    sender: SyncSender<Result<T, Unread>>,
    is_done: Arc<AtomicBool>,
}

impl<T> Channel<T> {
    fn send(&self, item: Result<T, Unread>) {
        if self.sender.send(item).is_err() {
            self.is_done.store(true, Ordering::Relaxed);
        }
    }

    fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Relaxed)
    }
}

/// Merges steps, in the order of the inputs.
struct Merger<A, T> {
    assembler: A,
    /// Whether inputs that cannot be read to their ends are skipped.
    skips: bool,
    /// Errors of the input that is being read: they may come before its last records.
    errors: Vec<String>,
    channel: Channel<T>,
}

impl<P: Send + 'static, A: Assembler<P>> Sink<Steps<P>> for Merger<A, A::Item> {
    fn merge(&mut self, steps: Steps<P>) {
        let Self { assembler, channel, .. } = self;
        for step in steps.0 {
            if channel.is_done() {
                return;
            }
            match step {
                Step::Part(part) => assembler.part(part, &mut |item| channel.send(Ok(item))),
                Step::Error(error) if self.errors.len() < MAX_ERRORS => self.errors.push(error),
                Step::Error(_) => {}
                Step::End { is_complete: true, .. } => self.errors.clear(),
                Step::End { source, .. } => {
                    let unread = Unread { source, cause: std::mem::take(&mut self.errors).join("\n") };
                    if self.skips {
                        assembler.unread(unread, &mut |item| channel.send(Ok(item)));
                    } else {
                        // What was read before it comes first.
                        assembler.finish(&mut |item| channel.send(Ok(item)));
                        channel.send(Err(unread));
                        channel.is_done.store(true, Ordering::Relaxed);
                    }
                }
            }
        }
    }

    fn is_done(&self) -> bool {
        self.channel.is_done()
    }
}
