//! Inputs that are read in several attempts.

use std::io::{self, Cursor, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cloudconnexa_reader::{
    OnError, ReadEvent, Source, SourceReader, SplitRecords, Splitting as _, Unfinished,
};

use crate::inputs::{Collector, Fails, Out, check_accounting, gzip, memory};

const TEXTS: [&str; 3] = [
    "{\"a\":1}\n{\"b\":\n2}\n{\"c\":\"é\"}",
    "[{\"a\":1},\n{\"b\":[2]}]",
    "{\n \"a\": \"}{\"\n}\n{\"b\":1}{\"c\":2}\n",
];

fn options() -> SplitRecords {
    SplitRecords { on_error: OnError::Retry, ..SplitRecords::default() }
}

/// A source that fails after `cuts[n]` bytes when it is opened for the nth time, and then no more.
fn flaky(bytes: &[u8], cuts: &[usize]) -> Source {
    let (bytes, cuts): (Arc<[u8]>, Arc<[usize]>) = (bytes.into(), cuts.into());
    let attempts = AtomicUsize::new(0);
    Source::custom("flaky", move || {
        let all = Cursor::new(Arc::clone(&bytes));
        Ok(match cuts.get(attempts.fetch_add(1, Ordering::Relaxed)) {
            Some(0) => return Err(io::ErrorKind::NotFound.into()),
            Some(cut) => Box::new(all.take(*cut as u64).chain(Fails)),
            None => Box::new(all),
        })
    })
}

/// The unfinished input among the events of a sink, which has to be the only one.
fn unfinished(out: &mut Collector) -> Unfinished {
    let event = out.events.pop();
    let Some(ReadEvent::Unfinished(unfinished)) = event else { panic!("{event:?}") };
    assert!(out.events.is_empty());
    *unfinished
}

#[test]
fn attempts_that_end_at_any_byte_lose_and_repeat_nothing() {
    let mut reader = SourceReader::default();
    for text in TEXTS {
        for (bytes, is_gzip) in [(text.as_bytes().to_vec(), false), (gzip(text.as_bytes()), true)] {
            let mut expected = Collector::default();
            options().split(&memory("flaky", bytes.clone()), &mut reader, &mut expected);
            check_accounting(&expected.items, text.as_bytes());
            for first in 0..bytes.len() {
                for second in [first / 2, (first + 3).min(bytes.len())] {
                    let mut out = Collector::default();
                    let source = flaky(&bytes, &[first, second]);
                    Unfinished::new(&source).attempt(&mut reader, &options(), &mut out);
                    for _ in 0..2 {
                        let unfinished = unfinished(&mut out);
                        assert_eq!(unfinished.errors().len(), 1);
                        assert!(unfinished.is_transient());
                        unfinished.attempt(&mut reader, &options(), &mut out);
                    }
                    assert_eq!(out.items, expected.items, "{first}, {second}, gzip: {is_gzip}");
                    let [ReadEvent::End(end)] = &out.events[..] else { panic!("{:?}", out.events) };
                    assert_eq!((end.bytes, end.is_complete), (text.len() as u64, true));
                }
            }
        }
    }
}

#[test]
fn what_is_left_of_an_input_that_is_given_up_is_cut_off() {
    let mut reader = SourceReader::default();
    for text in TEXTS {
        for cut in 2..text.len() {
            let (source, mut out) = (flaky(text.as_bytes(), &[cut; 2]), Collector::default());
            Unfinished::new(&source).attempt(&mut reader, &options(), &mut out);
            let records_before = out.items.len();
            assert!(out.items.iter().all(|item| !matches!(item, Out::Record { is_cut_off: true, .. })));
            unfinished(&mut out).give_up(&mut reader, &options(), &mut out);
            check_accounting(&out.items, &text.as_bytes()[..cut]);
            let mut rest = out.items[records_before..].iter();
            assert!(rest.all(|item| !matches!(item, Out::Record { is_cut_off: false, .. })));
            let [ReadEvent::Error(_), ReadEvent::End(end)] = &out.events[..] else {
                panic!("{:?}", out.events)
            };
            assert_eq!((end.bytes, end.was_opened, end.is_complete), (cut as u64, true, false));
        }
    }
}

#[test]
fn nothing_of_a_truncated_gzip_file_is_handed_out_before_it_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    let text = b"{\"a\":1}\n{\"b\":2}\n";
    let bytes = gzip(text);
    let mut reader = SourceReader::default();
    for cut in 2..bytes.len() {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        let (source, mut out) = (Source::File(path.clone()), Collector::default());
        Unfinished::new(&source).attempt(&mut reader, &options(), &mut out);
        let truncated = unfinished(&mut out);
        assert!(truncated.is_truncated_gzip() && !truncated.has_begun() && out.items.is_empty());
        // Meanwhile the rest was written.
        std::fs::write(&path, &bytes).unwrap();
        truncated.attempt(&mut reader, &options(), &mut out);
        assert_eq!(out.items.len(), 2);
        assert!(matches!(&out.events[..], [ReadEvent::End(end)] if end.is_complete));
    }
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let mut out = Collector::default();
    Unfinished::new(&Source::File(path)).attempt(&mut reader, &options(), &mut out);
    unfinished(&mut out).give_up(&mut reader, &options(), &mut out);
    check_accounting(&out.items, text);
    assert!(matches!(&out.events[..], [ReadEvent::Error(_), ReadEvent::End(end)] if !end.is_complete));
}

#[test]
fn an_input_that_never_opens_is_reported_as_unopened() {
    let mut reader = SourceReader::default();
    let (source, mut out) = (flaky(b"{}", &[0]), Collector::default());
    Unfinished::new(&source).attempt(&mut reader, &options(), &mut out);
    unfinished(&mut out).give_up(&mut reader, &options(), &mut out);
    assert!(matches!(&out.events[..], [ReadEvent::Error(_), ReadEvent::End(end)] if !end.was_opened));
    assert!(out.items.is_empty());
}
