//! Writers of Parquet, each for some of the tables and on a thread of its own: encoding takes longer than reading and checking.
//!
//! Which tables a writer has, and how much memory, does not depend on the number of threads, so neither do the files.

use std::fmt;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use cloudconnexa_convert::parquet::{Files, Limits, Part, PartitionedWriter, Written};

/// Parts are handed to a thread once they have so many bytes: to wake it takes longer than to encode a few rows.
const HANDED_OVER: usize = 1 << 19;

/// The bytes of rows that all writers keep in memory, and the files that they encode rows of at once.
const BUFFERED: usize = 48 << 20;
const ENCODING: usize = 24;

/// How often parts may be handed over before the thread has taken them.
const WAITING: usize = 4;

/// Writers of parts.
pub(super) struct Encoders<F: Files<P::Key>, P: Part> {
    shards: Vec<Shard<F, P>>,
    /// Returns the index of the writer of a part.
    shard_of: fn(&P) -> usize,
}

enum Shard<F: Files<P::Key>, P: Part> {
    /// On the thread of the caller.
    Inline(Box<PartitionedWriter<F, P>>),
    Thread {
        /// Parts that are yet to be handed over, and their bytes.
        parts: Vec<P>,
        bytes: usize,
        /// `None` once the last parts were handed over.
        sender: Option<SyncSender<Vec<P>>>,
        writer: JoinHandle<io::Result<Written>>,
    },
    /// It has failed, and the error was returned.
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
    P::Encoder: Send,
{
    /// Starts a writer for each of `shares`, which has this part of the memory of all of them, in sixteenths. Threads hand parts
    /// that are written to `done`.
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

    /// Writes a part, or leaves that to a thread. The error may be that of an earlier part.
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
                // It has ended otherwise, which it does only if it has failed.
                if taken { Ok(()) } else { std::mem::replace(shard, Shard::Failed).finish().map(drop) }
            }
            Shard::Failed => Err(io::Error::other("an earlier part could not be written")),
        }
    }

    /// Waits until everything is written. Returns what was.
    pub(super) fn finish(mut self) -> io::Result<Written> {
        // All of them end at once.
        self.shards.iter_mut().for_each(Shard::hand_over);
        let mut written = Written::default();
        for shard in self.shards {
            written.add(shard.finish()?);
        }
        Ok(written)
    }
}

impl<F: Files<P::Key>, P: Part> Shard<F, P> {
    /// Hands over the last parts.
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
