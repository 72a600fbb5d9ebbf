//! `ccxlog convert`: valid events become rows of typed tables, or events of SIEMs.

mod target;

use std::cell::RefCell;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::io::Write as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use cloudconnexa_reader::Source;
use cloudconnexa_report::Masking;
use cloudconnexa_validator::Severity;
use siphasher::sip::SipHasher13;

use super::inputs::{before, is_nothing_new, or_print, or_stdin, print_notes, require_all, run as run_all};
use crate::args::{ConvertArgs, ConvertForm};
use crate::check::{Merger, RunBuilder};
use crate::convert::{ConvertOutputs, Converted, InputId};
use crate::data_output::{Unwritten, is_stdout};
use crate::exit::Exit;
use crate::inputs::{FoundInputs, InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::paths::repository_root;
use crate::settings::{self, CheckSettings, ReadSettings, ReportOptions, ReportSettings, Settings};
use crate::size::{count, counted};
use crate::state::{State, identity};
use crate::unreadable::OnUnreadable;
use crate::visitors::convert::{self, Conversion};
use crate::{signals, terminal};
use target::Target;

/// The longest record that can be converted: Arrow stores offsets into text in 31 bits.
const MAX_RECORD_BYTES: usize = 1 << 30;

pub(super) fn run(args: &ConvertArgs) -> Exit {
    or_print(go(args))
}

fn go(args: &ConvertArgs) -> Result<Exit, String> {
    let started = Instant::now();
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions { show_values: args.show_values, ..ReportOptions::default() };
    let mut settings = Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?
            .skipping(&args.skip, &config),
    };
    if settings.read.max_record_bytes > MAX_RECORD_BYTES {
        return Err("`--max-record-bytes` is at most 1 GiB here, as tables have no longer texts".to_owned());
    }
    let origin =
        or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog convert FILE --to parquet --output FOLDER")?;
    let target = Target::new(args)?;
    if is_stdout(&args.output) && settings.report.values_for_people() == Masking::Masked {
        return Err(
            "events are not written to standard output where `CI` is set, as others may read its log; \
                    give `--show-values`, or a file as `--output`"
                .to_owned(),
        );
    }
    let (found, state) = list(args, &settings, &target)?;
    let Settings { read, check, .. } = settings;
    print_notes(&found, args.quiet);
    let on_unreadable = read.on_unreadable;
    require_all(&found, on_unreadable, "so nothing was read, and nothing was put into place")?;
    let has_state = state.is_some();
    if has_state && found.sources.is_empty() {
        note_nothing_new(args, found.done_before, found.unread_before);
        return Ok(on_unreadable.exit_of(found.problems.len() as u64));
    }
    signals::watch();
    let outputs =
        target.open(args, (&read.access, read.threads > 1), state.as_ref(), || prefix(&found.sources))?;
    let outputs = Rc::new(RefCell::new(outputs));
    let conversion = Arc::new(Conversion { form: target.form(), names: target.names });
    // Configured severities do not matter here: an event is invalid if the schema does not allow it.
    let (levels, root) = (Levels::errors_only(), repository_root(Path::new(".")));
    let builder = RunBuilder::new(&read, levels, check.levels_root, root)
        .quiet(args.quiet)
        .empty_inputs(check.levels)
        .state(state);
    let mut run = run_all(convert::register(builder, conversion, &outputs), &found, &read);
    origin.refuse_too_few(&run, &found.sources, &read, "INPUT")?;
    let outputs = Rc::into_inner(outputs).ok_or("the outputs are still in use")?.into_inner();
    if is_nothing_new(&run, has_state, on_unreadable) {
        note_nothing_new(args, run.summary.done_before, run.summary.unread_before);
        run.finish_state()?;
        return Ok(on_unreadable.exit_of(run.summary.counts.unread));
    }
    let Some(converted) = put_into_place(outputs, &mut run, on_unreadable)? else {
        // The reader of standard output has seen enough. As not all was written, this is not a success.
        return Ok(Exit::Failure);
    };
    if !args.quiet {
        let _ = write!(anstream::stderr(), "{}", summary(args, &run, &converted, started, on_unreadable));
    }
    let rejected = converted.records.rejected.records;
    let errors = run.summary.counts.findings_of(Severity::Error);
    if rejected == 0 && errors > 0 {
        // Such as a comma that an array lacks.
        let problems = counted(errors, "problem");
        terminal::problem(&format!(
            "{problems} between records, of which none is lost; `ccxlog validate` shows where"
        ));
    }
    let exit = if rejected == 0 && errors == 0 { Exit::Clean } else { Exit::Findings };
    let of_empty = run.empty_inputs.report(args.quiet);
    Ok(exit.max(of_empty).max(on_unreadable.exit_of(run.summary.counts.unread)))
}

/// Lists the inputs, and opens the state file. An error is a sentence.
fn list(
    args: &ConvertArgs,
    settings: &Settings,
    target: &Target,
) -> Result<(FoundInputs, Option<State>), String> {
    let (selection, read) = (&args.selection, &settings.read);
    let file = target.is_file().then_some(args.output.as_path());
    let files = || file.into_iter().chain(args.rejected.as_deref()).chain(selection.state.as_deref());
    if files().filter(|path| is_stdout(path)).count() > 1 {
        return Err("`-` is given for two outputs; write one of them to a file".to_owned());
    }
    let named: Vec<&Path> = files().filter(|path| !is_stdout(path)).collect();
    for (index, path) in named.iter().enumerate() {
        let is_device = path.exists() && !path.is_file();
        if !is_device && named[..index].iter().any(|other| canonical(other) == canonical(path)) {
            return Err(format!("`{}` is given for two files; give each its own", path.display()));
        }
        let is_input = |input: &&std::path::PathBuf| input.is_file() && canonical(input) == canonical(path);
        if let Some(input) = read.inputs.iter().find(is_input) {
            let input = input.display();
            return Err(format!("`{input}` is an input and would be overwritten; name another output"));
        }
    }
    refuse_among(named.iter().copied(), &read.inputs, &read.excluder)?;
    if !target.is_file()
        && let Some(input) = read
            .inputs
            .iter()
            .find(|input| input.is_dir() && canonical(&args.output).starts_with(canonical(input)))
    {
        return Err(format!(
            "the folder `{}` is in `{}`, which is read; write elsewhere",
            args.output.display(),
            input.display()
        ));
    }
    let filter = settings::filter_options(&selection.filter, selection.state.as_deref());
    let options = settings.input_options(filter, &selection.filter.network);
    let (mut lister, note) = InputLister::new(options, named.into_iter())?;
    if let Some(note) = note.filter(|_| !args.quiet) {
        terminal::note(&note);
    }
    let found = lister.list_all()?;
    Ok((found, lister.filter.state.take()))
}

/// Returns the prefix of file names for a run that adds to earlier runs. The same inputs give the same prefix.
fn prefix(sources: &[Source]) -> String {
    let mut hasher = SipHasher13::new();
    for source in sources {
        let identity = identity(source).map(|(name, content)| InputId { name, content });
        let text = identity.and_then(|identity| serde_json::to_string(&identity).ok());
        hasher.write(text.unwrap_or_else(|| source.name()).as_bytes());
        hasher.write(&[0]);
    }
    format!("part-{:016x}", hasher.finish())
}

/// Puts the outputs into place, if everything that is required was read, and all of it accounted for. Returns `None` if the
/// reader of standard output has seen enough. An error is a sentence.
fn put_into_place(
    outputs: ConvertOutputs,
    run: &mut Merger,
    on_unreadable: OnUnreadable,
) -> Result<Option<Converted>, String> {
    let counts = &run.summary.counts;
    if !outputs.has_failed() && on_unreadable.exit_of(counts.unread) == Exit::Failure {
        let inputs = counted(counts.unread, "input");
        let way_out = on_unreadable.way_out();
        return Err(format!("{inputs} could not be read to the end; nothing was put into place{way_out}"));
    }
    let finished = match outputs.finish() {
        Ok(finished) => finished,
        Err(Unwritten::Closed) => return Ok(None),
        Err(Unwritten::Failed(message)) => return Err(message),
    };
    let converted = finished.converted;
    let records = &converted.records;
    let sums = [
        ("bytes", counts.bytes, records.bytes()),
        ("valid records", records.accepted.records, converted.rows + converted.left_out),
        ("rows", converted.rows, converted.written_rows),
    ];
    if let Some((what, of, are)) = sums.into_iter().find(|(_, of, are)| of != are) {
        return Err(format!(
            "{} {what} came in and {} are accounted for, which is a bug in ccxlog; nothing was put into place",
            count(of),
            count(are)
        ));
    }
    let newest = run.state().as_ref().and_then(State::newest);
    let input = newest.map(|(name, content)| InputId { name: name.clone(), content: content.clone() });
    let folder = match finished.commit(input) {
        Ok(folder) => folder,
        Err(Unwritten::Closed) => return Ok(None),
        Err(Unwritten::Failed(message)) => return Err(message),
    };
    if let Err(problem) = run.finish_state() {
        return Err(format!("{problem}; the files are in place, and the next run replaces them"));
    }
    folder.map_or(Ok(()), crate::convert::CommittedFolder::confirm)?;
    Ok(Some(converted))
}

/// Notes that the outputs stay as they are, unless the command is quiet.
fn note_nothing_new(args: &ConvertArgs, read: u64, unreadable: u64) {
    if !args.quiet {
        let before = before(read, unreadable);
        terminal::note(&format!("nothing is new, so the output is left as it is; {before}"));
    }
}

/// Returns the summary that is printed at the end.
fn summary(
    args: &ConvertArgs,
    run: &Merger,
    converted: &Converted,
    started: Instant,
    on_unreadable: OnUnreadable,
) -> String {
    let summary = &run.summary;
    let inputs = counted(summary.counts.inputs, "input");
    let records = converted.records.accepted.records + converted.records.rejected.records;
    let (is_table, throughput) =
        (matches!(args.to, ConvertForm::Parquet | ConvertForm::Csv), summary.throughput(started.elapsed()));
    let mut text = format!(
        "{} of {} in {inputs}",
        counted(converted.rows, if is_table { "row" } else { "event" }),
        counted(records, "record"),
    );
    if converted.files > 1 || converted.files > 0 && is_table {
        let tables = match converted.tables {
            _ if is_table => counted(converted.tables, "table"),
            1 => "1 class".to_owned(),
            classes => format!("{} classes", count(classes)),
        };
        let _ = write!(text, ", in {} of {tables}", counted(converted.files, "file"));
    }
    let _ = writeln!(text, " ({throughput})");
    let rejected = match &args.rejected {
        Some(path) => format!("invalid, written to `{}`", path.display()),
        None => "invalid, left out; `--rejected FILE` keeps them, with the reasons".to_owned(),
    };
    let has_extra = args.columns.is_empty() || args.columns.iter().any(|column| column == "_extra");
    let (unknown_event, unknown_field) = match args.to {
        ConvertForm::Parquet | ConvertForm::Csv if !has_extra => (
            "of events that the schema does not describe, in `unknown_event`",
            "with fields that the schema does not describe, left out; add the column `_extra`",
        ),
        ConvertForm::Parquet | ConvertForm::Csv => (
            "of events that the schema does not describe, in `unknown_event`",
            "with fields that the schema does not describe, in `_extra`",
        ),
        ConvertForm::Ocsf => (
            "of events that the schema does not describe, in the class Base Event",
            "with fields that the schema does not describe, in `unmapped`",
        ),
        ConvertForm::Ecs => (
            "of events that the schema does not describe",
            "with fields that the schema does not describe, below `cloudconnexa`",
        ),
    };
    let counts = [
        (converted.records.rejected.records, &*rejected),
        (converted.left_out, "of other events than `--event` names"),
        (converted.unknown_events, unknown_event),
        (converted.with_unknown_fields, unknown_field),
        (summary.done_before, "inputs read by an earlier run"),
        (summary.unread_before, "unreadable inputs reported by an earlier run"),
    ];
    let counts = counts.into_iter().map(|(number, what)| (number, what.to_owned()));
    for (number, what) in counts.chain(summary.left_out.reasons()).filter(|(number, _)| *number > 0) {
        let _ = writeln!(text, "  {:>11} {what}", count(number));
    }
    if converted.rows == 0 && converted.records.rejected.records > 0 {
        text.push_str("nothing was converted; `ccxlog validate` with the same inputs shows what is wrong\n");
    }
    if on_unreadable == OnUnreadable::Skip {
        text.push_str(&on_unreadable.summary(run));
    }
    text
}
