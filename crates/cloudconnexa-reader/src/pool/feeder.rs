//! The thread that numbers the work and hands it out.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use super::{Job, Message, Worker, send};
use crate::block::Block;
use crate::bytes::SourceReader;
use crate::event::ReadEvent;
use crate::queue::Queue;
use crate::source::Source;
use crate::stage::{BlockSink, Splitting, Stage};

/// Inputs up to this size are never split among workers.
const SPLIT_MIN_BYTES: u64 = 1 << 20;

/// Small inputs are handed out in batches of this many bytes, as stored, and this many inputs: waking a thread takes
/// longer than reading some of them.
const BATCH_BYTES: u64 = 1 << 18;
const BATCH_INPUTS: usize = 100;

/// The size of the largest input or batch that is handed out whole if outputs are about as large as the text: a thread whose
/// output is too large to hold waits until all inputs before are merged.
const LARGE_OUTPUT_BYTES: u64 = 1 << 16;

/// How many pieces of work for each thread, and four more, may wait to be merged before another batch of small inputs is handed
/// out. With few, the others run dry while the next piece waits for a processor or a disk; each may take more than a megabyte.
const UNMERGED: u64 = 4;
const UNMERGED_LARGE: u64 = 1;

/// How many inputs are looked at in advance, to know how much work is left to share.
const LOOKAHEAD: usize = 1 << 10;

/// Numbers the work and hands it out.
pub(super) struct Feeder<S: Stage, P> {
    seq: u64,
    bufs: Receiver<Vec<u8>>,
    spare: Vec<Vec<u8>>,
    queue: Arc<Queue<Job>>,
    /// With this many blocks in the queue, no worker runs dry while the feeder processes one itself.
    enough: usize,
    is_splitting: bool,
    /// The blocks that are handed out next, fewer than [`Stage::BLOCKS`].
    pending: Vec<Block>,
    worker: Worker<S, P>,
    has_large_outputs: bool,
}

impl<S: Stage, P> Drop for Feeder<S, P> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl<S: Stage, P: Splitting> Feeder<S, P> {
    /// Creates the thread's state. `worker` processes blocks on this thread, and `busy` is the number of threads that work on
    /// blocks at a time, with this one.
    pub(super) fn new(
        bufs: Receiver<Vec<u8>>,
        queue: Arc<Queue<Job>>,
        worker: Worker<S, P>,
        busy: usize,
    ) -> Self {
        Self {
            seq: 0,
            bufs,
            spare: Vec::new(),
            queue,
            enough: 2 * busy.saturating_sub(1),
            is_splitting: false,
            pending: Vec::new(),
            worker,
            has_large_outputs: false,
        }
    }

    /// Hands out small inputs whole, and those that are fewer than their share of what is left; splits the others here.
    pub(super) fn feed(
        &mut self,
        sources: Vec<Source>,
        reader: &mut SourceReader,
        splitting: &P,
        threads: u64,
    ) {
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
            self.has_large_outputs |= self.worker.whole_inputs.are_mostly_merged_in_parts();
            let (most_alone, most_together) = if self.has_large_outputs {
                (LARGE_OUTPUT_BYTES, LARGE_OUTPUT_BYTES)
            } else {
                (SPLIT_MIN_BYTES.max(left / threads), BATCH_BYTES)
            };
            match length {
                Some(length) if length <= most_alone => {
                    batch.push(source);
                    bytes += length;
                    // Towards the end, batches get smaller, so that all threads have something to do.
                    let enough = most_together.min(left / (4 * threads));
                    if bytes >= enough || batch.len() >= BATCH_INPUTS {
                        self.whole(std::mem::take(&mut batch), bytes, threads);
                        bytes = 0;
                    }
                }
                _ => {
                    self.whole(std::mem::take(&mut batch), bytes, threads);
                    bytes = 0;
                    if self.enough == 0 {
                        // No other thread works while this one does, and it may have to wait for what comes before.
                        self.worker.turn.wait_for_room(self.seq, 0);
                    }
                    self.set_splitting(true);
                    splitting.split(&source, reader, self);
                    self.hand_out();
                    self.set_splitting(false);
                }
            }
            left -= length.unwrap_or(0);
        }
        self.whole(batch, bytes, threads);
    }

    /// Hands out inputs that have this many bytes, as stored.
    fn whole(&mut self, sources: Vec<Source>, bytes: u64, threads: u64) {
        if !sources.is_empty() {
            let seq = self.next_seq();
            let is_large = self.has_large_outputs || bytes > SPLIT_MIN_BYTES;
            let most = if is_large { UNMERGED_LARGE } else { UNMERGED };
            self.worker.turn.wait_for_room(seq, most * threads + 4);
            self.queue.push(Job::Whole { seq, sources });
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
        let (seq, bufs) = (self.next_seq(), vec![buf]);
        send(&self.worker.outputs, Message::Done { seq, output, bufs });
    }

    /// Hands out the blocks that are pending.
    fn hand_out(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let (seq, blocks) = (self.next_seq(), std::mem::take(&mut self.pending));
        if blocks.iter().any(Block::is_long) {
            // Meanwhile, as in `buf`.
            self.queue.set_producer_busy(false);
            self.worker.turn.admit(seq);
            self.queue.set_producer_busy(self.is_splitting);
        }
        let job = Job::Blocks { seq, blocks };
        if self.queue.len() < self.enough {
            self.queue.push(job);
        } else {
            self.worker.job(job);
        }
    }
}

impl<S: Stage, P: Splitting> BlockSink for Feeder<S, P> {
    fn buf(&mut self) -> Vec<u8> {
        self.spare.extend(self.bufs.try_iter());
        // The last one is the likeliest to be in a cache.
        self.spare.pop().unwrap_or_else(|| {
            // What is pending has buffers, too.
            self.hand_out();
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
        let is_long = block.is_long();
        if is_long {
            self.hand_out();
        }
        self.pending.push(block);
        if is_long || self.pending.len() >= S::BLOCKS {
            self.hand_out();
        }
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        self.hand_out();
        let mut output = Box::<S::Output>::default();
        self.worker.stage.event(input, event, &mut output);
        let buf = self.buf();
        self.done(output, buf);
    }

    fn is_stopped(&self) -> bool {
        self.worker.stop.load(Ordering::Relaxed)
    }
}
