//! From settings to inputs: what is found, without our own files, what is excluded, and what is not to be read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::input::{Source, SourceFinder, Sources};
use crate::select::{Selection, Sieve};
use crate::settings::Settings;
use crate::unused::Unused;

/// All that the arguments stand for.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// In the order of the arguments, files of a folder by name.
    pub(crate) sources: Vec<Source>,
    /// How many files of walked folders are no logs by their names.
    pub(crate) left_out: u64,
    /// What was asked for and can't be had, in words.
    pub(crate) problems: Vec<String>,
    /// What is worth saying otherwise.
    pub(crate) notes: Vec<String>,
    /// Some argument stands for whatever lies in a folder or below a prefix, or matches a pattern.
    pub(crate) is_list: bool,
}

impl From<Sources> for Gathered {
    fn from(found: Sources) -> Self {
        let again = |name| format!("`{name}` is given more than once; it is read once");
        Self {
            problems: found.errors.iter().map(ToString::to_string).collect(),
            notes: found.duplicates.iter().map(again).collect(),
            sources: found.sources,
            left_out: found.left_out,
            is_list: found.is_list,
        }
    }
}

/// Finds inputs, as often as it is asked to.
#[derive(Debug)]
pub(crate) struct Intake<'a> {
    settings: &'a Settings,
    /// Files that are written, or read for something else: no logs, wherever they lie.
    own: HashSet<PathBuf>,
    /// Inputs that are named are read, whatever else they are.
    named: HashSet<PathBuf>,
    finder: SourceFinder,
    pub(crate) sieve: Sieve,
    /// Inputs that patterns have left out.
    excluded: u64,
    /// Something was found, …
    found: bool,
    /// … below or by something that stands for more than itself.
    is_list: bool,
    unused: Unused,
}

impl<'a> Intake<'a> {
    /// Without the files in `own`. Opens the state file if there is one; also gives what there is to say about that.
    pub(crate) fn new<'b>(
        settings: &'a Settings,
        selection: &'b Selection,
        own: impl Iterator<Item = &'b Path>,
    ) -> Result<(Self, Option<String>), String> {
        let (sieve, note) = Sieve::new(selection)?;
        let intake = Self {
            settings,
            own: own.chain(selection.state.as_deref()).map(canonical).collect(),
            named: settings.inputs.iter().map(|path| canonical(path)).collect(),
            finder: finder(selection),
            sieve,
            excluded: 0,
            found: false,
            is_list: false,
            unused: Unused::new(settings, selection),
        };
        Ok((intake, note))
    }

    /// From now on folders, patterns and prefixes may hold nothing.
    pub(crate) fn let_be_empty(&mut self) {
        self.finder.allow_empty();
    }

    /// All that there is to read.
    pub(crate) fn all(&mut self) -> Result<Gathered, String> {
        let settings = self.settings;
        let mut gathered = self.look(&settings.inputs);
        if self.found && self.excluded > 0 && gathered.sources.is_empty() {
            let is_by_pattern = self.sieve.left_out + self.sieve.done_before == 0;
            // What hooks do: they name each file, and leave it to the config file which of them count.
            let all_are_named = !gathered.is_list && self.settings.inputs_are_arguments;
            if is_by_pattern && !all_are_named {
                return Err("everything is excluded, so nothing was checked; look at `exclude`".to_owned());
            }
        }
        gathered.left_out += self.excluded + self.sieve.left_out;
        if gathered.problems.is_empty() {
            gathered.notes.extend(self.unused());
        }
        gathered.problems.extend(self.sieve.nothing_left());
        Ok(gathered)
    }

    /// What there is to read of `inputs` now; [`left_out`](Gathered::left_out) has those that are no logs by their names.
    pub(crate) fn look(&mut self, inputs: &[PathBuf]) -> Gathered {
        let Self { settings, own, named, finder, sieve, excluded, found, is_list, unused } = self;
        let mut wants = |source: &Source| {
            *found = true;
            unused.see(&source.name());
            let is_excluded = settings.excluder.excludes(&source.name());
            *excluded += u64::from(is_excluded);
            !is_excluded && sieve.wants(source)
        };
        let mut gathered = Gathered::from(finder.find(inputs, &mut wants));
        *is_list |= gathered.is_list;
        // Reports and outputs of an earlier run may lie among the logs.
        let is_own = |path: &Path| {
            let path = canonical(path);
            own.contains(&path) && !named.contains(&path)
        };
        gathered.sources.retain(|source| match source {
            // Asked before.
            Source::Object(_) => true,
            Source::File(path) if !own.is_empty() && is_own(path) => false,
            _ => wants(source),
        });
        gathered
    }

    /// What there is to say about patterns that matched nothing. Hooks name each file: that none of them is meant is no
    /// mistake then.
    pub(crate) fn unused(&self) -> Vec<String> {
        if self.found && self.is_list {
            self.unused.notes(&self.settings.inputs).collect()
        } else {
            Vec::new()
        }
    }

    /// How many inputs were left out by pattern, by time or by name, since this was asked last.
    pub(crate) fn left_out(&mut self) -> u64 {
        std::mem::take(&mut self.excluded) + std::mem::take(&mut self.sieve.left_out)
    }

    /// Whether a file that is named is to be read, whatever was read of it before.
    pub(crate) fn wants_named(&self, source: &Source) -> bool {
        !self.settings.excluder.excludes(&source.name()) && self.sieve.selects(source)
    }
}

fn finder(selection: &Selection) -> SourceFinder {
    let finder = SourceFinder::new(selection.choice.network.options());
    if selection.looks() { finder.with_metadata() } else { finder }
}

/// The one path of a file, also of one that is yet to be written.
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
