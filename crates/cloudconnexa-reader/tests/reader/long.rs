//! Long records, which take much memory while they are processed.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cloudconnexa_reader::{Reader, Source};

use crate::inputs::{gzip, memory, threads};

/// Reads with eight threads, and returns the number of records and how many were processed at the same time.
fn read_slowly(sources: Vec<Source>) -> (usize, usize) {
    let (current, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let highest = Arc::clone(&most);
    let items = Reader::from_sources(sources).threads(threads(8)).map(move |_| {
        let now = current.fetch_add(1, Ordering::SeqCst) + 1;
        highest.fetch_max(now, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(30));
        current.fetch_sub(1, Ordering::SeqCst);
    });
    let count = items.map(|item| assert!(matches!(item, Ok(Ok(()))))).count();
    (count, most.load(Ordering::SeqCst))
}

fn record(length: usize) -> Vec<u8> {
    format!("{{\"a\":\"{}\"}}\n", "x".repeat(length)).into_bytes()
}

#[test]
fn few_long_records_are_processed_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let files = |name: &str, text: &[u8]| -> Vec<Source> {
        (0..16)
            .map(|number| {
                let path = folder.path().join(format!("{name}-{number}.jsonl.gz"));
                fs::write(&path, gzip(text)).unwrap();
                Source::File(path)
            })
            .collect()
    };
    let long = record(2 << 20);
    for sources in [vec![memory("one input", long.repeat(16))], files("long", &long)] {
        let (count, most) = read_slowly(sources);
        assert_eq!(count, 16);
        assert!(most <= 2, "{most} at the same time");
    }
    // Others are not held up.
    let (count, most) = read_slowly(files("short", &record(1000)));
    assert_eq!(count, 16);
    assert!(most > 2, "{most} at the same time");
}

/// Inputs with long records among others, so that threads wait for each other in both ways.
#[test]
fn long_and_short_records_come_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut sources = Vec::new();
    for number in 0..40 {
        let text =
            [record(2 << 20).repeat(number % 3), record(1000), record(3 << 20).repeat(number % 2)].concat();
        let path = folder.path().join(format!("{number}.jsonl.gz"));
        fs::write(&path, gzip(&text)).unwrap();
        sources.push(Source::File(path));
        if number % 8 == 0 {
            sources.push(memory(&format!("memory {number}"), text.repeat(2)));
        }
    }
    let lengths = |count: usize| -> Vec<(String, usize)> {
        let items = Reader::from_sources(sources.clone()).threads(threads(count)).records();
        items
            .map(|item| item.unwrap().unwrap())
            .map(|record| (record.source.to_string(), record.bytes.len()))
            .collect()
    };
    assert_eq!(lengths(8), lengths(1));
}
