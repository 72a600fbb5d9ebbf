//! The thread pool: one thread splits inputs and hands out work, workers process it, and the calling thread merges the
//! outputs in order.
//!
//! The thread that splits an input into blocks also processes some of them while the workers have enough to do, so that
//! what it has just read need not travel to another core. One worker, the reserve, sleeps meanwhile: no more threads work
//! than were asked for. Inputs that are handed out whole are never processed by the thread that hands them out, since
//! each may take long.
//!
//! Each piece of work takes one of a fixed number of buffers before it starts and returns it once it is merged, so that
//! nothing piles up whichever thread is slow. A long record takes many times its bytes while it is processed, so that
//! only one or two are at a time, however many threads there are ([`Turn::admit`]). When nothing more is wanted,
//! threads end after what they are doing. They are not joined, as one of them may be in a read that never ends.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::block::{Block, LONG_BYTES, reusable};
use crate::bytes::SourceReader;
use crate::event::ReadEvent;
use crate::queue::{Queue, Role};
use crate::source::Source;
use crate::stage::{BlockSink, FlushFn, Output, Sink, Splitting, Stage};
use crate::turn::Turn;

/// Inputs up to this size are never split among workers.
const SPLIT_MIN_BYTES: u64 = 1 << 20;

/// Small inputs are handed out in batches of this many bytes, as stored, and this many inputs: waking a thread takes
/// longer than reading some of them.
const BATCH_BYTES: u64 = 1 << 18;
const BATCH_INPUTS: usize = 100;

/// How many inputs are looked at in advance, to know how much work is left to share.
const LOOKAHEAD: usize = 1 << 10;

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
    for _ in 0..4 * busy + 4 {
        let _ = free.send(Vec::new());
    }
    let queue = Arc::new(Queue::new());
    let turn = Arc::new(Turn::default());
    let _guard = StopGuard { stop: Arc::clone(&stop), turn: Arc::clone(&turn) };
    let worker = || Worker {
        stage: make_stage(),
        reader: reader.another(),
        splitting: splitting.clone(),
        bufs: Vec::new(),
        stop: Arc::clone(&stop),
        turn: Arc::clone(&turn),
        outputs: done.clone(),
    };
    for number in 0..threads {
        let (mut worker, queue) = (worker(), Arc::clone(&queue));
        let role = if number == 0 { Role::Reserve } else { Role::Regular };
        spawn(&done, move || {
            while let Some(job) = queue.next(role) {
                worker.job(job);
            }
        });
    }
    let enough = 2 * busy.saturating_sub(1);
    let mut feeder = Feeder { seq: 0, bufs, queue, enough, is_splitting: false, worker: worker() };
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
    Block { seq: u64, block: Block },
    Whole { seq: u64, buf: Vec<u8>, sources: Vec<Source> },
}

enum Message<O> {
    Done {
        seq: u64,
        output: Box<O>,
        buf: Vec<u8>,
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
            Message::Done { seq, output, buf } => {
                waiting.insert(seq, (output, buf));
            }
            Message::Part(output) => {
                sink.merge(*output);
                turn.part_merged();
            }
            Message::Panicked(panic) => resume_unwind(panic),
        }
        while let Some((output, buf)) = waiting.remove(&next) {
            next += 1;
            sink.merge(*output);
            // The feeder may have ended already.
            let _ = free.send(buf);
            turn.advance_to(next);
        }
        if sink.is_done() {
            return;
        }
    }
}

/// Numbers the work and hands it out.
struct Feeder<S: Stage, P> {
    seq: u64,
    bufs: Receiver<Vec<u8>>,
    queue: Arc<Queue<Job>>,
    /// With this many blocks in the queue, no worker runs dry while the feeder processes one itself.
    enough: usize,
    is_splitting: bool,
    worker: Worker<S, P>,
}

impl<S: Stage, P> Drop for Feeder<S, P> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl<S: Stage, P: Splitting> Feeder<S, P> {
    /// Hands out small inputs whole, and those that are fewer than their share of what is left; splits the others here.
    fn feed(&mut self, sources: Vec<Source>, reader: &mut SourceReader, splitting: &P, threads: u64) {
        // Known bytes of the inputs that are left, with the current one.
        let mut left = 0;
        let mut ahead = VecDeque::new();
        let mut sources = sources.into_iter();
        let (mut batch, mut bytes) = (Vec::new(), 0);
        loop {
            for source in sources.by_ref().take(LOOKAHEAD - ahead.len()) {
                let length = source.length();
                left += length.unwrap_or(0);
                ahead.push_back((source, length));
            }
            let Some((source, length)) = ahead.pop_front() else { break };
            if self.is_stopped() {
                return;
            }
            // Towards the end, batches get smaller, so that all threads have something to do.
            let fair = left / (4 * threads);
            match length {
                Some(length) if length <= SPLIT_MIN_BYTES || length.saturating_mul(threads) <= left => {
                    batch.push(source);
                    bytes += length;
                    if bytes >= BATCH_BYTES.min(fair) || batch.len() >= BATCH_INPUTS {
                        self.whole(std::mem::take(&mut batch));
                        bytes = 0;
                    }
                }
                _ => {
                    self.whole(std::mem::take(&mut batch));
                    bytes = 0;
                    self.set_splitting(true);
                    splitting.split(&source, reader, self);
                    self.set_splitting(false);
                }
            }
            left -= length.unwrap_or(0);
        }
        self.whole(batch);
    }

    fn whole(&mut self, sources: Vec<Source>) {
        if !sources.is_empty() {
            let (seq, buf) = (self.next_seq(), self.buf());
            self.queue.push(Job::Whole { seq, buf, sources });
        }
    }

    fn set_splitting(&mut self, is_splitting: bool) {
        self.is_splitting = is_splitting;
        self.queue.set_producer_busy(is_splitting);
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq - 1
    }

    fn done(&mut self, output: Box<S::Output>, buf: Vec<u8>) {
        let seq = self.next_seq();
        send(&self.worker.outputs, Message::Done { seq, output, buf });
    }
}

impl<S: Stage, P: Splitting> BlockSink for Feeder<S, P> {
    fn buf(&mut self) -> Vec<u8> {
        self.bufs.try_recv().unwrap_or_else(|_| {
            // Until a buffer is free, the reserve worker may work in place of this thread.
            self.queue.set_producer_busy(false);
            // Without the merging thread there is nobody left to work for.
            let buf = self.bufs.recv().unwrap_or_default();
            self.queue.set_producer_busy(self.is_splitting);
            buf
        })
    }

    fn recycle(&mut self, buf: Vec<u8>) {
        self.done(Box::default(), buf);
    }

    fn block(&mut self, block: Block) {
        let seq = self.next_seq();
        if block.is_long() {
            // Meanwhile, as in `buf`.
            self.queue.set_producer_busy(false);
            self.worker.turn.admit(seq);
            self.queue.set_producer_busy(self.is_splitting);
        }
        let job = Job::Block { seq, block };
        if self.queue.len() < self.enough {
            self.queue.push(job);
        } else {
            self.worker.job(job);
        }
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        let mut output = Box::<S::Output>::default();
        self.worker.stage.event(input, event, &mut output);
        let buf = self.buf();
        self.done(output, buf);
    }

    fn is_stopped(&self) -> bool {
        self.worker.stop.load(Ordering::Relaxed)
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
    outputs: Sender<Message<S::Output>>,
}

impl<S: Stage, P: Splitting> Worker<S, P> {
    fn job(&mut self, job: Job) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let (Job::Block { seq, .. } | Job::Whole { seq, .. }) = job;
        let (turn, outputs) = (&*self.turn, &self.outputs);
        let mut flush = |output: &mut S::Output| {
            turn.wait_for_part(seq);
            send(outputs, Message::Part(Box::new(std::mem::take(output))));
        };
        let message = match job {
            Job::Block { seq, block } => {
                let (mut output, is_long) = (Box::default(), block.is_long());
                let buf = reusable(self.stage.block(block, &mut output, &mut flush));
                if is_long {
                    turn.release(seq);
                }
                Message::Done { seq, output, buf }
            }
            Job::Whole { seq, buf, sources } => {
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
                Message::Done { seq, output: Box::new(whole.output), buf }
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
