//! Dropped iterators, panics, slow consumers: nothing hangs, runs on, or piles up.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cloudconnexa_reader::{Items, OwnedRecord, Reader, Source};

use crate::inputs::{gzip, memory, threads, wait_until};

/// Repeats a line forever, and counts the bytes that were read of it.
struct Endless {
    line: &'static [u8],
    at: usize,
    read: Arc<AtomicUsize>,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        for byte in buf.iter_mut() {
            *byte = self.line[self.at];
            self.at = (self.at + 1) % self.line.len();
        }
        self.read.fetch_add(buf.len(), Ordering::Relaxed);
        Ok(buf.len())
    }
}

/// An endless source. The counter is shared with it, so it is known to be closed once nobody else has the counter.
fn endless(line: &'static [u8]) -> (Source, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&read);
    let source =
        Source::custom("endless", move || Ok(Box::new(Endless { line, at: 0, read: Arc::clone(&shared) })));
    (source, read)
}

fn is_closed(read: &Arc<AtomicUsize>) -> bool {
    Arc::strong_count(read) == 1
}

const LINE: &[u8] = b"{\"eventName\":\"test-message\"}\n";

#[test]
fn a_dropped_iterator_ends_all_threads() {
    for count in [1, 2, 8] {
        for taken in [0, 1, 20_000] {
            let (source, read) = endless(LINE);
            let mut items = Reader::from_sources(vec![source]).threads(threads(count)).records();
            assert_eq!(items.by_ref().take(taken).filter(|item| matches!(item, Ok(Ok(_)))).count(), taken);
            drop(items);
            wait_until(|| is_closed(&read));
        }
    }
}

#[test]
fn a_dropped_iterator_ends_an_input_without_records() {
    for count in [1, 2] {
        let (source, read) = endless(b"\n");
        let items = Reader::from_sources(vec![source]).threads(threads(count)).records();
        wait_until(|| read.load(Ordering::Relaxed) > 0);
        drop(items);
        wait_until(|| is_closed(&read));
    }
}

#[test]
fn a_dropped_iterator_ends_workers_that_wait_for_their_turn() {
    let folder = tempfile::tempdir().unwrap();
    let text = LINE.repeat(200_000);
    let sources = (0..16).map(|number| {
        let path = folder.path().join(number.to_string());
        std::fs::write(&path, gzip(&text)).unwrap();
        Source::File(path)
    });
    let token = Arc::new(());
    let held = Arc::clone(&token);
    let mut items = Reader::from_sources(sources.collect()).threads(threads(4)).map(move |_| {
        let _ = &held;
    });
    assert!(matches!(items.next(), Some(Ok(Ok(())))));
    drop(items);
    wait_until(|| Arc::strong_count(&token) == 1);
}

#[test]
fn a_panic_reaches_the_caller_and_ends_all_threads() {
    for count in [1, 2, 8] {
        let (source, read) = endless(LINE);
        let reader = Reader::from_sources(vec![source]).threads(threads(count));
        let mut items = reader.map(|record| assert!(record.position().line < 50_000, "of the caller"));
        let panic = catch_unwind(AssertUnwindSafe(|| items.by_ref().for_each(drop))).unwrap_err();
        let text = panic.downcast_ref::<&str>().copied();
        assert_eq!(text.or(panic.downcast_ref::<String>().map(|text| &text[..])), Some("of the caller"));
        assert!(items.next().is_none());
        wait_until(|| is_closed(&read));
    }
}

#[test]
fn a_panic_in_a_source_reaches_the_caller() {
    for count in [1, 2] {
        let source = Source::custom("panics", || panic!("of the source"));
        let mut items = Reader::from_sources(vec![source]).threads(threads(count)).records();
        let panic = catch_unwind(AssertUnwindSafe(|| items.next())).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"of the source"));
    }
}

#[test]
fn a_slow_consumer_stops_the_producer() {
    /// Text per block, and the bytes that decompression looks back at.
    const BLOCK: usize = (1 << 18) + (1 << 15);
    for count in [1, 2, 4] {
        let (source, read) = endless(LINE);
        let mut items = Reader::from_sources(vec![source]).threads(threads(count)).records();
        let mut consumed = 0;
        for _ in 0..3 {
            for item in items.by_ref().take(1000) {
                consumed += item.unwrap().unwrap().bytes.len() + 1;
            }
            // Until nothing is read for a while.
            let mut before = 0;
            wait_until(|| {
                std::thread::sleep(Duration::from_millis(50));
                let last = before;
                before = read.load(Ordering::Relaxed);
                before == last
            });
            // One batch is being consumed, two wait, one is being sent; all others have a buffer.
            let batches = 4 + if count == 1 { 1 } else { 4 * count + 4 };
            let ahead = read.load(Ordering::Relaxed) - consumed;
            assert!(ahead <= batches * BLOCK, "{ahead} bytes ahead on {count} threads");
        }
    }
}

#[test]
fn an_iterator_that_has_ended_stays_at_its_end() {
    for count in [1, 2] {
        let sources = vec![memory("a", LINE), memory("b", &b""[..])];
        let mut items = Reader::from_sources(sources).threads(threads(count)).records();
        assert_eq!(items.by_ref().count(), 1);
        assert!((0..3).all(|_| items.next().is_none()));
    }
    assert_eq!(Reader::from_sources(Vec::new()).records().count(), 0);
}

#[test]
fn an_iterator_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Items<OwnedRecord>>();
    let items = Reader::from_sources(vec![memory("a", LINE)]).records();
    assert_eq!(std::thread::spawn(move || items.count()).join().unwrap(), 1);
}
