//! The order of results.

use std::fs;

use cloudconnexa_reader::{Reader, Source};
use cloudconnexa_sample::Format;

use crate::inputs::{Out, check_accounting, gzip, memory, read, sample, threads};

/// Sources of all forms and sizes, with their texts.
fn mixed(folder: &std::path::Path) -> Vec<(Source, Vec<u8>)> {
    let pretty = sample(1, Format::Pretty, 300);
    let array = sample(2, Format::Array, 300);
    let large = sample(3, Format::Jsonl, 500).repeat(6);
    let lines = sample(4, Format::Jsonl, 200);
    let broken = b"{\"a\":1}{\"b\":2}\n}\n\"x\n{\"c\":\n{}\n".to_vec();
    let (first, second) = lines.split_at(lines.len() / 3);
    assert!(large.len() > 1 << 20, "it has to be split among workers");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        Source::File(path)
    };
    let mut mixed = vec![
        (file("array.json", &array), array.clone()),
        (file("empty.jsonl", b""), Vec::new()),
        (file("large.jsonl", &large), large.clone()),
        (file("members.jsonl.gz", &[gzip(first), gzip(second), gzip(b"")].concat()), lines.clone()),
        (file("blank.jsonl", b" \n\n"), b" \n\n".to_vec()),
        (memory("plain", lines.clone()), lines.clone()),
        (memory("compressed", gzip(&large)), large),
        (file("pretty.json", &pretty), pretty.clone()),
        (memory("compressed array", gzip(&array)), array),
        (memory("empty gzip", gzip(b"")), Vec::new()),
    ];
    for (number, line) in lines.split_inclusive(|byte| *byte == b'\n').take(60).enumerate() {
        mixed.push((file(&format!("{number}.json"), line), line.to_vec()));
        if number % 20 == 0 {
            mixed.push((file(&format!("broken-{number}.json"), &broken), broken.clone()));
        }
    }
    mixed
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mixed = mixed(folder.path());
    let sources: Vec<_> = mixed.iter().map(|(source, _)| source.clone()).collect();
    let expected = read(&sources, 1, 1 << 20);
    let mut items = expected.iter().peekable();
    for (source, text) in &mixed {
        let name = source.name();
        let is_of_source = |item: &&Out| match item {
            Out::Record { source, .. } | Out::Rejected { source, .. } => *source == name,
            Out::Error(_) => false,
        };
        let mut of_source = Vec::new();
        while let Some(item) = items.next_if(is_of_source) {
            of_source.push(item);
        }
        check_accounting(of_source, text);
    }
    assert_eq!(items.next(), None, "in the order of the sources");
    for count in [2, 3, 8] {
        assert!(read(&sources, count, 1 << 20) == expected, "on {count} threads");
    }
}

#[test]
fn results_of_slow_workers_are_in_order() {
    let source = || memory("lines", b"{\"a\":1}\n".repeat(1 << 17));
    let items = Reader::from_sources(vec![source(), source()]).threads(threads(4)).map(|record| {
        let offset = record.position().offset;
        if offset % (1 << 18) == 0 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        offset
    });
    let offsets = items.map(|offset| offset.unwrap().unwrap());
    assert!(offsets.eq((0..2).flat_map(|_| (0..1 << 17).map(|line| 8 * line))));
}

#[test]
fn a_named_folder_is_read_by_name_and_each_file_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.jsonl", "a.json", "notes.txt"] {
        fs::write(folder.path().join(name), format!("{{\"{name}\":1}}")).unwrap();
    }
    let inputs = [folder.path().join("b.jsonl"), folder.path().to_owned(), folder.path().join("b.jsonl")];
    let texts = Reader::new(inputs).map(|record| record.bytes().to_vec());
    let texts: Vec<_> = texts.map(|text| String::from_utf8(text.unwrap().unwrap()).unwrap()).collect();
    assert_eq!(texts, ["{\"b.jsonl\":1}", "{\"a.json\":1}"]);
}
