//! The two outputs of a split, accepted and rejected: both are committed at the end, or neither.

mod partition;
#[cfg(test)]
mod tests;

pub(crate) use partition::{Partition, SplitCounts};

use std::io::{self, Write};
use std::path::Path;

use cloudconnexa_report::Summary;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::exit::Exit;
use crate::outputs::{self, Access, InputAccess, Output, StagedOutput};
use crate::size::{count, counted};
use crate::unreadable::OnUnreadable;

/// Both outputs, and the counts of what was written to them.
#[derive(Debug)]
pub(crate) struct SplitOutputs {
    accepted: EncodedOutput,
    rejected: EncodedOutput,
    pub(crate) counts: SplitCounts,
    /// Why nothing more can be written.
    failure: Option<String>,
}

/// Which output is committed last. If that fails, or if the process dies in between, the other one is new and this one is
/// as before: it must be the one that still has everything that the other could lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommitOrder {
    /// For a split: its inputs are still there.
    AcceptedLast,
    /// For a replay, which may replace its input: what was accepted of that has to be committed before.
    RejectedLast,
}

/// An output that is compressed if its name ends in `.gz`.
#[derive(Debug)]
pub(crate) struct EncodedOutput {
    name: String,
    encoder: Encoder,
    /// The last byte was not a line end.
    is_within_line: bool,
    /// It is not a file, and something was written to it.
    has_streamed: bool,
    is_file: bool,
}

#[derive(Debug)]
enum Encoder {
    Plain(Output),
    Gzip(Box<GzEncoder<Output>>),
}

impl SplitOutputs {
    /// Opens both outputs; existing files stay as they are for now. New ones can be read by those who may read `inputs`.
    pub(crate) fn open(accepted: &Path, rejected: &Path, inputs: &InputAccess) -> Result<Self, String> {
        let open = |path| EncodedOutput::open(path, inputs.of_output());
        Ok(Self::from_encoded(open(accepted)?, open(rejected)?))
    }

    /// Wraps outputs of a test.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn of(accepted: Output, rejected: Output, is_gzip: bool) -> Self {
        Self::from_encoded(EncodedOutput::new(accepted, is_gzip), EncodedOutput::new(rejected, is_gzip))
    }

    fn from_encoded(accepted: EncodedOutput, rejected: EncodedOutput) -> Self {
        Self { accepted, rejected, counts: SplitCounts::default(), failure: None }
    }

    /// Returns whether something could not be written.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Appends to both outputs, unless one has failed before.
    pub(crate) fn add(&mut self, partition: Partition) {
        let Partition { accepted, rejected, counts } = partition;
        self.counts.add(counts);
        if self.failure.is_some() {
            return;
        }
        let mut text = &*accepted;
        if self.accepted.is_within_line && !text.is_empty() {
            self.counts.added += 1;
            self.failure = self.accepted.write(b"\n");
        }
        for output in [&mut self.accepted, &mut self.rejected] {
            if self.failure.is_none() && !text.is_empty() {
                self.failure = output.write(text);
            }
            text = &rejected;
        }
    }

    /// Commits both outputs, if everything that is required was read, and all of it written and accounted for.
    ///
    /// # Errors
    /// Returns a sentence that says what failed, and what the files are now.
    pub(crate) fn commit(
        self,
        order: CommitOrder,
        summary: &Summary,
        on_unreadable: OnUnreadable,
    ) -> Result<SplitCounts, String> {
        let (bytes, unread) = (summary.counts.bytes, summary.counts.unread);
        if !self.has_failed() {
            if on_unreadable.exit_of(unread) == Exit::Failure {
                let inputs = counted(unread, "input");
                let (outcome, way_out) = (self.outcome(), on_unreadable.way_out());
                return Err(format!("{inputs} could not be read to the end; {outcome}{way_out}"));
            }
            if self.counts.bytes() != bytes {
                return Err(format!(
                    "{} came in and {} are accounted for, which is a bug in ccxlog; {}",
                    counted(bytes, "byte"),
                    count(self.counts.bytes()),
                    self.outcome()
                ));
            }
        }
        self.finish(order)
    }

    /// Says what became of outputs that are not committed: what has gone into a stream cannot be taken back.
    fn outcome(&self) -> String {
        let outputs = [&self.accepted, &self.rejected];
        let streams: Vec<_> =
            outputs.iter().filter(|output| output.has_streamed).map(|output| &*output.name).collect();
        match streams.as_slice() {
            [] => "nothing was put into place".to_owned(),
            [both, other] if both != other => format!("{both} and {other} are incomplete"),
            [one, ..] => format!("{one} is incomplete, and no file was put into place"),
        }
    }

    fn finish(self, order: CommitOrder) -> Result<SplitCounts, String> {
        let outcome = self.outcome();
        if let Some(failure) = self.failure {
            return Err(format!("{failure}; {outcome}"));
        }
        let names = [self.accepted.name.clone(), self.rejected.name.clone()];
        let stage = |output: EncodedOutput| {
            let name = output.name.clone();
            output.stage().map_err(|error| format!("cannot write to {name}: {error}; {outcome}"))
        };
        let (accepted, rejected) = (stage(self.accepted)?, stage(self.rejected)?);
        let (outputs, names) = match order {
            CommitOrder::AcceptedLast => ([rejected, accepted], [&names[1], &names[0]]),
            CommitOrder::RejectedLast => ([accepted, rejected], [&names[0], &names[1]]),
        };
        match outputs::commit(outputs) {
            Ok(()) => Ok(self.counts),
            Err((0, error)) => Err(format!("cannot put {} into place: {error}; {outcome}", names[0])),
            Err((_, error)) => Err(format!(
                "cannot put {} into place: {error}; it is as before, but {} is in place; run it again",
                names[1], names[0]
            )),
        }
    }
}

impl EncodedOutput {
    /// Opens an output; an existing file stays as it is for now. A new one can be read by `access`.
    pub(crate) fn open(path: &Path, access: Access) -> Result<Self, String> {
        let extension = path.extension().map(std::ffi::OsStr::to_ascii_lowercase).unwrap_or_default();
        if ["zst", "zstd", "xz", "bz2"].iter().any(|other| extension == *other) {
            return Err(format!(
                "cannot write `{}`: gzip is the only compression; name it `.gz`, or write to `-` and pipe that into another program",
                path.display()
            ));
        }
        let output = if path == Path::new("-") { Ok(Output::pipe()) } else { Output::file(path, access) };
        let output = output.map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?;
        Ok(Self::new(output, extension == "gz"))
    }

    fn new(output: Output, is_gzip: bool) -> Self {
        let (name, is_file) = (output.name(), output.is_file());
        let encoder = if is_gzip {
            Encoder::Gzip(Box::new(GzEncoder::new(output, Compression::default())))
        } else {
            Encoder::Plain(output)
        };
        Self { name, encoder, is_within_line: false, has_streamed: false, is_file }
    }

    /// Returns what messages call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Appends `text`. Returns a message if that fails.
    fn write(&mut self, text: &[u8]) -> Option<String> {
        let written = self.append(text);
        self.is_within_line = text.last() != Some(&b'\n');
        written.err().map(|error| format!("cannot write to {}: {error}", self.name))
    }

    /// Appends `text`.
    pub(crate) fn append(&mut self, text: &[u8]) -> io::Result<()> {
        self.has_streamed |= !self.is_file;
        match &mut self.encoder {
            Encoder::Plain(output) => output.write_all(text),
            Encoder::Gzip(gzip) => gzip.write_all(text),
        }
    }

    /// Hands everything to the operating system that is not compressed.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::Plain(output) => output.flush(),
            Encoder::Gzip(_) => Ok(()),
        }
    }

    /// Flushes it. A file is then complete, but does not replace its target yet.
    pub(crate) fn stage(self) -> io::Result<StagedOutput> {
        match self.encoder {
            Encoder::Plain(output) => output.stage(),
            Encoder::Gzip(gzip) => gzip.finish()?.stage(),
        }
    }
}
