use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::{Queue, Reads, Role};

impl Reads for i32 {
    fn reads(&self) -> bool {
        *self < 0
    }
}

/// Long enough for another thread to do what it should not.
const A_WHILE: Duration = Duration::from_millis(50);

/// Longer than anything takes.
const TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn jobs_come_out_in_order() {
    let queue = Queue::new();
    (0..3).for_each(|job| queue.push(job));
    assert_eq!(queue.len(), 3);
    assert_eq!(queue.next(Role::Regular), Some(0));
    assert_eq!(queue.next(Role::Reserve), Some(1));
    queue.close();
    assert_eq!([queue.next(Role::Regular), queue.next(Role::Regular)], [Some(2), None]);
    assert_eq!(queue.next(Role::Reserve), None);
}

#[test]
fn the_reserve_worker_sleeps_while_the_producer_is_busy() {
    let queue = Queue::new();
    queue.set_producer_busy(true);
    thread::scope(|scope| {
        let (taken, jobs) = channel();
        let queue = &queue;
        scope.spawn(move || {
            while let Some(job) = queue.next(Role::Reserve) {
                taken.send(job).unwrap();
            }
        });
        queue.push(1);
        assert_eq!(jobs.recv_timeout(A_WHILE), Err(RecvTimeoutError::Timeout));
        queue.set_producer_busy(false);
        assert_eq!(jobs.recv_timeout(TIMEOUT), Ok(1));
        queue.push(2);
        assert_eq!(jobs.recv_timeout(TIMEOUT), Ok(2));
        queue.set_producer_busy(true);
        queue.push(3);
        assert_eq!(jobs.recv_timeout(A_WHILE), Err(RecvTimeoutError::Timeout));
        queue.close();
        assert_eq!(jobs.recv_timeout(TIMEOUT), Ok(3));
    });
}

#[test]
fn extra_workers_take_only_jobs_that_read() {
    let queue = Queue::new();
    thread::scope(|scope| {
        let (taken, jobs) = channel();
        let queue = &queue;
        for _ in 0..2 {
            let taken = taken.clone();
            scope.spawn(move || {
                while let Some(job) = queue.next(Role::Extra) {
                    taken.send(job).unwrap();
                }
            });
        }
        while queue.state().extra_asleep < 2 {
            thread::yield_now();
        }
        queue.push(1);
        assert_eq!(jobs.recv_timeout(A_WHILE), Err(RecvTimeoutError::Timeout));
        queue.push(-1);
        queue.push(-2);
        let mut both = [(); 2].map(|()| jobs.recv_timeout(TIMEOUT).unwrap());
        both.sort_unstable();
        assert_eq!(both, [-2, -1]);
        assert_eq!(queue.next(Role::Regular), Some(1));
        queue.close();
    });
}

#[test]
fn two_jobs_wake_two_workers() {
    let queue = Queue::new();
    thread::scope(|scope| {
        let (taken, jobs) = channel();
        let queue = &queue;
        for role in [Role::Regular, Role::Reserve] {
            let taken = taken.clone();
            scope.spawn(move || {
                // Neither comes back for another.
                let job = queue.next(role);
                taken.send(job).unwrap();
            });
        }
        while queue.state().asleep < 1 || !queue.state().reserve_sleeps {
            thread::yield_now();
        }
        queue.push(1);
        queue.push(2);
        let mut both = [(); 2].map(|()| jobs.recv_timeout(TIMEOUT).unwrap());
        both.sort_unstable();
        assert_eq!(both, [Some(1), Some(2)]);
    });
}
