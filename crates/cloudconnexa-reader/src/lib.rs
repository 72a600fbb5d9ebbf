//! Reads the log events that OpenVPN CloudConnexa streams to S3: inputs in, complete records out, in order.
//!
//! An input is a file, a folder with logs below it, a glob pattern, standard input, or, with the feature `s3`, an object,
//! a prefix of a bucket, or an `https` address. The first bytes of a file show whether it is gzip, and its text whether it
//! holds JSON lines, pretty-printed documents, or an array.
//!
//! * **Nothing is lost.** Each byte is part of a record, rejected with a position and a cause, or white space and
//!   punctuation between records. An input that cannot be read to its end is an error.
//! * **Order does not depend on threads.** All cores work, and the results come in the order of the inputs.
//! * **Memory is bounded** by the number of threads and the longest record, whatever the size of the inputs and however
//!   slow the consumer.
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
//! | to get | use |
//! |---|---|
//! | events as typed values | [`Reader::events`] |
//! | records as bytes, for a parser of your own | [`Reader::records`] |
//! | a value computed from each record, on all cores | [`Reader::map`], or [`Reader::try_map`] if it can fail |
//! | the inputs that a folder, pattern or prefix stands for, without reading them | [`SourceFinder`] |
//! | one result per block of records rather than per record, as `ccxlog` does | [`run`], with a [`Stage`] and a [`Sink`] of your own |
//! | the records of a file that is still being written | [`Tail`] |
//! | the records of bytes that you already have | [`records::Splitter`]: no I/O, needs no feature |
//!
//! # What it does not do
//!
//! It does not validate: brackets and line ends alone decide what a record is. Use `cloudconnexa-validator` to check
//! records against the schema.
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `events` (default) | [`Reader::events`], with the types of `cloudconnexa-events`; includes `sources` |
//! | `sources` | files, folders, gzip and the thread pool; without it there is only [`records`] |
//! | `s3` | buckets and web servers as inputs; includes `sources` |

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
mod retry;
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
    block::{Batch, Block, BlockItem, BlockVisitor, SLICE_BYTES},
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
        CustomSource, NamedCount, Pattern, Prefetch, RemoteObject, RemoteOptions, Source, SourceError,
        SourceFinder, Sources, is_address, is_log_name, is_pattern, meant_address, with_slashes,
    },
    split::{OnError, Pace, SplitRecords, sized_buf},
    stage::{BlockSink, FlushFn, Output, Sink, Splitting, Stage},
    tail::{Resume, Tail},
    unfinished::Unfinished,
};

#[cfg(all(doctest, feature = "events"))]
#[doc = include_str!("../README.md")]
struct Readme;
