//! `ccxlog sessions`: one line a session, of the events that begin it and end it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::sessions::{Counts, Limits};

use crate::args::SessionsArgs;
use crate::exit::Exit;
use crate::inputs::{InputLister, canonical};
use crate::levels::Levels;
use crate::outputs::Output;
use crate::paths::repository_root;
use crate::run::{self, Lenses, Plan, Sink, Task};
use crate::settings::{
    self, CheckSettings, FormatName, ReadSettings, ReportOptions, ReportSettings, Settings,
};
use crate::size::{count, counted};
use crate::table::{Done, Format, Style, Table};
use crate::{signals, terminal, time};
use cloudconnexa_reader::Prefetch;

pub(super) fn run(args: &SessionsArgs) -> Exit {
    go(args).unwrap_or_else(|problem| {
        terminal::problem(&problem);
        Exit::Failure
    })
}

fn settings(args: &SessionsArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config)?;
    let report = ReportOptions { max_findings: args.max_findings, ..ReportOptions::default() };
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config).with_window(&args.window),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?,
    })
}

fn go(args: &SessionsArgs) -> Result<Exit, String> {
    let started = Instant::now();
    let mut settings = settings(args)?;
    let is_pipe = settings.read.inputs.is_empty();
    if is_pipe {
        if io::stdin().is_terminal() {
            return Err(
                "no INPUT, and standard input is a terminal; try `ccxlog sessions FILE`, or `--help`"
                    .to_owned(),
            );
        }
        settings.read.inputs.push(PathBuf::from("-"));
    }
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    // The one file that is written: it is none of the inputs. Reports that a config file asks for are not.
    let file = (output != Path::new("-")).then(|| output.to_owned());
    settings.report.formats = vec![(FormatName::Json, file)];
    // What a team decided about findings says nothing of what can be read.
    settings.check.levels = Levels::default();

    let found = lister(args, &settings)?.list_all()?;
    for note in found.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }
    if !found.problems.is_empty() {
        for problem in &found.problems {
            terminal::problem(problem);
        }
        return Err("not all inputs can be had; nothing was read, and nothing was written".to_owned());
    }
    signals::watch();
    let style = Style { format: format(args, output), guarded: !args.no_formula_guard };
    let limits = settings.check.window;
    let table = Table::open(output, style, limits)?;
    let task = Task {
        sinks: vec![Sink {
            format: settings.report.format(FormatName::Human),
            output: Some(Output::stderr()),
        }],
        max_findings: settings.report.max_findings(),
        max_results: 0,
        root: repository_root(Path::new(".")),
        baseline: None,
        draft: None,
        problems: Vec::new(),
        parts: None,
        table: Some(table),
        state: None,
        overview: None,
    };
    let _prefetch = Prefetch::new(&found.sources, settings.read.threads);
    let plan = Plan {
        max_record_bytes: settings.read.max_record_bytes,
        inflating: settings.read.inflating,
        threads: settings.read.threads,
        quiet: args.quiet,
        levels: settings.check.levels,
        levels_root: settings.check.levels_root,
        groups: None,
        baseline: None,
        replays: false,
        semantics: None,
        stream: None,
        lenses: Lenses::default(),
    };
    let mut run = run::run(&found.sources, plan, task);
    run.summary.left_out = found.left_out;
    let tally = &run.summary.counts;
    if is_pipe && tally.empty > 0 {
        return Err("no INPUT, and nothing came on standard input; give `-` if it may be empty".to_owned());
    }
    let (unread, has_errors, unwritten) =
        (tally.unread, tally.findings_of(Severity::Error) > 0, run.unwritten.clone());
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
        let effort = run.summary.throughput(started.elapsed());
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

/// Lists the inputs. Returns an error if one of them would be overwritten.
fn lister<'a>(args: &SessionsArgs, settings: &'a Settings) -> Result<InputLister<'a>, String> {
    let named: HashSet<_> = settings.read.inputs.iter().map(|path| canonical(path)).collect();
    if let Some(path) = settings.report.written().find(|path| named.contains(&canonical(path))) {
        return Err(format!(
            "`{}` is an input, and would be overwritten; write to another file",
            path.display()
        ));
    }
    let (lister, _) = InputLister::new(settings.filtered_inputs(&args.filter), settings.own_files())?;
    Ok(lister)
}

/// The one that was asked for, or that the name of the file says.
fn format(args: &SessionsArgs, output: &Path) -> Format {
    let has = |path: &Path, ending: &str| path.extension().is_some_and(|is| is.eq_ignore_ascii_case(ending));
    let is_csv = has(output, "csv")
        || has(output, "gz") && output.file_stem().is_some_and(|name| has(Path::new(name), "csv"));
    args.format.map_or(if is_csv { Format::Csv } else { Format::Jsonl }, Format::from)
}

/// What there is to say at the end.
fn told(
    counts: &Counts,
    summary: &cloudconnexa_report::Summary,
    effort: &str,
    (left_out, taken): (u64, u64),
    limits: Limits,
) -> String {
    let events = summary.counts.events();
    let mut text = format!(
        "{} of {}, among {} in {} ({effort})\n",
        counted(counts.sessions, "session"),
        counted(counts.events, "event"),
        counted(events.valid + events.invalid, "event"),
        counted(summary.counts.inputs, "input"),
    );
    let horizon = format!("given up after --horizon {}", time::format_duration(limits.horizon));
    let room = format!("given up, as more than --max-open {} were open", count(limits.most as u64));
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
