//! A source for tests that fails where it is told to.

use std::io::{self, Read};
use std::sync::Arc;

use cloudconnexa_reader::Source;

/// What goes wrong.
#[cfg_attr(fuzzing, allow(dead_code, reason = "fuzz targets only slow reads down"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing can be read from this byte on.
    Broken(usize),
    /// The source seems to end at this byte.
    CutOff(usize),
    /// At most this many bytes come at once, and an interruption comes before each read.
    Slow(usize),
}

/// A source of these bytes, with this fault.
pub(crate) fn source(bytes: &[u8], fault: Fault) -> Source {
    let bytes: Arc<[u8]> = bytes.into();
    Source::custom("faulty", move || {
        Ok(Box::new(Reader { bytes: Arc::clone(&bytes), fault, offset: 0, was_interrupted: false }))
    })
}

struct Reader {
    bytes: Arc<[u8]>,
    fault: Fault,
    offset: usize,
    was_interrupted: bool,
}

impl Read for Reader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let all = &self.bytes[..];
        let (end, most) = match self.fault {
            Fault::Broken(at) if self.offset >= at => return Err(io::Error::other("the disk is broken")),
            Fault::Broken(at) | Fault::CutOff(at) => (at.min(all.len()), usize::MAX),
            Fault::Slow(most) => (all.len(), most),
        };
        self.was_interrupted = !self.was_interrupted && most < usize::MAX;
        if self.was_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = (end - self.offset).min(buf.len()).min(most);
        buf[..length].copy_from_slice(&all[self.offset..self.offset + length]);
        self.offset += length;
        Ok(length)
    }
}
