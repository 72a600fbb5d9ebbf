//! The blocking end of a read.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use tokio::sync::mpsc::Receiver;

use crate::error::Error;

/// What comes of an object: its bytes, then nothing, or an error.
pub(crate) type Part = Result<Bytes, Error>;

/// An object that is being read, from its first byte to its last.
///
/// It ends only where the object ends; what went wrong comes as an [`io::Error`] that holds an [`Error`].
#[derive(Debug)]
pub struct Reader {
    parts: Receiver<Part>,
    chunk: Bytes,
    /// What went wrong is told as often as somebody asks.
    failed: Option<Error>,
    is_done: bool,
}

impl Reader {
    /// The parts end with an empty one: without it something went wrong.
    pub(crate) fn new(parts: Receiver<Part>) -> Self {
        Self { parts, chunk: Bytes::new(), failed: None, is_done: false }
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
            match self.parts.blocking_recv() {
                Some(Ok(chunk)) if chunk.is_empty() => self.is_done = true,
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => self.failed = Some(error),
                None => self.failed = Some(Error::new("the thread that reads from the network has ended")),
            }
        }
        let length = self.chunk.len().min(buffer.len());
        self.chunk.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
