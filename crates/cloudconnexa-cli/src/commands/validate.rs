//! `ccxlog validate`: is all of it valid, and if not, what is wrong where?

use std::collections::HashSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::semantics::StreamCounts;
use cloudconnexa_validator::sessions::Limits;

use crate::args::Validate;
use crate::baseline::{Baseline, Draft, Gone};
use crate::drift;
use crate::exit::Exit;
use crate::follow;
use crate::forge::Root;
use crate::input::{self, Gathered};
use crate::intake::{Intake, canonical};
use crate::outputs::{self, Output};
use crate::overview::{Earlier, Lookout};
use crate::run::{self, Format, Plan, Run, Sink, Task, Values};
use crate::settings::{FormatName, Settings};
use crate::state::State;
use crate::summary::Summary;
use crate::{signals, size, terminal};

/// Findings of a baseline that are gone: so many are named.
const GONE: usize = 10;

pub(super) fn run(args: &Validate) -> Exit {
    match prepare(args) {
        Ok(prepared) => go(args, prepared).unwrap_or_else(|problem| {
            terminal::problem(&problem);
            Exit::Failure
        }),
        Err(problem) => {
            terminal::problem(&problem);
            Exit::Failure
        }
    }
}

/// What has to be right before anything is read.
struct Prepared {
    settings: Settings,
    baseline: Option<&'static Baseline>,
    earlier: Option<Earlier>,
}

fn prepare(args: &Validate) -> Result<Prepared, String> {
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
    args.follow.check(&settings.inputs)?;
    if args.against.is_some() && !settings.has_page() {
        return Err(
            "`--against` is about the page of `--report FILE`; to see differences alone, use `ccxlog drift`"
                .to_owned(),
        );
    }
    let earlier = args.against.as_deref().map(|path| {
        let profile = drift::read_profile(path)?;
        Ok::<_, String>(Earlier { name: path.display().to_string(), profile })
    });
    // It lives as long as the threads that look at it.
    let baseline = baseline.map(|baseline| &*Box::leak(Box::new(baseline)));
    Ok(Prepared { settings, baseline, earlier: earlier.transpose()? })
}

#[expect(clippy::too_many_lines, reason = "one step after the other")]
fn go(args: &Validate, prepared: Prepared) -> Result<Exit, String> {
    let started = Instant::now();
    let Prepared { settings, baseline, earlier } = prepared;
    let settings = &settings;
    let mut intake = intake(args, settings)?;
    let follows = args.follow.follow;
    let gathered = if follows { Gathered::default() } else { intake.all()? };
    for problem in &gathered.problems {
        terminal::problem(problem);
    }
    for note in gathered.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }

    let heed_signals = if follows { signals::watch_for_end } else { signals::watch };
    heed_signals();
    let (sinks, unopened) = open(settings);
    for problem in &unopened {
        terminal::problem(problem);
    }
    // Also to tell what was found where a file can't be written after all.
    let wants_groups = |sink: &Sink| !matches!(sink.format, Format::List(_)) || settings.has_files_only();
    let groups = (sinks.iter().any(wants_groups) || args.write_baseline.is_some())
        .then(|| settings.values_for_programs());
    let mut lenses = run::Lenses::default();
    let overview =
        settings.has_page().then(|| Lookout::new(&mut lenses, earlier, settings.values_for_programs()));
    let task = Task {
        sinks,
        max_findings: settings.max_findings(),
        max_results: settings.max_results(),
        root: Root::find(&settings.folder),
        baseline: baseline.map(Baseline::left),
        draft: args.write_baseline.is_some().then(Draft::default),
        problems: gathered.problems.clone(),
        parts: None,
        table: None,
        state: intake.sieve.state.take().or_else(|| follows.then(State::in_memory)),
        overview,
    };
    let values = settings.values_for_people();
    let (semantics, stream) = settings.beyond();
    let window = settings.window;
    let plan = Plan {
        max_record_bytes: settings.max_record_bytes,
        inflating: settings.inflating,
        threads: settings.threads,
        quiet: args.quiet,
        levels: settings.levels.clone(),
        levels_root: settings.levels_root.clone(),
        groups,
        baseline,
        replays: false,
        semantics,
        stream,
        lenses,
    };
    let mut run = if follows {
        let mut run = Run::following(plan, task);
        follow::follow(&mut run, &mut intake, &settings.inputs, &args.follow);
        run.end()
    } else {
        let _line = input::line_up(&gathered.sources, settings.threads);
        let mut run = run::run(&gathered.sources, plan, task);
        run.summary.left_out = gathered.left_out;
        run.summary.done_before = intake.sieve.done_before;
        run
    };
    let for_people = settings.formats.iter().any(|(name, _)| *name == FormatName::Human);
    run.summary.is_masked = values == Values::Masked && for_people;
    run.summary.tally.unread += gathered.problems.len() as u64;
    if args.inputs.is_empty() && settings.inputs == [PathBuf::from("-")] && run.summary.tally.empty > 0 {
        // A pattern that matched nothing, a command in front that failed: a check of nothing must not pass for one.
        terminal::problem("no INPUT, and nothing came on standard input; give `-` if it may be empty");
        return Ok(Exit::Failure);
    }

    let mut exit = Exit::Clean;
    if run.summary.tally.severe(Severity::Error) > 0 {
        exit = Exit::Findings;
    }
    if let (Some(path), Some(draft)) = (&args.write_baseline, run.draft()) {
        exit = write_baseline(path, draft, &run.summary, args.quiet);
    }
    if run.summary.tally.unread > 0 || !unopened.is_empty() || !run.unwritten.is_empty() {
        exit = Exit::Failure;
    }
    let gone = run.gone(&settings.levels, &settings.levels_root);
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
        return Ok(if exit == Exit::Clean { Exit::Failure } else { exit });
    }
    if !args.quiet {
        tell_gone(&gone, settings.baseline.as_deref());
        if let Some(counts) = &run.stream_counts {
            tell_counts(counts, window);
        }
        if follows || !gathered.sources.is_empty() || gathered.problems.is_empty() {
            let _ = write!(anstream::stderr(), "{}", run.summary.render(started.elapsed(), values));
        }
    }
    Ok(exit)
}

/// Where the inputs come from; says why that makes no sense.
pub(super) fn intake<'a>(args: &'a Validate, settings: &'a Settings) -> Result<Intake<'a>, String> {
    let named: HashSet<_> = settings.inputs.iter().map(|path| canonical(path)).collect();
    let is_named = |path: &&Path| named.contains(&canonical(path));
    let state = args.selection.state.as_deref();
    let mut written = settings.written().chain(args.write_baseline.as_deref()).chain(state);
    if let Some(path) = written.find(is_named) {
        return Err(format!(
            "`{}` is an input, and would be overwritten; write to another file",
            path.display()
        ));
    }
    let against = args.against.as_deref();
    if let Some(path) = against.filter(|path| settings.written().any(|one| canonical(one) == canonical(path)))
    {
        return Err(format!("`{}` is named by two options; give each its own", path.display()));
    }
    let own = settings.own_files().chain(args.write_baseline.as_deref()).chain(against);
    let (intake, note) = Intake::new(settings, &args.selection, own)?;
    if let Some(note) = note.filter(|_| !args.quiet) {
        terminal::note(&note);
    }
    Ok(intake)
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
    if !unopened.is_empty() && settings.has_files_only() {
        let format = settings.format(FormatName::Human);
        sinks.push(Sink { format, output: Some(Output::stdout()) });
    }
    (sinks, unopened)
}

fn write_baseline(path: &Path, draft: Draft, summary: &Summary, quiet: bool) -> Exit {
    if summary.tally.unread > 0 {
        terminal::problem(&format!(
            "the baseline `{}` is not written: not all was read, so it would lack findings",
            path.display()
        ));
        return Exit::Failure;
    }
    let written = draft.finish().and_then(|(text, count)| {
        outputs::write(path, text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(count)
    });
    let path = path.display();
    match written {
        Ok(count) if !quiet => {
            let findings = size::counted(count, "finding");
            terminal::note(&format!("wrote {findings} to `{path}`; use it with `--baseline {path}`"));
            Exit::Clean
        }
        Ok(_) => Exit::Clean,
        Err(problem) => {
            terminal::problem(&format!("cannot write the baseline `{path}`: {problem}"));
            Exit::Failure
        }
    }
}

/// Says what rules about several records could not judge, and which sessions they leave open.
fn tell_counts(counts: &StreamCounts, window: Limits) {
    let most = size::count(window.max_open as u64);
    if counts.still_open > 0 {
        let sessions = size::counted(counts.still_open, "session");
        terminal::note(&format!("{sessions} had not ended when the input did, which is no finding"));
    }
    if counts.too_many > 0 {
        let sessions = size::counted(counts.too_many, "session");
        terminal::note(&format!(
            "{sessions} were given up, as more than {most} waited for their other event; raise `--max-open` to have them judged"
        ));
    }
    let forgotten = counts.forgotten_ids + counts.forgotten_sessions;
    if forgotten > 0 {
        let remembered = size::count(window.remembered() as u64);
        terminal::note(&format!(
            "what comes again after more than {remembered} others is not known again; raise `--max-open` to remember more"
        ));
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
