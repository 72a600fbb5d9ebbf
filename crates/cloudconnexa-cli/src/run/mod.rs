//! One validation run: sources in, findings shown, counts kept; the same whatever the number of threads.

mod block;
mod cutter;
mod inline;
mod judge;
mod merge;
mod outcome;
mod pool;
mod tally;

pub(crate) use merge::Merge;
pub(crate) use tally::{Fared, Tally};

use std::io::{self, IsTerminal as _};

use cloudconnexa_validator::Validator;

use crate::input::{Inputs, Source};
use crate::progress::Progress;
use crate::terminal;
use cutter::Manner;
use inline::Inline;
use judge::{Judge, Law};

/// What a run is to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) max_record_bytes: usize,
    pub(crate) max_findings: u64,
    pub(crate) threads: usize,
    pub(crate) quiet: bool,
}

/// Validates all sources, each to its end as far as it can be read, and shows what is found.
pub(crate) fn run(sources: &[Source], plan: Plan) -> Merge {
    // To look at every file first is for those who watch.
    let is_watched = io::stdout().is_terminal() || Progress::is_wanted(plan.quiet);
    let total = if is_watched { sources.iter().map(Source::length).sum() } else { None };
    let progress = Progress::new(total, plan.quiet);
    let mut inputs = Inputs::new(progress.bar().clone());
    // Threads that sit in a read are not waited for, so it has to outlive them all: it is made once a process.
    let law: &'static Law = Box::leak(Box::new(Law {
        validator: Validator::new(),
        max_record_bytes: plan.max_record_bytes,
        max_findings: plan.max_findings,
        width: terminal::width(),
    }));
    let manner = Manner {
        max_record_bytes: plan.max_record_bytes,
        promptly: io::stdout().is_terminal() && total.is_none(),
    };
    let mut merge = Merge::new(plan.max_findings, progress);
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
