//! Lists the inputs of a run, without our own files, excluded ones, and those that were read before.

mod among;
mod excluder;
mod filter;
mod unmatched;

pub(crate) use among::refuse_among;
pub(crate) use excluder::{Excluder, PatternList, PatternSource};
pub(crate) use filter::{FilterOptions, InputFilter};
pub(crate) use unmatched::{NamedInputs, UnmatchedPatterns, unknown_events, unmatched_events};

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use cloudconnexa_reader::{NamedCount, Pattern, RemoteOptions, Source, SourceFinder, Sources};
use cloudconnexa_report::{LeftOut, LeftOutReason};

use crate::outputs::InputAccess;
use crate::paths::{PathRoot, root_at};
use crate::size;

/// The inputs to list, and how to filter them.
#[derive(Debug)]
pub(crate) struct InputOptions<'a> {
    pub(crate) inputs: &'a [PathBuf],
    /// Whether the command line names them, not the config file.
    pub(crate) are_arguments: bool,
    pub(crate) excluder: &'a Excluder,
    /// Patterns of `[[overrides]]` in the config file, which exclude nothing but may match nothing either.
    pub(crate) overrides: PatternList,
    pub(crate) filter: FilterOptions,
    /// Who may read the inputs, for a new state file.
    pub(crate) access: &'a InputAccess,
    pub(crate) network: RemoteOptions,
    /// Whether links in folders are left out.
    pub(crate) no_follow_links: bool,
}

/// The sources that inputs resolve to.
#[derive(Debug, Default)]
pub(crate) struct FoundInputs {
    /// In the order of the arguments, files of a folder by name.
    pub(crate) sources: Vec<Source>,
    /// The numbers of files in folders, and objects below prefixes, that are left out.
    pub(crate) left_out: LeftOut,
    /// Messages about inputs that resolve to nothing that can be read.
    pub(crate) problems: Vec<String>,
    /// Messages that are not problems.
    pub(crate) notes: Vec<String>,
    /// The folders of a bucket of which older days were not listed, in words.
    pub(crate) skipped: Option<String>,
    /// Whether some input is a folder, a prefix or a pattern.
    pub(crate) is_list: bool,
    /// The number of inputs that an earlier run has read, …
    pub(crate) done_before: u64,
    /// … and of those that it could not read to their ends, and that are not read again.
    pub(crate) unread_before: u64,
}

impl FoundInputs {
    /// Whether nothing can be read, though not because it was read before.
    pub(crate) fn is_fruitless(&self) -> bool {
        self.sources.is_empty() && self.done_before + self.unread_before == 0
    }
}

impl From<Sources> for FoundInputs {
    fn from(found: Sources) -> Self {
        let duplicate = |name| format!("`{name}` is given more than once; it is read once");
        let mut left_out = LeftOut::default();
        left_out.extend(LeftOutReason::Link, found.links.count, || found.links.first);
        left_out.extend(LeftOutReason::Other, found.left_out.count, || found.left_out.first);
        Self {
            problems: found.errors.iter().map(ToString::to_string).collect(),
            notes: found.duplicates.iter().map(duplicate).collect(),
            sources: found.sources,
            left_out,
            skipped: skipped(&found.skipped),
            is_list: found.is_list,
            done_before: 0,
            unread_before: 0,
        }
    }
}

/// Returns a note about folders of buckets that were not listed as a whole.
fn skipped(folders: &NamedCount) -> Option<String> {
    let first = folders.first.first()?;
    let others = match folders.count - 1 {
        0 => String::new(),
        others => format!(" and {}", size::counted(others, "other folder")),
    };
    Some(format!(
        "keys below `{first}`{others} are dated; days more than a week before `--since` were not listed, which misses an \
         old object that was stored again later; `--list-all` lists them"
    ))
}

/// Creates a finder of files.
pub(crate) fn finder(network: RemoteOptions, no_follow_links: bool) -> SourceFinder {
    let finder = SourceFinder::new(network);
    if no_follow_links { finder.without_links() } else { finder }
}

/// Lists inputs, once or repeatedly.
#[derive(Debug)]
pub(crate) struct InputLister<'a> {
    inputs: &'a [PathBuf],
    are_arguments: bool,
    excluder: &'a Excluder,
    /// Files that are written, or read for another purpose: never logs, wherever they are.
    own_files: HashSet<PathBuf>,
    /// Inputs that are named, which are read even if they are own files.
    named: HashSet<PathBuf>,
    finder: SourceFinder,
    pub(crate) filter: InputFilter,
    /// Inputs that patterns have excluded.
    excluded: LeftOut,
    /// Whether anything was found, …
    has_found: bool,
    /// … and whether a folder, pattern or prefix was listed for it.
    is_list: bool,
    unmatched: UnmatchedPatterns,
}

impl<'a> InputLister<'a> {
    /// Opens the state file, if there is one. Also returns a note about it, if there is something to say.
    ///
    /// `own_files` are skipped unless they are named as inputs.
    pub(crate) fn new<'b>(
        options: InputOptions<'a>,
        own_files: impl Iterator<Item = &'b Path>,
    ) -> Result<(Self, Option<String>), String> {
        let InputOptions {
            inputs,
            are_arguments,
            excluder,
            overrides,
            filter,
            access,
            network,
            no_follow_links,
        } = options;
        let mut finder = finder(network, no_follow_links);
        if filter.needs_metadata() {
            finder = finder.with_metadata();
        }
        if let Some(since) = filter.since.filter(|_| !filter.lists_all) {
            finder = finder.since(since);
        }
        let state_file = filter.state.as_deref().map(canonical);
        let own_files = own_files.map(canonical).chain(state_file).collect();
        let (filter, note) = InputFilter::new(&filter, access)?;
        let include = PatternList {
            source: PatternSource::Include,
            root: root_at(Path::new(".")),
            patterns: filter.include().to_vec(),
        };
        let lists = excluder.lists().iter().chain([&include, &overrides]);
        let unmatched = UnmatchedPatterns::new(lists);
        let lister = Self {
            inputs,
            are_arguments,
            excluder,
            own_files,
            named: inputs.iter().map(|path| canonical(path)).collect(),
            finder,
            filter,
            excluded: LeftOut::default(),
            has_found: false,
            is_list: false,
            unmatched,
        };
        Ok((lister, note))
    }

    /// Accepts folders, patterns and prefixes without inputs from now on.
    pub(crate) fn allow_empty(&mut self) {
        self.finder.allow_empty();
    }

    /// Lists all inputs to read, with notes about patterns that match nothing.
    pub(crate) fn list_all(&mut self) -> Result<FoundInputs, String> {
        let mut found = self.list(self.inputs);
        if self.has_found && self.excluded.total() > 0 && found.sources.is_empty() {
            let InputFilter { left_out, done_before, unread_before, .. } = &self.filter;
            let is_by_pattern = left_out.total() + done_before + unread_before == 0;
            // Git hooks name each file and leave it to the config file which of them count.
            let all_are_named = !found.is_list && self.are_arguments;
            if is_by_pattern && !all_are_named {
                return Err("everything is excluded, so nothing was checked; look at `exclude`".to_owned());
            }
        }
        found.left_out.add(self.take_left_out());
        (found.done_before, found.unread_before) = (self.filter.done_before, self.filter.unread_before);
        if found.problems.is_empty() && found.skipped.is_none() {
            found.notes.extend(self.unmatched_patterns());
        }
        found.notes.extend(found.skipped.take());
        // Whoever names each input knows their names.
        if found.is_list {
            found.notes.extend(found.left_out.named());
        }
        found.problems.extend(self.filter.nothing_left(&found.left_out));
        Ok(found)
    }

    /// Lists the sources of `inputs` that are to be read now. [`left_out`](FoundInputs::left_out) counts files whose names
    /// are not those of logs.
    pub(crate) fn list(&mut self, inputs: &[PathBuf]) -> FoundInputs {
        let Self {
            excluder, own_files, named, finder, filter, excluded, has_found, is_list, unmatched, ..
        } = self;
        let mut wants = |source: &Source| {
            *has_found = true;
            let name = source.name();
            unmatched.observe(&name);
            match excluder.excluded_by(&name) {
                Some(PatternSource::ConfigExclude) => excluded.push(LeftOutReason::Config, || name),
                Some(_) => excluded.push(LeftOutReason::Exclude, || name),
                None => return filter.wants(source),
            }
            false
        };
        let mut found = FoundInputs::from(finder.find(inputs, &mut wants));
        *is_list |= found.is_list;
        // Reports and outputs of an earlier run may be among the logs.
        let is_own = |path: &Path| {
            let path = canonical(path);
            own_files.contains(&path) && !named.contains(&path)
        };
        found.sources.retain(|source| match source {
            // `gather` has called `wants` for objects.
            Source::Object(_) => true,
            Source::File(path) if !own_files.is_empty() && is_own(path) => false,
            _ => wants(source),
        });
        found
    }

    /// Returns notes about patterns that matched nothing. There are none if each input is named, as by Git hooks, where
    /// it is normal that a pattern is about other files.
    pub(crate) fn unmatched_patterns(&mut self) -> Vec<String> {
        let named = self.named_inputs();
        if self.has_found && self.is_list { self.unmatched.notes(named) } else { Vec::new() }
    }

    fn named_inputs(&self) -> NamedInputs<'a> {
        NamedInputs { inputs: self.inputs, are_arguments: self.are_arguments }
    }

    /// Returns whether everything was listed that patterns relative to `root` can match, or, without patterns, anything
    /// below `root`.
    pub(crate) fn covers(&self, root: &PathRoot, patterns: &[Pattern]) -> bool {
        self.has_found && self.is_list && self.named_inputs().cover(root, patterns)
    }

    /// Returns how many inputs were left out by pattern, time or name since the last call.
    pub(crate) fn take_left_out(&mut self) -> LeftOut {
        let mut left_out = std::mem::take(&mut self.excluded);
        left_out.add(std::mem::take(&mut self.filter.left_out));
        left_out.config = self.excluder.config_name();
        left_out
    }

    /// Returns whether a file that is named is to be read, whatever was read of it before.
    pub(crate) fn wants_named(&self, source: &Source) -> bool {
        !self.excluder.excludes(&source.name()) && self.filter.selects(source)
    }
}

/// Returns the canonical path of a file, even if it does not exist yet.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
