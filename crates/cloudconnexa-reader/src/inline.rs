//! Processes blocks on the thread that reads them.

use std::sync::Arc;

use crate::block::{Block, reusable};
use crate::event::ReadEvent;
use crate::stage::{BlockSink, Sink, Stage};

/// A [`BlockSink`] that processes each block at once and merges what comes of it.
#[derive(Debug)]
pub struct Inline<'a, S, K> {
    stage: &'a mut S,
    sink: &'a mut K,
    bufs: Vec<Vec<u8>>,
}

impl<'a, S: Stage, K: Sink<S::Output>> Inline<'a, S, K> {
    /// Applies `stage` to each block, and hands the outputs to `sink`.
    pub fn new(stage: &'a mut S, sink: &'a mut K) -> Self {
        Self { stage, sink, bufs: Vec::new() }
    }
}

impl<S: Stage, K: Sink<S::Output>> BlockSink for Inline<'_, S, K> {
    fn buf(&mut self) -> Vec<u8> {
        self.bufs.pop().unwrap_or_default()
    }

    fn recycle(&mut self, buf: Vec<u8>) {
        self.bufs.push(buf);
    }

    fn block(&mut self, block: Block) {
        let mut output = S::Output::default();
        let sink = &mut *self.sink;
        let flush = &mut |output: &mut S::Output| sink.merge(std::mem::take(output));
        let buf = self.stage.block(block, &mut output, flush);
        self.bufs.push(reusable(buf));
        self.sink.merge(output);
    }

    fn event(&mut self, input: &Arc<str>, event: ReadEvent) {
        let mut output = S::Output::default();
        self.stage.event(input, event, &mut output);
        self.sink.merge(output);
    }

    fn is_stopped(&self) -> bool {
        self.sink.is_done()
    }
}
