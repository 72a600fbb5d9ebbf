//! Objects of S3 buckets and web servers: found page by page, and read as blocking streams.
//!
//! It knows nothing of logs. A read comes to the end of the object, or ends in an [`Error`]; never in less. What is
//! asynchronous underneath runs on one thread of its own, which begins with the first [`Client`].

#![allow(
    clippy::disallowed_methods,
    reason = "here is where the network is touched, and the settings of AWS"
)]

mod address;
mod body;
mod bucket;
mod client;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod line;
mod listing;
mod profile;
mod reader;
mod web;

pub use address::Address;
pub use client::{Client, Options};
pub use error::Error;
pub use line::Line;
pub use reader::Reader;

use std::sync::Arc;

use crate::bucket::Bucket;
use crate::web::Page;

/// One object, as it was listed or named.
#[derive(Clone, Debug)]
pub struct Object {
    place: Place,
    /// Its size in bytes, where that is known.
    pub size: Option<u64>,
    /// What its content is known by: another content has another one.
    pub etag: Option<Arc<str>>,
    /// When it was written, in seconds since 1970.
    pub modified: Option<i64>,
}

/// Where an object is.
#[derive(Clone, Debug)]
enum Place {
    Bucket { bucket: Arc<Bucket>, key: Arc<str> },
    Web(Arc<Page>),
}

impl Object {
    /// What it is called: its address, without what may be secret in it.
    pub fn name(&self) -> String {
        match &self.place {
            Place::Bucket { bucket, key } => format!("s3://{}/{key}", bucket.name),
            Place::Web(page) => page.name.clone(),
        }
    }

    /// Its key in the bucket; of an object of the web the whole name.
    pub fn key(&self) -> &str {
        match &self.place {
            Place::Bucket { key, .. } => key,
            Place::Web(page) => &page.name,
        }
    }
}
