//! A file that grows.

use cloudconnexa_reader::{ReadEvent, Resume, Tail};

use crate::inputs::{Collector, Out, check_accounting};

const START: Resume = Resume { offset: 0, line: 1 };

const TEXTS: [&str; 6] = [
    "{\"a\":1}\n{\"b\":\"é\"} \r\n\n  {\"c\":3}\n",
    "\u{feff}{\n \"a\": 1\n}\n{\"b\":2}{\"c\":3}\n\"x\n{\"d\":\n{\"e\":5}\n",
    "[{\"a\":1},\n{\"b\":[2]}, {\"c\":3}]\n",
    "{\"too\":\"long, much too long\"}\n{\"a\":1}\n",
    "{\"a\":1},\n{\"b\":2} {\"c\":3}\\n\n,{\"d\":4}\r{\"e\":5}\r\n",
    "{\"a\":\0\0\n\0\0{\"b\":2}\0\n\u{feff}{\"c\":3}\n",
];

fn tail(from: Resume) -> Tail {
    Tail::new("log", from, 20)
}

/// What a tail hands out for `chunks`.
fn push(chunks: &[&str]) -> Collector {
    let (mut tail, mut out) = (tail(START), Collector::default());
    for chunk in chunks {
        tail.push(chunk.as_bytes(), &mut out);
    }
    tail.end(None, &mut out);
    out
}

/// Whether `text` can be cut at `at` as text; bytes are cut anywhere by the tests of the splitter.
fn cuts(text: &str) -> impl Iterator<Item = usize> {
    (0..=text.len()).filter(|at| text.is_char_boundary(*at))
}

#[test]
fn items_do_not_depend_on_how_a_file_grows() {
    for text in TEXTS {
        let expected = push(&[text]);
        check_accounting(&expected.items, text.as_bytes());
        for cut in cuts(text) {
            let (first, second) = text.split_at(cut);
            let out = push(&[first, second]);
            assert_eq!(out.items, expected.items, "cut at {cut} of {text:?}");
            let [ReadEvent::End(end)] = &out.events[..] else { panic!("{:?}", out.events) };
            assert_eq!((end.bytes, end.is_complete), (text.len() as u64, true));
        }
    }
}

#[test]
fn another_run_that_resumes_loses_and_repeats_no_record() {
    for text in TEXTS {
        let expected = push(&[text]).items;
        for cut in cuts(text) {
            let (mut first, mut out) = (tail(START), Collector::default());
            first.push(&text.as_bytes()[..cut], &mut out);
            let resume = first.resume();
            let from = usize::try_from(resume.offset).unwrap();
            assert!(from <= cut);
            // What is handed out after that place comes again.
            out.items.retain(|item| item.bytes().is_some_and(|(offset, _)| offset < resume.offset));
            let mut second = tail(resume);
            second.push(&text.as_bytes()[from..], &mut out);
            second.end(None, &mut out);
            let records = |items: &[Out]| -> Vec<_> {
                items
                    .iter()
                    .filter(|item| item.bytes().is_some_and(|(_, bytes)| !bytes.is_empty()))
                    .cloned()
                    .collect()
            };
            assert_eq!(records(&out.items), records(&expected), "cut at {cut} of {text:?}");
        }
    }
}

#[test]
fn lines_of_the_next_file_are_numbered_on() {
    let (mut tail, mut out) = (tail(START), Collector::default());
    tail.push(b"{\"a\":1}\n{\"b\":2}", &mut out);
    tail.next_file(&mut out);
    assert_eq!(tail.resume(), Resume { offset: 0, line: 3 });
    tail.push(b"{\"c\":3}\n", &mut out);
    assert_eq!(tail.resume(), Resume { offset: 8, line: 4 });
    tail.end(None, &mut out);
    let lines: Vec<_> = out
        .items
        .iter()
        .map(|item| match item {
            Out::Record { at, is_cut_off, .. } => (at.line, at.offset, *is_cut_off),
            item => panic!("{item:?}"),
        })
        .collect();
    assert_eq!(lines, [(1, 0, false), (2, 8, false), (3, 15, false)]);
}

#[test]
fn what_is_left_at_a_problem_is_cut_off() {
    let (mut tail, mut out) = (tail(START), Collector::default());
    tail.push(b"{\"a\":1}\n{\"b\":", &mut out);
    tail.end(Some("cannot read `log`: it is gone".to_owned()), &mut out);
    let cut_off: Vec<_> =
        out.items.iter().map(|item| matches!(item, Out::Record { is_cut_off: true, .. })).collect();
    assert_eq!(cut_off, [false, true]);
    let [ReadEvent::Error(error), ReadEvent::End(end)] = &out.events[..] else { panic!("{:?}", out.events) };
    assert_eq!(error.to_string(), "cannot read `log`: it is gone");
    assert!(!end.is_complete);
}
