//! Jobs on their way from the thread that cuts to those that judge.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// First in, first out. As long as who puts in is busy itself, one of those who take out sits still.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    /// Where the one in reserve waits.
    freed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    jobs: VecDeque<T>,
    /// No more will come.
    is_closed: bool,
    /// Whether who puts in is busy.
    is_busy: bool,
    /// How many sleep that nobody has woken yet.
    asleep: usize,
    /// Whether the one in reserve is among those.
    reserve_sleeps: bool,
}

/// One of those who take jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Post {
    /// Takes whatever comes.
    Regular,
    /// Only while who puts in has nothing to do.
    Reserve,
}

impl<T> Queue<T> {
    pub(super) fn new() -> Self {
        let state = State {
            jobs: VecDeque::new(),
            is_closed: false,
            is_busy: false,
            asleep: 0,
            reserve_sleeps: false,
        };
        Self { state: Mutex::new(state), filled: Condvar::new(), freed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many jobs nobody has begun.
    pub(super) fn len(&self) -> usize {
        self.state().jobs.len()
    }

    pub(super) fn push(&self, job: T) {
        let mut state = self.state();
        state.jobs.push_back(job);
        if state.asleep > 0 {
            state.asleep -= 1;
            self.filled.notify_one();
        } else {
            self.wake_reserve(&mut state);
        }
    }

    /// Says whether who puts in is busy itself.
    pub(super) fn busy(&self, is_busy: bool) {
        let mut state = self.state();
        state.is_busy = is_busy;
        self.wake_reserve(&mut state);
    }

    fn wake_reserve(&self, state: &mut State<T>) {
        if state.reserve_sleeps && !state.is_busy && !state.jobs.is_empty() {
            state.reserve_sleeps = false;
            self.freed.notify_one();
        }
    }

    /// No more will be put in.
    pub(super) fn close(&self) {
        let mut state = self.state();
        (state.is_closed, state.is_busy) = (true, false);
        self.filled.notify_all();
        self.freed.notify_all();
    }

    /// Waits for the next job; none once all is done.
    pub(super) fn next(&self, post: Post) -> Option<T> {
        let mut state = self.state();
        loop {
            if post == Post::Regular || !state.is_busy {
                if let Some(job) = state.jobs.pop_front() {
                    return Some(job);
                }
                if state.is_closed {
                    return None;
                }
            }
            let condition = match post {
                Post::Regular => {
                    state.asleep += 1;
                    &self.filled
                }
                Post::Reserve => {
                    state.reserve_sleeps = true;
                    &self.freed
                }
            };
            state = condition.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Long enough for another thread to do what it should not.
    const WHILE: Duration = Duration::from_millis(50);

    /// Longer than anything takes.
    const EVER: Duration = Duration::from_secs(60);

    #[test]
    fn all_comes_out_in_order() {
        let queue = Queue::new();
        (0..3).for_each(|job| queue.push(job));
        assert_eq!(queue.len(), 3);
        assert_eq!(queue.next(Post::Regular), Some(0));
        assert_eq!(queue.next(Post::Reserve), Some(1));
        queue.close();
        assert_eq!([queue.next(Post::Regular), queue.next(Post::Regular)], [Some(2), None]);
        assert_eq!(queue.next(Post::Reserve), None);
    }

    #[test]
    fn the_reserve_works_while_who_puts_in_has_time() {
        let queue = Queue::new();
        queue.busy(true);
        thread::scope(|scope| {
            let (taken, jobs) = channel();
            let queue = &queue;
            scope.spawn(move || {
                while let Some(job) = queue.next(Post::Reserve) {
                    taken.send(job).unwrap();
                }
            });
            queue.push(1);
            assert_eq!(jobs.recv_timeout(WHILE), Err(RecvTimeoutError::Timeout));
            queue.busy(false);
            assert_eq!(jobs.recv_timeout(EVER), Ok(1));
            queue.push(2);
            assert_eq!(jobs.recv_timeout(EVER), Ok(2));
            queue.busy(true);
            queue.push(3);
            assert_eq!(jobs.recv_timeout(WHILE), Err(RecvTimeoutError::Timeout));
            queue.close();
            assert_eq!(jobs.recv_timeout(EVER), Ok(3));
        });
    }

    #[test]
    fn two_jobs_wake_two() {
        let queue = Queue::new();
        thread::scope(|scope| {
            let (taken, jobs) = channel();
            let queue = &queue;
            for post in [Post::Regular, Post::Reserve] {
                let taken = taken.clone();
                scope.spawn(move || {
                    // Neither comes back for another.
                    let job = queue.next(post);
                    taken.send(job).unwrap();
                });
            }
            while queue.state().asleep < 1 || !queue.state().reserve_sleeps {
                thread::yield_now();
            }
            queue.push(1);
            queue.push(2);
            let mut both = [(); 2].map(|()| jobs.recv_timeout(EVER).unwrap());
            both.sort_unstable();
            assert_eq!(both, [Some(1), Some(2)]);
        });
    }
}
