//! Follows folders, patterns and prefixes: lists them repeatedly, and reads what is new or has changed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::pause;
use cloudconnexa_reader::Unfinished;

use crate::check::{Run, read_error_message};
use crate::inputs::InputLister;
use crate::state::{ContentId, identity};
use cloudconnexa_reader::{Prefetch, Source, is_address};
use cloudconnexa_report::LeftOut;

/// How many retries of one poll may fail before the others wait for the next one.
const MAX_FAILURES: usize = 3;

/// The followed lists, and the inputs of theirs that are not read yet.
#[derive(Debug)]
pub(super) struct PolledInputs {
    interval: Duration,
    /// Files that may still be written, by name.
    waiting: HashMap<String, ContentId>,
    /// Inputs that could not be read to their ends so far, by name.
    failed: BTreeMap<String, FailedInput>,
    /// Lists that the last attempt could not read in full.
    unlisted: BTreeMap<PathBuf, FailedList>,
    left_out: LeftOut,
}

/// An input that could not be read to its end, and when to retry it.
#[derive(Debug)]
struct FailedInput {
    rest: Unfinished,
    content: Option<ContentId>,
    attempts: u32,
    next: Instant,
}

/// The problems of a list, and when to retry it.
#[derive(Debug)]
struct FailedList {
    problems: Vec<String>,
    attempts: u32,
    next: Instant,
}

impl PolledInputs {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            waiting: HashMap::new(),
            failed: BTreeMap::new(),
            unlisted: BTreeMap::new(),
            left_out: LeftOut::default(),
        }
    }

    /// Lists everything, and reads the inputs that are new, have changed, or are due for a retry.
    pub(super) fn poll(&mut self, run: &mut Run, lister: &mut InputLister<'_>, lists: &[PathBuf]) {
        lister.filter.state = run.merger.state().take();
        let mut sources = Vec::new();
        let mut left_out = LeftOut::default();
        for list in lists {
            let now = Instant::now();
            // A failing server is asked less often; a disk need not be spared.
            let is_address = list.to_str().is_some_and(is_address);
            if is_address && self.unlisted.get(list).is_some_and(|unlisted| now < unlisted.next) {
                continue;
            }
            let found = lister.list(std::slice::from_ref(list));
            left_out.add(found.left_out);
            self.report_list(run, list, found.problems);
            sources.extend(found.sources);
        }
        left_out.add(lister.take_left_out());
        // A list that failed this time keeps the files that it had before.
        if self.unlisted.is_empty() || left_out.total() > self.left_out.total() {
            self.left_out = left_out;
        }
        run.merger.summary.done_before = lister.filter.done_before;
        run.merger.summary.unread_before = lister.filter.unread_before;
        *run.merger.state() = lister.filter.state.take();
        self.read(run, sources);
    }

    /// Reports new problems with a list, and that a list works again.
    fn report_list(&mut self, run: &mut Run, list: &Path, problems: Vec<String>) {
        let name = list.display();
        let before = self.unlisted.remove(list);
        if problems.is_empty() {
            if before.is_some() {
                run.note(&format!("`{name}` can be listed again"));
            }
            return;
        }
        let attempts = before.as_ref().map_or(0, |before| before.attempts) + 1;
        for problem in &problems {
            if before.as_ref().is_none_or(|before| !before.problems.contains(problem)) {
                run.problem(&format!("{problem}; it will be retried"));
            }
        }
        let next = Instant::now() + pause(self.interval, attempts);
        self.unlisted.insert(list.to_owned(), FailedList { problems, attempts, next });
    }

    fn read(&mut self, run: &mut Run, sources: Vec<Source>) {
        let now = Instant::now();
        let mut seen = HashSet::new();
        let mut waiting = HashMap::new();
        let mut contents = HashMap::new();
        let (mut ready, mut again) = (Vec::new(), Vec::new());
        for source in sources {
            let name = source.name();
            let Some((_, content)) = identity(&source) else {
                self.report_unidentified(run, &source, &name);
                continue;
            };
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(failed) = self.failed.get(&name) {
                let is_same = failed.content.as_ref() == Some(&content);
                if is_same && (!failed.rest.is_transient() || now < failed.next) {
                    continue;
                }
                if is_same {
                    again.push(name);
                    continue;
                }
            }
            if !self.is_settled(&source, &name, &content) {
                waiting.insert(name, content);
                continue;
            }
            if let Some(failed) = self.failed.remove(&name) {
                run.supersede(failed.rest);
            }
            contents.insert(name, content);
            ready.push(source);
        }
        self.waiting = waiting;
        if !ready.is_empty() {
            let _prefetch = Prefetch::new(&ready, run.threads());
            run.read(&ready);
        }
        for rest in run.take_unfinished() {
            let content = contents.remove(&**rest.name());
            self.add_failed(run, rest, content, 1);
        }
        self.retry(run, again);
    }

    /// Retries inputs, but gives up early, so that an unreachable server does not delay new inputs.
    fn retry(&mut self, run: &mut Run, names: Vec<String>) {
        let mut failures = 0;
        for name in names {
            let Some(FailedInput { rest, content, attempts, .. }) = self.failed.remove(&name) else {
                continue;
            };
            run.retry(rest);
            let Some(rest) = run.take_unfinished().pop() else {
                run.note(&format!("`{name}` has now been read to its end"));
                continue;
            };
            self.add_failed(run, rest, content, attempts + 1);
            failures += 1;
            if failures == MAX_FAILURES {
                return;
            }
        }
    }

    /// Keeps an input that could not be read to its end for a retry. The first failure is reported.
    fn add_failed(&mut self, run: &mut Run, rest: Unfinished, content: Option<ContentId>, attempts: u32) {
        if attempts == 1 {
            for error in rest.errors() {
                let message = read_error_message(error);
                if rest.is_truncated_gzip() {
                    run.note(&format!("{message}; it will be retried when it has changed"));
                } else if rest.is_transient() {
                    run.problem(&format!("{message}; it will be retried"));
                } else {
                    run.problem(&message);
                }
            }
        }
        let next = Instant::now() + pause(self.interval, attempts);
        self.failed.insert(rest.name().to_string(), FailedInput { rest, content, attempts, next });
    }

    /// Reports an input without an identity. It is not read, as it would be read again at every poll.
    fn report_unidentified(&mut self, run: &mut Run, source: &Source, name: &str) {
        match source {
            // A file that was deleted after it was listed is not a problem.
            Source::File(path) if path.is_file() || !path.exists() => {}
            _ if self.failed.contains_key(name) => {}
            _ => {
                let problem = format!("cannot follow `{name}`: nothing shows whether it has changed");
                self.add_failed(run, Unfinished::refused(source, problem), None, 1);
            }
        }
    }

    /// Returns whether the source seems complete: a file that has not changed for an interval.
    fn is_settled(&self, source: &Source, name: &str, content: &ContentId) -> bool {
        let Source::File(path) = source else { return true };
        let changed = std::fs::metadata(path).and_then(|data| data.modified()).ok();
        let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
        self.waiting.get(name) == Some(content) || age.is_some_and(|age| age > self.interval)
    }

    /// Reports lists and inputs that could not be read, and returns how many files may still be written.
    pub(super) fn end(self, run: &mut Run) -> u64 {
        for problem in self.unlisted.into_values().flat_map(|unlisted| unlisted.problems) {
            run.problem(&problem);
            run.merger.problem(None, problem);
            run.merger.summary.counts.unread += 1;
        }
        for failed in self.failed.into_values() {
            run.give_up(failed.rest);
        }
        run.merger.summary.left_out = self.left_out;
        self.waiting.len() as u64
    }
}
