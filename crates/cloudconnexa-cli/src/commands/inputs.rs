//! Handling of inputs that all commands that read events share.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use cloudconnexa_reader::{Prefetch, Source};

use crate::check::{Merger, RunBuilder};
use crate::exit::Exit;
use crate::inputs::FoundInputs;
use crate::settings::ReadSettings;
use crate::unreadable::OnUnreadable;
use crate::{outputs, size, terminal};

/// Whether inputs were named, or standard input is read because none was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Named,
    /// An empty pipe is a mistake: a pattern that matched nothing, or a command before the pipe that failed.
    Pipe,
}

/// Reads standard input if no input is named.
///
/// # Errors
///
/// If standard input is a terminal. `noun` and `example` are for the message.
pub(super) fn or_stdin(inputs: &mut Vec<PathBuf>, noun: &str, example: &str) -> Result<Origin, String> {
    if !inputs.is_empty() {
        return Ok(Origin::Named);
    }
    if io::stdin().is_terminal() {
        return Err(format!("no {noun}, and standard input is a terminal; try `{example}`, or `--help`"));
    }
    inputs.push(PathBuf::from("-"));
    Ok(Origin::Pipe)
}

impl Origin {
    /// Refuses an empty pipe.
    pub(super) fn refuse_empty(self, run: &Merger, noun: &str) -> Result<(), String> {
        if self == Self::Pipe && run.summary.counts.empty > 0 {
            return Err(format!(
                "no {noun}, and nothing came on standard input; give `-` if it may be empty"
            ));
        }
        Ok(())
    }

    /// Refuses an empty pipe, inputs that are all empty, and fewer events than are wanted.
    pub(super) fn refuse_too_few(
        self,
        run: &Merger,
        sources: &[Source],
        read: &ReadSettings,
        noun: &str,
    ) -> Result<(), String> {
        self.refuse_empty(run, noun)?;
        too_few_events(run, sources, read).map_or(Ok(()), Err)
    }
}

/// Returns why what was read is too little, if it is: fewer events than are wanted, or, if no number is given, nothing at
/// all. Standard input may be empty if it is named.
pub(super) fn too_few_events(run: &Merger, sources: &[Source], read: &ReadSettings) -> Option<String> {
    let (summary, counts) = (&run.summary, &run.summary.counts);
    if counts.unread > 0 {
        return None;
    }
    let events = counts.events().total();
    if let Some(wanted) = read.min_events {
        let found = size::counted(events, "event");
        let was = if events == 1 { "was" } else { "were" };
        let wanted_text = size::count(wanted);
        return (events < wanted)
            .then(|| format!("{found} {was} read, and `--min-events` asks for {wanted_text}"));
    }
    let are_all_empty = counts.inputs > 0 && counts.empty == counts.inputs && summary.done_before == 0;
    if !are_all_empty || sources.contains(&Source::Stdin) {
        return None;
    }
    let inputs = match sources {
        [only] => format!("the input `{}` is empty", only.name()),
        _ => format!("all {} inputs are empty", size::count(counts.inputs)),
    };
    Some(format!("{inputs}, so there is nothing to read; `--min-events 0` accepts that"))
}

/// Makes sure that an output can be written, before anything is read.
pub(super) fn check_output(path: &Path) -> Result<(), String> {
    let checked = outputs::check(path).map(drop);
    checked.map_err(|error| format!("cannot write to `{}`: {error}", path.display()))
}

/// Returns whether a scheduled run could open none of its inputs, so that files of an earlier run must not be replaced by empty
/// ones. `has_state` is whether it knows what an earlier run has read.
pub(super) fn is_nothing_new(run: &Merger, has_state: bool, on_unreadable: OnUnreadable) -> bool {
    has_state && on_unreadable == OnUnreadable::Skip && run.summary.counts.inputs == 0
}

/// Returns whether a scheduled run has nothing to report, as an earlier run has reported all of its inputs, so that reports of
/// that run must not be replaced by empty ones. `has_state` is whether it knows what an earlier run has read.
pub(super) fn has_nothing_to_report(run: &Merger, has_state: bool) -> bool {
    let counts = &run.summary.counts;
    let is_nothing_read = counts.bytes == 0 && counts.findings.is_empty();
    has_state && is_nothing_read && counts.unread == 0 && run.problems().0.is_empty()
}

/// Returns how many inputs an earlier run has read, and how many it has reported as unreadable, in words.
pub(super) fn before(read: u64, unreadable: u64) -> String {
    let read = format!("{} read before", size::counted(read, "input"));
    if unreadable == 0 {
        return read;
    }
    format!("{} reported before, {read}", size::counted(unreadable, "unreadable input"))
}

/// Prints the notes about inputs, unless `is_quiet`.
pub(super) fn print_notes(found: &FoundInputs, is_quiet: bool) {
    for note in found.notes.iter().filter(|_| !is_quiet) {
        terminal::note(note);
    }
}

/// Prints the problems of inputs that resolve to nothing that can be read.
pub(super) fn print_problems(found: &FoundInputs) {
    for problem in &found.problems {
        terminal::problem(problem);
    }
}

/// Refuses to read only some of the inputs, unless `on_unreadable` skips the others. `consequence` names the work that is not
/// done.
pub(super) fn require_all(
    found: &FoundInputs,
    on_unreadable: OnUnreadable,
    consequence: &str,
) -> Result<(), String> {
    print_problems(found);
    if found.problems.is_empty() || on_unreadable == OnUnreadable::Skip && !found.is_fruitless() {
        return Ok(());
    }
    let way_out = if found.is_fruitless() { "" } else { on_unreadable.way_out() };
    Err(format!("not all inputs can be read, {consequence}{way_out}"))
}

/// Reads and checks all inputs. Objects are requested in advance. What stands for nothing that can be read counts as unread.
pub(super) fn run(builder: RunBuilder, found: &FoundInputs, read: &ReadSettings) -> Merger {
    let _prefetch = Prefetch::new(&found.sources, read.threads);
    let mut run = builder.run(&found.sources, &found.problems);
    let summary = &mut run.summary;
    summary.counts.unread += found.problems.len() as u64;
    summary.unread_before += found.unread_before;
    summary.left_out.clone_from(&found.left_out);
    summary.done_before = found.done_before;
    run
}

/// Prints the problem of a command that failed.
pub(super) fn or_print(result: Result<Exit, String>) -> Exit {
    result.unwrap_or_else(|problem| {
        terminal::problem(&problem);
        Exit::Failure
    })
}
