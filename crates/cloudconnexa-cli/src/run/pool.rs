//! The threads: one cuts and hands out work, many judge, and the main one puts what comes of it in order.
//!
//! Who cuts an input into blocks judges some of them as well, while the others have enough to do: so what it reads need
//! not go to another core. For that time one of the others sits still, and no more threads work than are asked for. Whole
//! inputs are not judged by who hands them out, as each may take long.
//!
//! Each piece of work needs one of a fixed number of memories before it starts, and gives it back once it is merged:
//! so nothing piles up, whichever thread is slow. The threads are never waited for when nobody wants their work any
//! more, as one may sit in a read that never ends.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::block::Block;
use super::cutter::{Manner, Sink, cut};
use super::judge::{Judge, Law, Relief};
use super::merge::Merge;
use super::outcome::Outcome;
use super::queue::{Post, Queue};
use crate::input::{Inputs, Source};

/// What is not worth to be cut up for many.
const SMALL: u64 = 1 << 20;

/// How many bytes of small inputs, as they lie there, and how many inputs make one job: to wake a thread takes longer
/// than to read some of them.
const TOGETHER: u64 = 1 << 18;
const MOST_TOGETHER: usize = 100;

/// Work for a judge, with its place in the order.
enum Job {
    Block { place: u64, block: Block },
    Whole { place: u64, memory: Vec<u8>, sources: Vec<Source> },
}

enum Message {
    Done {
        place: u64,
        outcome: Box<Outcome>,
        memory: Vec<u8>,
    },
    /// The first of what comes of the piece of work whose turn it is.
    Part(Box<Outcome>),
    /// A thread panicked, and has told why.
    Died,
}

/// How many inputs are looked at beforehand, to know how much there is left for all.
const AHEAD: usize = 1 << 10;

/// Validates `sources` by `threads` judges.
pub(super) fn run(
    sources: Vec<Source>,
    inputs: &Inputs,
    law: &'static Law,
    manner: Manner,
    threads: usize,
    merge: &mut Merge,
) {
    let stop = Arc::new(AtomicBool::new(false));
    let (done, outcomes) = channel();
    let (free, memories) = channel();
    for _ in 0..4 * threads + 4 {
        let _ = free.send(Vec::new());
    }
    let queue = Arc::new(Queue::new());
    let turn = Arc::new(Turn::default());
    let worker = || Worker {
        judge: Judge::new(law),
        inputs: inputs.another(),
        manner,
        memories: Vec::new(),
        stop: Arc::clone(&stop),
        turn: Arc::clone(&turn),
        alarm: Alarm(done.clone()),
    };
    for number in 0..threads {
        let (mut worker, queue) = (worker(), Arc::clone(&queue));
        let post = if number == 0 { Post::Reserve } else { Post::Regular };
        thread::spawn(move || {
            while let Some(job) = queue.next(post) {
                worker.job(job);
            }
        });
    }
    let enough = 2 * (threads - 1);
    let mut feeder = Feeder { place: 0, memories, queue, enough, is_cutting: false, worker: worker() };
    let mut inputs = inputs.another();
    thread::spawn(move || feeder.feed(sources, &mut inputs, manner, threads as u64));
    // For the outcomes to end when all others do.
    drop(done);
    put_in_order(&outcomes, &free, &turn, merge);
    stop.store(true, Ordering::Relaxed);
}

/// Merges until all is done, or nothing more can be written.
fn put_in_order(outcomes: &Receiver<Message>, free: &Sender<Vec<u8>>, turn: &Turn, merge: &mut Merge) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for message in outcomes {
        match message {
            Message::Done { place, outcome, memory } => {
                waiting.insert(place, (outcome, memory));
            }
            Message::Part(outcome) => {
                merge.add(*outcome);
                turn.part_is_merged();
            }
            Message::Died => panic!("a thread that validates has panicked"),
        }
        while let Some((outcome, memory)) = waiting.remove(&next) {
            next += 1;
            merge.add(*outcome);
            // Nobody may need it any more.
            let _ = free.send(memory);
            turn.is_of(next);
        }
        if merge.is_pointless() {
            return;
        }
    }
}

/// Whose outcome is merged next: who finds so much that it can't be held waits for it.
#[derive(Debug, Default)]
struct Turn {
    now: Mutex<Now>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Now {
    place: u64,
    part_on_its_way: bool,
}

impl Turn {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until `place` is next and no part of it is on its way; then one is.
    fn await_for_part(&self, place: u64) {
        let is_too_early = |now: &mut Now| now.place != place || now.part_on_its_way;
        let mut now = self.moved.wait_while(self.now(), is_too_early).unwrap_or_else(PoisonError::into_inner);
        now.part_on_its_way = true;
    }

    fn part_is_merged(&self) {
        self.now().part_on_its_way = false;
        self.moved.notify_all();
    }

    fn is_of(&self, place: u64) {
        self.now().place = place;
        self.moved.notify_all();
    }
}

/// Tells when its thread panics: the others would wait for ever.
struct Alarm(Sender<Message>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Message::Died);
        }
    }
}

/// Numbers the work.
struct Feeder {
    place: u64,
    memories: Receiver<Vec<u8>>,
    queue: Arc<Queue<Job>>,
    /// So many blocks that nobody runs out of them while one more is judged here.
    enough: usize,
    /// Whether it cuts an input, and judges of it.
    is_cutting: bool,
    worker: Worker,
}

impl Drop for Feeder {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Feeder {
    /// Small inputs, and those of which there are enough for all, go to a judge each; others are cut up here.
    fn feed(&mut self, sources: Vec<Source>, inputs: &mut Inputs, manner: Manner, threads: u64) {
        // At least so many bytes are left, those of the input in hand among them.
        let mut left = 0;
        let mut ahead = VecDeque::new();
        let mut sources = sources.into_iter();
        let (mut together, mut bytes) = (Vec::new(), 0);
        loop {
            for source in sources.by_ref().take(AHEAD - ahead.len()) {
                let length = source.length();
                left += length.unwrap_or(0);
                ahead.push_back((source, length));
            }
            let Some((source, length)) = ahead.pop_front() else { break };
            if self.is_stopped() {
                return;
            }
            // Towards the end all shall have something to do.
            let fair = left / (4 * threads);
            match length {
                Some(length) if length <= SMALL || length.saturating_mul(threads) <= left => {
                    together.push(source);
                    bytes += length;
                    if bytes >= TOGETHER.min(fair) || together.len() >= MOST_TOGETHER {
                        self.whole(std::mem::take(&mut together));
                        bytes = 0;
                    }
                }
                _ => {
                    self.whole(std::mem::take(&mut together));
                    bytes = 0;
                    self.cutting(true);
                    cut(&source, inputs, manner, self);
                    self.cutting(false);
                }
            }
            left -= length.unwrap_or(0);
        }
        self.whole(together);
    }

    fn whole(&mut self, sources: Vec<Source>) {
        if !sources.is_empty() {
            let (place, memory) = (self.place(), self.memory());
            self.queue.push(Job::Whole { place, memory, sources });
        }
    }

    fn cutting(&mut self, is_cutting: bool) {
        self.is_cutting = is_cutting;
        self.queue.busy(is_cutting);
    }

    fn place(&mut self) -> u64 {
        self.place += 1;
        self.place - 1
    }
}

impl Sink for Feeder {
    fn memory(&mut self) -> Vec<u8> {
        self.memories.try_recv().unwrap_or_else(|_| {
            // Until there is some, another may work.
            self.queue.busy(false);
            // Without those who give it back there is nobody left to work for.
            let memory = self.memories.recv().unwrap_or_default();
            self.queue.busy(self.is_cutting);
            memory
        })
    }

    fn spare(&mut self, memory: Vec<u8>) {
        let place = self.place();
        self.worker.send(Message::Done { place, outcome: Box::default(), memory });
    }

    fn block(&mut self, block: Block) {
        let job = Job::Block { place: self.place(), block };
        if self.queue.len() < self.enough {
            self.queue.push(job);
        } else {
            self.worker.job(job);
        }
    }

    fn outcome(&mut self, outcome: Outcome) {
        let (place, memory) = (self.place(), self.memory());
        self.worker.send(Message::Done { place, outcome: Box::new(outcome), memory });
    }

    fn is_stopped(&self) -> bool {
        self.worker.stop.load(Ordering::Relaxed)
    }
}

/// One that judges, with all that it uses again and again.
struct Worker {
    judge: Judge,
    inputs: Inputs,
    manner: Manner,
    memories: Vec<Vec<u8>>,
    stop: Arc<AtomicBool>,
    turn: Arc<Turn>,
    alarm: Alarm,
}

impl Worker {
    fn send(&self, message: Message) {
        // Without those who merge there is nobody left to work for.
        let _ = self.alarm.0.send(message);
    }

    /// Does a job, and hands on what comes of it.
    fn job(&mut self, job: Job) {
        let (Job::Block { place, .. } | Job::Whole { place, .. }) = job;
        let (turn, alarm) = (&*self.turn, &self.alarm);
        let mut relief = |outcome: &mut Outcome| {
            turn.await_for_part(place);
            let _ = alarm.0.send(Message::Part(Box::new(std::mem::take(outcome))));
        };
        let message = match job {
            Job::Block { place, block } => {
                let mut outcome = Box::new(Outcome::of(&block.input));
                let memory = self.judge.block(block, &mut outcome, &mut relief);
                Message::Done { place, outcome, memory }
            }
            Job::Whole { place, memory, sources } => {
                let (judge, memories, stop) = (&mut self.judge, &mut self.memories, &*self.stop);
                let outcome = Outcome::default();
                let mut whole = Whole { judge, memories, stop, outcome, relief: &mut relief };
                for source in sources {
                    cut(&source, &mut self.inputs, self.manner, &mut whole);
                }
                Message::Done { place, outcome: Box::new(whole.outcome), memory }
            }
        };
        self.send(message);
    }
}

/// Judges all blocks of some inputs into one outcome.
struct Whole<'a> {
    judge: &'a mut Judge,
    memories: &'a mut Vec<Vec<u8>>,
    stop: &'a AtomicBool,
    outcome: Outcome,
    relief: Relief<'a>,
}

impl Sink for Whole<'_> {
    fn memory(&mut self) -> Vec<u8> {
        self.memories.pop().unwrap_or_default()
    }

    fn spare(&mut self, memory: Vec<u8>) {
        self.memories.push(memory);
    }

    fn block(&mut self, block: Block) {
        self.outcome.input = Some(Arc::clone(&block.input));
        let memory = self.judge.block(block, &mut self.outcome, &mut *self.relief);
        self.memories.push(memory);
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.outcome.append(outcome);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
