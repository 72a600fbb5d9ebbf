//! Parquet writers, each for some of the tables and on its own thread: encoding takes longer than reading and validating.
//!
//! Tables and memory are divided among writers independently of `--threads`, and so the files do not depend on it either.

use std::fmt;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use cloudconnexa_convert::parquet::{Files, Limits, Part, PartitionedWriter, Written};

/// The size in bytes from which parts are sent to a thread. Waking a thread costs more than encoding a few rows.
const HANDED_OVER: usize = 1 << 19;

/// The limit of all writers together on the bytes of rows in memory.
const BUFFERED: usize = 96 << 20;
/// Their limit on files of events of OCSF with a row group in progress.
const ENCODING: usize = 24;

/// How many batches of parts may wait for a thread.
const WAITING: usize = 2;

/// Writers of parts.
pub(super) struct Encoders<F: Files<P::Key>, P: Part> {
    shards: Vec<Shard<F, P>>,
    /// Returns the index of the writer for a part.
    shard_of: fn(&P) -> usize,
}

enum Shard<F: Files<P::Key>, P: Part> {
    /// On the thread of the caller.
    Inline(Box<PartitionedWriter<F, P>>),
    Thread {
        /// Parts that are not sent yet, and their size.
        parts: Vec<P>,
        bytes: usize,
        /// `None` once the last parts are sent.
        sender: Option<SyncSender<Vec<P>>>,
        writer: JoinHandle<io::Result<Written>>,
    },
    /// It has failed, and its error was returned.
    Failed,
}

impl<F: Files<P::Key>, P: Part> fmt::Debug for Encoders<F, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoders").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}

impl<F, P> Encoders<F, P>
where
    F: Files<P::Key> + Send + 'static,
    F::File: 'static,
    P: Part + Send + 'static,
    P::Key: Send,
    P::Shared: Send,
    P::File<F::File>: Send,
{
    /// Starts one writer for each of `shares`: sixteenths of the memory. Threads pass parts to `done` once they are written.
    pub(super) fn new(
        shares: &[usize],
        shard_of: fn(&P) -> usize,
        is_threaded: bool,
        files: impl Fn() -> F,
        done: impl Fn(P) + Clone + Send + 'static,
    ) -> Self {
        let writers = shares.iter().map(|sixteenths| {
            let mut limits = Limits::default();
            limits.buffered_bytes = BUFFERED / 16 * sixteenths;
            limits.encoding_files = ENCODING / shares.len();
            // Half of the default, as each writer has only some of the tables.
            limits.open_files /= 2;
            let mut writer = PartitionedWriter::new(files(), limits);
            if !is_threaded {
                return Shard::Inline(Box::new(writer));
            }
            let (sender, received) = sync_channel::<Vec<P>>(WAITING);
            let done = done.clone();
            let writer = thread::spawn(move || {
                for part in received.into_iter().flatten() {
                    writer.write(&part)?;
                    done(part);
                }
                writer.finish().map(|(written, _)| written)
            });
            Shard::Thread { parts: Vec::new(), bytes: 0, sender: Some(sender), writer }
        });
        Self { shards: writers.collect(), shard_of }
    }

    /// Writes a part, or sends it to a thread. An error may come from an earlier part.
    pub(super) fn write(&mut self, part: P) -> io::Result<()> {
        let index = (self.shard_of)(&part);
        let Some(shard) = self.shards.get_mut(index) else {
            return Err(io::Error::other("a table without a writer"));
        };
        match shard {
            Shard::Inline(writer) => writer.write(&part),
            Shard::Thread { parts, bytes, sender, .. } => {
                *bytes += part.capacity();
                parts.push(part);
                if *bytes < HANDED_OVER {
                    return Ok(());
                }
                *bytes = 0;
                let taken = sender.as_ref().is_some_and(|sender| sender.send(std::mem::take(parts)).is_ok());
                // A thread that no longer receives has failed.
                if taken { Ok(()) } else { std::mem::replace(shard, Shard::Failed).finish().map(drop) }
            }
            Shard::Failed => Err(io::Error::other("an earlier part could not be written")),
        }
    }

    /// Waits until everything is written, and returns the counts.
    pub(super) fn finish(mut self) -> io::Result<Written> {
        // First all of them, so that they finish in parallel.
        self.shards.iter_mut().for_each(Shard::hand_over);
        // Then for all of them, also if one fails: a thread that still writes would leave files behind.
        let shards: Vec<_> = std::mem::take(&mut self.shards).into_iter().map(Shard::finish).collect();
        let mut written = Written::default();
        for shard in shards {
            written.add(shard?);
        }
        Ok(written)
    }
}

/// Waits for threads if a run fails: their files are removed with the output folder, which they share.
impl<F: Files<P::Key>, P: Part> Drop for Encoders<F, P> {
    fn drop(&mut self) {
        for shard in self.shards.drain(..) {
            if let Shard::Thread { sender, writer, .. } = shard {
                drop(sender);
                // The run has failed for another reason, which is reported.
                let _ = writer.join();
            }
        }
    }
}

impl<F: Files<P::Key>, P: Part> Shard<F, P> {
    /// Sends the last parts.
    fn hand_over(&mut self) {
        if let Self::Thread { parts, sender, .. } = self
            && let Some(sender) = sender.take()
        {
            // If the thread has failed, it says so when it is joined.
            let _ = sender.send(std::mem::take(parts));
        }
    }

    fn finish(mut self) -> io::Result<Written> {
        self.hand_over();
        match self {
            Self::Inline(writer) => writer.finish().map(|(written, _)| written),
            Self::Thread { writer, .. } => {
                writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
            Self::Failed => Err(io::Error::other("an earlier part could not be written")),
        }
    }
}
