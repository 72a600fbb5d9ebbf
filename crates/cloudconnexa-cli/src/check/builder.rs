//! Builds a run from settings, outputs and visitors.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use cloudconnexa_reader::{
    BlockSink, Limits as InflateLimits, OnError, Pace, ProgressFn, Source, SourceReader, SplitRecords,
    Splitting,
};
use cloudconnexa_report::Masking;
use cloudconnexa_validator::Validator;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;
use cloudconnexa_validator::unwrap::Unwrapper;

use super::Run;
use super::checker::RecordChecker;
use super::context::CheckContext;
use super::merger::{MergeOptions, Merger};
use super::rejected_input::SplitRejected;
use super::stateful::StatefulRules;
use super::targets::{Format, OutputTarget, Targets};
use super::visitor::{Collector, VisitorFn, Visitors};
use crate::baseline::{Baseline, BaselineBuilder, BaselineMatcher};
use crate::levels::Levels;
use crate::outputs::InputAccess;
use crate::paths::PathRoot;
use crate::progress::Progress;
use crate::settings::ReadSettings;
use crate::signals;
use crate::state::State;

/// The built-in schema, which is compiled once per process.
pub(super) static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

/// The form of the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputForm {
    /// Records.
    Records,
    /// Lines of rejected files, whose raw records are checked.
    Rejected,
}

/// Builds a [`Run`].
#[must_use]
pub(crate) struct RunBuilder {
    validator: Option<&'static Validator>,
    max_record_bytes: usize,
    inflating: InflateLimits,
    threads: usize,
    form: InputForm,
    is_quiet: bool,
    access: InputAccess,
    levels: Levels,
    empty_levels: Option<Levels>,
    levels_root: PathRoot,
    groups: Option<Masking>,
    baseline: Option<Arc<Baseline>>,
    semantics: Option<Semantics>,
    stateful: Option<Limits>,
    unwrapper: Option<Unwrapper>,
    visitors: Visitors,
    collectors: Vec<Option<Box<dyn Collector>>>,
    targets: Vec<OutputTarget>,
    merge: MergeOptions,
}

impl RunBuilder {
    /// A run that checks records by the schema. Paths in reports are relative to `root`, those of `levels` to `levels_root`.
    pub(crate) fn new(read: &ReadSettings, levels: Levels, levels_root: PathRoot, root: PathRoot) -> Self {
        Self {
            validator: None,
            max_record_bytes: read.max_record_bytes,
            inflating: read.inflating,
            threads: read.threads,
            form: InputForm::Records,
            is_quiet: false,
            access: read.access.clone(),
            levels,
            empty_levels: None,
            levels_root,
            groups: None,
            baseline: None,
            semantics: None,
            stateful: None,
            unwrapper: read.unwrapper.clone(),
            visitors: Visitors::default(),
            collectors: Vec::new(),
            targets: Vec::new(),
            merge: MergeOptions {
                max_findings: 0,
                max_results: 0,
                config: read.config_name(&root),
                root,
                baseline: None,
                new_baseline: None,
                state: None,
                awaits_end: false,
                lists_at_once: false,
            },
        }
    }

    /// Checks records by another schema than the one that is built in.
    pub(crate) fn validator(mut self, validator: Option<&'static Validator>) -> Self {
        self.validator = validator;
        self
    }

    /// Reads what inputs hold in this form.
    pub(crate) fn form(mut self, form: InputForm) -> Self {
        self.form = form;
        self
    }

    /// Prints no notes and no progress.
    pub(crate) fn quiet(mut self, is_quiet: bool) -> Self {
        self.is_quiet = is_quiet;
        self
    }

    /// Collects the names of inputs without content, which is not a finding then, as severe as `levels` say.
    pub(crate) fn empty_inputs(mut self, levels: Levels) -> Self {
        self.empty_levels = Some(levels);
        self
    }

    /// Writes findings to these targets: lists with a limit show up to `max_findings`, reports up to `max_results`.
    pub(crate) fn targets(
        mut self,
        targets: Vec<OutputTarget>,
        max_findings: u64,
        max_results: usize,
    ) -> Self {
        self.targets = targets;
        for target in &mut self.targets {
            if let Format::Junit(junit) = &mut target.format {
                junit.set_config(self.merge.config.as_deref());
            }
        }
        (self.merge.max_findings, self.merge.max_results) = (max_findings, max_results);
        self
    }

    /// Groups findings, which reports and baselines need.
    pub(crate) fn groups(mut self, masking: Option<Masking>) -> Self {
        self.groups = masking;
        self
    }

    /// Does not report findings that the baseline has.
    pub(crate) fn baseline(mut self, baseline: Option<Arc<Baseline>>) -> Self {
        self.merge.baseline = baseline.clone().map(BaselineMatcher::new);
        self.baseline = baseline;
        self
    }

    /// Collects a new baseline, which will be written to `path`.
    pub(crate) fn new_baseline(mut self, path: &Path) -> Self {
        self.merge.new_baseline = Some(BaselineBuilder::new(path));
        self
    }

    /// Applies rules beyond the schema: to single records, and to several within `stateful`.
    pub(crate) fn rules(mut self, semantics: Option<Semantics>, stateful: Option<Limits>) -> Self {
        (self.semantics, self.stateful) = (semantics, stateful);
        self
    }

    /// Records in `state` which inputs were read to their ends.
    pub(crate) fn state(mut self, state: Option<State>) -> Self {
        self.merge.state = state;
        self
    }

    /// The same, but no input counts as read before the run has come to its end.
    pub(crate) fn state_at_end(mut self, state: Option<State>) -> Self {
        self.merge.awaits_end = true;
        self.state(state)
    }

    /// Adds a visitor that hands over what it collected at the end.
    pub(crate) fn visitor(mut self, visitor: VisitorFn) -> Self {
        self.visitors.add(visitor);
        self.collectors.push(None);
        self
    }

    /// Adds a visitor whose parts `collector` takes in the order of the inputs. The run ends early if the collector has
    /// failed, and inputs count as read only once it is committed.
    pub(crate) fn collected_visitor(mut self, visitor: VisitorFn, collector: Box<dyn Collector>) -> Self {
        self.visitors.add(visitor);
        self.collectors.push(Some(collector));
        self
    }

    /// Reads and checks all of `sources`, and ends the run. `problems` were found before.
    pub(crate) fn run(self, sources: &[Source], problems: &[String]) -> Merger {
        // Looking at the size of every file in advance is worth it only if somebody watches.
        let is_watched = io::stdout().is_terminal() || Progress::is_wanted(self.is_quiet);
        let total = if is_watched { sources.iter().map(Source::length).sum() } else { None };
        let progress = Progress::new(total, self.is_quiet);
        let pace = if io::stdout().is_terminal() && total.is_none() { Pace::Immediate } else { Pace::Blocks };
        let records = SplitRecords { pace, ..SplitRecords::default() };
        let mut run = self.build(progress, records);
        for problem in problems {
            run.merger.problem(None, problem.clone());
        }
        run.read(sources);
        run.finish()
    }

    /// Builds a run that follows its inputs, and retries those that cannot be read to their ends.
    pub(crate) fn follow(mut self) -> Run {
        self.merge.lists_at_once = true;
        let records = SplitRecords {
            on_error: OnError::Retry,
            is_stopped: Some(Arc::new(signals::is_stop_requested)),
            ..SplitRecords::default()
        };
        self.build(Progress::new(None, true), records)
    }

    /// The run of a test, in one thread.
    #[cfg(any(test, fuzzing))]
    pub(super) fn for_test(max_record_bytes: usize, levels: Levels) -> Self {
        let root = || crate::paths::root_at(std::path::Path::new("."));
        let read = ReadSettings::for_test(max_record_bytes);
        Self::new(&read, levels, root(), root()).quiet(true)
    }

    /// Reads and checks the input of a test, which is split at this pace.
    #[cfg(any(test, fuzzing))]
    pub(super) fn run_test(self, source: &Source, pace: Pace) -> Merger {
        let records = SplitRecords { pace, ..SplitRecords::default() };
        let mut run = self.build(Progress::new(None, true), records);
        run.read(std::slice::from_ref(source));
        run.finish()
    }

    fn build(self, progress: Progress, records: SplitRecords) -> Run {
        let max_record_bytes = self.max_record_bytes;
        let input = match self.form {
            InputForm::Records => Input::Records(SplitRecords { max_record_bytes, ..records }),
            InputForm::Rejected => Input::Rejected(SplitRejected { max_record_bytes }),
        };
        let bar = progress.bar().clone();
        let count: ProgressFn = Arc::new(move |bytes| bar.inc(bytes));
        let targets = Targets::new(self.targets, progress);
        let lists: Vec<_> = targets.lists().collect();
        let context = Arc::new(CheckContext {
            validator: self.validator.unwrap_or_else(|| &VALIDATOR),
            has_unlimited_list: lists.iter().any(|list| !list.is_limited),
            lists,
            max_findings: self.merge.max_findings,
            groups: self.groups,
            levels: self.levels,
            empty_levels: self.empty_levels,
            levels_root: self.levels_root,
            root: self.merge.root.clone(),
            baseline: self.baseline,
            semantics: self.semantics,
            is_stateful: self.stateful.is_some(),
            unwrapper: self.unwrapper,
            visitors: self.visitors,
            has_claimed_names: matches!(input, Input::Rejected(_)),
        });
        let mut merger = Merger::new(targets, self.merge);
        merger.collectors = self.collectors;
        if let Some(limits) = self.stateful {
            merger.set_stateful(StatefulRules::new(&context, limits));
        }
        Run {
            checker: RecordChecker::new(&context),
            context,
            input,
            threads: self.threads,
            reader: SourceReader::new(self.inflating).on_progress(count),
            is_quiet: self.is_quiet,
            access: self.access,
            merger,
        }
    }
}

/// How sources are split into records.
#[derive(Clone, Debug)]
pub(super) enum Input {
    Records(SplitRecords),
    Rejected(SplitRejected),
}

impl Splitting for Input {
    fn split(&self, source: &Source, reader: &mut SourceReader, sink: &mut impl BlockSink) {
        match self {
            Self::Records(records) => records.split(source, reader, sink),
            Self::Rejected(rejected) => rejected.split(source, reader, sink),
        }
    }
}
