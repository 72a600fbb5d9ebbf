//! `ccxlog drift`: what differs from what is known, since when, how often, and what is to be done.

use std::collections::HashSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cloudconnexa_drift::{Drift, Known, Profile, Proposal, compare, propose};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::RULES;

use crate::args::Validate;
use crate::drift::{self, DriftArgs, FormatName, ProfileCollector, ProposeFormat, Subject, read_profile};
use crate::exit::Exit;
use crate::forge::Root;
use crate::input;
use crate::intake::{Intake, canonical};
use crate::levels::{Level, Levels, Wishes};
use crate::outputs::{self, Output};
use crate::run::{self, Plan, Tally, Task, Values};
use crate::select::{Choice, Selection};
use crate::settings::Settings;
use crate::{size, terminal};

pub(super) fn run(args: &DriftArgs) -> Exit {
    go(args).unwrap_or_else(|problem| {
        terminal::problem(&problem);
        Exit::Failure
    })
}

fn go(args: &DriftArgs) -> Result<Exit, String> {
    let flags = Validate {
        inputs: args.inputs.clone(),
        exclude: args.exclude.clone(),
        show_values: args.show_values,
        reading: args.reading.clone(),
        ..Validate::default()
    };
    let settings = Settings::new(&flags)?;
    let (for_people, for_programs) = (settings.values_for_people(), settings.values_for_programs());
    are_apart(args)?;
    // What is wrong with these is worth knowing before all is read.
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
    let mut profile = if args.merge.is_empty() { observe(args, settings)? } else { merge(&args.merge)? };

    let is_shown = match args.format {
        FormatName::Human => for_people,
        FormatName::Json => for_programs,
    };
    // Of what is masked nothing could be proposed.
    let proposal = match &args.propose {
        Some(_) => Some(propose(&schema, &profile, |kind| !args.allow.contains(&kind)).map_err(of_schema)?),
        None => None,
    };
    if let Some(path) = &args.write_profile {
        write_profile(path, &profile, for_programs)?;
    }
    if is_shown == Values::Masked {
        profile.mask();
    }
    let mut drift = compare(&profile, &known, before.as_ref());
    drift.findings.retain(|finding| !args.allow.contains(&finding.kind));
    tell(args, &drift, &profile)?;
    if let Some(proposal) = &proposal {
        tell_proposal(args, proposal)?;
    }
    Ok(if drift.findings.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Reads all inputs.
fn observe(args: &DriftArgs, mut settings: Settings) -> Result<Profile, String> {
    let started = Instant::now();
    let is_pipe = settings.inputs.is_empty();
    if is_pipe {
        if io::stdin().is_terminal() {
            return Err(
                "no INPUT, and standard input is a terminal; try `ccxlog drift FILE`, or `--help`".to_owned()
            );
        }
        settings.inputs.push(PathBuf::from("-"));
    }
    let own: HashSet<_> = own_files(args).map(canonical).collect();
    if let Some(path) = settings.inputs.iter().find(|path| path.is_file() && own.contains(&canonical(path))) {
        return Err(format!("`{}` is an input, and is used for something else as well", path.display()));
    }
    let choice = Choice {
        since: args.since,
        until: args.until,
        include: args.include.clone(),
        network: args.network.clone(),
    };
    let selection = Selection { choice, state: None };
    let (mut intake, _) = Intake::new(&settings, &selection, own_files(args))?;
    let gathered = intake.all()?;
    let left_out = gathered.left_out;
    for note in gathered.notes.iter().filter(|_| !args.quiet) {
        terminal::note(note);
    }
    if !gathered.problems.is_empty() {
        for problem in &gathered.problems {
            terminal::problem(problem);
        }
        return Err("not all inputs can be had, so nothing was compared".to_owned());
    }
    if gathered.sources.is_empty() {
        return Err("there is nothing to read: every input is excluded".to_owned());
    }
    let collector = ProfileCollector::new();
    let task = Task {
        sinks: Vec::new(),
        max_findings: 0,
        max_results: 0,
        root: Root::find(&settings.folder),
        baseline: None,
        draft: None,
        problems: Vec::new(),
        parts: None,
        table: None,
        state: None,
        overview: None,
    };
    let _line = input::line_up(&gathered.sources, settings.threads);
    let plan = Plan {
        max_record_bytes: settings.max_record_bytes,
        inflating: settings.inflating,
        threads: settings.threads,
        quiet: args.quiet,
        levels: errors_alone()?,
        levels_root: settings.levels_root,
        groups: None,
        baseline: None,
        replays: false,
        semantics: None,
        stream: None,
        lenses: collector.lenses(),
    };
    let run = run::run(&gathered.sources, plan, task);
    let tally = &run.summary.tally;
    if is_pipe && tally.empty > 0 {
        return Err("no INPUT, and nothing came on standard input; give `-` if it may be empty".to_owned());
    }
    if tally.unread > 0 {
        return Err(format!(
            "{} could not be read to the end, so nothing was compared and no profile is written",
            size::counted(tally.unread, "input")
        ));
    }
    let events = tally.events();
    let mut profile = collector.profile();
    // Text around the elements of an array is a finding and no record.
    profile.unreadable = (events.valid + events.invalid).saturating_sub(profile.records);
    if !args.quiet {
        let _ = writeln!(anstream::stderr(), "{}", effort(tally, left_out, started.elapsed()));
    }
    Ok(profile)
}

/// What was read, and how fast.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rate"
)]
fn effort(tally: &Tally, left_out: u64, took: Duration) -> String {
    let seconds = took.as_secs_f64();
    let rate = size::show((tally.bytes as f64 / seconds.max(1e-6)) as u64);
    let left_out = if left_out > 0 { format!(", {} left out", size::count(left_out)) } else { String::new() };
    let inputs = size::counted(tally.inputs, "input");
    format!("read {inputs}{left_out} ({}, {seconds:.2} s, {rate}/s)", size::show(tally.bytes))
}

/// Nothing that is valid is worth a word.
fn errors_alone() -> Result<Levels, String> {
    let others = RULES.iter().filter(|rule| rule.severity < Severity::Error);
    let ids: Vec<_> = others.map(|rule| rule.id.to_owned()).collect();
    let mut flags = Wishes::default();
    flags.add(Level::Allow, &ids, "drift")?;
    Ok(Levels { flags, ..Levels::default() })
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

fn write_profile(path: &Path, profile: &Profile, values: Values) -> Result<(), String> {
    let text = match values {
        Values::Shown => profile.to_text(),
        Values::Masked => {
            let mut masked = profile.clone();
            masked.mask();
            masked.to_text()
        }
    };
    outputs::write(path, text.as_bytes())
        .map_err(|error| format!("cannot write the profile `{}`: {error}", path.display()))
}

fn tell(args: &DriftArgs, drift: &Drift, profile: &Profile) -> Result<(), String> {
    let name = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let subject = Subject { profile, against: name(&args.against), schema: name(&args.schema) };
    let text = match args.format {
        FormatName::Human => drift::human(drift, &subject, args.quiet),
        FormatName::Json => drift::json(drift, &subject).map_err(|error| error.to_string())?,
    };
    let mut output = match &args.output {
        Some(path) => {
            Output::file(path).map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?
        }
        // The change to the schema has standard output for itself.
        None if args.propose == Some(None) => Output::stderr(),
        None => Output::stdout(),
    };
    let name = output.name();
    let written = output.write_styled(text.as_bytes()).and_then(|()| output.finish());
    written.map_err(|error| format!("cannot write to {name}: {error}"))
}

/// Writes the change to the schema, and says what it leaves.
fn tell_proposal(args: &DriftArgs, proposal: &Proposal) -> Result<(), String> {
    let name = match &args.schema {
        Some(path) => path.to_string_lossy().trim_start_matches('/').to_owned(),
        None => "schema/log-event.schema.json".to_owned(),
    };
    let text = match args.propose_format {
        ProposeFormat::Diff => proposal.diff(&name),
        ProposeFormat::Patch => proposal.patch().to_owned(),
    };
    if let Some(path) = args.propose.as_ref().and_then(Option::as_ref) {
        outputs::write(path, text.as_bytes())
            .map_err(|error| format!("cannot write the proposal `{}`: {error}", path.display()))?;
    } else {
        let mut output = Output::stdout();
        let written = output.write_all(text.as_bytes()).and_then(|()| output.finish());
        written.map_err(|error| format!("cannot write to standard output: {error}"))?;
    }
    if !args.quiet {
        let left = proposal.unresolved.iter().map(|line| format!("not in the proposal: {line}"));
        let nothing = proposal.is_empty().then(|| "there is nothing to propose".to_owned());
        left.chain(nothing).for_each(|note| terminal::note(&note));
    }
    Ok(())
}

/// Files that are no logs, wherever they lie.
fn own_files(args: &DriftArgs) -> impl Iterator<Item = &Path> {
    written(args).chain(args.against.as_deref()).chain(args.schema.as_deref())
}

fn written(args: &DriftArgs) -> impl Iterator<Item = &Path> {
    let proposal = args.propose.as_ref().and_then(Option::as_deref);
    args.write_profile.as_deref().into_iter().chain(proposal).chain(args.output.as_deref())
}

/// Makes sure that nothing overwrites what another option names. An earlier profile may be replaced by the next.
fn are_apart(args: &DriftArgs) -> Result<(), String> {
    let mut known: HashSet<PathBuf> = args.schema.iter().map(|path| canonical(path)).collect();
    let is_device = |path: &Path| path.exists() && !path.is_file();
    match written(args).find(|path| !is_device(path) && !known.insert(canonical(path))) {
        Some(path) => Err(format!("`{}` is named by two options; give each its own", path.display())),
        None => Ok(()),
    }
}
