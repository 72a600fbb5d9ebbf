//! Inputs that cannot be read to their ends.

use std::fs;

use cloudconnexa_reader::{Limits, Reader, Source};
use cloudconnexa_sample::Format;

use crate::inputs::{Out, check_accounting, failing, gzip, kind, memory, read, sample, threads};

/// Checks `items`: those of `text`, one error of `kind`, and the record of the next source.
#[track_caller]
fn check(items: &[Out], text: &[u8], kind: &str) {
    let [items @ .., Out::Error(error), Out::Record { source, .. }] = items else { panic!("{items:?}") };
    assert_eq!((&error[..], &source[..]), (kind, "next"));
    assert!(items.iter().all(|item| !matches!(item, Out::Error(_))), "{items:?}");
    check_accounting(items, text);
    let cut_off = items.iter().filter(|item| matches!(item, Out::Record { is_cut_off: true, .. }));
    // Faults without bytes of their own may follow.
    let last = items.iter().rfind(|item| item.bytes().is_some_and(|(_, bytes)| !bytes.is_empty()));
    let last_is_cut_off = matches!(last, Some(Out::Record { is_cut_off: true, .. }));
    assert_eq!(cut_off.count(), usize::from(last_is_cut_off));
}

#[test]
fn an_input_that_breaks_off_at_any_byte_is_an_error_after_its_records() {
    for text in [
        "{\"a\":1}\n{\"b\":\n2}\n{\"c\":3} \n",
        "[{\"a\":1},\n{\"b\":[2]},{\"c\":3}]\n",
        "{\n \"a\": \"}{\"\n}\n{\"b\":1}{\"c\":2}\n",
        "{\"a\":1}\r{\"b\":2},\r\n{\"c\":3}\0\0{\"d\":4} {\"e\":5}\\n\n",
    ] {
        for cut in 0..=text.len() {
            for count in [1, 2] {
                let read_so_far = &text.as_bytes()[..cut];
                let sources = [failing("broken", read_so_far), memory("next", &b"{}"[..])];
                let items = read(&sources, count, 1 << 20);
                if cut < 2 {
                    check(&items, b"", "open");
                } else {
                    check(&items, read_so_far, "read");
                }
            }
        }
    }
}

#[test]
fn only_a_last_record_without_its_end_is_cut_off() {
    for (text, is_cut_off) in [
        ("{\"a\":1}\n{\"b\":", true),
        ("{\"a\":1}\n{\"b\":2}", true),
        ("{\"a\":1}\n{\"b\":2}\n", false),
        ("{\"a\":1}\n{\n\"b\":2}\n", false),
        ("{\"a\":1}\n{\n\"b\":2\n", true),
        ("[{\"a\":1},{\"b\"", true),
        ("[{\"a\":1},{\"b\":2}", false),
        ("{\"a\":1}\r{\"b\":", true),
        ("{\"a\":1}\r{\"b\":2}\r", true),
        ("{\"a\":1},\n{\"b\":2},", true),
        ("{\"a\":1},\n{\"b\":2},\n", false),
        ("{\"a\":1}\n{\"b\":2}\0", false),
    ] {
        for count in [1, 2] {
            let items = read(&[failing("broken", text.as_bytes())], count, 1 << 20);
            let records = items.iter().filter_map(|item| match item {
                Out::Record { is_cut_off, .. } => Some(*is_cut_off),
                _ => None,
            });
            assert_eq!(records.collect::<Vec<_>>(), [false, is_cut_off], "{text}");
        }
    }
}

#[test]
fn an_error_comes_after_the_records_of_a_large_input() {
    let text = sample(1, Format::Jsonl, 500).repeat(4);
    let text = &text[..text.len() - 10];
    for bytes in [text.to_vec(), [&b"["[..], text].concat()] {
        for count in [1, 2, 3] {
            let sources = [failing("broken", &bytes), memory("next", &b"{}"[..])];
            check(&read(&sources, count, 1 << 20), &bytes, "read");
        }
    }
}

#[test]
fn a_truncated_gzip_input_is_an_error_after_the_records_of_its_start() {
    let text = sample(1, Format::Jsonl, 2);
    let bytes = gzip(&text);
    for cut in (2..bytes.len()).step_by(5).chain([bytes.len() - 1]) {
        for count in [1, 2] {
            let items = read(&[memory("cut", &bytes[..cut]), memory("next", &b"{}"[..])], count, 1 << 20);
            let before_next = &items[..items.len() - 1];
            let ends = before_next.iter().filter_map(Out::bytes).map(|(at, bytes)| at + bytes.len() as u64);
            let length = usize::try_from(ends.max().unwrap_or_default()).unwrap();
            check(&items, &text[..length], "gzip");
        }
    }
}

#[test]
fn no_damage_to_a_gzip_input_goes_unnoticed() {
    let text = sample(1, Format::Jsonl, 1);
    let bytes = gzip(&text);
    let expected = read(&[memory("gzip", bytes.clone())], 1, 1 << 20);
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x04;
        let items = read(&[memory("gzip", damaged), memory("next", &b"{}"[..])], 1 + at % 2, 1 << 20);
        let [items @ .., Out::Record { source, .. }] = &items[..] else { panic!("{items:?}") };
        assert_eq!(source, "next");
        let has_error = items.iter().any(|item| matches!(item, Out::Error(_)));
        // Without its first two bytes it is not gzip. Time, system and flags of a header mean nothing, and neither do the bits
        // that fill the last byte before the checksum.
        let is_meaningless = (3..10).contains(&at) || at + 9 == bytes.len();
        assert!(has_error || at < 2 || is_meaningless && items == expected, "byte {at} of {}", bytes.len());
    }
}

#[test]
fn members_after_a_wrong_checksum_are_read() {
    let mut bytes = gzip(b"{\"a\":1}\n");
    let checksum = bytes.len() - 8;
    bytes[checksum] ^= 1;
    bytes.extend(gzip(b"{\"b\":2}\n"));
    for count in [1, 2] {
        let items = read(&[memory("gzip", bytes.clone()), memory("next", &b"{}"[..])], count, 1 << 20);
        check(&items, b"{\"a\":1}\n{\"b\":2}\n", "gzip");
        assert_eq!(items.len(), 4);
    }
}

#[test]
fn gzip_that_inflates_beyond_the_limit_is_an_error() {
    let reader = Reader::from_sources(vec![memory("bomb", gzip(&b"{\"a\":1}\n".repeat(1000)))]);
    let items: Vec<_> = reader.limits(Limits::default().with_max_bytes(80)).records().map(Out::of).collect();
    assert_eq!(items.last(), Some(&Out::Error("gzip".to_owned())));
}

#[test]
fn inputs_that_cannot_be_read_are_errors_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("empty")).unwrap();
    fs::write(path("a.json"), "{\"a\":1}").unwrap();
    fs::write(path("zip.json"), b"PK\x03\x04 and more").unwrap();
    fs::write(path("b.json"), "{\"b\":1}").unwrap();
    let inputs = ["missing.json", "a.json", "empty", "*.csv", "zip.json", "b.json"].map(path);
    for count in [1, 2] {
        let items = Reader::new(inputs.clone()).threads(threads(count)).records();
        let seen = items.map(|item| match item {
            Ok(record) => String::from_utf8(record.unwrap().bytes).unwrap(),
            Err(error) => kind(&error).to_owned(),
        });
        // Inputs for which nothing was found come first.
        let expected = ["source", "source", "open", "{\"a\":1}", "foreign", "{\"b\":1}"];
        assert_eq!(seen.collect::<Vec<_>>(), expected);
    }
}

#[cfg(unix)]
#[test]
fn a_device_is_read_and_a_folder_as_a_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let sources = vec![Source::File(folder.path().to_owned()), Source::File("/dev/null".into())];
    for count in [1, 2] {
        let items = read(&sources, count, 1 << 20);
        assert!(matches!(&items[..], [Out::Error(_)]), "{items:?}");
    }
}

#[test]
fn the_text_of_an_error_names_input_and_cause_once() {
    let source = failing("logs/a.jsonl", b"{}\n");
    let error = Reader::from_sources(vec![source]).records().find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "cannot read `logs/a.jsonl` to its end: it was reset");
    assert!(std::error::Error::source(&error).is_none());
}
