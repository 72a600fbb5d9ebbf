//! Lists and reads objects of S3 buckets and web servers, as blocking streams.
//!
//! A read reaches the end of the object or returns an [`Error`], never less: if a connection breaks, the rest is requested
//! again, as long as the object is still the same. Nothing is stored, and the bytes read ahead are bounded.
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | parse `s3://bucket/prefix` or `https://host/file` | [`Address::parse`] |
//! | list a bucket | [`Client::list`], or [`Client::list_since`] for what is new |
//! | name one object | [`Client::object`] |
//! | read one object | [`Client::read`] |
//! | read many objects, without waiting for each | [`Prefetcher`] |
//! | set region, endpoint, credentials, retries | [`Options`] |
//! | decide whether to try again | [`Error::kind`] |
//!
//! # What it does not do
//!
//! It writes nothing, and knows nothing of logs or compression. The asynchronous part runs on one thread, which the first
//! [`Client`] starts.

#![allow(clippy::disallowed_methods, reason = "this crate touches the network and the settings of AWS")]

mod address;
mod bucket;
mod client;
mod dated;
mod download;
mod error;
mod failure;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod limits;
mod list_check;
mod object;
mod options;
mod page_token;
mod pages;
mod prefetch;
mod profile;
mod public_hosts;
mod reader;
mod redirect;
mod region;
mod response;
mod skip;
mod transport;
mod web;

pub use address::Address;
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use object::Object;
pub use options::{Credentials, Options};
pub use prefetch::Prefetcher;
pub use reader::Reader;
pub use skip::Listed;
