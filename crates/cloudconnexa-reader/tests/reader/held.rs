//! Stages that make something of many blocks, and whose outputs are as large as the text.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cloudconnexa_reader::records::Item;
use cloudconnexa_reader::{
    Block, BlockItem, FlushFn, Output, ReadEvent, Sink, Source, SourceReader, SplitRecords, Stage, run,
};
use cloudconnexa_sample::Format;

use crate::inputs::{gzip, sample};

/// The source and the offset of each record.
#[derive(Debug, Default)]
struct Records(Vec<(Arc<str>, u64)>);

impl Output for Records {
    fn event(&mut self, _: &Arc<str>, _: ReadEvent) {}

    fn append(&mut self, mut later: Self) {
        self.0.append(&mut later.0);
    }
}

/// Holds the records of its blocks until it is asked for them, or has `most`.
struct Holding {
    records: Vec<(Arc<str>, u64)>,
    most: usize,
}

impl Stage for Holding {
    type Output = Records;

    const BLOCKS: usize = 3;

    fn block(&mut self, block: Block, output: &mut Records, flush: FlushFn<'_, Records>) -> Vec<u8> {
        let source = Arc::clone(block.input());
        block.visit(|item, _| {
            if let BlockItem::Item(Item::Record(record)) = item {
                self.records.push((Arc::clone(&source), record.at.offset));
            }
            if self.records.len() >= self.most {
                self.finish(output);
                flush(output);
            }
        })
    }

    fn finish(&mut self, output: &mut Records) {
        output.0.append(&mut self.records);
    }
}

#[derive(Default)]
struct All {
    records: Vec<(Arc<str>, u64)>,
    largest: usize,
}

impl Sink<Records> for All {
    fn merge(&mut self, output: Records) {
        self.largest = self.largest.max(output.0.len());
        self.records.extend(output.0);
    }
}

fn read(sources: &[Source], threads: usize, most: usize) -> All {
    let mut all = All::default();
    let stage = || Holding { records: Vec::new(), most };
    run(sources.to_vec(), &SourceReader::default(), &SplitRecords::default(), threads, stage, &mut all);
    all
}

/// Files that are small, or compressed to less than a batch, or split among threads.
fn files(folder: &Path) -> Vec<Source> {
    let text = sample(1, Format::Jsonl, 400);
    let file = |(name, bytes): (String, Vec<u8>)| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        Source::File(path)
    };
    let small = (0..40).map(|number| (format!("{number:02}.jsonl"), sample(number, Format::Jsonl, 5)));
    let packed = (0..30).map(|number| (format!("packed-{number:02}.jsonl.gz"), gzip(&text.repeat(3))));
    let large = (0..3).map(|number| (format!("large-{number}.jsonl"), text.repeat(10)));
    small.chain(packed).chain(large).map(file).collect()
}

#[test]
fn held_records_come_in_order_however_many_a_stage_may_hold() {
    let folder = tempfile::tempdir().unwrap();
    let sources = files(folder.path());
    let expected = read(&sources, 1, usize::MAX).records;
    assert_eq!(expected.len(), 40 * 5 + 30 * 1200 + 3 * 4000);
    assert!(expected.is_sorted_by_key(|(source, offset)| {
        (sources.iter().position(|known| known.name() == **source), *offset)
    }));
    for threads in [1, 2, 8] {
        for most in [1, 100, 1000, usize::MAX] {
            let all = read(&sources, threads, most);
            assert!(all.records == expected, "{threads} threads, {most} records");
            assert!(all.largest <= most);
        }
    }
}
