//! `ccxlog validate`: checks events, and reports what is wrong and where.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cloudconnexa_events::SCHEMA;
use cloudconnexa_reader::Pattern;
use cloudconnexa_report::overview::{EarlierProfile, Overview};
use cloudconnexa_report::{GoneFinding, Masking, Summary};
use cloudconnexa_validator::semantics::StreamCounts;
use cloudconnexa_validator::sessions::Limits;
use cloudconnexa_validator::{Severity, Validator};

use super::inputs::{
    Origin, before, check_output, has_nothing_to_report, or_print, or_stdin, print_notes, print_problems,
    run as run_all, too_few_events,
};
use crate::args::ValidateArgs;
use crate::baseline::{Baseline, BaselineBuilder};
use crate::check::{Format, Merger, OutputTarget, RunBuilder};
use crate::drift;
use crate::exit::Exit;
use crate::follow;
use crate::inputs::{FoundInputs, InputLister, canonical, refuse_among, unknown_events, unmatched_events};
use crate::levels::RuleSet;
use crate::outputs::{self, Access, Output, foreign};
use crate::paths::repository_root;
use crate::settings::{
    self, CheckSettings, FormatName, ReadSettings, ReportOptions, ReportSettings, Settings,
};
use crate::state::State;
use crate::unreadable::OnUnreadable;
use crate::visitors::overview::SharedOverview;
use crate::{released, signals, size, terminal};

/// How many findings of a baseline that no longer occur are printed.
const MAX_STALE: usize = 10;

pub(super) fn run(args: &ValidateArgs) -> Exit {
    or_print(prepare(args).and_then(|prepared| go(args, prepared)))
}

/// The settings and files that are checked before anything is read.
struct Prepared {
    settings: Settings,
    baseline: Option<Baseline>,
    earlier: Option<EarlierProfile>,
    origin: Origin,
    /// If not by the schema that is built in.
    validator: Option<&'static Validator>,
}

fn settings(args: &ValidateArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions {
        formats: &args.format,
        output: args.output.as_deref(),
        page: args.report.as_deref(),
        max_findings: args.max_findings,
        show_values: args.show_values,
    };
    let mut check = CheckSettings::new(&config);
    // A new baseline has all findings, so that no other applies.
    check.baseline = args.baseline.clone().or(check.baseline).filter(|_| args.write_baseline.is_none());
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: check
            .with_severities(&args.severity)?
            .with_rules(RuleSet::from_flags(args.semantic, args.stateful))
            .with_window(&args.window)
            .at(args.now),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?
            .skipping(&args.skip, &config),
    })
}

fn prepare(args: &ValidateArgs) -> Result<Prepared, String> {
    let mut settings = settings(args)?;
    let origin = or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog validate FILE")?;
    let baseline = settings.check.baseline.as_deref().map(Baseline::read).transpose()?;
    if args.follow.follow {
        follow::check(&settings.read.inputs)?;
    }
    if args.against.is_some() && !settings.report.has_page() {
        return Err(
            "`--against` is about the page of `--report FILE`; to see differences alone, use `ccxlog drift`"
                .to_owned(),
        );
    }
    let earlier = args.against.as_deref().map(|path| {
        let profile = drift::read_profile(path)?;
        settings.read.access.add_path(path);
        Ok::<_, String>(EarlierProfile { name: path.display().to_string(), profile })
    });
    let validator = args.schema_version.as_deref().map(validator).transpose()?.flatten();
    Ok(Prepared { settings, baseline, earlier: earlier.transpose()?, origin, validator })
}

/// Returns the validator for a released version of the schema; none if that is the one that is built in.
fn validator(version: &str) -> Result<Option<&'static Validator>, String> {
    let released = released::find(version)?;
    if released.schema == SCHEMA {
        return Ok(None);
    }
    let validator = Validator::for_schema(released.schema)
        .map_err(|problem| format!("version {} of the schema {problem}", released.version))?;
    // It lives as long as the process, as the one does that is built in.
    Ok(Some(Box::leak(Box::new(validator))))
}

fn go(args: &ValidateArgs, prepared: Prepared) -> Result<Exit, String> {
    let started = Instant::now();
    let Prepared { settings, baseline, earlier, origin, validator } = prepared;
    let settings = &settings;
    let mut lister = lister(args, settings)?;
    let follows = args.follow.follow;
    let found = if follows { FoundInputs::default() } else { lister.list_all()? };
    print_problems(&found);
    print_notes(&found, args.quiet);
    if follows {
        signals::watch_for_stop();
    } else {
        signals::watch();
    }
    let (targets, unopened) = open(settings);
    for problem in &unopened {
        terminal::problem(problem);
    }
    let mut builder = builder(args, settings, targets, baseline).validator(validator);
    let has_page = settings.report.has_page();
    let overview = has_page
        .then(|| SharedOverview::new(earlier, settings.report.values_for_programs(), settings.check.window));
    if let Some(overview) = &overview {
        builder = overview.register(builder);
    }
    let mut run = if follows {
        let mut run = builder.state(lister.filter.state.take().or_else(|| Some(State::in_memory()))).follow();
        follow::follow(&mut run, &mut lister, &settings.read.inputs, args.follow.poll_interval);
        run.finish()
    } else {
        run_all(builder.state(lister.filter.state.take()), &found, &settings.read)
    };
    origin.refuse_empty(&run, "INPUT")?;
    // What is followed may be empty for as long as it wants, unless a number of events is given.
    let is_checked = !follows || settings.read.min_events.is_some();
    let too_few = is_checked.then(|| too_few_events(&run, &found.sources, &settings.read)).flatten();
    if let Some(problem) = &too_few {
        terminal::problem(problem);
        run.problem(None, problem.clone());
    }
    let is_worth_a_summary = follows || !found.sources.is_empty() || found.problems.is_empty();
    let overview = overview.map(SharedOverview::take);
    let end = RunEnd {
        overview: overview.as_ref(),
        all_opened: unopened.is_empty(),
        is_fruitless: !follows && !found.problems.is_empty() && found.is_fruitless(),
        is_enough: too_few.is_none(),
    };
    let check = &settings.check;
    let covers = |patterns: &[Pattern]| lister.covers(&check.levels_root, patterns);
    let unknown = unknown_events(&run.summary).filter(|_| !follows);
    let mut notes =
        unknown.map_or_else(Vec::new, |unknown| unmatched_events(&check.levels, &unknown, covers));
    if has_nothing_to_report(&run, args.selection.state.is_some()) {
        notes.extend(note_kept(&run.keep_files(), &run.summary));
    }
    let exit = finish(args, settings, &mut run, &end, |run| {
        for note in &notes {
            terminal::note(note);
        }
        if is_worth_a_summary {
            let values = settings.report.values_for_people();
            let text = run.summary.render(started.elapsed(), values);
            let _ =
                write!(anstream::stderr(), "{text}{}", settings.read.on_unreadable.summary_with_state(run));
        }
    });
    Ok(exit)
}

/// Returns the note that these files are left as they are, as nothing is new.
fn note_kept(files: &[String], summary: &Summary) -> Option<String> {
    let are = match files {
        [] => return None,
        [_] => "is left as it is",
        _ => "are left as they are",
    };
    let mut note = format!("nothing is new, so {} {are}", files.join(", "));
    let (read, unreadable) = (summary.done_before, summary.unread_before);
    // A run that follows its inputs does not count them.
    if read + unreadable > 0 {
        note = format!("{note}; {}", before(read, unreadable));
    }
    Some(note)
}

/// Builds the run.
fn builder(
    args: &ValidateArgs,
    settings: &Settings,
    targets: Vec<OutputTarget>,
    baseline: Option<Baseline>,
) -> RunBuilder {
    let Settings { read, check, report } = settings;
    // Groups are also needed to report what was found if a file cannot be written after all.
    let needs_groups =
        |target: &OutputTarget| !matches!(target.format, Format::List(_)) || report.has_files_only();
    let groups = (targets.iter().any(needs_groups) || args.write_baseline.is_some())
        .then(|| report.values_for_programs());
    let (semantics, stateful) = check.beyond_schema();
    let root = repository_root(&read.folder);
    let mut builder = RunBuilder::new(read, check.levels.clone(), check.levels_root.clone(), root)
        .quiet(args.quiet)
        .targets(targets, report.max_findings(), report.max_results())
        .groups(groups)
        .baseline(baseline.map(Arc::new))
        .rules(semantics, stateful);
    if let Some(path) = &args.write_baseline {
        builder = builder.new_baseline(path);
    }
    builder
}

/// Facts about a finished run that its results don't include.
struct RunEnd<'a> {
    overview: Option<&'a Overview>,
    /// Whether all outputs could be opened.
    all_opened: bool,
    /// Whether there was nothing to read.
    is_fruitless: bool,
    /// Whether as many events were read as are wanted.
    is_enough: bool,
}

/// Writes reports, baseline, state and summary, and returns how the run ended.
fn finish(
    args: &ValidateArgs,
    settings: &Settings,
    run: &mut Merger,
    end: &RunEnd<'_>,
    print_summary: impl FnOnce(&Merger),
) -> Exit {
    let for_people = settings.report.formats.iter().any(|(name, _)| *name == FormatName::Human);
    run.summary.is_masked = settings.report.values_for_people() == Masking::Masked && for_people;
    let mut exit = Exit::Clean;
    if run.summary.counts.findings_of(Severity::Error) > 0 {
        exit = Exit::Findings;
    }
    if let (Some(path), Some(baseline)) = (&args.write_baseline, run.take_new_baseline()) {
        exit = write_baseline(path, baseline, &run.summary, settings.read.on_unreadable, args.quiet);
    }
    exit = exit.max(settings.read.on_unreadable.exit_of(run.summary.counts.unread));
    if end.is_fruitless || !end.all_opened || !end.is_enough || !run.output_failures().is_empty() {
        exit = Exit::Failure;
    }
    let stale = run.stale_findings(&settings.check.levels, &settings.check.levels_root);
    run.report(&stale, exit, end.overview);
    for problem in run.output_failures() {
        terminal::problem(problem);
        exit = Exit::Failure;
    }
    if end.all_opened
        && let Err(problem) = run.finish_state()
    {
        terminal::problem(&problem);
        exit = Exit::Failure;
    }
    if run.stdout_is_closed() {
        // The reader of our output has seen enough, so nothing more is printed. As not all was checked, this is not a
        // success.
        return if exit == Exit::Clean { Exit::Failure } else { exit };
    }
    if !args.quiet {
        print_stale(&stale, settings.check.baseline.as_deref());
        if let Some(counts) = &run.stream_counts {
            print_counts(counts, settings.check.window);
        }
        print_summary(run);
    }
    exit
}

/// Lists the inputs. Returns an error if one of them would be overwritten.
fn lister<'a>(args: &'a ValidateArgs, settings: &'a Settings) -> Result<InputLister<'a>, String> {
    let named: HashSet<_> = settings.read.inputs.iter().map(|path| canonical(path)).collect();
    let is_named = |path: &&Path| named.contains(&canonical(path));
    let state = args.selection.state.as_deref();
    let written = || settings.report.written().chain(args.write_baseline.as_deref()).chain(state);
    if let Some(path) = written().find(is_named) {
        return Err(format!(
            "`{}` is an input, and would be overwritten; write to another file",
            path.display()
        ));
    }
    let against = args.against.as_deref();
    if let Some(path) =
        against.filter(|path| settings.report.written().any(|one| canonical(one) == canonical(path)))
    {
        return Err(format!("`{}` is named by two options; give each its own", path.display()));
    }
    // Other outputs that cannot be opened are reported together with the findings.
    for path in settings.report.written() {
        foreign::refuse(path).map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?;
    }
    args.write_baseline.as_deref().map_or(Ok(()), check_output)?;
    refuse_among(written(), &settings.read.inputs, &settings.read.excluder)?;
    let own = settings.own_files().chain(args.write_baseline.as_deref()).chain(against);
    let filter = &args.selection.filter;
    let mut filtering = settings::filter_options(filter, state);
    // What is followed is read whenever it changes, however old it is.
    filtering.lists_all |= args.follow.follow;
    let options = settings.input_options(filtering, &filter.network);
    let (lister, note) = InputLister::new(options, own)?;
    if let Some(note) = note.filter(|_| !args.quiet) {
        terminal::note(&note);
    }
    Ok(lister)
}

/// Opens the outputs, and returns problems with those that cannot be opened. Findings are shown all the same.
fn open(settings: &Settings) -> (Vec<OutputTarget>, Vec<String>) {
    let (mut targets, mut unopened) = (Vec::new(), Vec::new());
    for (name, file) in &settings.report.formats {
        let output = match file {
            None if name.is_json() => Ok(Output::plain_stdout()),
            None => Ok(Output::stdout()),
            Some(path) => {
                let access = Access::new(settings.report.values_in(*name), &settings.read.access);
                Output::file(path, access)
                    .map_err(|error| format!("cannot write to `{}`: {error}", path.display()))
            }
        };
        match output {
            Ok(output) => {
                targets.push(OutputTarget { format: settings.report.format(*name), output: Some(output) });
            }
            Err(problem) => unopened.push(problem),
        }
    }
    if !unopened.is_empty() && settings.report.has_files_only() {
        let format = settings.report.format(FormatName::Human);
        targets.push(OutputTarget { format, output: Some(Output::stdout()) });
    }
    (targets, unopened)
}

fn write_baseline(
    path: &Path,
    baseline: BaselineBuilder,
    summary: &Summary,
    on_unreadable: OnUnreadable,
    quiet: bool,
) -> Exit {
    if summary.counts.unread > 0 && on_unreadable != OnUnreadable::Skip {
        terminal::problem(&format!(
            "the baseline `{}` is not written: not all was read, so it would lack findings{}",
            path.display(),
            on_unreadable.way_out()
        ));
        return Exit::Failure;
    }
    let written = baseline.finish().and_then(|(text, count)| {
        outputs::write(path, text.as_bytes(), Access::Public).map_err(|error| error.to_string())?;
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

/// Prints what rules about several records could not check, and which sessions are still open.
fn print_counts(counts: &StreamCounts, window: Limits) {
    let most = size::count(window.max_open as u64);
    if counts.still_open > 0 {
        let sessions = size::counted(counts.still_open, "session");
        terminal::note(&format!("{sessions} had not ended when the input did, which is not a finding"));
    }
    for (number, event) in
        [(counts.starts_not_streamed, "client-connected"), (counts.ends_not_streamed, "client-disconnected")]
    {
        if number > 0 {
            terminal::note(&format!(
                "{} without `{event}`, which is not a finding: the input has no such event of the same tenant, so it is \
                 probably not among those that the tenant streams",
                size::counted(number, "session")
            ));
        }
    }
    if counts.too_many > 0 {
        let sessions = size::counted(counts.too_many, "session");
        terminal::note(&format!(
            "{sessions} were given up, as more than {most} waited for their other event; raise `--max-open` to have them checked"
        ));
    }
    let forgotten = counts.forgotten_ids + counts.forgotten_sessions;
    if forgotten > 0 {
        let remembered = size::count(window.remembered() as u64);
        terminal::note(&format!(
            "an event that is repeated after more than {remembered} others is not recognized; raise `--max-open` to remember more"
        ));
    }
}

/// Prints findings that the baseline need not have any more.
fn print_stale(gone: &[GoneFinding], baseline: Option<&Path>) {
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
    for one in gone.iter().take(MAX_STALE) {
        let at = if one.pointer.is_empty() { String::new() } else { format!(" at {}", one.pointer) };
        let line = format!("{}: {}{at} ({})", one.path, one.rule, size::count(one.count));
        let _ = writeln!(stderr, "  {}", terminal::printable(&line));
    }
    if gone.len() > MAX_STALE {
        let _ = writeln!(stderr, "  and {}", size::counted((gone.len() - MAX_STALE) as u64, "other"));
    }
}
