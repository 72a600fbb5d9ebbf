//! Puts outcomes together in the order of the inputs: findings to the outputs, problems to standard error as well.

use std::collections::{HashMap, HashSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;

use cloudconnexa_validator::semantics::{Stream, StreamCounts, StreamEvent};
use cloudconnexa_validator::sessions::Limits;

use super::attempt::Broken;
use super::groups::{Groups, InFile};
use super::judge::{Judge, Law};
use super::outcome::{KindShown, Listing, Outcome, Said};
use super::parted::Counts;
use crate::baseline::{Draft, Gone, Left};
use crate::exit::Exit;
use crate::forge::Root;
use crate::levels::Levels;
use crate::outputs::Output;
use crate::overview::Lookout;
use crate::parts::{Last, Parts};
use crate::progress::Progress;
use crate::render::{self, Junit, List, Problem, Report};
use crate::state::State;
use crate::summary::Summary;
use crate::table::Table;
use crate::{size, terminal};

/// Problems that reports tell of; all go to standard error.
const PROBLEMS: usize = 1000;

/// A format, and where it goes; nowhere any more, if it could not be written.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) format: Format,
    pub(crate) output: Option<Output>,
}

/// A format at work.
#[derive(Debug)]
pub(crate) enum Format {
    List(List),
    Report(Report),
    Junit(Junit),
}

impl Sink {
    /// The list that it is, if it is one.
    pub(super) fn list(&self) -> Option<List> {
        match self.format {
            Format::List(list) => Some(list),
            Format::Report(_) | Format::Junit(_) => None,
        }
    }
}

/// What a merge is to do.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) sinks: Vec<Sink>,
    /// Lists with a limit show so many errors, and so many kinds of what is no error.
    pub(crate) max_findings: u64,
    /// The most results that a report lists.
    pub(crate) max_results: usize,
    pub(crate) root: Root,
    pub(crate) baseline: Option<Left>,
    pub(crate) draft: Option<Draft>,
    /// Problems from before the run.
    pub(crate) problems: Vec<String>,
    /// Where accepted and rejected records go, if they go anywhere.
    pub(crate) parts: Option<Parts>,
    /// Where sessions go, if they go anywhere.
    pub(crate) table: Option<Table>,
    /// Where to write down what was read to its end.
    pub(crate) state: Option<State>,
    /// Where those put it who looked at the records for a page.
    pub(crate) overview: Option<Lookout>,
}

/// An input that has not come to its end.
#[derive(Debug)]
struct Open {
    file: InFile,
    /// Something was told of it, or of others that came with it.
    has_said: bool,
}

/// What looks at records together.
struct Watch {
    stream: Stream,
    judge: Judge,
}

/// Shows what is worth it, and keeps count.
pub(crate) struct Merge {
    task: Task,
    progress: Progress,
    /// Somebody sits at the terminal: what a slow pipe brings is shown as it comes.
    watched: bool,
    errors_shown: u64,
    kinds_shown: HashSet<KindShown>,
    /// The inputs that findings come of: one at a time, but for those that are followed.
    open: HashMap<Arc<str>, Open>,
    /// What may be read to its end at another attempt.
    pub(super) broken: Vec<Broken>,
    /// Inputs that were not read because an end was asked for.
    pub(crate) left: u64,
    groups: Groups,
    problems: Vec<Problem>,
    more_problems: u64,
    /// Looks at records together, if somebody wants that, with what tells what it finds.
    watch: Option<Watch>,
    /// Findings about records of inputs that have come to their end.
    late: Vec<InFile>,
    /// What was no finding of those that look at records together.
    pub(crate) stream_counts: Option<StreamCounts>,
    pub(crate) summary: Summary,
    /// The reader of standard output went away.
    pub(crate) is_unread: bool,
    /// Why an output could not be written, in words.
    pub(crate) unwritten: Vec<String>,
}

impl Merge {
    pub(super) fn new(mut task: Task, progress: Progress) -> Self {
        let mut summary = Summary::default();
        if task.sinks.iter().any(|sink| matches!(sink.format, Format::List(_))) {
            summary.shows_findings();
        }
        let mut outputs = task.sinks.iter().filter_map(|sink| sink.output.as_ref());
        let watched = outputs.any(Output::is_stdout) && io::stdout().is_terminal();
        let problems = std::mem::take(&mut task.problems);
        let mut merge = Self {
            task,
            progress,
            watched,
            errors_shown: 0,
            kinds_shown: HashSet::new(),
            open: HashMap::new(),
            broken: Vec::new(),
            left: 0,
            groups: Groups::default(),
            problems: Vec::new(),
            more_problems: 0,
            watch: None,
            late: Vec::new(),
            stream_counts: None,
            summary,
            is_unread: false,
            unwritten: Vec::new(),
        };
        for message in problems {
            merge.problem(None, message);
        }
        merge
    }

    /// Takes in the next outcome.
    pub(super) fn add(&mut self, mut outcome: Outcome) {
        if let Some(input) = &outcome.input {
            self.progress.tick(input);
        }
        let has_said = outcome.says_something();
        if let Some(input) = outcome.input.as_ref().filter(|_| has_said) {
            self.open(input).has_said = true;
        }
        self.broken.extend(outcome.broken);
        self.left += outcome.left;
        self.summary.tally.add(outcome.tally);
        if let Some(parts) = &mut self.task.parts {
            parts.add(outcome.parted);
        }
        if let Some(table) = &mut self.task.table {
            table.add(outcome.sightings);
        }
        for said in outcome.said {
            match said {
                Said::Finding(listing) => self.listing(&listing),
                Said::Problem { input, message } => {
                    self.aside(|| terminal::problem(&message));
                    self.problem(input.as_deref(), message);
                }
                Said::Note(message) => self.aside(|| terminal::note(&message)),
                Said::Steps { input, steps } => self.steps(&input, steps, &mut outcome.files),
            }
        }
        for later in outcome.files {
            let input = Arc::clone(&later.input);
            let open = self.open(&input);
            open.has_said |= has_said;
            open.file.append(later);
            if open.file.is_done
                && let Some(open) = self.open.remove(&input)
            {
                self.close(open);
            }
        }
        if self.watched {
            self.flush();
        }
    }

    fn open(&mut self, input: &Arc<str>) -> &mut Open {
        let new = || Open { file: InFile::new(input), has_said: false };
        self.open.entry(Arc::clone(input)).or_insert_with(new)
    }

    /// Whether nobody wants any more.
    pub(super) fn is_pointless(&self) -> bool {
        if let Some(table) = &self.task.table {
            return table.has_failed();
        }
        if let Some(parts) = &self.task.parts {
            return parts.has_failed();
        }
        // A baseline is to know all that there is, whoever reads along; and so are lenses, which need no sink.
        let sinks = &self.task.sinks;
        self.task.draft.is_none() && !sinks.is_empty() && sinks.iter().all(|sink| sink.output.is_none())
    }

    /// Looks at records together from now on.
    pub(super) fn watch(&mut self, law: &'static Law, limits: Limits) {
        self.watch = Some(Watch { stream: Stream::new(limits), judge: Judge::teller(law) });
    }

    /// Takes in what records of `input` add to the rules about several; `files` are those that this one may be among.
    fn steps(&mut self, input: &Arc<str>, steps: Vec<StreamEvent>, files: &mut Vec<InFile>) {
        let Some(Watch { stream, judge }) = &mut self.watch else { return };
        // Each in its place: how many steps come together depends on how the work was shared out.
        let mut found = Vec::new();
        for step in steps {
            stream.observe(input, step, &mut |raised| {
                let (is_late, mut outcome) = (raised.is_late(), Outcome::default());
                judge.raised(raised, &mut outcome);
                found.push((is_late, outcome));
            });
        }
        for (is_late, mut outcome) in found {
            if outcome.says_something() {
                self.open(input).has_said = true;
            }
            let here = if is_late { Vec::new() } else { std::mem::take(&mut outcome.files) };
            for file in here {
                match files.iter_mut().find(|known| known.input == file.input) {
                    Some(known) => known.append(file),
                    // Nothing else was found in what there is of it; more of it comes behind.
                    None => files.push(file),
                }
            }
            self.tell(outcome);
        }
    }

    /// Tells what was found about several records. The findings of files are late.
    fn tell(&mut self, outcome: Outcome) {
        self.summary.tally.add(outcome.tally);
        for said in outcome.said {
            if let Said::Finding(listing) = said {
                self.listing(&listing);
            }
        }
        for file in outcome.files {
            match self.late.iter_mut().find(|known| known.input == file.input) {
                Some(known) => known.append(file),
                None => self.late.push(file),
            }
        }
    }

    /// Tells what can be said of several records only when there are no more.
    fn end_of_steps(&mut self) {
        if let Some(Watch { stream, mut judge }) = self.watch.take() {
            let mut outcome = Outcome::default();
            self.stream_counts = Some(stream.finish(&mut |raised| judge.raised(raised, &mut outcome)));
            self.tell(outcome);
        }
        for file in std::mem::take(&mut self.late) {
            self.close_late(file);
        }
    }

    /// Writes what is still held back, and takes the progress bar away.
    pub(super) fn finish(&mut self) {
        self.end_of_steps();
        self.flush();
        self.progress.finish();
    }

    /// What the baseline knows and is there no more.
    pub(crate) fn gone(&self, levels: &Levels, levels_root: &Root) -> Vec<Gone> {
        let Some(left) = &self.task.baseline else { return Vec::new() };
        left.gone(&self.task.root, |path, rule, event| {
            levels.of(&levels_root.path(&path.to_string_lossy())).severity(rule, event).is_none()
        })
    }

    /// Writes down that all was told that there was to tell, if it was; says why that can't be written down.
    pub(crate) fn end_state(&mut self) -> Option<String> {
        let is_told = self.unwritten.is_empty() && !self.is_unread;
        self.task.state.as_mut().filter(|_| is_told)?.end().err()
    }

    /// The table of sessions, if one is wanted.
    pub(crate) fn table(&mut self) -> Option<Table> {
        self.task.table.take()
    }

    /// What a new baseline holds, if one is wanted.
    pub(crate) fn draft(&mut self) -> Option<Draft> {
        self.task.draft.take()
    }

    /// Puts what was split into place, if all was read, written and accounted for; else says why not.
    pub(crate) fn put_into_place(&mut self, last: Last) -> Result<Counts, String> {
        let (bytes, unread) = (self.summary.tally.bytes, self.summary.tally.unread);
        let parts = self.task.parts.take().ok_or("nothing was split")?;
        if !parts.has_failed() {
            if unread > 0 {
                let inputs = size::counted(unread, "input");
                return Err(format!("{inputs} could not be read to the end; nothing was put into place"));
            }
            if parts.counts.bytes() != bytes {
                return Err(format!(
                    "{} came in and {} are accounted for, which is a mistake of this program; nothing was put into place",
                    size::counted(bytes, "byte"),
                    size::count(parts.counts.bytes()),
                ));
            }
        }
        parts.finish(last)
    }

    /// Writes all that is written at the end.
    pub(crate) fn report(&mut self, gone: &[Gone], exit: Exit) {
        let overview = self.task.overview.take().map(Lookout::take);
        let run = render::Run {
            summary: &self.summary,
            groups: &self.groups,
            problems: &self.problems,
            more_problems: self.more_problems,
            gone,
            root: &self.task.root,
            limit: self.task.max_results,
            exit,
            overview: overview.as_ref(),
        };
        let mut failed = Vec::new();
        let mut step_summary = None;
        let outputs = self.task.sinks.iter().filter_map(|sink| sink.output.as_ref());
        let mut stdout_is_free = !outputs.into_iter().any(Output::is_stdout);
        for Sink { format, output } in &mut self.task.sinks {
            let Some(mut output) = output.take() else { continue };
            let (name, is_stdout) = (output.name(), output.is_stdout());
            let written = match format {
                Format::List(list) => list.end(&mut output, &run),
                Format::Report(report) => report.write(&mut output, &run),
                Format::Junit(junit) => junit.end(&mut output, run.problems),
            };
            if let Err(error) = written.and_then(|()| output.finish()) {
                failed.push((name, is_stdout, error));
                // What was found shall not be lost with the disk.
                if std::mem::take(&mut stdout_is_free) {
                    let mut stdout = Output::stdout();
                    let written = match format {
                        Format::Report(report) => report.write(&mut stdout, &run),
                        _ => render::results(&mut stdout, &run),
                    };
                    if let Err(error) = written.and_then(|()| stdout.finish()) {
                        failed.push(("standard output".to_owned(), true, error));
                    }
                }
            }
            if matches!(format, Format::Report(Report::Github)) {
                step_summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
            }
        }
        if let Some(path) = step_summary {
            let text = render::step_summary(&run);
            let file = std::fs::File::options().append(true).create(true).open(&path);
            if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
                failed.push((format!("`{}`", path.display()), false, error));
            }
        }
        for (name, is_stdout, error) in failed {
            self.output_failed(&name, is_stdout, &error);
        }
    }

    fn listing(&mut self, listing: &Listing) {
        if let Some(fingerprint) = listing.known {
            if self.task.baseline.as_mut().is_some_and(|left| left.meet(fingerprint)) {
                self.summary.known += 1;
                return;
            }
            self.summary.tally.findings(listing.rule, listing.severity, 1);
        }
        let is_worth_showing = self.is_worth_showing(listing.kind);
        let mut texts = listing.texts.iter();
        let mut is_shown = false;
        for place in 0..self.task.sinks.len() {
            let Some(list) = self.task.sinks[place].list() else { continue };
            if let Some(Some(text)) = texts.next()
                && (is_worth_showing || !list.is_limited)
            {
                is_shown = true;
                self.write(place, |_, output, _| output.write_styled(text));
            }
        }
        if is_shown {
            self.summary.shown(listing.rule);
        }
    }

    /// Errors up to the limit; of the rest, which can come with every event, one of a kind.
    fn is_worth_showing(&mut self, kind: Option<KindShown>) -> bool {
        if let Some(kind) = kind {
            let room = (self.kinds_shown.len() as u64) < self.task.max_findings;
            return room && self.kinds_shown.insert(kind);
        }
        self.errors_shown += 1;
        self.errors_shown <= self.task.max_findings
    }

    /// Takes note of what could not be done.
    pub(crate) fn problem(&mut self, input: Option<&str>, message: String) {
        let problem = Problem { input: input.map(str::to_owned), message };
        for place in 0..self.task.sinks.len() {
            self.write(place, |format, output, _| match format {
                Format::List(list) => list.problem(output, &problem),
                Format::Report(_) | Format::Junit(_) => Ok(()),
            });
        }
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
        } else {
            self.more_problems += 1;
        }
    }

    /// An input has come to its end.
    fn close(&mut self, open: Open) {
        let Open { mut file, has_said } = open;
        if let Some(draft) = &mut self.task.draft {
            draft.add(&file, &self.task.root);
        }
        file.forget_known();
        if let Some(left) = &mut self.task.baseline
            && file.problems.is_empty()
        {
            left.saw(self.task.root.path(&file.input));
        }
        for place in 0..self.task.sinks.len() {
            self.write(place, |format, output, root| match format {
                Format::Junit(junit) => junit.suite(output, &file, root),
                Format::List(_) | Format::Report(_) => Ok(()),
            });
        }
        if let Some(state) = self.task.state.as_mut().filter(|_| file.problems.is_empty()) {
            // What is split counts once it is in its place.
            let awaits_end = has_said || self.task.parts.is_some();
            state.done(&file.input, awaits_end, self.unwritten.is_empty() && !self.is_unread);
        }
        self.groups.add(file);
    }

    /// Takes in findings about an input that has come to its end before.
    fn close_late(&mut self, mut file: InFile) {
        if let Some(draft) = &mut self.task.draft {
            draft.add(&file, &self.task.root);
        }
        file.forget_known();
        for place in 0..self.task.sinks.len() {
            self.write(place, |format, output, root| match format {
                Format::Junit(junit) => junit.suite(output, &file, root),
                Format::List(_) | Format::Report(_) => Ok(()),
            });
        }
        self.groups.add(file);
    }

    fn write(&mut self, place: usize, write: impl FnOnce(&mut Format, &mut Output, &Root) -> io::Result<()>) {
        let Sink { format, output } = &mut self.task.sinks[place];
        let Some(open) = output else { return };
        let root = &self.task.root;
        if let Err(error) = self.progress.aside(|| write(format, open, root)) {
            let (name, is_stdout) = (open.name(), open.is_stdout());
            *output = None;
            let is_list = matches!(format, Format::List(_));
            let mut others = self.task.sinks.iter().filter_map(|sink| sink.output.as_ref());
            if is_list && !is_stdout && !self.is_unread && !others.any(Output::is_stdout) {
                // What is found from here on shall not be lost with the disk.
                self.task.sinks[place].output = Some(Output::stdout());
            }
            self.output_failed(&name, is_stdout, &error);
        }
    }

    fn output_failed(&mut self, name: &str, is_stdout: bool, error: &io::Error) {
        if is_stdout && error.kind() == io::ErrorKind::BrokenPipe {
            self.is_unread = true;
        } else {
            self.unwritten.push(format!("cannot write to {name}: {error}"));
        }
    }

    /// What is remembered of inputs, while it is asked what to read.
    pub(crate) fn state(&mut self) -> &mut Option<State> {
        &mut self.task.state
    }

    /// Says something on standard error, behind the findings so far.
    pub(super) fn aside(&mut self, say: impl FnOnce()) {
        self.flush();
        self.progress.aside(say);
    }

    /// Shows all that was found so far.
    pub(crate) fn flush(&mut self) {
        for place in 0..self.task.sinks.len() {
            self.write(place, |_, output, _| if output.is_stdout() { output.flush() } else { Ok(()) });
        }
    }
}
