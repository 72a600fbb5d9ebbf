//! Inputs for the tests, and the results of a reader in a form that compares and prints well.

use std::io::{self, Read, Write as _};
use std::num::NonZero;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cloudconnexa_reader::records::Item;
use cloudconnexa_reader::{
    Block, BlockItem, BlockSink, Cause, Error, ItemResult, OwnedRecord, Position, ReadErrorKind, ReadEvent,
    Reader, Source,
};
use cloudconnexa_sample::{Format, Options, Sample};
use flate2::Compression;
use flate2::write::GzEncoder;

pub(crate) fn threads(count: usize) -> NonZero<usize> {
    NonZero::new(count).unwrap()
}

pub(crate) fn sample(seed: u64, format: Format, count: u64) -> Vec<u8> {
    let mut text = Vec::new();
    Sample::new(&Options::default().seed(seed).format(format)).write(count, &mut text).unwrap();
    text
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A source of `bytes`.
pub(crate) fn memory(name: &str, bytes: impl Into<Arc<[u8]>>) -> Source {
    let bytes = bytes.into();
    Source::custom(name, move || Ok(Box::new(io::Cursor::new(Arc::clone(&bytes)))))
}

/// A source that fails after `bytes`.
pub(crate) fn failing(name: &str, bytes: &[u8]) -> Source {
    let bytes: Arc<[u8]> = bytes.into();
    Source::custom(name, move || Ok(Box::new(io::Cursor::new(Arc::clone(&bytes)).chain(Fails))))
}

/// Fails whenever it is read.
pub(crate) struct Fails;

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "it was reset"))
    }
}

/// An item of a reader, or of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Out {
    Record { source: String, at: Position, bytes: Vec<u8>, is_cut_off: bool },
    Rejected { source: String, at: Position, bytes: Vec<u8>, cause: String },
    Error(String),
}

impl Out {
    pub(crate) fn of(item: ItemResult<OwnedRecord>) -> Self {
        match item {
            Ok(Ok(OwnedRecord { source, position: at, bytes, is_cut_off, .. })) => {
                Self::Record { source: source.to_string(), at, bytes, is_cut_off }
            }
            Ok(Err(rejected)) => Self::Rejected {
                source: rejected.source.to_string(),
                at: rejected.position,
                bytes: rejected.bytes,
                cause: match rejected.cause {
                    Cause::Part => "part".to_owned(),
                    cause => cause.to_string(),
                },
            },
            Err(error) => Self::Error(kind(&error).to_owned()),
        }
    }

    /// The bytes, and the offset of the first one.
    pub(crate) fn bytes(&self) -> Option<(u64, &[u8])> {
        match self {
            Self::Record { at, bytes, .. } | Self::Rejected { at, bytes, .. } => Some((at.offset, bytes)),
            Self::Error(_) => None,
        }
    }
}

pub(crate) fn kind(error: &Error) -> &'static str {
    match error {
        Error::Source(_) => "source",
        Error::Read(error) => match error.kind() {
            ReadErrorKind::Open(_) => "open",
            ReadErrorKind::Read(_) => "read",
            ReadErrorKind::Gzip(_) => "gzip",
            ReadErrorKind::Foreign(_) => "foreign",
            _ => "other",
        },
        _ => "unknown",
    }
}

/// Everything that a reader of `sources` returns.
pub(crate) fn read(sources: &[Source], count: usize, max_record_bytes: usize) -> Vec<Out> {
    let reader = Reader::from_sources(sources.to_vec()).threads(threads(count));
    reader.max_record_bytes(max_record_bytes).records().map(Out::of).collect()
}

/// Checks that `items` have the bytes of `text`, except white space, punctuation and separators between records.
pub(crate) fn check_accounting<'a>(items: impl IntoIterator<Item = &'a Out>, text: &[u8]) {
    let mut end = 0;
    let mut between = Vec::new();
    for (offset, bytes) in items.into_iter().filter_map(Out::bytes).filter(|(_, bytes)| !bytes.is_empty()) {
        let start = usize::try_from(offset).unwrap();
        assert!(start >= end, "bytes from {start} come twice");
        between.extend_from_slice(&text[end..start]);
        end = start + bytes.len();
        assert_eq!(&text[start..end], bytes);
    }
    between.extend_from_slice(&text[end..]);
    let is_nothing = |byte: &u8| b" \t\r\n[],;\\nr\0\x1e\xef\xbb\xbf".contains(byte);
    assert!(between.iter().all(is_nothing), "{:?}", String::from_utf8_lossy(&between));
}

/// Collects what a source is split into.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    pub(crate) items: Vec<Out>,
    pub(crate) events: Vec<ReadEvent>,
}

impl BlockSink for Collector {
    fn buf(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn recycle(&mut self, _: Vec<u8>) {}

    fn block(&mut self, block: Block) {
        let source = block.input().to_string();
        let items = &mut self.items;
        block.visit(|item, is_cut_off| {
            let source = source.clone();
            match item {
                BlockItem::Item(Item::Record(record)) => {
                    let (at, bytes) = (record.at, record.bytes.to_vec());
                    items.push(Out::Record { source, at, bytes, is_cut_off });
                }
                BlockItem::Item(Item::Refused(refused)) => {
                    let cause = refused.why.map_or("part".to_owned(), |(_, fault)| fault.to_string());
                    let (at, bytes) = (refused.at, refused.bytes.to_vec());
                    items.push(Out::Rejected { source, at, bytes, cause });
                }
                BlockItem::Item(Item::Fault(span, fault)) => {
                    let (at, cause) = (span.start, fault.to_string());
                    items.push(Out::Rejected { source, at, bytes: Vec::new(), cause });
                }
                _ => {}
            }
        });
    }

    fn event(&mut self, _: &Arc<str>, event: ReadEvent) {
        self.events.push(event);
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// Waits until `condition` holds, which takes milliseconds unless something hangs.
#[track_caller]
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::sleep(Duration::from_millis(1));
    }
}
