//! Streaming inflate (RFC 1951) and multi-member gzip (RFC 1952) in safe Rust, without dependencies.
//!
//! | you have | use |
//! |---|---|
//! | a gzip file, and code that takes [`Read`](std::io::Read) or [`BufRead`](std::io::BufRead) | [`GzipReader`] |
//! | a gzip file, and a buffer of your own that the text is to be decoded into | [`GzipDecoder`] |
//! | a raw deflate stream, or a container other than gzip | [`Inflate`] |
//!
//! ```
//! use std::io::Read as _;
//!
//! use cloudconnexa_inflate::GzipReader;
//!
//! # const FILE: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\xe1\x02\0-;\x08\xaf\x0c\0\0\0";
//! let mut text = String::new();
//! GzipReader::new(FILE).read_to_string(&mut text)?;
//! assert_eq!(text, "hello world\n");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Decoding in place
//!
//! Deflate repeats text from up to 32 KiB back ([`WINDOW`]). Most decoders keep a window of their own, and copy all output out
//! of it. [`Inflate`] and [`GzipDecoder`] write to a buffer that you own and read repeated text from the same buffer, so
//! output is never copied. In return, the last [`WINDOW`] bytes of output have to be in front of the place where the next
//! bytes go.
//!
//! # Untrusted input
//!
//! No input makes the decoders panic, and memory is bounded by the buffer you pass. What a gzip member may inflate to is
//! bounded by [`Limits`]; without further settings, a member beyond 64 MiB may inflate to 1000 times its size.
//! Checksums and lengths are always checked. An [`Error`] says where the input is damaged, and everything in front of
//! the damage is returned first.
//!
//! # Features
//!
//! * `crc32fast`: computes checksums with the crate of that name, which has `unsafe` code for the instructions that processors
//!   have for this. Without it, decoding gzip is about a fifth slower. Off by default.
//!
//! The crate does not compress, and does not read the zlib format (RFC 1950).

#![forbid(unsafe_code)]

mod crc;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod gzip;
mod inflate;
mod limits;
mod reader;

pub use error::{Error, ErrorKind};
pub use gzip::GzipDecoder;
pub use inflate::{DeflateError, Inflate, Progress, WINDOW};
pub use limits::Limits;
pub use reader::GzipReader;
