//! The two ends of a run: a stage that workers apply to blocks, and a sink that merges its outputs in order.

use std::sync::Arc;

use crate::block::Block;
use crate::bytes::SourceReader;
use crate::event::ReadEvent;
use crate::source::Source;

/// What a worker does with blocks.
///
/// Each thread has a stage of its own. A stage gets its blocks in the order of the inputs, but other threads may get those
/// in between.
pub trait Stage: Send + 'static {
    /// The results of some blocks.
    type Output: Output;

    /// How many blocks of an input [`run`](crate::run) hands to a thread at once. With one, the default, text stays in the cache
    /// of a processor. More are better if outputs take long to put together.
    const BLOCKS: usize = 1;

    /// Processes a block and returns its buffer, which [`Block::visit`] and [`Block::visit_lines`] give back. When `output` gets large, `flush`
    /// takes it for merging and leaves an empty one in its place.
    fn block(&mut self, block: Block, output: &mut Self::Output, flush: FlushFn<'_, Self::Output>)
    -> Vec<u8>;

    /// Records what happened to `input` while it was read.
    fn event(&mut self, input: &Arc<str>, event: ReadEvent, output: &mut Self::Output) {
        output.event(input, event);
    }

    /// Adds everything that the stage still holds, as the next blocks may go to other threads. Only [`run`](crate::run) calls it:
    /// elsewhere all blocks go to the same stage.
    fn finish(&mut self, output: &mut Self::Output) {
        let _ = output;
    }
}

/// Takes an output that has grown large, to be merged before the rest of its block.
pub type FlushFn<'a, O> = &'a mut dyn FnMut(&mut O);

/// The results of a part of the inputs.
pub trait Output: Default + Send + 'static {
    /// Records what happened to `input` while it was read.
    fn event(&mut self, input: &Arc<str>, event: ReadEvent);

    /// Appends the results of the part that follows.
    fn append(&mut self, later: Self);
}

/// Merges outputs, on the thread that calls [`run`](crate::run).
pub trait Sink<O> {
    /// Merges the next output in the order of the inputs.
    fn merge(&mut self, output: O);

    /// Whether nothing more is wanted; the run then ends early.
    fn is_done(&self) -> bool {
        false
    }
}

/// Turns a source into blocks.
pub trait Splitting: Clone + Send + 'static {
    /// Reads `source` to its end, or as far as it can be read, and hands all of it to `sink`, then a
    /// [`ReadEvent::End`].
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink);
}

/// Takes what a source is split into.
pub trait BlockSink {
    /// A buffer for a block, of any length and with any content.
    fn buf(&mut self) -> Vec<u8>;

    /// Takes back a buffer that was not needed.
    fn recycle(&mut self, buf: Vec<u8>);

    /// Takes the next block.
    fn block(&mut self, block: Block);

    /// Takes what happened to `input` at this point.
    fn event(&mut self, input: &Arc<str>, event: ReadEvent);

    /// Learns how many bytes of an unfinished record are held. It may wait before more are read, so that few threads hold
    /// long records at the same time.
    fn holds(&mut self, bytes: usize) {
        let _ = bytes;
    }

    /// Whether nothing more is wanted.
    fn is_stopped(&self) -> bool;
}
