//! Judges blocks where they come from: one after another, by one judge.

use super::block::Block;
use super::cutter::Sink;
use super::judge::Judge;
use super::merge::Merge;
use super::outcome::Outcome;

/// Judges at once, and shows what comes of it.
pub(super) struct Inline<'a> {
    judge: &'a mut Judge,
    merge: &'a mut Merge,
    memory: Vec<Vec<u8>>,
}

impl<'a> Inline<'a> {
    pub(super) fn new(judge: &'a mut Judge, merge: &'a mut Merge) -> Self {
        Self { judge, merge, memory: Vec::new() }
    }
}

impl Sink for Inline<'_> {
    fn memory(&mut self) -> Vec<u8> {
        self.memory.pop().unwrap_or_default()
    }

    fn spare(&mut self, memory: Vec<u8>) {
        self.memory.push(memory);
    }

    fn block(&mut self, block: Block) {
        let mut outcome = Outcome::of(&block.input);
        let merge = &mut *self.merge;
        let relief = &mut |outcome: &mut Outcome| merge.add(std::mem::take(outcome));
        let memory = self.judge.block(block, &mut outcome, relief);
        self.memory.push(memory);
        self.merge.add(outcome);
    }

    fn outcome(&mut self, outcome: Outcome) {
        self.merge.add(outcome);
    }

    fn is_stopped(&self) -> bool {
        self.merge.is_pointless()
    }
}
