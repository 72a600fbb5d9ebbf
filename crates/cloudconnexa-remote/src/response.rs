//! The response to a request for an object.

use bytes::Bytes;
use futures_util::stream::BoxStream;

use crate::error::Error;

/// The bytes of an object, from the requested offset to the end.
pub(crate) struct Response {
    /// The size of the whole object, if the server gives it.
    pub(crate) size: Option<u64>,
    pub(crate) etag: Option<String>,
    pub(crate) chunks: BoxStream<'static, Result<Bytes, Error>>,
}
