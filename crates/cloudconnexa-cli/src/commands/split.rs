//! `ccxlog split` and `ccxlog replay`: write valid events unchanged to one file, and everything else to another, with the
//! reasons.
//!
//! They are commands of their own, as `validate` never writes events.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use cloudconnexa_reader::RemoteOptions;
use cloudconnexa_report::Masking;
use cloudconnexa_validator::Severity;

use super::inputs::{
    Origin, before, is_nothing_new, or_print, or_stdin, print_notes, require_all, run as run_all,
};
use crate::args::{PartitionArgs, ReplayArgs, SkipArgs, SplitArgs};
use crate::check::{InputForm, OutputTarget, RunBuilder};
use crate::exit::Exit;
use crate::inputs::{FoundInputs, InputLister, canonical, finder, refuse_among};
use crate::levels::RuleSet;
use crate::outputs::Output;
use crate::paths::repository_root;
use crate::settings::{
    self, CheckSettings, FormatName, ReadSettings, ReportOptions, ReportSettings, Settings,
};
use crate::size::{count, counted};
use crate::split_outputs::{CommitOrder, SplitCounts, SplitOutputs};
use crate::state::State;
use crate::unreadable::OnUnreadable;
use crate::{signals, terminal, visitors};

pub(super) fn split(args: &SplitArgs) -> Exit {
    let settings = settings(&args.inputs, &args.exclude, &args.partition, Some(&args.skip));
    or_print(settings.and_then(|settings| Job::split(args, settings)).and_then(Job::run))
}

pub(super) fn replay(args: &ReplayArgs) -> Exit {
    let settings = settings(&args.inputs, &[], &args.partition, None);
    or_print(settings.and_then(|settings| Job::replay(args, settings)).and_then(Job::run))
}

/// `skip` is `None` if all inputs have to be read, as by `ccxlog replay`, which excludes none of them.
fn settings(
    inputs: &[PathBuf],
    exclude: &[String],
    args: &PartitionArgs,
    skip: Option<&SkipArgs>,
) -> Result<Settings, String> {
    let config = settings::load_config(&args.reading.config, args.quiet)?;
    let report = ReportOptions {
        max_findings: args.max_findings,
        show_values: args.show_values,
        ..ReportOptions::default()
    };
    let mut read = ReadSettings::new(inputs, exclude, &args.reading, &config)?;
    if let Some(skip) = skip {
        read = read.skipping(skip, &config);
    } else {
        // A rejected file may be replaced by what is still rejected of it.
        read.on_unreadable = OnUnreadable::Require;
        read.excluder.forget_config();
    }
    Ok(Settings {
        report: ReportSettings::new(report, &config)?,
        check: CheckSettings::new(&config)
            .with_severities(&args.severity)?
            .with_rules(RuleSet::from_flags(args.semantic, false)),
        read,
    })
}

/// A checked command, ready to run.
struct Job<'a> {
    args: &'a PartitionArgs,
    settings: Settings,
    found: FoundInputs,
    order: CommitOrder,
    form: InputForm,
    origin: Origin,
    /// Records what was committed.
    state: Option<State>,
}

impl<'a> Job<'a> {
    fn split(args: &'a SplitArgs, mut settings: Settings) -> Result<Self, String> {
        let origin = or_stdin(&mut settings.read.inputs, "INPUT", "ccxlog split FILE")?;
        let partition = &args.partition;
        require_distinct_outputs(partition)?;
        for output in partition.outputs() {
            require_not_input(output, &settings.read.inputs)?;
        }
        if let Some(state) = &args.selection.state {
            require_not_input(state, &settings.read.inputs)?;
            if partition.outputs().iter().any(|path| canonical(path) == canonical(state)) {
                return Err(format!(
                    "`--state` and an output are both `{}`; give each its own",
                    state.display()
                ));
            }
        }
        let outputs = || partition.outputs().into_iter();
        let (selection, read) = (&args.selection, &settings.read);
        refuse_among(outputs().chain(selection.state.as_deref()), &read.inputs, &read.excluder)?;
        let filter = settings::filter_options(&selection.filter, selection.state.as_deref());
        let options = settings.input_options(filter, &selection.filter.network);
        let (mut lister, note) = InputLister::new(options, outputs())?;
        if let Some(note) = note.filter(|_| !partition.quiet) {
            terminal::note(&note);
        }
        let found = lister.list_all()?;
        let state = lister.filter.state.take();
        Ok(Self {
            args: partition,
            settings,
            found,
            order: CommitOrder::AcceptedLast,
            form: InputForm::Records,
            origin,
            state,
        })
    }

    fn replay(args: &'a ReplayArgs, settings: Settings) -> Result<Self, String> {
        let partition = &args.partition;
        require_distinct_outputs(partition)?;
        require_not_input(&partition.accepted, &settings.read.inputs)?;
        refuse_among(partition.outputs().into_iter(), &settings.read.inputs, &settings.read.excluder)?;
        let found = FoundInputs::from(
            finder(RemoteOptions::default(), settings.read.no_follow_links)
                .find(&settings.read.inputs, &mut |_| true),
        );
        Ok(Self {
            args: partition,
            settings,
            found,
            order: CommitOrder::RejectedLast,
            form: InputForm::Rejected,
            origin: Origin::Named,
            state: None,
        })
    }

    fn run(self) -> Result<Exit, String> {
        let started = Instant::now();
        let Self { args, settings, found, order, form, origin, state } = self;
        let on_unreadable = settings.read.on_unreadable;
        print_notes(&found, args.quiet);
        require_all(&found, on_unreadable, "so nothing was read, and nothing was put into place")?;
        if state.is_some() && found.sources.is_empty() {
            note_nothing_new(args, found.done_before, found.unread_before);
            return Ok(on_unreadable.exit_of(found.problems.len() as u64));
        }
        signals::watch();
        let has_state = state.is_some();
        let outputs = SplitOutputs::open(&args.accepted, &args.rejected, &settings.read.access)?;
        let outputs = Rc::new(RefCell::new(outputs));
        let target = OutputTarget {
            format: settings.report.format(FormatName::Human),
            output: Some(Output::stderr()),
        };
        let values = settings.report.values_for_people();
        // A finding about several records is not a reason to reject one of them.
        let semantics = settings.check.beyond_schema().0;
        let CheckSettings { levels, levels_root, .. } = settings.check;
        let builder = RunBuilder::new(&settings.read, levels, levels_root, repository_root(Path::new(".")))
            .form(form)
            .quiet(args.quiet)
            .targets(vec![target], settings.report.max_findings(), 0)
            .rules(semantics, None)
            .state(state);
        let mut run = run_all(visitors::split::register(builder, &outputs), &found, &settings.read);
        run.summary.is_masked = values == Masking::Masked;
        // If nothing was rejected, there is nothing to replay.
        if form == InputForm::Records || settings.read.min_events.is_some() {
            origin.refuse_too_few(&run, &found.sources, &settings.read, "INPUT")?;
        }
        let outputs = Rc::into_inner(outputs).ok_or("the outputs are still in use")?.into_inner();
        let unread = run.summary.counts.unread;
        if is_nothing_new(&run, has_state, on_unreadable) {
            note_nothing_new(args, run.summary.done_before, run.summary.unread_before);
            run.finish_state()?;
            return Ok(on_unreadable.exit_of(unread));
        }
        let counts = outputs.commit(order, &run.summary, on_unreadable);
        if !args.quiet {
            let mut text = run.summary.render(started.elapsed(), values);
            if let Ok(counts) = &counts {
                text.push_str(&byte_table(counts));
                text.push_str(&on_unreadable.summary_with_state(&run));
            }
            let _ = write!(anstream::stderr(), "{text}");
        }
        let counts = counts?;
        if let Err(problem) = run.finish_state() {
            return Err(format!(
                "{problem}; the outputs are in place, and the next run splits the same again"
            ));
        }
        let is_clean = counts.rejected.records == 0 && run.summary.counts.findings_of(Severity::Error) == 0;
        let exit = if is_clean { Exit::Clean } else { Exit::Findings };
        Ok(exit.max(on_unreadable.exit_of(unread)))
    }
}

/// Notes that the outputs stay as they are, unless the command is quiet.
fn note_nothing_new(args: &PartitionArgs, read: u64, unreadable: u64) {
    if !args.quiet {
        let before = before(read, unreadable);
        terminal::note(&format!("nothing is new, so the outputs are left as they are; {before}"));
    }
}

/// Returns the table of bytes and records per output, which adds up to the input.
fn byte_table(counts: &SplitCounts) -> String {
    let SplitCounts { accepted, rejected, between, added } = counts;
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
        text += &["  ", &ends, " added after accepted records that had none\n"].concat();
    }
    text
}

/// Makes sure that one output does not overwrite the other.
fn require_distinct_outputs(args: &PartitionArgs) -> Result<(), String> {
    let (accepted, rejected) = (&args.accepted, &args.rejected);
    let is_device = |path: &Path| path.exists() && !path.is_file();
    if canonical(accepted) == canonical(rejected) && !is_device(accepted) {
        return Err(format!(
            "`--accepted` and `--rejected` are both `{}`; give each its own",
            accepted.display()
        ));
    }
    Ok(())
}

/// Makes sure that an output does not overwrite an input.
fn require_not_input(output: &Path, inputs: &[PathBuf]) -> Result<(), String> {
    let is_input = |input: &&PathBuf| is_file(input) && canonical(input) == canonical(output);
    match inputs.iter().find(is_input) {
        Some(input) => {
            Err(format!("`{}` is an input and would be overwritten; name another output", input.display()))
        }
        None => Ok(()),
    }
}

impl PartitionArgs {
    /// Returns the files that are written.
    fn outputs(&self) -> [&Path; 2] {
        [&self.accepted, &self.rejected]
    }
}

fn is_file(path: &Path) -> bool {
    path != Path::new("-") && path.is_file()
}
