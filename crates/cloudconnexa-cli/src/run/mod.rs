//! One validation run: sources in, findings shown, counts kept; the same whatever the number of threads.

#[cfg(test)]
mod faults;
#[cfg(any(test, fuzzing))]
mod faulty;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod judge;
mod lens;
mod merge;
mod outcome;
mod parted;
mod replay;
mod sightings;
pub(crate) use lens::{Lens, Lenses, Seen};
pub(crate) use merge::{Format, Merge, Sink, Task};
pub(crate) use outcome::{gzip_message, message};
pub(crate) use parted::{Counts, Parted};
pub(crate) use sightings::Sightings;

use std::io::{self, IsTerminal as _};
use std::sync::{Arc, LazyLock};

use cloudconnexa_reader::{
    self as reader, BlockSink, Inline, Limits as InflateLimits, OnError, Pace, ProgressFn, Source,
    SourceReader, SplitRecords, Splitting, Tail, Unfinished,
};
use cloudconnexa_report::Masking;
use cloudconnexa_validator::Validator;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;

use crate::baseline::Baseline;
use crate::levels::Levels;
use crate::paths::PathRoot;
use crate::progress::Progress;
use crate::{signals, terminal};
use judge::{Judge, Law};
use replay::SplitRejected;

/// The built-in schema, compiled once per process.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

/// What a run is to do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) max_record_bytes: usize,
    pub(crate) inflating: InflateLimits,
    pub(crate) threads: usize,
    pub(crate) quiet: bool,
    pub(crate) levels: Levels,
    /// Where the paths of `levels` begin.
    pub(crate) levels_root: PathRoot,
    /// Whether somebody wants findings as groups, and with or without values.
    pub(crate) groups: Option<Masking>,
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

/// How inputs are split into blocks.
#[derive(Clone, Debug)]
enum Form {
    Records(SplitRecords),
    Rejected(SplitRejected),
}

impl Splitting for Form {
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink) {
        match self {
            Self::Records(records) => records.split(source, reader, sink),
            Self::Rejected(rejected) => rejected.split(source, reader, sink),
        }
    }
}

/// A run that goes on as long as there is something to read.
pub(crate) struct Run {
    law: Arc<Law>,
    form: Form,
    threads: usize,
    reader: SourceReader,
    /// Judges what is read by this thread.
    judge: Judge,
    quiet: bool,
    pub(crate) merge: Merge,
}

impl Run {
    /// One that follows its inputs.
    pub(crate) fn following(plan: Plan, task: Task) -> Self {
        let mut run = Self::new(plan, task, Progress::new(None, true), false);
        if let Form::Records(records) = &mut run.form {
            records.on_error = OnError::Retry;
            records.is_stopped = Some(Arc::new(signals::is_stop_requested));
        }
        run
    }

    fn new(plan: Plan, task: Task, progress: Progress, promptly: bool) -> Self {
        let lists: Vec<_> = task.sinks.iter().filter_map(Sink::list).collect();
        let law = Arc::new(Law {
            validator: &VALIDATOR,
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
        });
        let max_record_bytes = plan.max_record_bytes;
        let form = if plan.replays {
            Form::Rejected(SplitRejected { max_record_bytes })
        } else {
            let pace = if promptly { Pace::Immediate } else { Pace::Blocks };
            Form::Records(SplitRecords { max_record_bytes, pace, ..SplitRecords::default() })
        };
        let bar = progress.bar().clone();
        let count: ProgressFn = Arc::new(move |bytes| bar.inc(bytes));
        let reader = SourceReader::new(plan.inflating).on_progress(count);
        let mut merge = Merge::new(task, progress);
        if let Some(limits) = plan.stream {
            merge.watch(&law, limits);
        }
        let judge = Judge::new(&law);
        Self { law, form, threads: plan.threads, reader, judge, quiet: plan.quiet, merge }
    }

    /// Reads and judges what comes next.
    pub(crate) fn read(&mut self, sources: &[Source]) {
        // For one small input it is not worth to start threads again and again.
        let is_small = self.splitting().on_error == OnError::Retry && sources.len() == 1;
        if self.threads > 1 && !is_small {
            let judge = || Judge::new(&self.law);
            reader::run(sources.to_vec(), &self.reader, &self.form, self.threads, judge, &mut self.merge);
            return;
        }
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        for source in sources {
            if !inline.is_stopped() {
                self.form.split(source, &mut self.reader, &mut inline);
            }
        }
    }

    /// How records are split.
    fn splitting(&self) -> SplitRecords {
        match &self.form {
            Form::Records(records) => records.clone(),
            Form::Rejected(_) => SplitRecords::default(),
        }
    }

    /// How many threads judge.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Tries again to read what could not be read to its end.
    pub(crate) fn retry(&mut self, broken: Unfinished) {
        let splitting = self.splitting();
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        broken.attempt(&mut self.reader, &splitting, &mut inline);
    }

    /// What may be read to its end at another attempt, since this was asked last.
    pub(crate) fn broken(&mut self) -> Vec<Unfinished> {
        std::mem::take(&mut self.merge.broken)
    }

    /// Tells of what was never read to its end.
    pub(crate) fn give_up(&mut self, broken: Unfinished) {
        let splitting = self.splitting();
        let mut inline = Inline::new(&mut self.judge, &mut self.merge);
        broken.give_up(&mut self.reader, &splitting, &mut inline);
    }

    /// Goes on with what an input is now, instead of what it was when it could not be read.
    pub(crate) fn supersede(&mut self, broken: Unfinished) {
        broken.supersede(&mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// A stream from this place of a file on.
    pub(crate) fn stream(&self, name: &str, from: reader::Resume) -> Tail {
        Tail::new(name, from, self.splitting().max_record_bytes)
    }

    /// Judges what comes next in a stream.
    pub(crate) fn push(&mut self, stream: &mut Tail, bytes: &[u8]) {
        stream.push(bytes, &mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Judges the rest of a file of a stream.
    pub(crate) fn next_file(&mut self, stream: &mut Tail) {
        stream.next_file(&mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Judges the rest of a stream; says why that is not all, if it is not.
    pub(crate) fn end_stream(&mut self, stream: Tail, problem: Option<String>) {
        stream.end(problem, &mut Inline::new(&mut self.judge, &mut self.merge));
    }

    /// Reads an input as it is, and tells of it if that can't be done.
    pub(crate) fn read_once(&mut self, source: &Source) {
        let once = SplitRecords { on_error: OnError::Report, ..self.splitting() };
        once.split(source, &mut self.reader, &mut Inline::new(&mut self.judge, &mut self.merge));
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
