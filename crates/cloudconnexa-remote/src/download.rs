//! The download of one object to its end, over as many connections as it takes.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use crate::error::{Error, ErrorKind};
use crate::limits::{READ_TIMEOUT, backoff};
use crate::object::Location;
use crate::reader::Chunk;

/// The number of connections in a row that may break after little progress.
const MAX_BREAKS: usize = 5;

/// The number of bytes after which a connection counts as progress.
const PROGRESS_BYTES: u64 = 1 << 18;

/// Sends all chunks of an object, then an empty one, or an error.
pub(crate) async fn download(location: Location, chunks: Sender<Chunk>) {
    let last = match send_all(&location, &chunks).await {
        Ok(()) => Ok(Bytes::new()),
        Err(error) => Err(error),
    };
    let _ = chunks.send(last).await;
}

async fn send_all(location: &Location, chunks: &Sender<Chunk>) -> Result<(), Error> {
    let (mut offset, mut etag, mut size) = (0, None, None);
    let (mut breaks, mut broke_at) = (0, 0);
    loop {
        let response = timeout(READ_TIMEOUT, location.get(offset, etag.as_deref())).await;
        let Ok(response) = response else {
            let seconds = READ_TIMEOUT.as_secs();
            return Err(Error::permanent(format!("no response for {seconds} s; try again later")));
        };
        let response = response.map_err(|error| at_offset(error, offset))?;
        if offset == 0 {
            (etag, size) = (response.etag, response.size);
        }
        let Some(error) = send_response(response.chunks, chunks, &mut offset, size).await else {
            return Ok(());
        };
        if chunks.is_closed() {
            return Ok(());
        }
        breaks = if offset - broke_at >= PROGRESS_BYTES { 1 } else { breaks + 1 };
        broke_at = offset;
        // Without an entity tag, the rest could be that of another object.
        if error.kind() != ErrorKind::Transient || breaks > MAX_BREAKS || (offset > 0 && etag.is_none()) {
            let of = size.map(|size| format!(" of {size}")).unwrap_or_default();
            return Err(error.with(&format!(", after {offset}{of} bytes; try again later")));
        }
        tokio::time::sleep(backoff(breaks)).await;
    }
}

/// An object that is missing after some of it was read has been deleted.
fn at_offset(error: Error, offset: u64) -> Error {
    match error.kind() {
        ErrorKind::NotFound if offset > 0 => {
            Error::new(ErrorKind::NotFound, "the object was deleted while it was read")
        }
        _ => error,
    }
}

/// Sends the chunks of one response. Returns the error if the response was not complete.
async fn send_response(
    mut response: BoxStream<'static, Result<Bytes, Error>>,
    chunks: &Sender<Chunk>,
    offset: &mut u64,
    size: Option<u64>,
) -> Option<Error> {
    loop {
        match timeout(READ_TIMEOUT, response.next()).await {
            // An empty chunk would end the download.
            Ok(Some(Ok(chunk))) if chunk.is_empty() => {}
            Ok(Some(Ok(chunk))) => {
                *offset += chunk.len() as u64;
                if chunks.send(Ok(chunk)).await.is_err() {
                    return None;
                }
            }
            Ok(Some(Err(error))) => {
                return Some(Error::transient(format!("the connection broke: {error}")));
            }
            Ok(None) if size.is_some_and(|size| *offset != size) => {
                return Some(Error::transient("the response ended too early"));
            }
            Ok(None) => return None,
            Err(_) => {
                return Some(Error::transient(format!("no data for {} s", READ_TIMEOUT.as_secs())));
            }
        }
    }
}
