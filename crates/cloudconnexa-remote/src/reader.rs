//! The blocking end of a download.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use tokio::sync::mpsc::Receiver;

use crate::error::Error;

/// A chunk of an object, an empty one at its end, or an error.
pub(crate) type Chunk = Result<Bytes, Error>;

/// A blocking reader of one object.
///
/// It returns end of file only at the end of the object. Any failure is an [`io::Error`] of kind
/// [`Other`](io::ErrorKind::Other) that holds an [`Error`], and every later read returns it again.
#[derive(Debug)]
pub struct Reader {
    chunks: Receiver<Chunk>,
    chunk: Bytes,
    failed: Option<Error>,
    is_done: bool,
}

impl Reader {
    pub(crate) fn new(chunks: Receiver<Chunk>) -> Self {
        Self { chunks, chunk: Bytes::new(), failed: None, is_done: false }
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            if let Some(error) = &self.failed {
                return Err(io::Error::other(error.clone()));
            }
            if self.is_done || buffer.is_empty() {
                return Ok(0);
            }
            match self.chunks.blocking_recv() {
                Some(Ok(chunk)) if chunk.is_empty() => self.is_done = true,
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => self.failed = Some(error),
                // The channel closed without an empty chunk: the object was not read to its end.
                None => self.failed = Some(Error::permanent("the network thread has ended")),
            }
        }
        let length = self.chunk.len().min(buffer.len());
        self.chunk.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
