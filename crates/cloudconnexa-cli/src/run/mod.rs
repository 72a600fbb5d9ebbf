//! One validation run: sources in, findings shown, counts kept; the same whatever the number of threads.

mod attempt;
mod block;
mod cutter;
#[cfg(test)]
mod faults;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod groups;
mod inline;
mod judge;
mod lens;
mod merge;
mod outcome;
mod parted;
mod pool;
mod queue;
mod replay;
mod sightings;
mod stream;
mod tally;

pub(crate) use attempt::Broken;
#[cfg(test)]
pub(crate) use groups::{About, Kind};
pub(crate) use groups::{Group, Groups, InFile, Listed, more};
pub(crate) use judge::Values;
pub(crate) use lens::{Lens, Lenses, Seen};
pub(crate) use merge::{Format, Merge, Sink, Task};
pub(crate) use parted::{Counts, Parted};
pub(crate) use sightings::Sightings;
pub(crate) use stream::Stream;
#[cfg(test)]
pub(crate) use tally::Name;
pub(crate) use tally::{Fared, Tally};

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;

use crate::baseline::Baseline;
use crate::forge::Root;
use crate::input::{Inflating, Inputs, Source};
use crate::levels::Levels;
use crate::progress::Progress;
use crate::terminal;
use cutter::Manner;
use inline::Inline;
use judge::{Judge, Law};

/// What a run is to do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) max_record_bytes: usize,
    pub(crate) inflating: Inflating,
    pub(crate) threads: usize,
    pub(crate) quiet: bool,
    pub(crate) levels: Levels,
    /// Where the paths of `levels` begin.
    pub(crate) levels_root: Root,
    /// Whether somebody wants findings as groups, and with or without values.
    pub(crate) groups: Option<Values>,
    pub(crate) baseline: Option<Arc<Baseline>>,
    /// Whether the inputs are rejected files, whose raw records are judged.
    pub(crate) replays: bool,
    /// What looks at records beyond the schema.
    pub(crate) semantics: Option<Semantics>,
    /// How much is kept to look at several records together, if somebody wants that.
    pub(crate) stream: Option<Limits>,
    /// Those who look at the records beside.
    pub(crate) lenses: Lenses,
}

/// Validates all sources, each to its end as far as it can be read, and shows what is found.
pub(crate) fn run(sources: &[Source], plan: Plan, task: Task) -> Merge {
    // To look at every file first is for those who watch.
    let is_watched = io::stdout().is_terminal() || Progress::is_wanted(plan.quiet);
    let total = if is_watched { sources.iter().map(Source::length).sum() } else { None };
    let progress = Progress::new(total, plan.quiet);
    let promptly = io::stdout().is_terminal() && total.is_none();
    let mut run = Run::new(plan, task, progress, promptly);
    run.read(sources);
    run.end()
}

/// A run that goes on as long as there is something to read.
pub(crate) struct Run {
    law: &'static Law,
    manner: Manner,
    threads: usize,
    inputs: Inputs,
    /// Judges what is read by this thread.
    judge: Judge,
    quiet: bool,
    pub(crate) merge: Merge,
}

impl Run {
    /// One that follows its inputs.
    pub(crate) fn following(plan: Plan, task: Task) -> Self {
        let mut run = Self::new(plan, task, Progress::new(None, true), false);
        run.manner.follows = true;
        run
    }

    fn new(plan: Plan, task: Task, progress: Progress, promptly: bool) -> Self {
        let lists: Vec<_> = task.sinks.iter().filter_map(Sink::list).collect();
        // Threads that sit in a read are not waited for, so it has to outlive them all: there is one a process.
        let law: &'static Law = Box::leak(Box::new(Law {
            validator: Validator::new(),
            max_record_bytes: plan.max_record_bytes,
            max_findings: task.max_findings,
            lists_all: lists.iter().any(|list| !list.is_limited),
            lists,
            groups: plan.groups,
            levels: plan.levels,
            levels_root: plan.levels_root,
            root: task.root.clone(),
            baseline: plan.baseline,
            parts: task.parts.is_some(),
            sights: task.table.is_some(),
            semantics: plan.semantics,
            steps: plan.stream.is_some(),
            lenses: plan.lenses,
        }));
        let manner = Manner {
            max_record_bytes: plan.max_record_bytes,
            promptly,
            replays: plan.replays,
            follows: false,
        };
        let inputs = Inputs::new(progress.bar().clone()).limited(plan.inflating);
        let mut merge = Merge::new(task, progress);
        if let Some(limits) = plan.stream {
            merge.watch(law, limits);
        }
        Self { law, manner, threads: plan.threads, inputs, judge: Judge::new(law), quiet: plan.quiet, merge }
    }

    /// Reads and judges what comes next.
    pub(crate) fn read(&mut self, sources: &[Source]) {
        // For one small input it is not worth to start threads again and again.
        let is_small = self.manner.follows && sources.len() == 1;
        if self.threads > 1 && !is_small {
            pool::run(sources.to_vec(), &self.inputs, self.law, self.manner, self.threads, &mut self.merge);
            return;
        }
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        for source in sources {
            if !cutter::Sink::is_stopped(&inline) {
                cutter::cut(source, &mut self.inputs, self.manner, &mut inline);
            }
        }
    }

    /// How many threads judge.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Tries again to read what could not be read to its end.
    pub(crate) fn retry(&mut self, broken: Broken) {
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        broken.attempt(&mut self.inputs, self.manner, &mut inline);
    }

    /// What may be read to its end at another attempt, since this was asked last.
    pub(crate) fn broken(&mut self) -> Vec<Broken> {
        std::mem::take(&mut self.merge.broken)
    }

    /// Tells of what was never read to its end.
    pub(crate) fn give_up(&mut self, broken: Broken) {
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        broken.give_up(&mut self.inputs, self.manner, &mut inline);
    }

    /// Goes on with what an input is now, instead of what it was when it could not be read.
    pub(crate) fn supersede(&mut self, broken: Broken) {
        broken.supersede(&mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// A stream from this place of a file on.
    pub(crate) fn stream(&self, name: &str, offset: u64, line: u64) -> Stream {
        Stream::new(name, offset, line, self.manner.max_record_bytes)
    }

    /// Judges what comes next in a stream.
    pub(crate) fn push(&mut self, stream: &mut Stream, bytes: &[u8]) {
        stream.push(bytes, &mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Judges the rest of a file of a stream.
    pub(crate) fn next_file(&mut self, stream: &mut Stream) {
        stream.next_file(&mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Judges the rest of a stream; says why that is not all, if it is not.
    pub(crate) fn end_stream(&mut self, stream: Stream, problem: Option<String>) {
        stream.end(problem, &mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Reads an input as it is, and tells of it if that can't be done.
    pub(crate) fn read_once(&mut self, source: &Source) {
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        let manner = Manner { follows: false, ..self.manner };
        cutter::cut(source, &mut self.inputs, manner, &mut inline);
    }

    /// Says what is worth knowing, unless that is not wanted.
    pub(crate) fn note(&mut self, message: &str) {
        if !self.quiet {
            self.merge.aside(|| terminal::note(message));
        }
    }

    /// Says what can't be done at present.
    pub(crate) fn tell(&mut self, message: &str) {
        self.merge.aside(|| terminal::problem(message));
    }

    /// Whether nobody wants any more.
    pub(crate) fn is_pointless(&self) -> bool {
        self.merge.is_pointless()
    }

    /// All that came of it.
    pub(crate) fn end(mut self) -> Merge {
        self.merge.finish();
        self.merge
    }
}
