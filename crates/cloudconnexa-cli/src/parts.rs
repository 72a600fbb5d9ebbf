//! The two outputs of a split: what is accepted and what is rejected, both put into place at the end or neither.

use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::outputs::{self, Output, Ready};
use crate::run::{Counts, Parted};

/// Both outputs, and what went to them.
#[derive(Debug)]
pub(crate) struct Parts {
    accepted: Part,
    rejected: Part,
    pub(crate) counts: Counts,
    /// Why no more can be written, in words.
    failure: Option<String>,
}

/// Which is put into place last. Should that fail, or the process die in between, the other one is there and this one is
/// as it was before: it must be the one that still has what the other could lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// The inputs are still there.
    Accepted,
    /// The input is replaced by this: what was accepted of it has to be in place before.
    Rejected,
}

/// An output, compressed if its name says so.
#[derive(Debug)]
pub(crate) struct Part {
    name: String,
    encoder: Encoder,
    /// What was written last is no line end.
    is_within_line: bool,
}

#[derive(Debug)]
enum Encoder {
    Plain(Output),
    Gzip(Box<GzEncoder<Output>>),
}

impl Parts {
    /// Makes sure that both can be written, but leaves what is there.
    pub(crate) fn open(accepted: &Path, rejected: &Path) -> Result<Self, String> {
        let (accepted, rejected) = (Part::open(accepted)?, Part::open(rejected)?);
        Ok(Self::over(accepted, rejected))
    }

    /// Over outputs of a test.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn of(accepted: Output, rejected: Output, is_gzip: bool) -> Self {
        Self::over(Part::over(accepted, is_gzip), Part::over(rejected, is_gzip))
    }

    fn over(accepted: Part, rejected: Part) -> Self {
        Self { accepted, rejected, counts: Counts::default(), failure: None }
    }

    /// Whether something could not be written.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Writes what comes next.
    pub(crate) fn add(&mut self, parted: Parted) {
        let Parted { accepted, rejected, counts } = parted;
        self.counts.add(counts);
        if self.failure.is_some() {
            return;
        }
        let mut text = &*accepted;
        if self.accepted.is_within_line && !text.is_empty() {
            self.counts.added += 1;
            self.failure = self.accepted.write(b"\n");
        }
        for part in [&mut self.accepted, &mut self.rejected] {
            if self.failure.is_none() && !text.is_empty() {
                self.failure = part.write(text);
            }
            text = &rejected;
        }
    }

    /// Puts both into place; says in a sentence why that is not possible, and what is there now.
    pub(crate) fn finish(self, last: Last) -> Result<Counts, String> {
        if let Some(failure) = self.failure {
            return Err(format!("{failure}; nothing was put into place"));
        }
        let names = [self.accepted.name.clone(), self.rejected.name.clone()];
        let ready = |part: Part| {
            let name = part.name.clone();
            part.ready()
                .map_err(|error| format!("cannot write to {name}: {error}; nothing was put into place"))
        };
        let (accepted, rejected) = (ready(self.accepted)?, ready(self.rejected)?);
        let (order, names) = match last {
            Last::Accepted => ([rejected, accepted], [&names[1], &names[0]]),
            Last::Rejected => ([accepted, rejected], [&names[0], &names[1]]),
        };
        match outputs::place(order) {
            Ok(()) => Ok(self.counts),
            Err((0, error)) => {
                Err(format!("cannot put {} into place: {error}; nothing was put into place", names[0]))
            }
            Err((_, error)) => Err(format!(
                "cannot put {} into place: {error}; it is as before, but {} is in place; run it again",
                names[1], names[0]
            )),
        }
    }
}

impl Part {
    /// Makes sure that `path` can be written, but leaves what is there.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase).unwrap_or_default();
        if ["zst", "zstd", "xz", "bz2"].iter().any(|other| extension == *other) {
            return Err(format!(
                "cannot write `{}`: only gzip is written; name it `.gz`, or write to `-` and pipe that into the other program",
                path.display()
            ));
        }
        let output = if path == Path::new("-") { Ok(Output::pipe()) } else { Output::file(path) };
        let output = output.map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?;
        Ok(Self::over(output, extension == "gz"))
    }

    fn over(output: Output, is_gzip: bool) -> Self {
        let name = output.name();
        let encoder = if is_gzip {
            Encoder::Gzip(Box::new(GzEncoder::new(output, Compression::default())))
        } else {
            Encoder::Plain(output)
        };
        Self { name, encoder, is_within_line: false }
    }

    fn write(&mut self, text: &[u8]) -> Option<String> {
        let written = self.put(text);
        self.is_within_line = text.last() != Some(&b'\n');
        written.err().map(|error| format!("cannot write to {}: {error}", self.name))
    }

    /// Writes what comes next.
    pub(crate) fn put(&mut self, text: &[u8]) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::Plain(output) => output.write_all(text),
            Encoder::Gzip(gzip) => gzip.write_all(text),
        }
    }

    /// Writes what is held back; a file has only to be put into its place then.
    pub(crate) fn ready(self) -> io::Result<Ready> {
        match self.encoder {
            Encoder::Plain(output) => output.ready(),
            Encoder::Gzip(gzip) => gzip.finish()?.ready(),
        }
    }
}
