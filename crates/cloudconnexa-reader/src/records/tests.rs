//! Tests of splitting text into records.

mod chunks;
mod faults;
mod held;

use super::{FramingFault, Item, Refused, Splitter, boundary, is_array};
use crate::position::Position;

/// An item in a form that compares and prints well.
#[derive(Clone, Debug, PartialEq)]
enum Out {
    Record(Position, Vec<u8>),
    Fault(&'static str, Position, Position),
    /// A piece, with the id of the fault if it is the last one.
    Refused(Position, Vec<u8>, Option<&'static str>),
    Between(u64),
}

impl Out {
    fn of(item: &Item<'_>) -> Self {
        match item {
            Item::Record(record) => Self::Record(record.at, record.bytes.to_vec()),
            Item::Fault(span, fault) => Self::Fault(id(*fault), span.start, span.end),
            Item::Refused(Refused { bytes, at, why, .. }) => {
                Self::Refused(*at, bytes.to_vec(), why.map(|(_, fault)| id(fault)))
            }
            Item::Between(length) => Self::Between(*length),
        }
    }
}

/// What tells faults apart in the expectations.
fn id(fault: FramingFault) -> &'static str {
    match fault {
        FramingFault::TooLong { .. } => "too-long",
        FramingFault::NoLineEnd | FramingFault::Separator(_) => "separator",
        FramingFault::Nul { .. } => "nul",
        FramingFault::ByteOrderMark => "mark",
        _ => "syntax",
    }
}

fn split(chunks: &[&[u8]], limit: usize) -> Vec<Out> {
    let mut out = Vec::new();
    let mut sink = |item: Item<'_>| collect(&mut out, &item);
    let mut splitter = Splitter::with_limit(limit);
    for chunk in chunks {
        splitter.push(chunk, &mut sink);
    }
    splitter.finish(&mut sink);
    out
}

/// Collects an item, and the fault of refused bytes as an item of its own.
fn collect(out: &mut Vec<Out>, item: &Item<'_>) {
    out.push(Out::of(item));
    if let Item::Refused(Refused { why: Some((span, fault)), .. }) = item {
        out.push(Out::of(&Item::Fault(*span, *fault)));
    }
}

/// One line per item: `line:column text`, or `line:column !id`.
fn shown(input: &str) -> String {
    shown_with(input, 1 << 20)
}

fn shown_with(input: &str, limit: usize) -> String {
    let lines = split(&[input.as_bytes()], limit).into_iter().filter_map(|out| match out {
        Out::Record(at, bytes) => {
            Some(format!("{}:{} {}", at.line, at.column, String::from_utf8_lossy(&bytes).replace('\n', "⏎")))
        }
        Out::Fault(id, at, _) => Some(format!("{}:{} !{id}", at.line, at.column)),
        Out::Refused(..) | Out::Between(_) => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(input: &str, expected: &str) {
    assert_eq!(shown(input), expected.lines().map(str::trim).collect::<Vec<_>>().join("\n"), "of {input:?}");
}

#[test]
fn each_json_line_is_a_record() {
    check("{\"a\":1}\n{\"b\":2}\n", "1:1 {\"a\":1}\n2:1 {\"b\":2}");
    check("{}\r\n\r\n  {} \r\n{}", "1:1 {}\n3:3 {}\n4:1 {}");
    check("", "");
    check(" \r\n\n", "");
    check("\u{feff}{}\n{}", "1:1 {}\n2:1 {}");
    check("null\n[]\n\"}{\"\n\0\n", "1:1 null\n2:1 []\n3:1 \"}{\"\n4:1 !nul");
}

#[test]
fn a_broken_line_does_not_swallow_the_next() {
    check("{\"a\":{\"b\":1\n{}\n", "1:1 {\"a\":{\"b\":1\n2:1 {}");
    check("{\"a\":\"b\nxyz\n{}\n", "1:1 {\"a\":\"b\n2:1 xyz\n3:1 {}");
    check("{}}\n}\n{}", "1:1 {}}\n2:1 }\n3:1 {}");
    check("{} {\n{}\n", "1:1 {}\n1:3 !separator\n1:4 {\n2:1 {}");
    check("garbage {\n[\"x\n{}\n", "1:1 garbage {\n2:1 [\"x\n3:1 {}");
}

#[test]
fn two_events_on_one_line_are_two_records_and_a_fault() {
    check(
        "{\"a\":1}{\"b\":{}}{}\n{}",
        "1:1 {\"a\":1}\n1:8 !separator\n1:8 {\"b\":{}}\n1:16 !separator\n1:16 {}\n2:1 {}",
    );
    check("{\"a\":\"}{\"}\n{}", "1:1 {\"a\":\"}{\"}\n2:1 {}");
    check("{\"a\":\"\\\"}{\"}\n{}", "1:1 {\"a\":\"\\\"}{\"}\n2:1 {}");
    check("{\"a\":{}{}\n{}", "1:1 {\"a\":{}{}\n2:1 {}");
}

#[test]
fn values_are_records_whatever_separates_them() {
    for (separator, length) in [
        (" ", 1),
        ("\r", 1),
        (",", 1),
        (" , ", 3),
        (";", 1),
        ("\\n", 2),
        ("\\r\\n", 4),
        ("\u{2028}", 1),
        ("\u{85}", 1),
        ("\u{1e}", 1),
    ] {
        let second = 3 + length;
        check(
            &format!("{{}}{separator}{{}}\n{{}}"),
            &format!("1:1 {{}}\n1:3 !separator\n1:{second} {{}}\n2:1 {{}}"),
        );
    }
    check("{},\n{}, \r\n{}", "1:1 {}\n1:3 !separator\n2:1 {}\n2:3 !separator\n3:1 {}");
    check("{}\n,{}\n, {}", "1:1 {}\n2:1 !separator\n2:2 {}\n3:1 !separator\n3:3 {}");
    check("{}\n,\n{}\\n", "1:1 {}\n2:1 !separator\n3:1 {}\n3:3 !separator");
    check("\u{1e}{}\n\u{1e}{}\n", "1:1 !separator\n1:2 {}\n2:1 !separator\n2:2 {}");
    check("{\n},\n{\n},{\n}", "1:1 {⏎}\n2:2 !separator\n3:1 {⏎}\n4:2 !separator\n4:3 {⏎}");
    check("[1] {}", "1:2 1\n1:5 !syntax\n1:5 {}");
    check("{}\n[1] {}", "1:1 {}\n2:1 [1] {}");
}

#[test]
fn other_text_after_a_value_belongs_to_its_record() {
    for line in ["{} x", "{}, x", "{} [1]", "{}]", "{},[{}", "{}\\t{}", "{}\u{2029}x{}", "{}\r\rx"] {
        check(&format!("{line}\n{{}}"), &format!("1:1 {line}\n2:1 {{}}"));
    }
    let far = format!("{{}}{}{{}}", " ".repeat(65));
    check(&far, &format!("1:1 {far}"));
    check(", x\n{}", "1:1 , x\n2:1 {}");
}

#[test]
fn lines_that_end_in_a_carriage_return_are_records() {
    check("{}\r{}\r", "1:1 {}\n1:3 !separator\n1:4 {}");
    check("{\r\"a\":\r{\r}\r}", "1:1 {\r\"a\":\r{\r}\r}");
    check("{\"a\":[\r{},\r{}]}", "1:1 {\"a\":[\r{},\r{}]}");
    check("{}\r\r\n{}\r\n", "1:1 {}\n2:1 {}");
}

#[test]
fn nul_bytes_between_records_belong_to_none() {
    check("{}\0\0\0", "1:1 {}\n1:3 !nul");
    check("\0\0{}\0{}\n", "1:1 !nul\n1:3 {}\n1:5 !nul\n1:6 {}");
    check("\0[{}\0,{}\0\0]\0", "1:1 !nul\n1:3 {}\n1:5 !nul\n1:7 {}\n1:9 !nul\n1:12 !nul");
    // Within a record, they are a fault of it.
    check("{\"a\":\"\0\0\"}\n{}", "1:1 {\"a\":\"\0\0\"}\n2:1 {}");
    let mut lengths = Vec::new();
    let mut splitter = Splitter::new();
    for chunk in [&b"{}\0\0"[..], b"\0", b"\0\n\0"] {
        splitter.push(chunk, |_| {});
    }
    splitter.finish(|item| {
        if let Item::Fault(span, FramingFault::Nul { length }) = item {
            lengths.push((length, span.end.offset - span.start.offset));
        }
    });
    assert_eq!(lengths, [(1, 1)]);
}

#[test]
fn byte_order_marks_are_skipped_wherever_they_are() {
    check("\u{feff}{}\n\u{feff}{}\n", "1:1 {}\n2:1 !mark\n2:2 {}");
    check("{}\u{feff}{}", "1:1 {}\n1:3 !mark\n1:4 {}");
    check("\u{feff}\u{feff}[{},\u{feff}{}]\u{feff}", "1:1 !mark\n1:3 {}\n1:6 !mark\n1:7 {}\n1:10 !mark");
    check("{}\n\u{feff}\n", "1:1 {}\n2:1 !mark");
    check("{\"a\":\"\u{feff}\"}\n{}", "1:1 {\"a\":\"\u{feff}\"}\n2:1 {}");
}

#[test]
fn there_may_be_no_limit() {
    for text in ["{\"a\":1}\n{\n}\n", "[{},{}", "{\"a\":1} x"] {
        let whole = split(&[text.as_bytes()], usize::MAX);
        assert_eq!(whole, split(&[text.as_bytes()], 1 << 20));
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(whole, split(&bytes, usize::MAX));
    }
}

#[test]
fn a_line_start_is_where_another_splitter_can_go_on() {
    let at = |text: &str| {
        let mut splitter = Splitter::new();
        splitter.push(text.as_bytes(), |_| {});
        splitter.line_start().map(|at| (at.line, at.offset))
    };
    assert_eq!(at("{}\n{},\n"), Some((3, 7)));
    assert_eq!(at("{}\n{},\n  "), Some((3, 7)));
    assert_eq!(at("{}\n{},\n{\"a\""), Some((3, 7)));
    assert_eq!(at("{}\n{},"), Some((2, 3)));
    assert_eq!(at("{}\n{},{"), None);
    assert_eq!(at("{}\n\0"), None);
    assert_eq!(at("[{},\n{},\n"), None);
    assert_eq!(at("{"), Some((1, 0)));
}

#[test]
fn a_splitter_that_follows_another_is_at_the_start_of_an_input() {
    let at = Position { offset: 100, line: 7, column: 1 };
    let mut out = Vec::new();
    let mut splitter = Splitter::following(at, 1 << 20);
    splitter.push(b"\xef\xbb\xbf[{},\n{}]", |item| collect(&mut out, &item));
    splitter.finish(|item| collect(&mut out, &item));
    let record = |offset, line, column| Out::Record(Position { offset, line, column }, b"{}".to_vec());
    assert_eq!(out, [record(104, 7, 2), record(108, 8, 1), Out::Between(7)]);
}

#[test]
fn an_array_is_known_by_its_first_byte_that_counts() {
    assert_eq!(is_array(b""), None);
    assert_eq!(is_array(b" \t\r\n\0\xef\xbb\xbf \xef\xbb"), None);
    assert_eq!(is_array(b"\xef\xbb\xbf\0 ["), Some(true));
    for text in [&b"{["[..], b" x[", b"\xef\xbbx["] {
        assert_eq!(is_array(text), Some(false), "{text:?}");
    }
}

#[test]
fn a_block_ends_before_the_last_line_that_starts_with_a_brace() {
    assert_eq!(boundary(b"{}\n{}\n{"), Some(6));
    assert_eq!(boundary(b"{}\n{\n  {\n}\n\n"), Some(3));
    for text in [&b""[..], b"{}\n", b"{}\n[{}]\n {}\n", b"{\n}\n"] {
        assert_eq!(boundary(text), None, "{text:?}");
    }
}

#[test]
fn a_pretty_printed_document_is_one_record() {
    check("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n\n{\n}\n", "1:1 {⏎  \"a\": {⏎    \"b\": 1⏎  }⏎}\n7:1 {⏎}");
    check("{\n  \"a\": [\n{\n}\n", "1:1 {⏎  \"a\": [\n3:1 {⏎}");
    check("{\n  \"a\": \"b,\n  \"c\": 1\n}\n{}", "1:1 {⏎  \"a\": \"b,⏎  \"c\": 1⏎}\n5:1 {}");
    // Two files without a final line end, concatenated.
    check("{\n}{\n} {}", "1:1 {⏎}\n2:2 {⏎}\n3:3 {}");
    // An object may start a line where the grammar allows a value: in an array, or after a colon.
    check(
        "{\n \"a\":[\n  {},\n  {}\n ],\n \"b\": \n {}\n}\n{}",
        "1:1 {⏎ \"a\":[⏎  {},⏎  {}⏎ ],⏎ \"b\": ⏎ {}⏎}\n9:1 {}",
    );
}

#[test]
fn a_document_that_is_not_closed_ends_where_no_value_may_start() {
    check("{\"a\":{\n  {}\n{}", "1:1 {\"a\":{\n2:3 {}\n3:1 {}");
    check("{\"a\":[1]\n  {}\n{}", "1:1 {\"a\":[1]\n2:3 {}\n3:1 {}");
    check("{\"a\":[[1],[2\n  {}]]}\n{}", "1:1 {\"a\":[[1],[2⏎  {}]]}\n3:1 {}");
}

#[test]
fn each_element_of_an_array_is_a_record() {
    check("[]", "");
    check("[\n]\n", "");
    check("[{\"a\":\"]\"},{}]\n", "1:2 {\"a\":\"]\"}\n1:12 {}");
    check("[\n  {\n    \"a\": 1\n  },\n  {}\n]", "2:3 {⏎    \"a\": 1⏎  }\n5:3 {}");
    check("[1, \"a,]\", nul l]", "1:2 1\n1:5 \"a,]\"\n1:12 nul l");
    check("[{\n\"a\": [\n{},\n{}\n], \"b\":\n{}}]", "1:2 {⏎\"a\": [⏎{},⏎{}⏎], \"b\":⏎{}}");
}

#[test]
fn faults_between_elements_are_reported() {
    check("[{},]", "1:2 {}\n1:4 !syntax");
    check("[,{}]", "1:2 !syntax\n1:3 {}");
    check("[{}{}]", "1:2 {}\n1:4 !syntax\n1:4 {}");
    check("[{} x y,{}]", "1:2 {}\n1:5 !syntax\n1:9 {}");
    check("[{} x {}]", "1:2 {}\n1:5 !syntax\n1:7 {}");
    check("[{}", "1:2 {}\n1:4 !syntax");
    check("[", "1:2 !syntax");
    check("[{}] x {}", "1:2 {}\n1:6 !syntax\n1:8 {}");
    check("[{}]\n[{}]", "1:2 {}\n2:1 !syntax\n2:2 {}");
    check("[\n {\"a\": 1,\n {}\n]", "2:2 {\"a\": 1,\n3:2 {}");
    check("[\n {\"a\": \"x,\n {}\n]", "2:2 {\"a\": \"x,\n3:2 {}");
}

#[test]
fn records_over_the_limit_are_refused() {
    assert_eq!(shown_with("{\"abc\":1}\n{}\n", 8), "1:1 !too-long\n2:1 {}");
    assert_eq!(shown_with("{\"abc\":1}\n{}\n", 9), "1:1 {\"abc\":1}\n2:1 {}");
    assert_eq!(shown_with("[{\"abc\":1},{}]", 8), "1:2 !too-long\n1:12 {}");
    assert_eq!(shown_with("{\n\n\"a\":1\n}\n{}", 8), "1:1 !too-long\n5:1 {}");
}
