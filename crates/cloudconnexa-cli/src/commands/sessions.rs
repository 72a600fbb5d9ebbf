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

use super::connections;
use super::inputs::{Origin, or_print, or_stdin, print_notes, require_all, run as run_all};
use super::query::suggested;
use crate::args::{SessionsArgs, TableFormat, TopFormat};
use crate::check::{Merger, OutputTarget, RunBuilder};
use crate::connections::Question;
use crate::data_output::is_stdout;
use crate::exit::Exit;
use crate::inputs::{FoundInputs, InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::outputs::Output;
use crate::paths::repository_root;
use crate::settings::{
    self, CheckSettings, FormatName, ReadSettings, ReportOptions, ReportSettings, Settings,
};
use crate::size::{count, counted};
use crate::table::{FinishedTable, SessionTable, Style};
use crate::unreadable::OnUnreadable;
use crate::{signals, terminal, time, visitors};

pub(super) fn run(args: &SessionsArgs) -> Exit {
    or_print(go(args))
}

/// A checked command, ready to run.
pub(super) struct Job<'a> {
    pub(super) args: &'a SessionsArgs,
    pub(super) settings: Settings,
    found: FoundInputs,
    origin: Origin,
    started: Instant,
}

/// A command whose inputs were read.
pub(super) struct FinishedJob<'a> {
    args: &'a SessionsArgs,
    pub(super) run: Merger,
    on_unreadable: OnUnreadable,
    started: Instant,
}

impl<'a> Job<'a> {
    fn new(args: &'a SessionsArgs) -> Result<Self, String> {
        let started = Instant::now();
        let mut settings = settings(args)?;
        let origin = or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog sessions FILE")?;
        let output = output_path(args);
        // The table is the only file that is written, and not an input. Reports set in the config file are not written.
        let file = (!is_stdout(output)).then(|| output.to_owned());
        settings.report.formats = vec![(FormatName::Json, file)];
        let found = lister(args, &settings)?.list_all()?;
        print_notes(&found, args.quiet);
        let on_unreadable = settings.read.on_unreadable;
        require_all(&found, on_unreadable, "so nothing was read, and nothing was written")?;
        signals::watch();
        Ok(Self { args, settings, found, origin, started })
    }

    /// Reads all inputs, with the visitor that `register` adds.
    pub(super) fn run<T>(
        self,
        register: impl FnOnce(RunBuilder) -> (RunBuilder, T),
    ) -> Result<(FinishedJob<'a>, T), String> {
        let Self { args, settings, found, origin, started } = self;
        let target = OutputTarget {
            format: settings.report.format(FormatName::Human),
            output: Some(Output::stderr()),
        };
        // Configured severities do not matter here, as only errors keep a record from being read.
        let (levels, root) = (Levels::errors_only(), repository_root(Path::new(".")));
        let builder = RunBuilder::new(&settings.read, levels, settings.check.levels_root, root)
            .quiet(args.quiet)
            .empty_inputs(settings.check.levels)
            .targets(vec![target], settings.report.max_findings(), 0);
        let (builder, registered) = register(builder);
        let run = run_all(builder, &found, &settings.read);
        origin.refuse_too_few(&run, &found.sources, &settings.read, "INPUT")?;
        let on_unreadable = settings.read.on_unreadable;
        Ok((FinishedJob { args, run, on_unreadable, started }, registered))
    }
}

impl FinishedJob<'_> {
    fn exit_of_reading(&self) -> Exit {
        self.on_unreadable.exit_of(self.run.summary.counts.unread)
    }

    /// Whether all was read that has to be.
    pub(super) fn is_whole(&self) -> bool {
        self.exit_of_reading() < Exit::Failure
    }

    /// How much was read, and how fast.
    pub(super) fn effort(&self) -> String {
        self.run.summary.throughput(self.started.elapsed())
    }

    /// Ends the command, which printed `text` as its summary unless it is quiet, and left out this many records.
    pub(super) fn finish(self, text: &str, left_out: u64) -> Result<Exit, String> {
        let (on_unreadable, run) = (self.on_unreadable, &self.run);
        if !self.args.quiet {
            let skipped =
                if on_unreadable == OnUnreadable::Skip { on_unreadable.summary(run) } else { String::new() };
            let _ = write!(anstream::stderr(), "{text}{skipped}");
        }
        for problem in run.output_failures() {
            terminal::problem(problem);
        }
        let exit = self.exit_of_reading();
        let of_empty = run.empty_inputs.report(self.args.quiet);
        if exit == Exit::Failure {
            let inputs = counted(run.summary.counts.unread, "input");
            let what = if is_stdout(output_path(self.args)) {
                "sessions may be missing"
            } else {
                "nothing was put into place"
            };
            return Err(format!("{inputs} could not be read to the end; {what}{}", on_unreadable.way_out()));
        }
        if !run.output_failures().is_empty() {
            return Ok(Exit::Failure);
        }
        let has_errors = run.summary.counts.findings_of(Severity::Error) > 0;
        Ok(exit.max(of_empty).max(if left_out > 0 || has_errors { Exit::Findings } else { Exit::Clean }))
    }
}

pub(super) fn output_path(args: &SessionsArgs) -> &Path {
    args.output.as_deref().unwrap_or(Path::new("-"))
}

fn settings(args: &SessionsArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions {
        max_findings: args.max_findings,
        show_values: args.connections.show_values,
        ..ReportOptions::default()
    };
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config).with_window(&args.window),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?
            .skipping(&args.skip, &config),
    })
}

fn go(args: &SessionsArgs) -> Result<Exit, String> {
    let question = Question::of(&args.connections);
    if question.is_none() && args.format == Some(TopFormat::Table) {
        return Err("`--format table` needs `--active-at`, `--concurrent` or `--reconnecting`; \
                    the table of sessions is written as `jsonl` or `csv`"
            .to_owned());
    }
    let job = Job::new(args)?;
    match question {
        Some(question) => connections::answer(job, question),
        None => write_table(job),
    }
}

fn write_table(job: Job<'_>) -> Result<Exit, String> {
    let (args, output) = (job.args, output_path(job.args));
    let is_csv = args.format.map_or(suggested(output) == Some("csv"), |format| format == TopFormat::Csv);
    let format = if is_csv { TableFormat::Csv } else { TableFormat::Jsonl };
    let style = Style { format, guarded: !args.no_formula_guard };
    let limits = job.settings.check.window;
    let access = job.settings.read.access.of_output();
    let table = Rc::new(RefCell::new(SessionTable::open(output, access, style, limits)?));
    let (finished, ()) = job.run(|builder| (visitors::sessions::register(builder, &table), ()))?;
    let Some(table) = Rc::into_inner(table) else { return Err("the table is still in use".to_owned()) };
    let table = table.into_inner();
    let (left_out, invalid) = (table.left_out, table.invalid);
    let FinishedTable { counts, failure } = table.finish(finished.is_whole());
    if let Some(error) = failure {
        if is_stdout(output) && error.kind() == io::ErrorKind::BrokenPipe {
            // The reader of our output has seen enough, so nothing more is printed. As not all was written, this is not a
            // success.
            return Ok(Exit::Failure);
        }
        let name =
            if is_stdout(output) { "standard output".to_owned() } else { format!("`{}`", output.display()) };
        return Err(format!("cannot write to {name}: {error}"));
    }
    let text = summary_text(&counts, &finished.run.summary, &finished.effort(), (left_out, invalid), limits);
    finished.finish(&text, left_out)
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
    refuse_among(settings.report.written(), &settings.read.inputs, &settings.read.excluder)?;
    let (lister, _) = InputLister::new(settings.filtered_inputs(&args.filter), settings.own_files())?;
    Ok(lister)
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
        (counts.ends_alone - counts.starts_not_streamed, "ended; their start was not read"),
        (
            counts.starts_not_streamed,
            "ended; no `client-connected` of their tenant was read, as if it were not streamed",
        ),
        (counts.refused, "are refused logins"),
        (counts.still_open, "are still open"),
        (
            counts.ends_not_streamed,
            "began; no `client-disconnected` of their tenant was read, as if it were not streamed",
        ),
        (counts.beyond_horizon, &horizon),
        (counts.too_many, &room),
        (counts.conflicting, "are from events that contradict another event of their session"),
    ];
    for (number, what) in all.into_iter().filter(|(number, _)| *number > 0) {
        let _ = writeln!(text, "  {:>11} {what}", count(number));
    }
    let others = [
        (counts.repeated, "repeated, which changes nothing"),
        (invalid, "invalid, used as far as readable"),
        (left_out, "left out as invalid"),
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
