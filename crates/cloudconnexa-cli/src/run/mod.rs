//! One validation run: sources in, findings shown, counts kept; the same whatever the number of threads.

mod block;
mod cutter;
#[cfg(test)]
mod faults;
mod groups;
mod inline;
mod judge;
mod lens;
mod merge;
mod outcome;
mod parted;
mod pool;
mod replay;
mod sightings;
mod tally;

#[cfg(test)]
pub(crate) use groups::{About, Kind};
pub(crate) use groups::{Group, Groups, InFile, Listed, more};
pub(crate) use judge::Values;
pub(crate) use lens::{Lens, Lenses, Seen};
pub(crate) use merge::{Format, Merge, Sink, Task};
pub(crate) use parted::{Counts, Parted};
pub(crate) use sightings::Sightings;
#[cfg(test)]
pub(crate) use tally::Name;
pub(crate) use tally::{Fared, Tally};

use std::io::{self, IsTerminal as _};

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::sessions::Limits;

use crate::baseline::Baseline;
use crate::forge::Root;
use crate::input::{Inflating, Inputs, Source};
use crate::levels::Levels;
use crate::progress::Progress;
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
    pub(crate) baseline: Option<&'static Baseline>,
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
    let mut inputs = Inputs::new(progress.bar().clone()).limited(plan.inflating);
    let lists: Vec<_> = task.sinks.iter().filter_map(Sink::list).collect();
    // Threads that sit in a read are not waited for, so it has to outlive them all: it is made once a process.
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
        promptly: io::stdout().is_terminal() && total.is_none(),
        replays: plan.replays,
    };
    let mut merge = Merge::new(task, progress);
    if let Some(limits) = plan.stream {
        merge.watch(law, limits);
    }
    if plan.threads > 1 {
        pool::run(sources.to_vec(), &inputs, law, manner, plan.threads, &mut merge);
    } else {
        let mut inline = Inline::new(Judge::new(law), &mut merge);
        for source in sources {
            if !cutter::Sink::is_stopped(&inline) {
                cutter::cut(source, &mut inputs, manner, &mut inline);
            }
        }
    }
    merge.finish();
    merge
}
