//! A source for tests that fails where it is told to.

use std::io::{self, Read};
use std::sync::Arc;

/// What goes wrong.
#[cfg_attr(fuzzing, allow(dead_code, reason = "fuzz targets make nothing fail but what they are given"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// From this byte on nothing can be read.
    Broken(usize),
    /// It seems to end at this byte.
    CutOff(usize),
    /// At most so many bytes come at once, and each time an interruption comes first.
    Slow(usize),
}

/// Bytes, and what goes wrong with them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Faulty {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fault: Fault,
}

/// Reads them.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) of: Arc<Faulty>,
    pub(super) place: usize,
    pub(super) was_interrupted: bool,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let all = &self.of.bytes[..];
        let (end, most) = match self.of.fault {
            Fault::Broken(at) if self.place >= at => return Err(io::Error::other("the disk is broken")),
            Fault::Broken(at) | Fault::CutOff(at) => (at.min(all.len()), usize::MAX),
            Fault::Slow(most) => (all.len(), most),
        };
        self.was_interrupted = !self.was_interrupted && most < usize::MAX;
        if self.was_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = (end - self.place).min(buffer.len()).min(most);
        buffer[..length].copy_from_slice(&all[self.place..self.place + length]);
        self.place += length;
        Ok(length)
    }
}
