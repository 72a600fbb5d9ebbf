//! What the commands share that look for events and write what they find: inputs, a filter, an output, and the end.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use cloudconnexa_report::Masking;

use super::inputs::{Origin, before, is_nothing_new, or_stdin, print_notes, require_all, run as run_all};
use crate::args::QueryArgs;
use crate::check::{Merger, RunBuilder};
use crate::data_output::{DataOutput, Unwritten, is_stdout};
use crate::exit::Exit;
use crate::filter::{EventFilter, Field, LookedAt};
use crate::inputs::{FoundInputs, InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::paths::repository_root;
use crate::settings::{self, CheckSettings, ReadSettings, ReportOptions, ReportSettings, Settings};
use crate::size::{count, counted};
use crate::state::State;
use crate::unreadable::OnUnreadable;
use crate::{signals, terminal};

/// A checked command, ready to run.
pub(super) struct Query<'a> {
    args: &'a QueryArgs,
    settings: Settings,
    found: FoundInputs,
    origin: Origin,
    /// Records which inputs were read.
    state: Option<State>,
    started: Instant,
}

/// A query whose inputs were read.
pub(super) struct FinishedQuery<'a> {
    args: &'a QueryArgs,
    run: Merger,
    on_unreadable: OnUnreadable,
    has_state: bool,
    started: Instant,
}

/// What a query has found, in words.
pub(super) struct QueryResult<'a> {
    /// The first line of the summary, …
    pub(super) text: String,
    /// … which is all of it, as the rest of the inputs was not read.
    pub(super) is_partial: bool,
    pub(super) looked_at: LookedAt,
    /// Further counts for the summary.
    pub(super) others: &'a [(u64, &'a str)],
    /// Why nothing was found, if nothing was.
    pub(super) explanation: Option<String>,
    /// What the result lacks of what was read.
    pub(super) problems: Vec<String>,
}

impl<'a> Query<'a> {
    /// Reads the settings and lists the inputs. `example` is for the message if there are none.
    pub(super) fn new(args: &'a QueryArgs, example: &str) -> Result<Self, String> {
        let started = Instant::now();
        let mut settings = settings(args)?;
        let origin = or_stdin(&mut settings.read.inputs, "INPUT", example)?;
        let (selection, own) = (&args.selection, own_files(args));
        for path in &own {
            refuse_overwriting(path, &settings)?;
        }
        if let [output, state] = own[..]
            && canonical(output) == canonical(state)
        {
            let name = state.display();
            return Err(format!("`--state` and `--output` are both `{name}`; give each its own"));
        }
        refuse_among(own.iter().copied(), &settings.read.inputs, &settings.read.excluder)?;
        let filter = settings::filter_options(&selection.filter, selection.state.as_deref());
        let options = settings.input_options(filter, &selection.filter.network);
        let (mut lister, note) = InputLister::new(options, own.into_iter())?;
        if let Some(note) = note.filter(|_| !args.quiet) {
            terminal::note(&note);
        }
        let found = lister.list_all()?;
        let state = lister.filter.state.take();
        print_notes(&found, args.quiet);
        let on_unreadable = settings.read.on_unreadable;
        require_all(&found, on_unreadable, "so nothing was read, and nothing was written")?;
        Ok(Self { args, settings, found, origin, state, started })
    }

    /// Where results are written.
    pub(super) fn output_path(&self) -> &'a Path {
        output_path(self.args)
    }

    /// Whether values of events are masked in messages.
    pub(super) fn message_masking(&self) -> Masking {
        self.settings.report.values_for_people()
    }

    /// Whether values of events are masked. A file that was asked for has them.
    pub(super) fn masking(&self) -> Masking {
        if is_stdout(self.output_path()) { self.settings.report.values_for_people() } else { Masking::Shown }
    }

    /// Prints what those may not expect who name these fields, or filter in this way.
    pub(super) fn explain<'f>(&self, filter: &'f EventFilter, fields: impl Iterator<Item = &'f Field>) {
        if self.args.quiet {
            return;
        }
        let mut noted = Vec::new();
        let fields: Vec<_> = filter.fields().chain(fields).collect();
        filter.doubts().for_each(|doubt| terminal::note(&doubt));
        fields.iter().filter_map(|field| field.doubt()).for_each(|doubt| terminal::note(&doubt));
        for field in fields {
            let Some(namesake) = field.namesake() else { continue };
            if !noted.contains(&namesake) {
                let name = field.name();
                terminal::note(&format!(
                    "`{name}` is the field of the header; that of `log` is `{namesake}`"
                ));
                noted.push(namesake);
            }
        }
    }

    /// If an earlier run has read all inputs, so that its file is left as it is, says so, and returns how the command ends.
    pub(super) fn if_up_to_date(&self) -> Option<Exit> {
        let found = &self.found;
        if self.state.is_none() || !found.sources.is_empty() || is_stdout(self.output_path()) {
            return None;
        }
        note_nothing_new(self.args, found.done_before, found.unread_before);
        Some(self.settings.read.on_unreadable.exit_of(found.problems.len() as u64))
    }

    /// Opens the output.
    pub(super) fn open(&self) -> Result<DataOutput, String> {
        signals::watch();
        DataOutput::open(self.output_path(), self.settings.read.access.of_output())
    }

    /// Reads all inputs, with the visitor that `register` adds.
    pub(super) fn run<T>(
        self,
        register: impl FnOnce(RunBuilder) -> (RunBuilder, T),
    ) -> Result<(FinishedQuery<'a>, T), String> {
        let Self { args, settings, found, origin, state, started } = self;
        let has_state = state.is_some();
        // Configured severities do not matter here: an event is invalid if the schema does not allow it.
        let (levels, root) = (Levels::errors_only(), repository_root(Path::new(".")));
        let builder = RunBuilder::new(&settings.read, levels, settings.check.levels_root, root)
            .quiet(args.quiet)
            .empty_inputs(settings.check.levels)
            .state(state);
        let (builder, registered) = register(builder);
        let run = run_all(builder, &found, &settings.read);
        origin.refuse_too_few(&run, &found.sources, &settings.read, "INPUT")?;
        let on_unreadable = settings.read.on_unreadable;
        Ok((FinishedQuery { args, run, on_unreadable, has_state, started }, registered))
    }
}

impl FinishedQuery<'_> {
    /// Whether a file may be put into place: all was read that has to be, and it would not replace that of an earlier run by
    /// an empty one.
    pub(super) fn is_whole(&self) -> bool {
        self.exit_of_reading() < Exit::Failure && !self.is_up_to_date()
    }

    /// Whether the file is left as it is, because nothing could be read that is new.
    fn is_up_to_date(&self) -> bool {
        is_nothing_new(&self.run, self.has_state, self.on_unreadable) && !is_stdout(output_path(self.args))
    }

    fn exit_of_reading(&self) -> Exit {
        self.on_unreadable.exit_of(self.run.summary.counts.unread)
    }

    /// How many records there are, in words.
    pub(super) fn records(&self) -> String {
        counted(self.run.summary.counts.events().total(), "record")
    }

    /// Ends the command, once its output has ended as `written` says.
    pub(super) fn finish(
        mut self,
        written: Result<(), Unwritten>,
        result: &QueryResult<'_>,
    ) -> Result<Exit, String> {
        match written {
            // Nothing more is printed. As not all was written, this is not a success.
            Err(Unwritten::Closed) => return Ok(Exit::Failure),
            Err(Unwritten::Failed(message)) => return Err(message),
            Ok(()) => {}
        }
        if self.is_up_to_date() {
            let summary = &self.run.summary;
            note_nothing_new(self.args, summary.done_before, summary.unread_before);
            self.run.finish_state()?;
            return Ok(self.exit_of_reading());
        }
        if !self.args.quiet {
            let text = self.summary(result);
            let _ = write!(anstream::stderr(), "{text}");
        }
        if let Some(explanation) = result.explanation.as_ref().filter(|_| !self.args.quiet) {
            terminal::note(explanation);
        }
        let not_looked_at = (result.looked_at.not > 0).then(|| {
            let records = counted(result.looked_at.not, "record");
            format!("{records} not looked at: not JSON objects, or too long; `ccxlog validate` shows where")
        });
        for problem in not_looked_at.iter().chain(&result.problems) {
            terminal::problem(problem);
        }
        let exit = self.exit_of_reading();
        // How much was read beyond what was wanted depends on the number of threads.
        let of_empty =
            if result.is_partial { Exit::Clean } else { self.run.empty_inputs.report(self.args.quiet) };
        if exit == Exit::Failure {
            let inputs = counted(self.run.summary.counts.unread, "input");
            let what = if is_stdout(output_path(self.args)) {
                "the result lacks the rest"
            } else {
                "nothing was put into place"
            };
            let way_out = self.on_unreadable.way_out();
            return Err(format!("{inputs} could not be read to the end; {what}{way_out}"));
        }
        self.run.finish_state()?;
        let is_complete = not_looked_at.is_none() && result.problems.is_empty();
        Ok(exit.max(of_empty).max(if is_complete { Exit::Clean } else { Exit::Findings }))
    }

    /// Returns the summary that is printed at the end.
    fn summary(&self, result: &QueryResult<'_>) -> String {
        let (text, summary) = (&result.text, &self.run.summary);
        if result.is_partial {
            return format!("{text}; the rest was not read\n");
        }
        let inputs = counted(summary.counts.inputs, "input");
        let mut text = format!("{text} in {inputs} ({})\n", summary.throughput(self.started.elapsed()));
        let always = [
            (result.looked_at.invalid, "invalid, looked at as far as readable"),
            (summary.done_before, "inputs read by an earlier run"),
            (summary.unread_before, "unreadable inputs reported by an earlier run"),
        ];
        let counts =
            result.others.iter().copied().chain(always).map(|(number, what)| (number, what.to_owned()));
        for (number, what) in counts.chain(summary.left_out.reasons()).filter(|(number, _)| *number > 0) {
            let _ = writeln!(text, "  {:>11} {what}", count(number));
        }
        if self.on_unreadable == OnUnreadable::Skip {
            text.push_str(&self.on_unreadable.summary(&self.run));
        }
        text
    }
}

/// Notes that the output stays as it is, unless the command is quiet.
fn note_nothing_new(args: &QueryArgs, read: u64, unreadable: u64) {
    if !args.quiet {
        let before = before(read, unreadable);
        terminal::note(&format!("nothing is new, so the output is left as it is; {before}"));
    }
}

/// Returns the format that the name of a file suggests: `csv` or `json`.
pub(super) fn suggested(output: &Path) -> Option<&'static str> {
    let is = |path: &Path, wanted: &str| path.extension().is_some_and(|is| is.eq_ignore_ascii_case(wanted));
    let plain = match output.file_stem().filter(|_| is(output, "gz")) {
        Some(stem) => Path::new(stem),
        None => output,
    };
    let formats = [("csv", "csv"), ("json", "json"), ("jsonl", "json"), ("ndjson", "json")];
    formats.into_iter().find(|(extension, _)| is(plain, extension)).map(|(_, format)| format)
}

fn settings(args: &QueryArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions { show_values: args.show_values, ..ReportOptions::default() };
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?
            .skipping(&args.skip, &config),
    })
}

fn output_path(args: &QueryArgs) -> &Path {
    args.output.as_deref().unwrap_or(Path::new("-"))
}

/// Returns the files that are written: the output, and the state.
fn own_files(args: &QueryArgs) -> Vec<&Path> {
    let output = Some(output_path(args)).filter(|path| !is_stdout(path));
    output.into_iter().chain(args.selection.state.as_deref()).collect()
}

fn refuse_overwriting(path: &Path, settings: &Settings) -> Result<(), String> {
    // A device such as `/dev/null` may be both.
    let is_input = |input: &&std::path::PathBuf| input.is_file() && canonical(input) == canonical(path);
    match settings.read.inputs.iter().find(is_input) {
        Some(input) => {
            Err(format!("`{}` is an input, and would be overwritten; write to another file", input.display()))
        }
        None => Ok(()),
    }
}
