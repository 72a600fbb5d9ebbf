//! Every byte of an input is part of a record, rejected, or means nothing.

use cloudconnexa_sample::Format;

use crate::inputs::{Out, check_accounting, gzip, memory, read, sample};

#[test]
fn every_byte_is_accounted_for_at_any_limit() {
    let lines = sample(1, Format::Jsonl, 30);
    let texts = [
        lines.clone(),
        sample(2, Format::Pretty, 30),
        sample(3, Format::Array, 30),
        [&b"\xef\xbb\xbf"[..], &lines].concat(),
        b"{\"a\":1} x\n{\"b\"\n\n garbage\xff\n{\"c\":\"d\n{\"e\":1}{\"f\":2}\r\n]".to_vec(),
        b"[{\"a\":1} x, {\"b\":2} {\"c\":3},, \"y\"] z\n{\"d\":4}\n[".to_vec(),
        b"[{\"a\":1".to_vec(),
        b"{\"a\":1},{\"b\":2}\\n{\"c\":\0\0\0{\"d\":4}\r{\"e\":5}\0\n\xef\xbb\xbf{\"f\":6};\n\x1e{\"g\":7}\0\0".to_vec(),
    ];
    for text in &texts {
        for limit in [1, 8, 700, 1 << 20] {
            for count in [1, 2] {
                let items = read(&[memory("plain", text.clone()), memory("gzip", gzip(text))], count, limit);
                let is_plain = |item: &&Out| match item {
                    Out::Record { source, .. } | Out::Rejected { source, .. } => source == "plain",
                    Out::Error(error) => panic!("{error}"),
                };
                let (plain, compressed): (Vec<_>, Vec<_>) = items.iter().partition(is_plain);
                check_accounting(plain, text);
                check_accounting(compressed, text);
            }
        }
    }
}

#[test]
fn a_record_over_the_limit_is_rejected_in_parts_that_have_all_of_its_bytes() {
    let long = format!("  {{\"a\":\"{}\"}}  \n", "é".repeat(100_000));
    let text = format!("{{\"b\":1}}\n{long}{{\"c\":1}}\n");
    for (count, is_gzip) in [(1, false), (2, false), (1, true), (2, true)] {
        let bytes = if is_gzip { gzip(text.as_bytes()) } else { text.clone().into_bytes() };
        let items = read(&[memory("long", bytes)], count, 100_000);
        let [Out::Record { .. }, parts @ .., Out::Record { at, .. }] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!((at.line, at.column), (3, 1));
        let parts: Vec<_> = parts
            .iter()
            .map(|part| match part {
                Out::Rejected { bytes, cause, .. } => (&bytes[..], &cause[..]),
                part => panic!("{part:?}"),
            })
            .collect();
        assert!(parts.len() > 3);
        let ([first @ .., last], is_small) = (&parts[..], |bytes: &[u8]| bytes.len() <= 1 << 16) else {
            panic!("there are no parts")
        };
        assert!(first.iter().all(|(bytes, cause)| *cause == "part" && is_small(bytes)));
        assert_eq!(last.1, "the record is longer than 100000 bytes");
        assert!(parts.iter().flat_map(|(bytes, _)| *bytes).eq(long.as_bytes()));
        check_accounting(&items, text.as_bytes());
    }
}

#[test]
fn a_record_of_exactly_the_limit_is_a_record() {
    let text = "{\"a\":12}\n";
    for count in [1, 2] {
        assert!(matches!(read(&[memory("a", text.as_bytes())], count, 8)[..], [Out::Record { .. }]));
        assert!(matches!(read(&[memory("a", text.as_bytes())], count, 7)[..], [Out::Rejected { .. }]));
    }
}
