//! Data on a terminal: JSON and CSV, which hold text that anybody may have made up.
//!
//! JSON escapes the control characters of ASCII, but not those beyond, some of which start a command of the terminal, nor
//! those that reorder the text around them. Here they are written as in JSON, where they are the same text.

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use cloudconnexa_report::text::{escape, is_printable};

/// Standard output, with every character escaped that a terminal would act on.
#[derive(Debug)]
pub(crate) struct EscapedStdout(BufWriter<Escaped<io::Stdout>>);

impl EscapedStdout {
    pub(super) fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, Escaped::new(io::stdout())))
    }
}

impl Write for EscapedStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Escapes text on its way to `out`.
#[derive(Debug)]
struct Escaped<W> {
    out: W,
    /// The first bytes of a character whose others are yet to come.
    incomplete: Vec<u8>,
    /// The text of one write, which is kept for its memory.
    text: Vec<u8>,
}

impl<W: Write> Escaped<W> {
    fn new(out: W) -> Self {
        Self { out, incomplete: Vec::new(), text: Vec::new() }
    }
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let joined;
        let mut rest = bytes;
        if !self.incomplete.is_empty() {
            joined = [&self.incomplete, bytes].concat();
            rest = &joined;
        }
        self.text.clear();
        let mut incomplete = Vec::new();
        for chunk in rest.utf8_chunks() {
            for c in chunk.valid().chars() {
                push(&mut self.text, c);
            }
            rest = &rest[chunk.valid().len()..];
            // What is invalid at the end may only be incomplete.
            let is_end = rest.len() == chunk.invalid().len();
            if is_end && is_incomplete(chunk.invalid()) {
                incomplete.extend_from_slice(chunk.invalid());
            } else if !chunk.invalid().is_empty() {
                push(&mut self.text, char::REPLACEMENT_CHARACTER);
            }
            rest = &rest[chunk.invalid().len()..];
        }
        self.out.write_all(&self.text)?;
        self.incomplete = incomplete;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether `bytes` are the start of a character.
fn is_incomplete(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

fn push(text: &mut Vec<u8>, c: char) {
    if is_printable(c) || matches!(c, '\n' | '\r' | '\t') {
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        text.extend_from_slice(escape(c).as_bytes());
    }
}
