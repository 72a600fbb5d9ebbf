//! `ccxlog drift`: reports how events differ from the schema or an earlier profile, since when, how often, and what to do.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cloudconnexa_drift::{Drift, Known, Profile, Proposal, compare, propose};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_report::drift::{Comparison, DriftDetail, DriftFormat};
use cloudconnexa_report::{LeftOut, Masking, RunCounts};

use super::inputs::{
    before, check_output, is_nothing_new, or_print, or_stdin, print_notes, require_all, run as run_all,
};
use crate::args::{self, DriftArgs, ProposalFormat};
use crate::check::{Merger, RunBuilder};
use crate::drift::read_profile;
use crate::exit::Exit;
use crate::inputs::{InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::outputs::{self, Access, InputAccess, Output};
use crate::paths::repository_root;
use crate::settings::{self, CheckSettings, ReadSettings, ReportOptions, ReportSettings, Settings};
use crate::visitors::profile::ProfileCollector;
use crate::{schema_diff, signals, size, terminal};

pub(super) fn run(args: &DriftArgs) -> Exit {
    signals::watch();
    or_print(go(args))
}

fn go(args: &DriftArgs) -> Result<Exit, String> {
    let settings = settings(args)?;
    let (for_people, for_programs) =
        (settings.report.values_for_people(), settings.report.values_for_programs());
    require_distinct_files(args)?;
    if !args.merge.is_empty() && args.selection.state.is_some() {
        return Err(
            "`--state` is about inputs that are read, and `--merge` reads none; leave one of them out"
                .to_owned(),
        );
    }
    // Problems with these are reported before all inputs are read.
    let before = args.against.as_deref().map(read_profile).transpose()?;
    let schema = match &args.schema {
        Some(path) => read(path, "schema")?,
        None => SCHEMA.to_owned(),
    };
    let of_schema = |problem| {
        let name = args.schema.as_ref().map_or_else(|| "built in".into(), |path| path.to_string_lossy());
        format!("the schema `{name}` {problem}")
    };
    let known = Known::parse(&schema).map_err(of_schema)?;
    let (inputs, on_unreadable) = (settings.read.access.clone(), settings.read.on_unreadable);
    let config = settings.read.config_name(&repository_root(&settings.read.folder));
    // Whatever is written shows values of the events, of the profiles, or of both.
    let with_values = inputs.of_output();
    args.merge.iter().chain(&args.against).for_each(|profile| inputs.add_path(profile));
    let mut run = None;
    let mut profile = if args.merge.is_empty() {
        match observe(args, settings)? {
            Observed::New(profile, finished) => {
                run = Some(finished);
                *profile
            }
            Observed::NothingNew(exit) => return Ok(exit),
        }
    } else {
        merge(&args.merge)?
    };

    let shown = match args.format {
        args::DriftFormat::Human => for_people,
        args::DriftFormat::Json => for_programs,
    };
    // Masked values cannot be proposed, so this comes first.
    let proposal = match &args.propose {
        Some(_) => Some(propose(&schema, &profile, |kind| !args.allow.contains(&kind)).map_err(of_schema)?),
        None => None,
    };
    if let Some(path) = &args.write_profile {
        write_profile(path, &profile, for_programs, &inputs)?;
    }
    if shown == Masking::Masked {
        profile.mask();
    }
    let mut drift = compare(&profile, &known, before.as_ref());
    drift.findings.retain(|finding| !args.allow.contains(&finding.kind));
    let mut comparison = Comparison::new(&profile);
    comparison.config = config;
    comparison.problems = run.as_ref().map_or(&[], |run| run.problems().0);
    write_report(args, &drift, comparison, Access::new(shown, &inputs))?;
    if let Some(proposal) = &proposal {
        write_proposal(args, &schema, proposal, with_values)?;
    }
    let mut exit = Exit::Clean;
    if let Some(run) = &mut run {
        run.finish_state().map_err(|problem| {
            format!("{problem}; what was found is reported, and the next run reads the same again")
        })?;
        exit = on_unreadable.exit_of(run.summary.counts.unread).max(run.empty_inputs.report(args.quiet));
    }
    // Profiles that are only put together have been reported one by one.
    let is_only_merged = !args.merge.is_empty() && args.write_profile.is_some() && args.against.is_none();
    Ok(exit.max(if drift.findings.is_empty() || is_only_merged { Exit::Clean } else { Exit::Findings }))
}

/// What was read.
enum Observed {
    /// The events of inputs that no earlier run has read.
    New(Box<Profile>, Box<Merger>),
    /// Nothing was read, as there are no such inputs. The command ends with this exit code.
    NothingNew(Exit),
}

fn settings(args: &DriftArgs) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions { show_values: args.show_values, ..ReportOptions::default() };
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, &config)?
            .skipping(&args.skip, &config),
    })
}

/// Reads all inputs that no earlier run has read.
fn observe(args: &DriftArgs, mut settings: Settings) -> Result<Observed, String> {
    let started = Instant::now();
    let origin = or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog drift FILE")?;
    let own: HashSet<_> = own_files(args).map(canonical).collect();
    if let Some(path) =
        settings.read.inputs.iter().find(|path| path.is_file() && own.contains(&canonical(path)))
    {
        return Err(format!("`{}` is an input, and is used for something else as well", path.display()));
    }
    let state = args.selection.state.as_deref();
    refuse_among(written(args).chain(state), &settings.read.inputs, &settings.read.excluder)?;
    let filter = &args.selection.filter;
    let options = settings.input_options(settings::filter_options(filter, state), &filter.network);
    let (mut lister, note) = InputLister::new(options, own_files(args))?;
    if let Some(note) = note.filter(|_| !args.quiet) {
        terminal::note(&note);
    }
    let found = lister.list_all()?;
    let left_out = found.left_out.clone();
    print_notes(&found, args.quiet);
    let on_unreadable = settings.read.on_unreadable;
    require_all(&found, on_unreadable, "so nothing was compared")?;
    let state = lister.filter.state.take();
    if found.sources.is_empty() && found.done_before + found.unread_before > 0 {
        note_nothing_new(args, found.done_before, found.unread_before);
        return Ok(Observed::NothingNew(on_unreadable.exit_of(found.problems.len() as u64)));
    }
    let has_state = state.is_some();
    if found.sources.is_empty() {
        return Err("there is nothing to read: every input is excluded".to_owned());
    }
    let (levels, root) = (Levels::errors_only(), repository_root(&settings.read.folder));
    let builder = RunBuilder::new(&settings.read, levels, settings.check.levels_root, root)
        .quiet(args.quiet)
        .empty_inputs(settings.check.levels)
        .state_at_end(state);
    let (builder, collector) = ProfileCollector::register(builder);
    let mut run = run_all(builder, &found, &settings.read);
    if is_nothing_new(&run, has_state, on_unreadable) {
        note_nothing_new(args, run.summary.done_before, run.summary.unread_before);
        run.finish_state()?;
        return Ok(Observed::NothingNew(on_unreadable.exit_of(run.summary.counts.unread)));
    }
    origin.refuse_too_few(&run, &found.sources, &settings.read, "INPUT")?;
    let counts = &run.summary.counts;
    let exit = on_unreadable.exit_of(counts.unread);
    if exit == Exit::Failure {
        return Err(format!(
            "{} could not be read to the end, so nothing was compared and no profile is written{}",
            size::counted(counts.unread, "input"),
            on_unreadable.way_out()
        ));
    }
    let events = counts.events();
    let mut profile = collector.take();
    // Text around the elements of an array is a finding, not a record.
    profile.unreadable = (events.valid + events.invalid)
        .saturating_sub(profile.records + profile.others.values().sum::<u64>());
    if !args.quiet {
        let _ = writeln!(anstream::stderr(), "{}", effort(counts, &left_out, started.elapsed()));
    }
    Ok(Observed::New(Box::new(profile), Box::new(run)))
}

/// Notes that nothing is compared, unless the command is quiet.
fn note_nothing_new(args: &DriftArgs, read: u64, unreadable: u64) {
    if !args.quiet {
        let before = before(read, unreadable);
        terminal::note(&format!(
            "nothing is new, so nothing is compared and no profile is written; {before}"
        ));
    }
}

/// Returns how much was read, and how fast.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rate"
)]
fn effort(counts: &RunCounts, left_out: &LeftOut, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    let rate = size::show((counts.bytes as f64 / seconds.max(1e-6)) as u64);
    let mut parts = vec![format!("read {}", size::counted(counts.inputs, "input"))];
    parts.extend(left_out.phrases());
    let parts = parts.join(", ");
    format!("{parts} ({}, {seconds:.2} s, {rate}/s)", size::show(counts.bytes))
}

fn merge(paths: &[PathBuf]) -> Result<Profile, String> {
    let mut profiles = paths.iter().map(|path| read_profile(path));
    let mut all = profiles.next().ok_or("no profile to merge")??;
    for profile in profiles {
        all.merge(profile?);
    }
    Ok(all)
}

fn read(path: &Path, what: &str) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the {what} `{}`: {error}", path.display()))
}

fn write_profile(
    path: &Path,
    profile: &Profile,
    values: Masking,
    inputs: &InputAccess,
) -> Result<(), String> {
    let text = match values {
        Masking::Shown => profile.to_text(),
        Masking::Masked => {
            let mut masked = profile.clone();
            masked.mask();
            masked.to_text()
        }
    };
    outputs::write(path, text.as_bytes(), Access::new(values, inputs))
        .map_err(|error| format!("cannot write the profile `{}`: {error}", path.display()))
}

fn write_report(
    args: &DriftArgs,
    drift: &Drift,
    mut comparison: Comparison<'_>,
    access: Access,
) -> Result<(), String> {
    let name = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    comparison.against = name(&args.against);
    comparison.schema = name(&args.schema);
    let detail = if args.quiet { DriftDetail::DifferencesOnly } else { DriftDetail::Full };
    let format = match args.format {
        args::DriftFormat::Human => DriftFormat::Human(detail),
        args::DriftFormat::Json => DriftFormat::Json,
    };
    let mut text = Vec::new();
    format.write(&mut text, drift, &comparison).map_err(|error| error.to_string())?;
    let mut output = match &args.output {
        Some(path) => Output::file(path, access)
            .map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?,
        // Standard output is for the proposed change alone.
        None if args.propose == Some(None) => Output::stderr(),
        None if args.format == args::DriftFormat::Json => Output::plain_stdout(),
        None => Output::stdout(),
    };
    let name = output.name();
    let written = output.write_styled(&text).and_then(|()| output.finish());
    written.map_err(|error| format!("cannot write to {name}: {error}"))
}

/// Writes the proposed change to the schema, and notes the differences that it does not cover and whom it breaks.
fn write_proposal(args: &DriftArgs, schema: &str, proposal: &Proposal, access: Access) -> Result<(), String> {
    let name = match &args.schema {
        Some(path) => path.to_string_lossy().trim_start_matches('/').to_owned(),
        None => "schema/log-event.schema.json".to_owned(),
    };
    let text = match args.propose_format {
        ProposalFormat::Diff => proposal.diff(&name),
        ProposalFormat::Patch => proposal.patch().to_owned(),
    };
    if let Some(path) = args.propose.as_ref().and_then(Option::as_ref) {
        outputs::write(path, text.as_bytes(), access)
            .map_err(|error| format!("cannot write the proposal `{}`: {error}", path.display()))?;
    } else {
        let mut output = Output::plain_stdout();
        let written = output.write_all(text.as_bytes()).and_then(|()| output.finish());
        written.map_err(|error| format!("cannot write to standard output: {error}"))?;
    }
    if !args.quiet {
        let left = proposal.unresolved.iter().map(|line| format!("not in the proposal: {line}"));
        let nothing = proposal.is_empty().then(|| "there is nothing to propose".to_owned());
        let verdict = (!proposal.is_empty()).then(|| schema_diff::verdict(schema, proposal.schema()));
        left.chain(nothing).chain(verdict).for_each(|note| terminal::note(&note));
    }
    Ok(())
}

/// Files that are never read as logs, wherever they are.
fn own_files(args: &DriftArgs) -> impl Iterator<Item = &Path> {
    let read = args.against.as_deref().into_iter().chain(args.schema.as_deref());
    written(args).chain(read).chain(args.selection.state.as_deref())
}

fn written(args: &DriftArgs) -> impl Iterator<Item = &Path> {
    let proposal = args.propose.as_ref().and_then(Option::as_deref);
    args.write_profile.as_deref().into_iter().chain(proposal).chain(args.output.as_deref())
}

/// Makes sure that outputs can be written, before anything is read, and that none overwrites a file that another option names, except for the earlier profile.
fn require_distinct_files(args: &DriftArgs) -> Result<(), String> {
    let taken = args.schema.iter().chain(&args.selection.state);
    let mut known: HashSet<PathBuf> = taken.map(|path| canonical(path)).collect();
    let is_device = |path: &Path| path.exists() && !path.is_file();
    if let Some(path) = written(args).find(|path| !is_device(path) && !known.insert(canonical(path))) {
        return Err(format!("`{}` is named by two options; give each its own", path.display()));
    }
    written(args).try_for_each(check_output)
}
