//! `ccxlog split` and `ccxlog replay`: valid events to one file as they came, all else to another with why.
//!
//! They are commands of their own: `validate` never writes events, whatever it is told.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use cloudconnexa_report::Masking;
use cloudconnexa_validator::Severity;

use crate::args::{Parting, Replay, Split, Validate};
use crate::exit::Exit;
use crate::input::{Prefetch, SourceFinder};
use crate::intake::{Gathered, Intake, canonical};
use crate::outputs::Output;
use crate::parts::{Last, Parts};
use crate::paths::repository_root;
use crate::run::{self, Counts, Plan, Sink, Task};
use crate::settings::{FormatName, Settings};
use crate::size::{count, counted};
use crate::state::State;
use crate::{signals, terminal};

pub(super) fn split(args: &Split) -> Exit {
    let flags =
        Validate { inputs: args.inputs.clone(), exclude: args.exclude.clone(), ..flags(&args.parting) };
    told(Settings::new(&flags).and_then(|settings| Job::split(args, settings)).and_then(Job::run))
}

pub(super) fn replay(args: &Replay) -> Exit {
    let flags = Validate { inputs: args.inputs.clone(), ..flags(&args.parting) };
    told(Settings::new(&flags).and_then(|settings| Job::replay(args, settings)).and_then(Job::run))
}

fn told(result: Result<Exit, String>) -> Exit {
    result.unwrap_or_else(|problem| {
        terminal::problem(&problem);
        Exit::Failure
    })
}

/// What `validate` would be told.
fn flags(args: &Parting) -> Validate {
    Validate {
        max_findings: args.max_findings,
        show_values: args.show_values,
        quiet: args.quiet,
        deny: args.deny.clone(),
        warn: args.warn.clone(),
        allow: args.allow.clone(),
        strict: args.strict,
        semantic: args.semantic,
        reading: args.reading.clone(),
        ..Validate::default()
    }
}

/// What is to be done, checked.
struct Job<'a> {
    args: &'a Parting,
    settings: Settings,
    gathered: Gathered,
    last: Last,
    replays: bool,
    /// Nobody named an input: an empty one is a mistake.
    is_pipe: bool,
    /// Where to write down what is in place.
    state: Option<State>,
    /// Inputs that an earlier run has split.
    done_before: u64,
}

impl<'a> Job<'a> {
    fn split(args: &'a Split, mut settings: Settings) -> Result<Self, String> {
        let is_pipe = settings.inputs.is_empty();
        if is_pipe {
            if io::stdin().is_terminal() {
                return Err(
                    "no INPUT, and standard input is a terminal; try `ccxlog split FILE`, or `--help`"
                        .to_owned(),
                );
            }
            settings.inputs.push(PathBuf::from("-"));
        }
        let parting = &args.parting;
        are_apart(parting)?;
        for output in [&parting.accepted, &parting.rejected] {
            is_no_input(output, &settings.inputs)?;
        }
        if let Some(state) = &args.selection.state {
            is_no_input(state, &settings.inputs)?;
            if [&parting.accepted, &parting.rejected].iter().any(|path| canonical(path) == canonical(state)) {
                return Err(format!(
                    "`--state` and an output are both `{}`; give each its own",
                    state.display()
                ));
            }
        }
        let own = [&parting.accepted, &parting.rejected].into_iter().map(PathBuf::as_path);
        let (mut intake, note) = Intake::new(&settings, &args.selection, own)?;
        if let Some(note) = note.filter(|_| !parting.quiet) {
            terminal::note(&note);
        }
        let gathered = intake.all()?;
        let (state, done_before) = (intake.sieve.state.take(), intake.sieve.done_before);
        Ok(Self {
            args: parting,
            settings,
            gathered,
            last: Last::Accepted,
            replays: false,
            is_pipe,
            state,
            done_before,
        })
    }

    fn replay(args: &'a Replay, settings: Settings) -> Result<Self, String> {
        let parting = &args.parting;
        are_apart(parting)?;
        is_no_input(&parting.accepted, &settings.inputs)?;
        let gathered = Gathered::from(SourceFinder::default().find(&settings.inputs, &mut |_| true));
        Ok(Self {
            args: parting,
            settings,
            gathered,
            last: Last::Rejected,
            replays: true,
            is_pipe: false,
            state: None,
            done_before: 0,
        })
    }

    fn run(self) -> Result<Exit, String> {
        let started = Instant::now();
        let Self { args, settings, gathered, last, replays, is_pipe, state, done_before } = self;
        for note in gathered.notes.iter().filter(|_| !args.quiet) {
            terminal::note(note);
        }
        if !gathered.problems.is_empty() {
            for problem in &gathered.problems {
                terminal::problem(problem);
            }
            return Err(
                "not all inputs can be had; nothing was read, and nothing was put into place".to_owned()
            );
        }
        if state.is_some() && gathered.sources.is_empty() {
            if !args.quiet {
                let before = counted(done_before, "input");
                terminal::note(&format!(
                    "nothing is new, so the outputs are left as they are; {before} split before"
                ));
            }
            return Ok(Exit::Clean);
        }
        signals::watch();
        let parts = Parts::open(&args.accepted, &args.rejected)?;
        let task = Task {
            sinks: vec![Sink { format: settings.format(FormatName::Human), output: Some(Output::stderr()) }],
            max_findings: settings.max_findings(),
            max_results: 0,
            root: repository_root(Path::new(".")),
            baseline: None,
            draft: None,
            problems: Vec::new(),
            parts: Some(parts),
            table: None,
            state,
            overview: None,
        };
        let _prefetch = Prefetch::new(&gathered.sources, settings.threads);
        let values = settings.values_for_people();
        let semantics = settings.beyond().0;
        let plan = Plan {
            max_record_bytes: settings.max_record_bytes,
            inflating: settings.inflating,
            threads: settings.threads,
            quiet: args.quiet,
            levels: settings.levels,
            levels_root: settings.levels_root,
            groups: None,
            baseline: None,
            replays,
            semantics,
            // What records say together is no reason to part them.
            stream: None,
            lenses: run::Lenses::default(),
        };
        let mut run = run::run(&gathered.sources, plan, task);
        run.summary.left_out = gathered.left_out;
        run.summary.done_before = done_before;
        run.summary.is_masked = values == Masking::Masked;
        if is_pipe && run.summary.counts.empty > 0 {
            return Err(
                "no INPUT, and nothing came on standard input; give `-` if it may be empty".to_owned()
            );
        }
        let counts = run.put_into_place(last);
        if !args.quiet {
            let mut text = run.summary.render(started.elapsed(), values);
            if let Ok(counts) = &counts {
                text.push_str(&sums(counts));
            }
            let _ = write!(anstream::stderr(), "{text}");
        }
        let counts = counts?;
        if let Some(problem) = run.end_state() {
            return Err(format!(
                "{problem}; the outputs are in place, and the next run splits the same again"
            ));
        }
        let is_clean = counts.rejected.records == 0 && run.summary.counts.findings_of(Severity::Error) == 0;
        Ok(if is_clean { Exit::Clean } else { Exit::Findings })
    }
}

/// Where all bytes are.
fn sums(counts: &Counts) -> String {
    let Counts { accepted, rejected, between, added } = counts;
    let line = |what: &str, bytes: u64, records: String| {
        let unit = if bytes == 1 { "byte" } else { "bytes" };
        format!("  {what:15}{:>17} {unit}{records}\n", count(bytes))
    };
    let mut text = "\n".to_owned();
    text += &line("in", counts.bytes(), String::new());
    text += &line("accepted", accepted.bytes, format!(" in {}", counted(accepted.records, "record")));
    text += &line("rejected", rejected.bytes, format!(" in {}", counted(rejected.records, "record")));
    if *between > 0 {
        text += &line("between records", *between, String::new());
    }
    if *added > 0 {
        let ends = counted(*added, "line end");
        text += &["  ", &ends, " added behind accepted records that had none\n"].concat();
    }
    text
}

/// Makes sure that one output does not overwrite the other.
fn are_apart(args: &Parting) -> Result<(), String> {
    let (accepted, rejected) = (&args.accepted, &args.rejected);
    let is_device = |path: &Path| path.exists() && !path.is_file();
    if accepted == rejected && !is_device(accepted)
        || canonical(accepted) == canonical(rejected) && !is_device(accepted)
    {
        return Err(format!(
            "`--accepted` and `--rejected` are both `{}`; give each its own",
            accepted.display()
        ));
    }
    Ok(())
}

/// What is read must not be overwritten by a part of it.
fn is_no_input(output: &Path, inputs: &[PathBuf]) -> Result<(), String> {
    let is_input = |input: &&PathBuf| is_file(input) && canonical(input) == canonical(output);
    match inputs.iter().find(is_input) {
        Some(input) => {
            Err(format!("`{}` is an input and would be overwritten; name another output", input.display()))
        }
        None => Ok(()),
    }
}

fn is_file(path: &Path) -> bool {
    path != Path::new("-") && path.is_file()
}
