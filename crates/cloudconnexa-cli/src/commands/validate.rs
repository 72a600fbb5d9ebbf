//! `ccxlog validate`: is all of it valid, and if not, what is wrong where?

use std::collections::HashSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cloudconnexa_validator::Severity;

use crate::args::Validate;
use crate::baseline::{Baseline, Draft, Gone};
use crate::exit::Exit;
use crate::forge::Root;
use crate::input::{self, Finder, Gathered, Source};
use crate::outputs::{self, Output};
use crate::run::{self, Format, Plan, Sink, Task};
use crate::select::Sieve;
use crate::settings::{FormatName, Settings};
use crate::{size, terminal};

/// Findings of a baseline that are gone: so many are named.
const GONE: usize = 10;

pub(super) fn run(args: &Validate) -> Exit {
    match prepare(args) {
        Ok((settings, baseline, sieve)) => go(args, settings, baseline, sieve),
        Err(problem) => {
            terminal::problem(&problem);
            Exit::Failure
        }
    }
}

/// What has to be right before anything is read.
fn prepare(args: &Validate) -> Result<(Settings, Option<&'static Baseline>, Sieve), String> {
    let mut settings = Settings::new(args)?;
    if settings.inputs.is_empty() {
        if io::stdin().is_terminal() {
            return Err(
                "no INPUT, and standard input is a terminal; try `ccxlog validate FILE`, or `--help`"
                    .to_owned(),
            );
        }
        settings.inputs.push(PathBuf::from("-"));
    }
    let baseline = settings.baseline.as_deref().map(Baseline::read).transpose()?;
    let (sieve, note) = Sieve::new(&args.selection)?;
    if let Some(note) = note.filter(|_| !args.quiet) {
        terminal::note(&note);
    }
    // It lives as long as the threads that look at it.
    Ok((settings, baseline.map(|baseline| &*Box::leak(Box::new(baseline))), sieve))
}

/// Finds the inputs, and leaves out what is not to be read.
fn gather(args: &Validate, settings: &Settings, sieve: &mut Sieve) -> Gathered {
    let finder = Finder::new(args.selection.network.clone(), args.selection.looks());
    let mut excluded = 0;
    let mut wants = |source: &Source| {
        let is_excluded = settings.excluder.excludes(&source.name());
        excluded += u64::from(is_excluded);
        !is_excluded && sieve.wants(source)
    };
    let mut gathered = input::gather(&settings.inputs, finder, &mut wants);
    // The reports of an earlier run may lie among the logs.
    let own =
        settings.own_files().chain(args.write_baseline.as_deref()).chain(args.selection.state.as_deref());
    let own: HashSet<_> = own.map(canonical).collect();
    let is_own = |source: &Source| matches!(source, Source::File(path) if !own.is_empty() && own.contains(&canonical(path)));
    gathered.sources.retain(|source| match source {
        // Asked before.
        Source::Object(_) => true,
        Source::Stdin | Source::File(_) => !is_own(source) && wants(source),
    });
    gathered.left_out += excluded + sieve.left_out;
    gathered.problems.extend(sieve.nothing_left());
    gathered
}

fn go(args: &Validate, settings: Settings, baseline: Option<&'static Baseline>, mut sieve: Sieve) -> Exit {
    let started = Instant::now();
    let gathered = gather(args, &settings, &mut sieve);
    for problem in &gathered.problems {
        terminal::problem(problem);
    }
    for note in gathered.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }

    let (sinks, unopened) = open(&settings);
    for problem in &unopened {
        terminal::problem(problem);
    }
    let wants_groups = |sink: &Sink| matches!(sink.format, Format::Report(_) | Format::Junit(_));
    let groups = (sinks.iter().any(wants_groups) || args.write_baseline.is_some())
        .then(|| settings.values_for_programs());
    let root = Root::find();
    let task = Task {
        sinks,
        max_findings: settings.max_findings(),
        max_results: settings.max_results(),
        root,
        baseline: baseline.map(Baseline::left),
        draft: args.write_baseline.is_some().then(Draft::default),
        problems: gathered.problems.clone(),
        state: sieve.state.take(),
    };
    let _line = input::line_up(&gathered.sources, settings.threads);
    let values = settings.values_for_people();
    let plan = Plan {
        max_record_bytes: settings.max_record_bytes,
        threads: settings.threads,
        quiet: args.quiet,
        levels: settings.levels,
        levels_root: settings.levels_root,
        groups,
        baseline,
    };
    let mut run = run::run(&gathered.sources, plan, task);
    run.summary.left_out = gathered.left_out;
    run.summary.done_before = sieve.done_before;
    run.summary.tally.unread += gathered.problems.len() as u64;
    if args.inputs.is_empty() && settings.inputs == [PathBuf::from("-")] && run.summary.tally.empty > 0 {
        // A pattern that matched nothing, a command in front that failed: a check of nothing must not pass for one.
        terminal::problem("no INPUT, and nothing came on standard input; give `-` if it may be empty");
        return Exit::Failure;
    }

    let mut exit = Exit::Clean;
    if run.summary.tally.severe(Severity::Error) > 0 {
        exit = Exit::Findings;
    }
    if let Some(draft) = run.draft() {
        exit = write_baseline(args, draft);
    }
    if run.summary.tally.unread > 0 || !unopened.is_empty() || !run.unwritten.is_empty() {
        exit = Exit::Failure;
    }
    let gone = run.gone();
    run.report(&gone, exit);
    for problem in &run.unwritten {
        terminal::problem(problem);
        exit = Exit::Failure;
    }
    if unopened.is_empty()
        && let Some(problem) = run.end_state()
    {
        terminal::problem(&problem);
        exit = Exit::Failure;
    }
    if run.is_unread {
        // Whoever reads our output has seen enough: not a word more. As not all was judged, this is no success.
        return if exit == Exit::Clean { Exit::Failure } else { exit };
    }
    if !args.quiet {
        tell_gone(&gone, settings.baseline.as_deref());
        if !gathered.sources.is_empty() || gathered.problems.is_empty() {
            let _ = write!(anstream::stderr(), "{}", run.summary.render(started.elapsed(), values));
        }
    }
    exit
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Opens what is written to. What can't be opened is told of; findings are shown all the same.
fn open(settings: &Settings) -> (Vec<Sink>, Vec<String>) {
    let (mut sinks, mut unopened) = (Vec::new(), Vec::new());
    for (name, file) in &settings.formats {
        let output = match file {
            None => Ok(Output::stdout()),
            Some(path) => {
                Output::file(path).map_err(|error| format!("cannot write to `{}`: {error}", path.display()))
            }
        };
        match output {
            Ok(output) => sinks.push(Sink { format: settings.format(*name), output: Some(output) }),
            Err(problem) => unopened.push(problem),
        }
    }
    if !unopened.is_empty() && settings.formats.iter().all(|(_, file)| file.is_some()) {
        let format = settings.format(FormatName::Human);
        sinks.push(Sink { format, output: Some(Output::stdout()) });
    }
    (sinks, unopened)
}

fn write_baseline(args: &Validate, draft: Draft) -> Exit {
    let Some(path) = &args.write_baseline else { return Exit::Clean };
    let written = draft.finish().and_then(|(text, count)| {
        outputs::write(path, text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(count)
    });
    match written {
        Ok(count) => {
            if !args.quiet {
                let path = path.display();
                terminal::note(&format!(
                    "wrote {} to `{path}`; use it with `--baseline {path}`",
                    size::counted(count, "finding")
                ));
            }
            Exit::Clean
        }
        Err(problem) => {
            terminal::problem(&format!("cannot write the baseline `{}`: {problem}", path.display()));
            Exit::Failure
        }
    }
}

/// Says what the baseline need not hold any more.
fn tell_gone(gone: &[Gone], baseline: Option<&Path>) {
    let Some(path) = baseline.filter(|_| !gone.is_empty()) else { return };
    let count: u64 = gone.iter().map(|one| one.count).sum();
    terminal::note(&format!(
        "{} of the baseline {} gone; `--write-baseline {}` drops {}:",
        size::counted(count, "finding"),
        if count == 1 { "is" } else { "are" },
        path.display(),
        if count == 1 { "it" } else { "them" },
    ));
    let mut stderr = anstream::stderr();
    for one in gone.iter().take(GONE) {
        let place = if one.pointer.is_empty() { String::new() } else { format!(" at {}", one.pointer) };
        let line = format!("{}: {}{place} ({})", one.path, one.rule, size::count(one.count));
        let _ = writeln!(stderr, "  {}", terminal::harmless(&line));
    }
    if gone.len() > GONE {
        let _ = writeln!(stderr, "  and {}", size::counted((gone.len() - GONE) as u64, "other"));
    }
}
