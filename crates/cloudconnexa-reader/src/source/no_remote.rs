//! Stands in for objects in a build without the feature `s3`.

use std::io::{self, Read};

use super::find::Found;
use super::{RemoteOptions, Source, SourceError};

/// An object of a bucket or a web server. Without the feature `s3` there are none.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemoteObject {}

impl RemoteObject {
    /// Its address.
    #[must_use]
    pub fn name(&self) -> &str {
        match *self {}
    }

    /// Its size in bytes, where that is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match *self {}
    }

    /// When it was written, in seconds since 1970, where that is known.
    #[must_use]
    pub fn modified(&self) -> Option<i64> {
        match *self {}
    }

    /// Its entity tag, which changes with the content, where that is known.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        match *self {}
    }

    pub(crate) fn open(&self) -> Box<dyn Read + Send> {
        match *self {}
    }
}

/// Whether an input is an address, and not a path.
#[must_use]
pub fn is_address(text: &str) -> bool {
    ["s3://", "http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
}

/// Whether a server has no such object. Without the feature `s3`, none is asked.
pub(crate) fn is_not_found(_: &io::Error) -> bool {
    false
}

/// Whether a server refuses an object. Without the feature `s3`, none is asked.
pub(crate) fn is_refused(_: &io::Error) -> bool {
    false
}

/// Requests objects before their turn comes. Without the feature `s3` it does nothing.
#[derive(Debug)]
pub struct Prefetch {}

impl Prefetch {
    /// Does nothing.
    #[must_use]
    pub fn new(_: &[Source], _: usize) -> Self {
        Self {}
    }
}

/// Refuses every address.
#[derive(Debug, Default)]
pub(super) struct Remote {
    pub(super) needs_metadata: bool,
    pub(super) since: Option<i64>,
}

impl Remote {
    pub(super) fn new(_: RemoteOptions) -> Self {
        Self::default()
    }

    #[expect(clippy::unused_self, reason = "as it is with the feature `s3`")]
    pub(super) fn find(
        &mut self,
        text: &str,
        _: bool,
        found: &mut Found,
        _: &mut dyn FnMut(&Source) -> bool,
    ) {
        let scheme = text.split("://").next().unwrap_or_default().to_owned();
        found.all.errors.push(SourceError::NotSupported { scheme });
    }
}
