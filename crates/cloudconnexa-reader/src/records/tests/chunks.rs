//! Inputs in chunks of any size: the records are the same, and every byte is accounted for.

use super::*;

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
            assert!(!refused.bytes.is_empty(), "in {:?}", String::from_utf8_lossy(input));
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
