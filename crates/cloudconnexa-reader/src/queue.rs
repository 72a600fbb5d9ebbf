//! The queue of jobs between the thread that splits inputs and the workers.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A first-in, first-out queue. While the producer is busy with work of its own, the reserve worker sleeps.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    /// The reserve worker waits here.
    released: Condvar,
}

#[derive(Debug)]
struct State<T> {
    jobs: VecDeque<T>,
    is_closed: bool,
    producer_is_busy: bool,
    /// Sleeping regular workers that nobody has woken yet.
    asleep: usize,
    reserve_sleeps: bool,
}

/// Which jobs a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Takes every job.
    Regular,
    /// Takes jobs only while the producer is idle.
    Reserve,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        let state = State {
            jobs: VecDeque::new(),
            is_closed: false,
            producer_is_busy: false,
            asleep: 0,
            reserve_sleeps: false,
        };
        Self { state: Mutex::new(state), filled: Condvar::new(), released: Condvar::new() }
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
        state.jobs.push_back(job);
        if state.asleep > 0 {
            state.asleep -= 1;
            self.filled.notify_one();
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
    }

    /// Waits for the next job; `None` once the queue is closed and empty.
    pub(crate) fn next(&self, role: Role) -> Option<T> {
        let mut state = self.state();
        loop {
            if role == Role::Regular || !state.producer_is_busy {
                if let Some(job) = state.jobs.pop_front() {
                    return Some(job);
                }
                if state.is_closed {
                    return None;
                }
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
            };
            state = condition.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests;
