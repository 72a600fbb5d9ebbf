//! The thread pool: one thread splits inputs and hands out work, workers process it, and the calling thread merges the
//! outputs in order.
//!
//! The thread that splits an input into blocks also processes some of them while the workers have enough to do, so that
//! what it has just read need not travel to another core. One worker, the reserve, sleeps meanwhile: no more threads work
//! than were asked for. Inputs that are handed out whole are never processed by the thread that hands them out, since
//! each may take long.
//!
//! Nothing piles up, whichever thread is slow: the number of buffers for blocks is fixed, and a buffer is used again only
//! when the output of its block is merged. The number of whole inputs that wait to be merged is limited, too. A thread
//! whose output is too large to hold waits until it is next to be merged. If that happens to most whole inputs, the
//! following ones are split instead, unless they are short. A long record takes many times its bytes while it is processed,
//! so that only one or two are at a time, however many threads there are ([`Turn::admit`]).
//!
//! When nothing more is wanted, threads end after what they are doing. They are not joined, as one of them may be in a read
//! that never ends.

mod feeder;

use std::any::Any;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use self::feeder::Feeder;
use crate::block::{Block, LONG_BYTES, reusable};
use crate::bytes::SourceReader;
use crate::event::ReadEvent;
use crate::queue::{Queue, Reads, Role};
use crate::source::Source;
use crate::stage::{BlockSink, FlushFn, Output, Sink, Splitting, Stage};
use crate::turn::Turn;

/// Reads `sources` and processes them on `threads` threads; `make_stage` makes the stage of each.
///
/// Outputs reach `sink` in the order of the sources, whatever the number of threads. It returns once all is merged, or
/// as soon as the sink is [done](Sink::is_done).
///
/// # Panics
///
/// If a stage or a reader panics on another thread, that panic continues here.
pub fn run<S: Stage, P: Splitting>(
    sources: Vec<Source>,
    reader: &SourceReader,
    splitting: &P,
    threads: usize,
    make_stage: impl Fn() -> S,
    sink: &mut impl Sink<S::Output>,
) {
    let stop = Arc::new(AtomicBool::new(false));
    let (done, outputs) = channel();
    let (free, bufs) = channel();
    // More blocks than the processors can work on would only evict each other from the caches.
    let busy = threads.min(thread::available_parallelism().map_or(threads, NonZero::get));
    for _ in 0..(4 * busy + 4).max((2 * busy + 2) * S::BLOCKS) {
        let _ = free.send(Vec::new());
    }
    let queue = Arc::new(Queue::new());
    let (turn, whole_inputs) = (Arc::new(Turn::default()), Arc::new(WholeInputs::default()));
    let _guard = StopGuard { stop: Arc::clone(&stop), turn: Arc::clone(&turn) };
    let worker = || Worker {
        stage: make_stage(),
        reader: reader.another(),
        splitting: splitting.clone(),
        bufs: Vec::new(),
        stop: Arc::clone(&stop),
        turn: Arc::clone(&turn),
        whole_inputs: Arc::clone(&whole_inputs),
        outputs: done.clone(),
    };
    for number in 0..threads {
        let (mut worker, queue) = (worker(), Arc::clone(&queue));
        let role = match number {
            0 => Role::Reserve,
            // The thread that splits works as well.
            _ if number < busy => Role::Regular,
            _ => Role::Extra,
        };
        spawn(&done, move || {
            while let Some(job) = queue.next(role) {
                worker.job(job);
            }
        });
    }
    let mut feeder = Feeder::new(bufs, queue, worker(), busy);
    let (mut reader, splitting) = (reader.another(), splitting.clone());
    spawn(&done, move || feeder.feed(sources, &mut reader, &splitting, threads as u64));
    // The channel has to close once all other senders are gone.
    drop(done);
    merge_in_order(&outputs, &free, &turn, sink);
}

/// Ends the other threads once the merging one has returned or panicked.
struct StopGuard {
    stop: Arc<AtomicBool>,
    turn: Arc<Turn>,
}

impl Drop for StopGuard {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.turn.end();
    }
}

/// Runs `work` on a thread, and reports a panic to the merging thread, which would wait forever otherwise.
fn spawn<O: Send + 'static>(outputs: &Sender<Message<O>>, work: impl FnOnce() + Send + 'static) {
    let outputs = outputs.clone();
    thread::spawn(move || {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
            send(&outputs, Message::Panicked(panic));
        }
    });
}

fn send<O>(outputs: &Sender<Message<O>>, message: Message<O>) {
    // It fails only if the merging thread has ended, and then nobody wants it.
    let _ = outputs.send(message);
}

/// Work for a worker, with its place in the order.
enum Job {
    Blocks { seq: u64, blocks: Vec<Block> },
    Whole { seq: u64, sources: Vec<Source> },
}

impl Reads for Job {
    fn reads(&self) -> bool {
        matches!(self, Self::Whole { .. })
    }
}

enum Message<O> {
    Done {
        seq: u64,
        output: Box<O>,
        bufs: Vec<Vec<u8>>,
    },
    /// The first part of the output whose turn it is.
    Part(Box<O>),
    Panicked(Box<dyn Any + Send>),
}

/// Merges until all is done, or until the sink is.
fn merge_in_order<O>(
    outputs: &Receiver<Message<O>>,
    free: &Sender<Vec<u8>>,
    turn: &Turn,
    sink: &mut impl Sink<O>,
) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for message in outputs {
        match message {
            Message::Done { seq, output, bufs } => {
                waiting.insert(seq, (output, bufs));
            }
            Message::Part(output) => {
                sink.merge(*output);
                turn.part_merged();
            }
            Message::Panicked(panic) => resume_unwind(panic),
        }
        while let Some((output, bufs)) = waiting.remove(&next) {
            next += 1;
            sink.merge(*output);
            for buf in bufs {
                // The feeder may have ended already.
                let _ = free.send(buf);
            }
            turn.advance_to(next);
        }
        if sink.is_done() {
            return;
        }
    }
}

/// Counts how often inputs are handed out whole.
#[derive(Debug, Default)]
struct WholeInputs {
    /// All times that a worker began with some.
    begun: AtomicUsize,
    /// The times that the output was too large to hold.
    in_parts: AtomicUsize,
}

impl WholeInputs {
    fn are_mostly_merged_in_parts(&self) -> bool {
        2 * self.in_parts.load(Ordering::Relaxed) > self.begun.load(Ordering::Relaxed)
    }
}

/// A worker, with everything it uses again and again.
struct Worker<S: Stage, P> {
    stage: S,
    reader: SourceReader,
    splitting: P,
    bufs: Vec<Vec<u8>>,
    stop: Arc<AtomicBool>,
    turn: Arc<Turn>,
    whole_inputs: Arc<WholeInputs>,
    outputs: Sender<Message<S::Output>>,
}

impl<S: Stage, P: Splitting> Worker<S, P> {
    fn job(&mut self, job: Job) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let (Job::Blocks { seq, .. } | Job::Whole { seq, .. }) = job;
        let (turn, whole_inputs, outputs) = (&*self.turn, &*self.whole_inputs, &self.outputs);
        let mut is_first_part = matches!(job, Job::Whole { .. });
        let mut flush = |output: &mut S::Output| {
            if std::mem::take(&mut is_first_part) {
                whole_inputs.in_parts.fetch_add(1, Ordering::Relaxed);
            }
            turn.wait_for_part(seq);
            send(outputs, Message::Part(Box::new(std::mem::take(output))));
        };
        let message = match job {
            Job::Blocks { seq, blocks } => {
                let (mut output, mut bufs) = (Box::default(), Vec::with_capacity(blocks.len()));
                for block in blocks {
                    let is_long = block.is_long();
                    bufs.push(reusable(self.stage.block(block, &mut output, &mut flush)));
                    if is_long {
                        turn.release(seq);
                    }
                }
                self.stage.finish(&mut output);
                Message::Done { seq, output, bufs }
            }
            Job::Whole { seq, sources } => {
                whole_inputs.begun.fetch_add(1, Ordering::Relaxed);
                let (stage, bufs, stop) = (&mut self.stage, &mut self.bufs, &*self.stop);
                let output = S::Output::default();
                let is_admitted = false;
                let mut whole =
                    Whole { stage, bufs, stop, turn, seq, is_admitted, output, flush: &mut flush };
                for source in sources {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    self.splitting.split(&source, &mut self.reader, &mut whole);
                    whole.holds(0);
                }
                let mut output = Box::new(whole.output);
                self.stage.finish(&mut output);
                Message::Done { seq, output, bufs: Vec::new() }
            }
        };
        send(&self.outputs, message);
    }
}

/// Processes all blocks of some inputs into one output.
struct Whole<'a, S: Stage> {
    stage: &'a mut S,
    bufs: &'a mut Vec<Vec<u8>>,
    stop: &'a AtomicBool,
    turn: &'a Turn,
    seq: u64,
    /// Whether it may hold a long record.
    is_admitted: bool,
    output: S::Output,
    flush: FlushFn<'a, S::Output>,
}

impl<S: Stage> BlockSink for Whole<'_, S> {
    fn buf(&mut self) -> Vec<u8> {
        self.bufs.pop().unwrap_or_default()
    }

    fn recycle(&mut self, buf: Vec<u8>) {
        self.bufs.push(buf);
    }

    fn block(&mut self, block: Block) {
        let buf = self.stage.block(block, &mut self.output, &mut *self.flush);
        self.bufs.push(reusable(buf));
    }

    fn holds(&mut self, bytes: usize) {
        let is_long = bytes > LONG_BYTES;
        if is_long && !self.is_admitted {
            self.turn.admit(self.seq);
        } else if !is_long && self.is_admitted {
            self.turn.release(self.seq);
        }
        self.is_admitted = is_long;
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        let mut output = S::Output::default();
        self.stage.event(input, event, &mut output);
        self.output.append(output);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
