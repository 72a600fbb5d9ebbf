//! A source for tests that fails at a chosen byte.

use std::io::{self, Read};
use std::sync::Arc;

use cloudconnexa_reader::Source;

/// The fault to inject.
#[cfg_attr(fuzzing, allow(dead_code, reason = "fuzz targets only slow reads down"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Reading fails from this byte on.
    Broken(usize),
    /// The source ends at this byte.
    CutOff(usize),
    /// A read returns at most this many bytes, and every other read is interrupted.
    Slow(usize),
}

/// Returns a source of these bytes with this fault.
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
        let (end, max) = match self.fault {
            Fault::Broken(at) if self.offset >= at => return Err(io::Error::other("the disk is broken")),
            Fault::Broken(at) | Fault::CutOff(at) => (at.min(all.len()), usize::MAX),
            Fault::Slow(max) => (all.len(), max),
        };
        self.was_interrupted = !self.was_interrupted && max < usize::MAX;
        if self.was_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = (end - self.offset).min(buf.len()).min(max);
        buf[..length].copy_from_slice(&all[self.offset..self.offset + length]);
        self.offset += length;
        Ok(length)
    }
}
