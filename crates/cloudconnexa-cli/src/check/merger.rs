//! Merges results in the order of the inputs: findings to the outputs, problems to standard error as well.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use cloudconnexa_reader::{Sink, Unfinished};
use cloudconnexa_report::overview::Overview;
use cloudconnexa_report::{
    FindingGroups, FoldedFindings, GoneFinding, InputFindings, ListFormat, Problem, RunResults, Summary,
};
use cloudconnexa_validator::Severity;
use cloudconnexa_validator::semantics::{StreamCounts, StreamEvent};

use super::findings::hash;
use super::result::{BlockResult, ListedFinding, Message, NoticeKey};
use super::stateful::StatefulRules;
use super::targets::{Format, Targets};
use super::visitor::Collector;
use crate::baseline::{BaselineBuilder, BaselineMatcher};
use crate::empty_inputs::EmptyInputs;
use crate::exit::Exit;
use crate::levels::Levels;
use crate::paths::PathRoot;
use crate::state::State;
use crate::terminal;
use crate::unreadable::Cause;

/// Problems that reports list; all of them go to standard error.
const MAX_PROBLEMS: usize = 1000;

/// Merges the results of a run.
pub(crate) struct Merger {
    pub(super) targets: Targets,
    /// Somebody watches a terminal, so what a slow pipe brings is shown as it comes.
    is_watched: bool,
    limit: ListLimit,
    /// Inputs that have not ended: one at a time, unless inputs are followed.
    open: HashMap<Arc<str>, OpenInput>,
    /// Inputs that another attempt may read to their ends.
    pub(super) unfinished: Vec<Unfinished>,
    /// Inputs that were not read because a stop was requested.
    pub(crate) skipped: u64,
    groups: FindingGroups,
    problems: Vec<Problem>,
    more_problems: u64,
    stateful: Option<StatefulRules>,
    /// Hashes of the inputs and rules that are counted, if an input can have more findings after its end.
    counted: Option<HashSet<u64>>,
    /// The counts of rules about several records.
    pub(crate) stream_counts: Option<StreamCounts>,
    pub(crate) summary: Summary,
    pub(crate) empty_inputs: EmptyInputs,
    /// By the index of the visitor whose parts they take.
    pub(super) collectors: Vec<Option<Box<dyn Collector>>>,
    pub(super) options: MergeOptions,
}

/// The settings for findings and inputs.
#[derive(Debug)]
pub(super) struct MergeOptions {
    /// How many errors, and how many kinds of warnings and notes, lists with a limit show.
    pub(super) max_findings: u64,
    /// How many results a report lists.
    pub(super) max_results: usize,
    /// The folder that paths in reports are relative to.
    pub(super) root: PathRoot,
    /// The config file, as reports name it.
    pub(super) config: Option<String>,
    pub(super) baseline: Option<BaselineMatcher>,
    pub(super) new_baseline: Option<BaselineBuilder>,
    /// Which inputs were read to their ends.
    pub(super) state: Option<State>,
    /// Whether inputs count as read only once the run has come to its end.
    pub(super) awaits_end: bool,
    /// Whether inputs may have no end, so that nothing can wait for it.
    pub(super) lists_at_once: bool,
}

/// An input that has not ended.
#[derive(Debug)]
struct OpenInput {
    file: InputFindings,
    /// The findings per kind of record that were listed before the end of the input.
    listed: FoldedFindings,
    /// Something was reported about it, or about others that were read with it.
    has_reports: bool,
    /// Why it could not be read to its end.
    unread: Option<Unread>,
}

/// Why an input could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unread {
    /// As an earlier run has reported.
    AsBefore,
    Because(Cause),
}

/// Which findings lists with a limit show: the first errors, and one of each kind of warnings and notes, of which there may
/// be one per event.
#[derive(Debug, Default)]
struct ListLimit {
    errors: u64,
    /// Findings that say what the records of an input are: errors do not keep them from being seen.
    folded: u64,
    kinds: HashSet<NoticeKey>,
}

impl ListLimit {
    fn allows(&mut self, kind: Option<&NoticeKey>, max_findings: u64) -> bool {
        if let Some(kind) = kind {
            return (self.kinds.len() as u64) < max_findings && self.kinds.insert(kind.clone());
        }
        self.errors += 1;
        self.errors <= max_findings
    }
}

impl Merger {
    pub(super) fn new(targets: Targets, options: MergeOptions) -> Self {
        let mut summary = Summary::default();
        if targets.lists().next().is_some() {
            summary.track_shown();
        }
        Self {
            is_watched: targets.has_stdout() && io::stdout().is_terminal(),
            targets,
            limit: ListLimit::default(),
            open: HashMap::new(),
            unfinished: Vec::new(),
            skipped: 0,
            groups: FindingGroups::default(),
            problems: Vec::new(),
            more_problems: 0,
            stateful: None,
            counted: None,
            stream_counts: None,
            summary,
            empty_inputs: EmptyInputs::default(),
            collectors: Vec::new(),
            options,
        }
    }

    fn add(&mut self, mut result: BlockResult) {
        if let Some(input) = &result.input {
            self.targets.progress.tick(input);
        }
        let has_reports = result.has_reports();
        if let Some(input) = result.input.as_ref().filter(|_| has_reports) {
            self.open(input).has_reports = true;
        }
        self.unfinished.extend(result.unfinished);
        self.skipped += result.skipped;
        self.summary.counts.add(result.counts);
        for (index, part) in result.parts {
            if let Some(Some(collector)) = self.collectors.get_mut(index) {
                collector.collect(part);
            }
        }
        for message in result.messages {
            match message {
                Message::Finding(finding) => self.list(finding),
                Message::Problem { input, message, cause } => self.input_problem(&input, message, cause),
                Message::Empty { input, severity } => self.empty_inputs.add(&input, severity),
                Message::Note(message) => self.targets.print_aside(|| terminal::note(&message)),
                Message::Steps { input, steps } => self.steps(&input, steps, &mut result.files),
            }
        }
        for later in result.files {
            let input = Arc::clone(&later.input);
            let mut later = later;
            if self.options.lists_at_once {
                let new = self.open(&input).listed.take_new(&mut later.folded);
                self.list_folded(new, &input);
            }
            let open = self.open(&input);
            open.has_reports |= has_reports;
            open.file.append(later);
            if open.file.is_done
                && let Some(open) = self.open.remove(&input)
            {
                self.close(open);
            }
        }
        if self.is_watched {
            self.targets.flush();
        }
    }

    fn open(&mut self, input: &Arc<str>) -> &mut OpenInput {
        let new = || OpenInput {
            file: InputFindings::new(input),
            listed: FoldedFindings::default(),
            has_reports: false,
            unread: None,
        };
        self.open.entry(Arc::clone(input)).or_insert_with(new)
    }

    /// Reports why an input could not be read to its end, unless an earlier run has.
    fn input_problem(&mut self, input: &Arc<str>, message: String, cause: Cause) {
        let is_refused = cause == Cause::Refused;
        let state = self.options.state.as_ref().filter(|_| is_refused);
        let unread = if state.is_some_and(|state| state.was_refused(input)) {
            Unread::AsBefore
        } else {
            self.targets.print_aside(|| terminal::problem(&message));
            self.problem(Some(input), message);
            Unread::Because(cause)
        };
        let open = self.open(input);
        open.unread = open.unread.max(Some(unread));
    }

    /// Takes what records of `input` contribute to rules about several records; `files` may have findings of the input.
    fn steps(&mut self, input: &Arc<str>, steps: Vec<StreamEvent>, files: &mut Vec<InputFindings>) {
        let Some(stateful) = &mut self.stateful else { return };
        for result in stateful.steps(input, steps, files) {
            if result.has_reports() {
                self.open(input).has_reports = true;
            }
            self.list_all(result);
        }
    }

    fn list_all(&mut self, result: BlockResult) {
        self.summary.counts.add(result.counts);
        for message in result.messages {
            if let Message::Finding(finding) = message {
                self.list(finding);
            }
        }
    }

    fn list(&mut self, finding: ListedFinding) {
        if let Some((fingerprint, input)) = &finding.known {
            if self.options.baseline.as_mut().is_some_and(|baseline| baseline.take(*fingerprint)) {
                self.summary.known += 1;
                return;
            }
            let (rule, severity) = (finding.rule, finding.severity);
            self.summary.counts.add_findings(rule, severity, 1);
            self.open(input).file.rules.insert((Reverse(severity), rule.id));
        }
        if let (Some(folded), Some((_, input))) = (finding.folded, finding.known) {
            return self.open(&input).file.folded.append(folded);
        }
        let is_within_limit = self.limit.allows(finding.kind.as_ref(), self.options.max_findings);
        if self.targets.list_finding(&finding.texts, is_within_limit) {
            self.summary.add_shown(finding.rule);
        }
    }

    /// Lists findings that say what the records of an input are.
    fn list_folded(&mut self, folded: FoldedFindings, input: &str) {
        for folded in folded.into_findings() {
            self.limit.folded += 1;
            let is_within_limit = self.limit.folded <= self.options.max_findings;
            if self.targets.list_folded(&folded.reported(input), is_within_limit) {
                self.summary.add_shown(folded.finding().rule());
            }
        }
    }

    /// Adds a problem to lists and reports.
    pub(crate) fn problem(&mut self, input: Option<&str>, message: String) {
        let problem = Problem { input: input.map(str::to_owned), message };
        self.targets.for_each(|format, output| match format {
            // On standard output, it would be there twice for people, who see standard error as well.
            Format::List(list) if output.is_file() || list.writer.format == ListFormat::Json => {
                let mut text = Vec::new();
                list.writer.problem(&mut text, &problem)?;
                output.write_styled(&text)
            }
            Format::List(_) | Format::Report(_) | Format::Junit(_) => Ok(()),
        });
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    /// Ends an input.
    fn close(&mut self, open: OpenInput) {
        let OpenInput { mut file, has_reports, unread, .. } = open;
        if unread == Some(Unread::AsBefore) {
            file.problems.clear();
            self.summary.counts.unread -= 1;
            self.summary.unread_before += 1;
        }
        let file = self.close_findings(file);
        let MergeOptions { baseline, state, awaits_end, .. } = &mut self.options;
        let is_reported = self.targets.are_intact();
        match unread {
            None => {
                if let Some(baseline) = baseline {
                    baseline.file_done(&file.input);
                }
                if let Some(state) = state {
                    // What a collector writes counts once it is committed.
                    let awaits_end =
                        *awaits_end || has_reports || self.collectors.iter().any(Option::is_some);
                    state.mark_done(&file.input, awaits_end, is_reported);
                }
            }
            Some(Unread::Because(cause)) => {
                if let Some(state) = state {
                    state.mark_unread(&file.input, cause, is_reported);
                }
            }
            Some(Unread::AsBefore) => {}
        }
        self.groups.add(file);
    }

    /// Hands the findings of an input to all that want them input by input.
    fn close_findings(&mut self, mut file: InputFindings) -> InputFindings {
        self.list_folded(std::mem::take(&mut file.folded), &file.input);
        let MergeOptions { new_baseline, root, .. } = &mut self.options;
        if let Some(baseline) = new_baseline {
            baseline.add(&file);
        }
        file.drop_known();
        count_input(&mut self.summary, self.counted.as_mut(), &file);
        self.targets.for_each(|format, output| match format {
            Format::Junit(junit) => junit.suite(output, &file, root),
            Format::List(_) | Format::Report(_) => Ok(()),
        });
        file
    }

    /// Problems that kept something from being read, and how many there are beyond these.
    pub(crate) fn problems(&self) -> (&[Problem], u64) {
        (&self.problems, self.more_problems)
    }

    /// Applies rules about several records.
    pub(super) fn set_stateful(&mut self, rules: StatefulRules) {
        (self.stateful, self.counted) = (Some(rules), Some(HashSet::new()));
    }

    /// Reports what needs the end of all inputs, and removes the progress bar.
    pub(super) fn finish(&mut self) {
        if let Some(stateful) = self.stateful.take() {
            let (result, late, counts) = stateful.finish();
            self.stream_counts = Some(counts);
            self.list_all(result);
            for file in late {
                let file = self.close_findings(file);
                self.groups.add(file);
            }
        }
        self.targets.flush();
        self.targets.progress.finish();
        // Their visitors have handed over everything.
        self.collectors.clear();
    }

    /// Findings of the baseline that no longer occur.
    pub(crate) fn stale_findings(&self, levels: &Levels, levels_root: &PathRoot) -> Vec<GoneFinding> {
        let Some(baseline) = &self.options.baseline else { return Vec::new() };
        baseline.stale(&self.options.root, |path, rule, event| {
            levels.of(&levels_root.path(&path.to_string_lossy())).severity(rule, event).is_none()
        })
    }

    /// Records in the state file that everything was reported, if it was.
    ///
    /// # Errors
    ///
    /// If the state file cannot be written, in words.
    pub(crate) fn finish_state(&mut self) -> Result<(), String> {
        let is_reported = self.targets.are_intact();
        match self.options.state.as_mut().filter(|_| is_reported) {
            Some(state) => state.finish_run(),
            None => Ok(()),
        }
    }

    /// The new baseline, if one is wanted.
    pub(crate) fn take_new_baseline(&mut self) -> Option<BaselineBuilder> {
        self.options.new_baseline.take()
    }

    /// Leaves existing files as they are instead of replacing them by reports, and returns their names.
    pub(crate) fn keep_files(&mut self) -> Vec<String> {
        self.targets.keep_files()
    }

    /// Writes the reports of a finished run. `overview` is for the HTML page.
    pub(crate) fn report(&mut self, stale: &[GoneFinding], exit: Exit, overview: Option<&Overview>) {
        let mut run = RunResults::new(&self.summary, &self.groups, &self.options.root);
        run.problems = &self.problems;
        run.more_problems = self.more_problems;
        run.gone = stale;
        run.max_entries = self.options.max_results;
        run.status = exit.into();
        run.config = self.options.config.as_deref();
        run.overview = overview;
        self.targets.finish(&run);
    }

    /// Messages about outputs that could not be written.
    pub(crate) fn output_failures(&self) -> &[String] {
        &self.targets.failures
    }

    /// Whether the reader of standard output went away.
    pub(crate) fn stdout_is_closed(&self) -> bool {
        self.targets.stdout_is_closed
    }

    /// The state, while inputs are listed.
    pub(crate) fn state(&mut self) -> &mut Option<State> {
        &mut self.options.state
    }

    /// Flushes standard output.
    pub(crate) fn flush(&mut self) {
        self.targets.flush();
    }
}

impl Sink<BlockResult> for Merger {
    fn merge(&mut self, result: BlockResult) {
        self.add(result);
    }

    fn is_done(&self) -> bool {
        let mut collectors = self.collectors.iter().flatten().peekable();
        if collectors.peek().is_some() {
            return collectors.any(|collector| collector.has_failed());
        }
        // A baseline must have all findings, even if nobody reads the report any more.
        self.options.new_baseline.is_none() && self.targets.have_all_failed()
    }
}

/// Counts an input by the rules that it has findings of, except those by which it is `counted` already.
fn count_input(summary: &mut Summary, mut counted: Option<&mut HashSet<u64>>, file: &InputFindings) {
    let is_new = |(severity, rule): &(Reverse<Severity>, &'static str)| match &mut counted {
        Some(counted) => counted.insert(hash(&(&*file.input, rule, severity))),
        None => true,
    };
    summary.add_input(file.rules.iter().copied().filter(is_new));
}
