//! The header of a gzip member.

use std::io::BufRead;

use super::{Member, State};
use crate::Error;
use crate::error::Cause;

/// Flags of optional fields.
pub(super) mod flag {
    pub(in crate::gzip) const HEADER_CRC: u8 = 1 << 1;
    pub(in crate::gzip) const EXTRA: u8 = 1 << 2;
    pub(in crate::gzip) const NAME: u8 = 1 << 3;
    pub(in crate::gzip) const COMMENT: u8 = 1 << 4;
    pub(in crate::gzip) const RESERVED: u8 = 0b1110_0000;
}

impl<R: BufRead> Member<'_, R> {
    /// Reads a header, or recognizes the end of the file.
    pub(super) fn header(&mut self) -> Result<(), Error> {
        // Where something other than gzip is found, it starts with the gap.
        self.decoder.member_start = self.decoder.offset();
        let Some((start, first)) = self.skip_gap()? else {
            self.decoder.state = State::End;
            return Ok(());
        };
        if first != 0x1f || self.next_byte()? != Some(0x8b) {
            return self.fail(Cause::TrailingData);
        }
        self.decoder.member_start = start;
        let mut fixed = [0; 8];
        self.read_exact(&mut fixed)?;
        let [method, flags, ..] = fixed;
        if method != 8 || flags & flag::RESERVED != 0 {
            return self.fail(Cause::InvalidHeader);
        }
        if flags & flag::EXTRA != 0 {
            let mut length = [0; 2];
            self.read_exact(&mut length)?;
            for _ in 0..u16::from_le_bytes(length) {
                self.read_exact(&mut [0])?;
            }
        }
        for text in [flag::NAME, flag::COMMENT] {
            if flags & text != 0 {
                self.skip_text()?;
            }
        }
        if flags & flag::HEADER_CRC != 0 {
            let (expected, mut stored) = (self.decoder.crc.value() & 0xffff, [0; 2]);
            self.read_exact(&mut stored)?;
            if u32::from(u16::from_le_bytes(stored)) != expected {
                return self.fail(Cause::InvalidHeader);
            }
        }
        self.decoder.inflate.reset();
        self.decoder.crc.reset();
        self.decoder.written = 0;
        self.decoder.state = State::Data;
        Ok(())
    }

    /// Skips what may come between two members, and returns the offset and the value of the byte after it, if there is one.
    fn skip_gap(&mut self) -> Result<Option<(u64, u8)>, Error> {
        let is_first_member = self.decoder.member_start == 0;
        let mut has_gap = false;
        loop {
            let start = self.decoder.offset();
            self.decoder.crc.reset();
            match self.next_byte()? {
                Some(0) => has_gap = true,
                Some(b' ' | b'\t' | b'\r' | b'\n') if !is_first_member => has_gap = true,
                // Before the first member, zeros are all that a file may have.
                Some(_) if is_first_member && has_gap => return self.fail(Cause::TrailingData),
                byte => return Ok(byte.map(|byte| (start, byte))),
            }
        }
    }

    /// Texts end with a zero.
    fn skip_text(&mut self) -> Result<(), Error> {
        let mut byte = [1];
        while byte != [0] {
            self.read_exact(&mut byte)?;
        }
        Ok(())
    }
}
