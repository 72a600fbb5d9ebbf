//! Folders, patterns and prefixes, listed again and again: what is new or has changed is read.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::pause;
use cloudconnexa_reader::Unfinished;

use crate::check::{Run, read_error_message};
use crate::inputs::InputLister;
use crate::state::{ContentId, identity};
use cloudconnexa_reader::{Prefetch, Source, is_address};

/// So many attempts may fail before the others are put off.
const FAILURES: usize = 3;

/// What was seen, and what could not be had.
#[derive(Debug)]
pub(super) struct Polled {
    interval: Duration,
    /// Files that may still be written, by name.
    waiting: HashMap<String, ContentId>,
    /// What could not be read to its end so far, by name.
    broken: BTreeMap<String, Failed>,
    /// What could not be listed the last time.
    unlisted: BTreeMap<PathBuf, Unlisted>,
    left_out: u64,
}

/// An input, and when to try again.
#[derive(Debug)]
struct Failed {
    broken: Unfinished,
    content: Option<ContentId>,
    attempts: u32,
    next: Instant,
}

/// Why a list is missing or not whole, and when to try again.
#[derive(Debug)]
struct Unlisted {
    problems: Vec<String>,
    attempts: u32,
    next: Instant,
}

impl Polled {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            waiting: HashMap::new(),
            broken: BTreeMap::new(),
            unlisted: BTreeMap::new(),
            left_out: 0,
        }
    }

    /// Lists all, and reads what there is to read.
    pub(super) fn poll(&mut self, run: &mut Run, lister: &mut InputLister<'_>, lists: &[PathBuf]) {
        lister.filter.state = run.merger.state().take();
        let mut sources = Vec::new();
        let mut left_out = 0;
        for list in lists {
            let now = Instant::now();
            // A server that fails wants fewer requests; a disk does not mind.
            let is_address = list.to_str().is_some_and(is_address);
            if is_address && self.unlisted.get(list).is_some_and(|unlisted| now < unlisted.next) {
                continue;
            }
            let found = lister.list(std::slice::from_ref(list));
            left_out += found.left_out;
            self.listed(run, list, found.problems);
            sources.extend(found.sources);
        }
        left_out += lister.take_left_out();
        // What could not be listed this time was there before.
        self.left_out = if self.unlisted.is_empty() { left_out } else { self.left_out.max(left_out) };
        run.merger.summary.done_before = lister.filter.done_before;
        *run.merger.state() = lister.filter.state.take();
        self.read(run, sources);
    }

    /// Tells once what could not be listed, and when it can be again.
    fn listed(&mut self, run: &mut Run, list: &Path, problems: Vec<String>) {
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
                run.problem(&format!("{problem}; it is tried again"));
            }
        }
        let next = Instant::now() + pause(self.interval, attempts);
        self.unlisted.insert(list.to_owned(), Unlisted { problems, attempts, next });
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
                self.nameless(run, &source, &name);
                continue;
            };
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(failed) = self.broken.get(&name) {
                let is_same = failed.content.as_ref() == Some(&content);
                if is_same && (!failed.broken.is_transient() || now < failed.next) {
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
            if let Some(failed) = self.broken.remove(&name) {
                run.supersede(failed.broken);
            }
            contents.insert(name, content);
            ready.push(source);
        }
        self.waiting = waiting;
        if !ready.is_empty() {
            let _prefetch = Prefetch::new(&ready, run.threads());
            run.read(&ready);
        }
        for broken in run.take_unfinished() {
            let content = contents.remove(&**broken.name());
            self.failed(run, broken, content, 1);
        }
        self.retry(run, again);
    }

    /// Tries again, but does not hold up all that is new for a server that is gone.
    fn retry(&mut self, run: &mut Run, names: Vec<String>) {
        let mut failures = 0;
        for name in names {
            let Some(Failed { broken, content, attempts, .. }) = self.broken.remove(&name) else { continue };
            run.retry(broken);
            let Some(broken) = run.take_unfinished().pop() else {
                run.note(&format!("`{name}` was read to its end now"));
                continue;
            };
            self.failed(run, broken, content, attempts + 1);
            failures += 1;
            if failures == FAILURES {
                return;
            }
        }
    }

    /// Takes note of what could not be read to its end, and tells it if that is new.
    fn failed(&mut self, run: &mut Run, broken: Unfinished, content: Option<ContentId>, attempts: u32) {
        if attempts == 1 {
            for error in broken.errors() {
                let message = read_error_message(error);
                if broken.is_truncated_gzip() {
                    run.note(&format!("{message}; it is tried again when it has changed"));
                } else if broken.is_transient() {
                    run.problem(&format!("{message}; it is tried again"));
                } else {
                    run.problem(&message);
                }
            }
        }
        let next = Instant::now() + pause(self.interval, attempts);
        self.broken.insert(broken.name().to_string(), Failed { broken, content, attempts, next });
    }

    /// What has nothing to be known by would be read again and again.
    fn nameless(&mut self, run: &mut Run, source: &Source, name: &str) {
        match source {
            // It is gone since it was listed, or it is no file: nobody waits for what comes of that.
            Source::File(path) if path.is_file() || !path.exists() => {}
            _ if self.broken.contains_key(name) => {}
            _ => {
                let problem =
                    format!("cannot follow `{name}`: it has nothing that tells whether it has changed");
                self.failed(run, Unfinished::refused(source, problem), None, 1);
            }
        }
    }

    /// Whether nobody writes to it any more, as far as one can see.
    fn is_settled(&self, source: &Source, name: &str, content: &ContentId) -> bool {
        let Source::File(path) = source else { return true };
        let changed = std::fs::metadata(path).and_then(|data| data.modified()).ok();
        let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
        self.waiting.get(name) == Some(content) || age.is_some_and(|age| age > self.interval)
    }

    /// Tells what was never had; how many inputs were not read for another reason.
    pub(super) fn end(self, run: &mut Run) -> u64 {
        for problem in self.unlisted.into_values().flat_map(|unlisted| unlisted.problems) {
            run.problem(&problem);
            run.merger.problem(None, problem);
            run.merger.summary.counts.unread += 1;
        }
        for failed in self.broken.into_values() {
            run.give_up(failed.broken);
        }
        run.merger.summary.left_out = self.left_out;
        self.waiting.len() as u64
    }
}
