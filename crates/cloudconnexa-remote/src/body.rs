//! Reads an object to its end, whatever happens to the connections on the way.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use crate::Place;
use crate::client::{PATIENCE, pause};
use crate::error::{Error, Kind};
use crate::reader::Part;

/// Connections that may break without much having come.
const BREAKS: usize = 5;

/// So much is enough for a connection to have been of use.
const PROGRESS: u64 = 1 << 18;

/// An answer: the rest of an object, from where it was asked for.
pub(crate) struct Answer {
    /// The size of the whole object, where the server says it.
    pub(crate) size: Option<u64>,
    pub(crate) etag: Option<String>,
    pub(crate) chunks: BoxStream<'static, Result<Bytes, Error>>,
}

/// Sends all parts of an object, then an empty one; or an error.
pub(crate) async fn pump(place: Place, parts: Sender<Part>) {
    let last = match whole(&place, &parts).await {
        Ok(()) => Ok(Bytes::new()),
        Err(error) => Err(error),
    };
    let _ = parts.send(last).await;
}

async fn whole(place: &Place, parts: &Sender<Part>) -> Result<(), Error> {
    let (mut at, mut etag, mut size) = (0, None, None);
    let (mut breaks, mut broke_at) = (0, 0);
    loop {
        let answer = match timeout(PATIENCE, place.get(at, etag.as_deref())).await {
            Ok(answer) => answer.map_err(|error| told(error, at))?,
            Err(_) => {
                return Err(Error::new(format!("no answer for {} s; try again later", PATIENCE.as_secs())));
            }
        };
        if at == 0 {
            (etag, size) = (answer.etag, answer.size);
        }
        let Some(error) = stream(answer.chunks, parts, &mut at, size).await else { return Ok(()) };
        if parts.is_closed() {
            return Ok(());
        }
        breaks = if at - broke_at >= PROGRESS { 1 } else { breaks + 1 };
        broke_at = at;
        // Without a sign to know it by, what follows could be of another object.
        if error.kind() != Kind::Passing || breaks > BREAKS || (at > 0 && etag.is_none()) {
            let of = size.map(|size| format!(" of {size}")).unwrap_or_default();
            return Err(error.with(&format!(", after {at}{of} bytes; try again later")));
        }
        tokio::time::sleep(pause(breaks)).await;
    }
}

/// What went wrong behind the first `at` bytes.
fn told(error: Error, at: u64) -> Error {
    match error.kind() {
        Kind::Gone if at > 0 => Error::of(Kind::Gone, "the object was deleted while it was read"),
        _ => error,
    }
}

/// Passes on what comes; tells what was wrong, if it is not all.
async fn stream(
    mut chunks: BoxStream<'static, Result<Bytes, Error>>,
    parts: &Sender<Part>,
    at: &mut u64,
    size: Option<u64>,
) -> Option<Error> {
    loop {
        match timeout(PATIENCE, chunks.next()).await {
            Ok(Some(Ok(chunk))) if chunk.is_empty() => {}
            Ok(Some(Ok(chunk))) => {
                *at += chunk.len() as u64;
                if parts.send(Ok(chunk)).await.is_err() {
                    return None;
                }
            }
            Ok(Some(Err(error))) => {
                return Some(Error::of(Kind::Passing, format!("the connection broke: {error}")));
            }
            Ok(None) if size.is_some_and(|size| *at != size) => {
                return Some(Error::of(Kind::Passing, "the object ended too early"));
            }
            Ok(None) => return None,
            Err(_) => {
                return Some(Error::of(Kind::Passing, format!("nothing came for {} s", PATIENCE.as_secs())));
            }
        }
    }
}

impl Place {
    /// Asks for what is behind the first `from` bytes, of the object that has this `etag`.
    async fn get(&self, from: u64, etag: Option<&str>) -> Result<Answer, Error> {
        match self {
            Self::Bucket { bucket, key } => bucket.get(key, from, etag).await,
            Self::Web(page) => page.get(from, etag).await,
        }
    }
}
