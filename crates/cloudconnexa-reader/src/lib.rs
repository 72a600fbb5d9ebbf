//! Reads the log events that OpenVPN CloudConnexa streams to S3: inputs in, complete records out, in order.
//!
//! An input is a file, a folder with logs below it, a glob pattern, standard input, or, with the feature `s3`, an object,
//! a prefix of a bucket, or an `https` address. Gzip is recognized by its first bytes, and JSON lines, pretty-printed
//! documents and arrays by their text. Nothing is lost: each byte is part of a record, rejected with a position and a
//! cause, or white space and punctuation between records. Memory is bounded by the number of threads and the longest
//! record, whatever the size of the input.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let logs = folder.path();
//! # std::fs::write(logs.join("a.jsonl"), include_str!("../examples/events.jsonl"))?;
//! use cloudconnexa_reader::Reader;
//!
//! for event in Reader::new([logs]).events() {
//!     // The outer error is an input that could not be read to its end.
//!     match event? {
//!         Ok(event) => println!("{} {}", event.header.timestamp, event.event_name()),
//!         Err(rejected) => eprintln!("{rejected}"),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Which one do I use?
//!
//! | you want | use |
//! |---|---|
//! | events as typed values | [`Reader::events`] |
//! | records as bytes, for a parser of your own | [`Reader::records`] |
//! | something computed from each record, on all cores | [`Reader::map`], [`Reader::try_map`] |
//! | findings of the validator in a run | [`run`] with a [`Stage`] of your own, as `ccxlog` does |
//! | records of bytes that you have already | [`records::Splitter`]: no I/O, no feature needed |
//!
//! # What it does not do
//!
//! It validates nothing: a record is what brackets and line ends say it is. Use `cloudconnexa-validator` to check records
//! against the schema.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `events` (default) | [`Reader::events`], on the types of `cloudconnexa-events` |
//! | `sources` | everything but the splitter: files, folders, gzip, the thread pool |
//! | `s3` | buckets and web servers as inputs |

#![cfg_attr(
    feature = "sources",
    allow(clippy::disallowed_methods, reason = "this crate is where files and standard input are opened")
)]

#[cfg(feature = "sources")]
mod block;
#[cfg(feature = "sources")]
mod bytes;
#[cfg(feature = "sources")]
mod error;
#[cfg(feature = "sources")]
mod event;
#[cfg(feature = "sources")]
mod file_kind;
#[cfg(feature = "sources")]
mod inline;
#[cfg(feature = "sources")]
mod items;
#[cfg(feature = "sources")]
mod pool;
mod position;
#[cfg(feature = "sources")]
mod queue;
#[cfg(feature = "sources")]
mod reader;
pub mod records;
#[cfg(feature = "sources")]
mod rejected;
#[cfg(feature = "sources")]
mod source;
#[cfg(feature = "sources")]
mod split;
#[cfg(feature = "sources")]
mod stage;
#[cfg(feature = "sources")]
mod tail;
#[cfg(feature = "sources")]
mod turn;
#[cfg(feature = "sources")]
mod unfinished;

pub use position::{Position, Span};

#[cfg(feature = "sources")]
pub use {
    block::{Batch, Block, BlockItem, SLICE_BYTES},
    bytes::{ProgressFn, SourceReader},
    cloudconnexa_inflate::{Error as GzipError, ErrorKind as GzipErrorKind, Limits, WINDOW},
    error::{ReadError, ReadErrorKind},
    event::{InputEnd, ReadEvent},
    file_kind::{FileKind, HEAD_BYTES},
    inline::Inline,
    items::{Error, ItemResult, Items, SourceRecord},
    pool::run,
    reader::{OwnedRecord, Reader},
    rejected::{Cause, Rejected},
    source::{
        CustomSource, Pattern, Prefetch, RemoteObject, RemoteOptions, Source, SourceError, SourceFinder,
        Sources, is_address, is_pattern,
    },
    split::{OnError, Pace, SplitRecords, sized_buf},
    stage::{BlockSink, FlushFn, Output, Sink, Splitting, Stage},
    tail::{Resume, Tail},
    unfinished::Unfinished,
};
