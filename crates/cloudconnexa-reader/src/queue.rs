//! The queue of jobs between the thread that splits inputs and the workers.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A first-in, first-out queue. While the producer is busy with work of its own, the reserve worker sleeps. Extra workers
/// take only jobs that may have to wait for a disk.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    /// The reserve worker waits here.
    released: Condvar,
    /// Extra workers wait here.
    reading: Condvar,
}

/// A job of a [`Queue`].
pub(crate) trait Reads {
    /// Whether its bytes are still to be read, so that its worker may have to wait for them.
    fn reads(&self) -> bool;
}

#[derive(Debug)]
struct State<T> {
    jobs: VecDeque<T>,
    is_closed: bool,
    producer_is_busy: bool,
    /// Sleeping regular workers that nobody has woken yet.
    asleep: usize,
    reserve_sleeps: bool,
    /// Sleeping extra workers that nobody has woken yet.
    extra_asleep: usize,
}

/// Which jobs a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Takes every job.
    Regular,
    /// Takes jobs only while the producer is idle.
    Reserve,
    /// Takes only jobs that [read](Reads::reads): there are as many other workers as processors.
    Extra,
}

impl<T: Reads> Queue<T> {
    pub(crate) fn new() -> Self {
        let state = State {
            jobs: VecDeque::new(),
            is_closed: false,
            producer_is_busy: false,
            asleep: 0,
            reserve_sleeps: false,
            extra_asleep: 0,
        };
        Self {
            state: Mutex::new(state),
            filled: Condvar::new(),
            released: Condvar::new(),
            reading: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of jobs that no worker has taken.
    pub(crate) fn len(&self) -> usize {
        self.state().jobs.len()
    }

    pub(crate) fn push(&self, job: T) {
        let mut state = self.state();
        let reads = job.reads();
        state.jobs.push_back(job);
        if state.asleep > 0 {
            state.asleep -= 1;
            self.filled.notify_one();
        } else if reads && state.extra_asleep > 0 {
            state.extra_asleep -= 1;
            self.reading.notify_one();
        } else {
            self.wake_reserve(&mut state);
        }
    }

    /// Sets whether the producer is busy.
    pub(crate) fn set_producer_busy(&self, is_busy: bool) {
        let mut state = self.state();
        state.producer_is_busy = is_busy;
        self.wake_reserve(&mut state);
    }

    fn wake_reserve(&self, state: &mut State<T>) {
        if state.reserve_sleeps && !state.producer_is_busy && !state.jobs.is_empty() {
            state.reserve_sleeps = false;
            self.released.notify_one();
        }
    }

    /// Closes the queue: workers take what is left and end.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        (state.is_closed, state.producer_is_busy) = (true, false);
        self.filled.notify_all();
        self.released.notify_all();
        self.reading.notify_all();
    }

    /// Waits for the next job; `None` once the queue is closed and empty.
    pub(crate) fn next(&self, role: Role) -> Option<T> {
        let mut state = self.state();
        loop {
            let next = match role {
                Role::Regular => Some(0),
                Role::Reserve => (!state.producer_is_busy).then_some(0),
                Role::Extra => state.jobs.iter().position(T::reads),
            };
            if let Some(job) = next.and_then(|index| state.jobs.remove(index)) {
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            let condition = match role {
                Role::Regular => {
                    state.asleep += 1;
                    &self.filled
                }
                Role::Reserve => {
                    state.reserve_sleeps = true;
                    &self.released
                }
                Role::Extra => {
                    state.extra_asleep += 1;
                    &self.reading
                }
            };
            state = condition.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests;
