//! `ccxlog sessions`: one line a session, of the events that begin it and end it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::sessions::{Counts, Limits};

use super::validate::intake;
use crate::args::{SessionsArgs, Validate};
use crate::exit::Exit;
use crate::forge::Root;
use crate::input;
use crate::levels::Levels;
use crate::outputs::Output;
use crate::run::{self, Lenses, Plan, Sink, Task};
use crate::select::Selection;
use crate::settings::{FormatName, Settings};
use crate::size::{count, counted};
use crate::table::{Done, Format, Style, Table};
use crate::{lengths, signals, terminal};

pub(super) fn run(args: &SessionsArgs) -> Exit {
    go(args).unwrap_or_else(|problem| {
        terminal::problem(&problem);
        Exit::Failure
    })
}

/// What `validate` would be told.
fn flags(args: &SessionsArgs) -> Validate {
    Validate {
        inputs: args.inputs.clone(),
        exclude: args.exclude.clone(),
        quiet: args.quiet,
        max_findings: args.max_findings,
        window: args.window.clone(),
        reading: args.reading.clone(),
        selection: Selection { choice: args.choice.clone(), state: None },
        ..Validate::default()
    }
}

fn go(args: &SessionsArgs) -> Result<Exit, String> {
    let started = Instant::now();
    let flags = flags(args);
    let mut settings = Settings::new(&flags)?;
    let is_pipe = settings.inputs.is_empty();
    if is_pipe {
        if io::stdin().is_terminal() {
            return Err(
                "no INPUT, and standard input is a terminal; try `ccxlog sessions FILE`, or `--help`"
                    .to_owned(),
            );
        }
        settings.inputs.push(PathBuf::from("-"));
    }
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    // The one file that is written: it is none of the inputs. Reports that a config file asks for are not.
    let file = (output != Path::new("-")).then(|| output.to_owned());
    settings.formats = vec![(FormatName::Json, file)];
    // What a team decided about findings says nothing of what can be read.
    settings.levels = Levels::default();

    let gathered = intake(&flags, &settings)?.all()?;
    for note in gathered.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }
    if !gathered.problems.is_empty() {
        for problem in &gathered.problems {
            terminal::problem(problem);
        }
        return Err("not all inputs can be had; nothing was read, and nothing was written".to_owned());
    }
    signals::watch();
    let style = Style { format: format(args, output), guarded: !args.no_formula_guard };
    let limits = settings.window;
    let table = Table::open(output, style, limits)?;
    let task = Task {
        sinks: vec![Sink { format: settings.format(FormatName::Human), output: Some(Output::stderr()) }],
        max_findings: settings.max_findings(),
        max_results: 0,
        root: Root::find(Path::new(".")),
        baseline: None,
        draft: None,
        problems: Vec::new(),
        parts: None,
        table: Some(table),
        state: None,
        overview: None,
    };
    let _line = input::line_up(&gathered.sources, settings.threads);
    let plan = Plan {
        max_record_bytes: settings.max_record_bytes,
        inflating: settings.inflating,
        threads: settings.threads,
        quiet: args.quiet,
        levels: settings.levels,
        levels_root: settings.levels_root,
        groups: None,
        baseline: None,
        replays: false,
        semantics: None,
        stream: None,
        lenses: Lenses::default(),
    };
    let mut run = run::run(&gathered.sources, plan, task);
    run.summary.left_out = gathered.left_out;
    let tally = &run.summary.tally;
    if is_pipe && tally.empty > 0 {
        return Err("no INPUT, and nothing came on standard input; give `-` if it may be empty".to_owned());
    }
    let (unread, has_errors, unwritten) =
        (tally.unread, tally.severe(Severity::Error) > 0, run.unwritten.clone());
    let Some(table) = run.table() else { return Err("nothing was joined".to_owned()) };
    let (left_out, taken) = (table.left_out, table.taken);
    let Done { counts, failure } = table.finish(unread == 0);
    if let Some(error) = failure {
        if output == Path::new("-") && error.kind() == io::ErrorKind::BrokenPipe {
            // Whoever reads has seen enough: not a word more. As not all was written, this is no success.
            return Ok(Exit::Failure);
        }
        let name = if output == Path::new("-") {
            "standard output".to_owned()
        } else {
            format!("`{}`", output.display())
        };
        return Err(format!("cannot write to {name}: {error}"));
    }
    if !args.quiet {
        let effort = run.summary.effort(started.elapsed());
        let text = told(&counts, &run.summary, &effort, (left_out, taken), limits);
        let _ = write!(anstream::stderr(), "{text}");
    }
    for problem in &unwritten {
        terminal::problem(problem);
    }
    if unread > 0 {
        let inputs = counted(unread, "input");
        let what =
            if output == Path::new("-") { "sessions may be missing" } else { "nothing was put into place" };
        return Err(format!("{inputs} could not be read to the end; {what}"));
    }
    if !unwritten.is_empty() {
        return Ok(Exit::Failure);
    }
    Ok(if left_out > 0 || has_errors { Exit::Findings } else { Exit::Clean })
}

/// The one that was asked for, or that the name of the file says.
fn format(args: &SessionsArgs, output: &Path) -> Format {
    let has = |path: &Path, ending: &str| path.extension().is_some_and(|is| is.eq_ignore_ascii_case(ending));
    let is_csv = has(output, "csv")
        || has(output, "gz") && output.file_stem().is_some_and(|name| has(Path::new(name), "csv"));
    args.format.unwrap_or(if is_csv { Format::Csv } else { Format::Jsonl })
}

/// What there is to say at the end.
fn told(
    counts: &Counts,
    summary: &crate::summary::Summary,
    effort: &str,
    (left_out, taken): (u64, u64),
    limits: Limits,
) -> String {
    let events = summary.tally.events();
    let mut text = format!(
        "{} of {}, among {} in {} ({effort})\n",
        counted(counts.sessions, "session"),
        counted(counts.events, "event"),
        counted(events.valid + events.invalid, "event"),
        counted(summary.tally.inputs, "input"),
    );
    let horizon = format!("given up after --horizon {}", lengths::show(limits.horizon));
    let room = format!("given up, as more than --max-open {} were open", count(limits.max_open as u64));
    let all = [
        (counts.joined, "began and ended"),
        (counts.ends_alone, "ended, and began where nothing was read"),
        (counts.refused, "are refused logins"),
        (counts.still_open, "are still open"),
        (counts.beyond_horizon, &horizon),
        (counts.too_many, &room),
        (counts.conflicting, "are of events that contradict another of the same session"),
    ];
    for (number, what) in all.into_iter().filter(|(number, _)| *number > 0) {
        let _ = writeln!(text, "  {:>11} {what}", count(number));
    }
    let others = [
        (counts.repeated, "repeated events, which change nothing"),
        (taken, "invalid events, of which what could be read was taken"),
        (left_out, "records left out, as they are invalid"),
        (
            counts.forgotten,
            "sessions and events forgotten for want of room; were they to come again, they would be written again",
        ),
        (summary.left_out, "other files, not read"),
    ];
    let mut others = others.into_iter().filter(|(number, _)| *number > 0).peekable();
    if others.peek().is_some() {
        text.push('\n');
    }
    for (number, what) in others {
        let _ = writeln!(text, "  {:>11} {what}", count(number));
    }
    text
}
