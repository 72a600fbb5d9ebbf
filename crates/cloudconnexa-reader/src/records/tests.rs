//! Splits every small input, cut into chunks in every way.

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
fn a_pretty_printed_document_is_one_record() {
    check("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n\n{\n}\n", "1:1 {⏎  \"a\": {⏎    \"b\": 1⏎  }⏎}\n7:1 {⏎}");
    check("{\n  \"a\": [\n{\n}\n", "1:1 {⏎  \"a\": [\n3:1 {⏎}");
    check("{\n  \"a\": \"b,\n  \"c\": 1\n}\n{}", "1:1 {⏎  \"a\": \"b,⏎  \"c\": 1⏎}\n5:1 {}");
    // Two files without a final line end, concatenated.
    check("{\n}{\n} {}", "1:1 {⏎}\n2:2 {⏎}\n3:3 {}");
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

/// Asserts that the items do not depend on the chunks, and that they account for every byte.
fn check_all_chunkings(input: &[u8], limit: usize) {
    let whole = split(&[input], limit);
    let single: Vec<&[u8]> = input.chunks(1).collect();
    assert_eq!(
        whole,
        split(&single, limit),
        "byte by byte, limit {limit}: {:?}",
        String::from_utf8_lossy(input)
    );
    for cut in 1..input.len() {
        let (head, tail) = input.split_at(cut);
        assert_eq!(whole, split(&[head, tail], limit), "cut at {cut}: {:?}", String::from_utf8_lossy(input));
    }

    accounts_for_every_byte(input, limit);
    if is_array(input) == Some(false) {
        let parts = split_at_boundaries(input, limit);
        assert_eq!(whole, parts, "at boundaries, limit {limit}: {:?}", String::from_utf8_lossy(input));
    }

    let text = |from: u64, to: u64| &input[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()];
    let array = is_array(input) == Some(true);
    let mut done = if input.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for out in whole.iter().chain([&Out::Fault("end", end_of(input), end_of(input))]) {
        let (start, end) = match out {
            Out::Record(at, bytes) => {
                assert!(!bytes.is_empty());
                assert_eq!(text(at.offset, at.offset + bytes.len() as u64), bytes);
                assert!(at.offset >= done, "records overlap in {:?}", String::from_utf8_lossy(input));
                (*at, at.offset + bytes.len() as u64)
            }
            Out::Fault(_, start, end) => (*start, end.offset),
            Out::Refused(..) | Out::Between(_) => continue,
        };
        let skipped = text(done.min(start.offset), start.offset);
        let harmless =
            |byte: &u8| matches!(byte, b' ' | b'\r' | b'\n') || array && matches!(byte, b'[' | b']' | b',');
        assert!(skipped.iter().all(harmless), "lost {skipped:?} of {:?}", String::from_utf8_lossy(input));
        let before = input.strip_prefix(b"\xef\xbb\xbf").map_or(0, |_| 3);
        let at = Position::START.after(text(before, start.offset));
        assert_eq!(
            (start.line, start.column),
            (at.line, at.column),
            "in {:?}",
            String::from_utf8_lossy(input)
        );
        // A fault may point at the start of the next record, which is still to come.
        let covers_record = matches!(out, Out::Fault("syntax" | "separator", ..))
            && end == start.offset + 1
            && matches!(text(start.offset, end), b"{" | b"[");
        done = done.max(if covers_record { start.offset } else { end });
    }
}

/// Records and refused bytes are in order, do not overlap, and equal the input at their offsets. The rest is counted, and
/// is only white space, array punctuation, and what faults report.
fn accounts_for_every_byte(input: &[u8], limit: usize) {
    let index = |offset: u64| usize::try_from(offset).unwrap();
    let (mut done, mut loose, mut reported, mut counted) = (0, Vec::new(), Vec::new(), 0);
    let mut take = |start: usize, bytes: &[u8]| {
        assert!(start >= done, "overlap at {start} in {:?}", String::from_utf8_lossy(input));
        assert_eq!(&input[start..start + bytes.len()], bytes, "in {:?}", String::from_utf8_lossy(input));
        loose.extend(done..start);
        done = start + bytes.len();
    };
    let mut parts = 0;
    let mut sink = |item: Item<'_>| match item {
        Item::Record(record) => {
            assert_eq!(parts, 0);
            assert!(!record.is_element || record.before.is_empty() && record.after.is_empty());
            assert!(!record.before.contains(&b'\n'));
            let start = index(record.at.offset) - record.before.len();
            take(start, &[record.before, record.bytes, record.after].concat());
        }
        Item::Refused(refused) => {
            parts += 1;
            assert_eq!(refused.part, parts);
            take(index(refused.at.offset), refused.bytes);
            if refused.why.is_some() {
                parts = 0;
            }
        }
        Item::Fault(span, fault) => {
            if let FramingFault::Separator(_) | FramingFault::Nul { .. } | FramingFault::ByteOrderMark = fault
            {
                reported.extend(index(span.start.offset)..index(span.end.offset));
            }
        }
        Item::Between(length) => counted = length,
    };
    let mut splitter = Splitter::with_limit(limit);
    splitter.push(input, &mut sink);
    splitter.finish(&mut sink);
    loose.extend(done..input.len());
    assert_eq!(parts, 0);
    assert_eq!(loose.len() as u64, counted, "in {:?}", String::from_utf8_lossy(input));
    assert!(reported.is_sorted() && reported.iter().all(|at| loose.binary_search(at).is_ok()));
    let mark = if input.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let array = is_array(input) == Some(true);
    for at in loose.into_iter().filter(|at| *at >= mark && reported.binary_search(at).is_err()) {
        let is_harmless = matches!(input[at], b' ' | b'\t' | b'\r' | b'\n')
            || array && matches!(input[at], b'[' | b']' | b',');
        assert!(is_harmless, "lost {at} of {:?}", String::from_utf8_lossy(input));
    }
}

/// Splits each block between boundaries by itself, with other bytes around it.
fn split_at_boundaries(input: &[u8], limit: usize) -> Vec<Out> {
    let (mut starts, mut rest) = (vec![0, input.len()], input);
    while let Some(at) = boundary(rest) {
        starts.insert(1, at);
        rest = &rest[..at];
    }
    let (mut out, mut at) = (Vec::new(), Position::START);
    for bounds in starts.windows(2) {
        let block = [b"{\n{", &input[bounds[0]..bounds[1]], b"\n{"].concat();
        let range = 3..block.len() - 2;
        let mut splitter = Splitter::over(block, range, at, limit);
        splitter.push(&[], |item| collect(&mut out, &item));
        splitter.finish(|item| collect(&mut out, &item));
        at = at.after(&input[bounds[0]..bounds[1]]);
    }
    let mut between = 0;
    out.retain(|out| {
        if let Out::Between(length) = out {
            between += length;
            false
        } else {
            true
        }
    });
    if between > 0 {
        out.push(Out::Between(between));
    }
    out
}

fn end_of(input: &[u8]) -> Position {
    let text = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let end = Position::START.after(text);
    Position { offset: input.len() as u64, ..end }
}

/// Every input of five of these pieces, which are most of what the splitter distinguishes.
#[test]
fn any_small_input_splits_alike_in_any_chunks() {
    const PIECES: [&[u8]; 12] = [b"{", b"}", b"[", b"]", b"\"", b",", b"\n", b" ", b"\\", b":", b"\r", b"\0"];
    let mut input = Vec::new();
    for number in 0..PIECES.len().pow(5) {
        input.clear();
        let mut rest = number;
        for _ in 0..5 {
            input.extend_from_slice(PIECES[rest % PIECES.len()]);
            rest /= PIECES.len();
        }
        check_all_chunkings(&input, 2);
    }
}

/// Longer inputs of larger pieces, from a fixed seed.
#[test]
fn random_inputs_split_alike_in_any_chunks() {
    const PIECES: [&[u8]; 34] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b",",
        b"\n",
        b"\n",
        b"\r\n",
        b" ",
        b":",
        b"\\",
        b"}{",
        b"{\"a\":1}\n",
        b"{\n  \"a\": {\n  }\n}\n",
        b"\xc3\xa9",
        b"\xf0\x9f\x98",
        b"\xff",
        b"\0",
        b"\xef\xbb\xbf",
        b"\"a\"",
        b"},\n{",
        b"  {\"b\":[\n",
        b"1",
        b"{\"a\":{\"b\":1}}",
        b"{\"a\":1}\n",
        b"} {",
        b"},",
        b"\r",
        b"\\n",
        b"\0\0",
        b"\xe2\x80\xa8",
        b"\x1e",
        b"\xef\xbb",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for _ in 0..20_000 {
        let mut input = Vec::new();
        for _ in 0..next(12) {
            input.extend_from_slice(PIECES[next(PIECES.len())]);
        }
        for limit in [3, 12, 1000] {
            check_all_chunkings(&input, limit);
        }
    }
}
