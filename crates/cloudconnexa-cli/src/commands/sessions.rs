//! `ccxlog sessions`: one line per session, joined from the events at its start and end.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::sessions::{Counts, Limits};

use super::inputs::{or_print, or_stdin, print_notes, require_all, run as run_all};
use crate::args::{SessionsArgs, TableFormat};
use crate::check::{OutputTarget, RunBuilder};
use crate::exit::Exit;
use crate::inputs::{InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::outputs::Output;
use crate::paths::repository_root;
use crate::settings::{
    self, CheckSettings, FormatName, ReadSettings, ReportOptions, ReportSettings, Settings,
};
use crate::size::{count, counted};
use crate::table::{FinishedTable, SessionTable, Style};
use crate::{signals, terminal, time, visitors};

pub(super) fn run(args: &SessionsArgs) -> Exit {
    or_print(go(args))
}

fn settings(args: &SessionsArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
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
    let origin = or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog sessions FILE")?;
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    // The table is the only file that is written, and not an input. Reports set in the config file are not written.
    let file = (output != Path::new("-")).then(|| output.to_owned());
    settings.report.formats = vec![(FormatName::Json, file)];
    let found = lister(args, &settings)?.list_all()?;
    print_notes(&found, args.quiet);
    require_all(&found, "so nothing was read, and nothing was written")?;
    signals::watch();
    let style = Style { format: format(args, output), guarded: !args.no_formula_guard };
    let limits = settings.check.window;
    let access = settings.read.access.of_output();
    let table = Rc::new(RefCell::new(SessionTable::open(output, access, style, limits)?));
    let target =
        OutputTarget { format: settings.report.format(FormatName::Human), output: Some(Output::stderr()) };
    // Configured severities do not matter here, as only errors keep a record from being read.
    let (levels, root) = (Levels::errors_only(), repository_root(Path::new(".")));
    let builder = RunBuilder::new(&settings.read, levels, settings.check.levels_root, root)
        .quiet(args.quiet)
        .targets(vec![target], settings.report.max_findings(), 0);
    let run = run_all(visitors::sessions::register(builder, &table), &found, &settings.read);
    origin.refuse_too_few(&run, &found.sources, &settings.read, "INPUT")?;
    let run_counts = &run.summary.counts;
    let (unread, has_errors, unwritten) =
        (run_counts.unread, run_counts.findings_of(Severity::Error) > 0, run.output_failures().to_vec());
    let Some(table) = Rc::into_inner(table) else { return Err("the table is still in use".to_owned()) };
    let table = table.into_inner();
    let (left_out, invalid) = (table.left_out, table.invalid);
    let FinishedTable { counts, failure } = table.finish(unread == 0);
    if let Some(error) = failure {
        if output == Path::new("-") && error.kind() == io::ErrorKind::BrokenPipe {
            // The reader of our output has seen enough, so nothing more is printed. As not all was written, this is not a
            // success.
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
        let text = summary_text(&counts, &run.summary, &effort, (left_out, invalid), limits);
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
    for table in settings.report.written() {
        refuse_among(table, &settings.read.inputs, &settings.read.excluder)?;
    }
    let (lister, _) = InputLister::new(settings.filtered_inputs(&args.filter), settings.own_files())?;
    Ok(lister)
}

/// Returns the format that was asked for, or the one that matches the name of the file.
fn format(args: &SessionsArgs, output: &Path) -> TableFormat {
    let has = |path: &Path, wanted: &str| path.extension().is_some_and(|is| is.eq_ignore_ascii_case(wanted));
    let is_csv = has(output, "csv")
        || has(output, "gz") && output.file_stem().is_some_and(|name| has(Path::new(name), "csv"));
    args.format.unwrap_or(if is_csv { TableFormat::Csv } else { TableFormat::Jsonl })
}

/// Returns the summary that is printed at the end.
fn summary_text(
    counts: &Counts,
    summary: &cloudconnexa_report::Summary,
    effort: &str,
    (left_out, invalid): (u64, u64),
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
    let room = format!("given up, as more than --max-open {} were open", count(limits.max_open as u64));
    let all = [
        (counts.joined, "began and ended"),
        (counts.ends_alone, "ended; their start was not read"),
        (counts.refused, "are refused logins"),
        (counts.still_open, "are still open"),
        (counts.beyond_horizon, &horizon),
        (counts.too_many, &room),
        (counts.conflicting, "are from events that contradict another event of their session"),
    ];
    for (number, what) in all.into_iter().filter(|(number, _)| *number > 0) {
        let _ = writeln!(text, "  {:>11} {what}", count(number));
    }
    let others = [
        (counts.repeated, "repeated events, which change nothing"),
        (invalid, "invalid events, used as far as they could be read"),
        (left_out, "records left out, as they are invalid"),
        (
            counts.forgotten,
            "sessions and events forgotten for lack of room; if they occur again, they are written again",
        ),
    ];
    let others = others.map(|(number, what)| (number, what.to_owned())).into_iter();
    let others = others.chain(summary.left_out.reasons()).filter(|(number, _)| *number > 0);
    for (index, (number, what)) in others.enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{gap}  {:>11} {what}", count(number));
    }
    text
}
