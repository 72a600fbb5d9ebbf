//! A run: inputs are read, records checked, findings and whatever visitors collect merged in the order of the inputs, whatever
//! the number of threads.

mod accept;
mod breaks;
mod builder;
mod checker;
mod context;
#[cfg(test)]
mod fault_tests;
#[cfg(any(test, fuzzing))]
mod faulty;
mod findings;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod merger;
mod notices;
mod origin;
mod rejected_input;
mod result;
mod stateful;
mod targets;
mod unwrapping;
mod visitor;

pub(crate) use builder::{InputForm, RunBuilder};
pub(crate) use merger::Merger;
pub(crate) use result::{gzip_message, read_error_message};
pub(crate) use targets::{Format, List, OutputTarget};
pub(crate) use visitor::{Collector, Part, VisitedInput, VisitedRecord, Visitor};

use std::sync::Arc;

use cloudconnexa_reader::{
    self as reader, BlockSink as _, Inline, OnError, Resume, Source, SourceReader, SplitRecords,
    Splitting as _, Tail, Unfinished,
};

use crate::outputs::InputAccess;
use crate::terminal;
use builder::Input;
use checker::RecordChecker;
use context::CheckContext;

/// A run. [`RunBuilder`] makes it.
pub(crate) struct Run {
    context: Arc<CheckContext>,
    input: Input,
    threads: usize,
    reader: SourceReader,
    /// Checks what this thread reads.
    checker: RecordChecker,
    is_quiet: bool,
    /// Who may read what was read.
    pub(crate) access: InputAccess,
    pub(crate) merger: Merger,
}

impl Run {
    /// Reads and checks sources, each to its end as far as it can be read.
    pub(crate) fn read(&mut self, sources: &[Source]) {
        self.access.add_sources(sources);
        // Starting threads for one source at a time costs more than it gains.
        let is_small = self.records().on_error == OnError::Retry && sources.len() == 1;
        if self.threads > 1 && !is_small {
            let checker = || RecordChecker::new(&self.context);
            reader::run(sources.to_vec(), &self.reader, &self.input, self.threads, checker, &mut self.merger);
            return;
        }
        let mut inline = Inline::new(&mut self.checker, &mut self.merger);
        for source in sources {
            if !inline.is_stopped() {
                self.input.split(source, &mut self.reader, &mut inline);
            }
        }
    }

    /// How records are split.
    fn records(&self) -> SplitRecords {
        match &self.input {
            Input::Records(records) => records.clone(),
            Input::Rejected(_) => SplitRecords::default(),
        }
    }

    /// The number of threads that check.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Tries again to read an input to its end.
    pub(crate) fn retry(&mut self, unfinished: Unfinished) {
        let records = self.records();
        let mut inline = Inline::new(&mut self.checker, &mut self.merger);
        unfinished.attempt(&mut self.reader, &records, &mut inline);
    }

    /// Returns the inputs that another attempt may read to their ends, since the last call.
    pub(crate) fn take_unfinished(&mut self) -> Vec<Unfinished> {
        std::mem::take(&mut self.merger.unfinished)
    }

    /// Reports an input that was never read to its end.
    pub(crate) fn give_up(&mut self, unfinished: Unfinished) {
        let records = self.records();
        let mut inline = Inline::new(&mut self.checker, &mut self.merger);
        unfinished.give_up(&mut self.reader, &records, &mut inline);
    }

    /// Forgets the old content of an input that was replaced.
    pub(crate) fn supersede(&mut self, unfinished: Unfinished) {
        unfinished.supersede(&mut Inline::new(&mut self.checker, &mut self.merger));
    }

    /// Returns a tail of a file.
    pub(crate) fn tail(&self, name: &str, from: Resume) -> Tail {
        Tail::new(name, from, self.records().max_record_bytes)
    }

    /// Checks the next bytes of a tail.
    pub(crate) fn push(&mut self, tail: &mut Tail, bytes: &[u8]) {
        tail.push(bytes, &mut Inline::new(&mut self.checker, &mut self.merger));
    }

    /// Checks the rest of the current file of a tail.
    pub(crate) fn next_file(&mut self, tail: &mut Tail) {
        tail.next_file(&mut Inline::new(&mut self.checker, &mut self.merger));
    }

    /// Checks the rest of a tail. `problem` says why that is not all, if it is not.
    pub(crate) fn end_tail(&mut self, tail: Tail, problem: Option<String>) {
        tail.end(problem, &mut Inline::new(&mut self.checker, &mut self.merger));
    }

    /// Reads a source once, and reports it if that fails.
    pub(crate) fn read_once(&mut self, source: &Source) {
        self.access.add_sources(std::slice::from_ref(source));
        let once = SplitRecords { on_error: OnError::Report, ..self.records() };
        once.split(source, &mut self.reader, &mut Inline::new(&mut self.checker, &mut self.merger));
    }

    /// Prints a note, unless the run is quiet.
    pub(crate) fn note(&mut self, message: &str) {
        if !self.is_quiet {
            self.merger.targets.print_aside(|| terminal::note(message));
        }
    }

    /// Prints a problem that may be temporary.
    pub(crate) fn problem(&mut self, message: &str) {
        self.merger.targets.print_aside(|| terminal::problem(message));
    }

    /// Whether nothing more is wanted.
    pub(crate) fn is_done(&self) -> bool {
        reader::Sink::is_done(&self.merger)
    }

    /// Ends the run: visitors hand over what they have collected.
    pub(crate) fn finish(self) -> Merger {
        let Self { checker, mut merger, .. } = self;
        drop(checker);
        merger.finish();
        merger
    }
}
