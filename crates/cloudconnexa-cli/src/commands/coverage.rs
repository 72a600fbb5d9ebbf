//! `ccxlog coverage`: reports which parts of the schema fixtures exercise, and whether they are enough.

use std::collections::HashSet;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use cloudconnexa_report::Summary;
use cloudconnexa_report::coverage::{CoverageFormat, CoverageReport, CoverageResults, Minimum, PointClass};
use cloudconnexa_validator::Severity;

use super::inputs::{Origin, or_print, or_stdin, print_notes, print_problems, run as run_all};
use crate::args::CoverageArgs;
use crate::check::RunBuilder;
use crate::config::Config;
use crate::coverage::{FORMATS, Format};
use crate::coverage::{add_minimum, override_by};
use crate::exit::Exit;
use crate::inputs::{FilterOptions, FoundInputs, InputLister, canonical, refuse_among};
use crate::levels::Levels;
use crate::outputs::{Access, Output};
use crate::paths::repository_root;
use crate::settings::{self, CheckSettings, ReadSettings, ReportOptions, ReportSettings, Settings};
use crate::size::{count, counted};
use crate::visitors::coverage::CoverageCounter;
use crate::{signals, terminal};

pub(super) fn run(args: &CoverageArgs) -> Exit {
    or_print(Job::new(args).and_then(Job::run))
}

/// A checked command, ready to run.
struct Job<'a> {
    args: &'a CoverageArgs,
    settings: Settings,
    formats: Vec<(Format, Option<PathBuf>)>,
    minimums: Vec<Minimum>,
    without: Vec<PointClass>,
    found: FoundInputs,
    origin: Origin,
}

impl<'a> Job<'a> {
    fn new(args: &'a CoverageArgs) -> Result<Self, String> {
        let config = settings::load_config(&args.reading.config, args.quiet)?;
        let mut settings = settings(args, &config)?;
        let formats = args.format.iter().map(|text| settings::parse_format(text, &FORMATS));
        let formats = settings::assign_outputs(
            formats.collect::<Result<_, _>>()?,
            Format::Human,
            args.output.as_deref(),
        )?;
        let mut wanted = Vec::new();
        for minimum in &args.min {
            add_minimum(&mut wanted, *minimum)?;
        }
        let mut minimums = config.coverage.minimums;
        override_by(&mut minimums, wanted);
        let without = match args.without.as_slice() {
            [] => config.coverage.without,
            classes => classes.to_vec(),
        };
        let origin = or_stdin(&mut settings.read.inputs, "FIXTURES", "ccxlog coverage FOLDER")?;
        let found = list(args, &settings, &formats)?;
        Ok(Self { args, settings, formats, minimums, without, found, origin })
    }

    fn run(self) -> Result<Exit, String> {
        let started = Instant::now();
        let Self { args, settings, formats, minimums, without, found, origin } = self;
        print_problems(&found);
        print_notes(&found, args.quiet);
        signals::watch();
        let outputs = open(&formats)?;
        // Severities of the config file do not apply: whatever a team makes an error could never be covered.
        let (levels, root) = (Levels::default(), repository_root(&settings.read.folder));
        let config = settings.read.config_name(&root);
        let builder = RunBuilder::new(&settings.read, levels, settings.check.levels_root, root)
            .quiet(args.quiet)
            .empty_inputs(settings.check.levels);
        let (builder, counter) = CoverageCounter::register(builder);
        let on_unreadable = settings.read.on_unreadable;
        let run = run_all(builder, &found, &settings.read);
        origin.refuse_too_few(&run, &found.sources, &settings.read, "FIXTURES")?;
        let report = CoverageReport::new(&counter.take(), &minimums, &without);
        let mut exit = if report.is_enough() { Exit::Clean } else { Exit::Findings };
        exit = exit.max(on_unreadable.exit_of(run.summary.counts.unread));
        if !found.problems.is_empty() && found.is_fruitless() {
            exit = Exit::Failure;
        }
        let mut results = CoverageResults::new(&report, &run.summary, exit.into());
        results.config = config.as_deref();
        results.problems = run.problems().0;
        let mut written = Exit::Clean;
        for (format, mut output) in outputs {
            let (name, is_stdout) = (output.name(), output.is_stdout());
            match write(format, &mut output, args, &results).and_then(|()| output.finish()) {
                Err(error) if is_stdout => written = written.max(Exit::from_printing(Err(error))),
                Err(error) => {
                    terminal::problem(&format!("cannot write to {name}: {error}"));
                    written = Exit::Failure;
                }
                Ok(()) => {}
            }
        }
        for minimum in report.minimums.iter().filter(|minimum| !minimum.is_met()) {
            terminal::problem(&minimum.problem());
        }
        if !args.quiet {
            let _ = write!(
                anstream::stderr(),
                "{}{}",
                summary_text(&run.summary, started),
                on_unreadable.summary(&run)
            );
        }
        Ok(exit.max(written).max(run.empty_inputs.report(args.quiet)))
    }
}

fn settings(args: &CoverageArgs, config: &Config) -> Result<Settings, String> {
    Ok(Settings {
        report: ReportSettings::new(ReportOptions::default(), config)?,
        check: CheckSettings::new(config),
        read: ReadSettings::new(&args.inputs, &args.exclude, &args.reading, config)?
            .skipping(&args.skip, config),
    })
}

/// Lists the inputs, without our own files and excluded ones. Returns an error if nothing would be checked, or an input
/// would be overwritten.
fn list(
    args: &CoverageArgs,
    settings: &Settings,
    formats: &[(Format, Option<PathBuf>)],
) -> Result<FoundInputs, String> {
    let written = || formats.iter().filter_map(|(_, file)| file.as_deref());
    let named: HashSet<_> = settings.read.inputs.iter().map(|path| canonical(path)).collect();
    if let Some(path) = written().find(|path| named.contains(&canonical(path))) {
        return Err(format!(
            "`{}` is an input, and would be overwritten; write to another file",
            path.display()
        ));
    }
    refuse_among(written(), &settings.read.inputs, &settings.read.excluder)?;
    let own = settings.own_files().chain(written());
    let options = settings.input_options(FilterOptions::default(), &args.network);
    let (mut lister, _) = InputLister::new(options, own)?;
    let found = lister.list_all()?;
    if found.sources.is_empty() && found.problems.is_empty() && found.left_out.total() > 0 {
        return Err("everything is excluded, so nothing was checked; look at `exclude`".to_owned());
    }
    Ok(found)
}

/// Opens the outputs, before anything is read.
fn open(formats: &[(Format, Option<PathBuf>)]) -> Result<Vec<(Format, Output)>, String> {
    let opened = formats.iter().map(|(format, file)| {
        let output = match file {
            None if *format == Format::Human => Output::stdout(),
            None => Output::plain_stdout(),
            // Coverage is about the schema, and has no values of events.
            Some(path) => Output::file(path, Access::Public)
                .map_err(|error| format!("cannot write to `{}`: {error}", path.display()))?,
        };
        Ok((*format, output))
    });
    opened.collect()
}

fn write(
    format: Format,
    output: &mut Output,
    args: &CoverageArgs,
    results: &CoverageResults<'_>,
) -> io::Result<()> {
    match format {
        Format::Human => {
            let mut text = Vec::new();
            CoverageFormat::Human { width: terminal::width() }.write(&mut text, results)?;
            output.write_styled(&text)
        }
        Format::Json => CoverageFormat::Json.write(output, results),
        Format::Lcov => CoverageFormat::Lcov { schema_path: &args.schema_path }.write(output, results),
    }
}

/// Returns the summary that is printed at the end: the events, and how many of them cover nothing.
fn summary_text(summary: &Summary, started: Instant) -> String {
    let counts = &summary.counts;
    let events = counts.events();
    let has_errors = counts.findings_of(Severity::Error) > 0;
    let covering = match events.invalid {
        _ if events.valid + events.invalid == 0 => "nothing that could cover anything".to_owned(),
        0 if has_errors => "all valid, with errors between records".to_owned(),
        0 => "all valid".to_owned(),
        1 => "1 invalid, which covers nothing".to_owned(),
        invalid => format!("{} invalid, which cover nothing", count(invalid)),
    };
    let mut parts = vec![covering];
    if counts.unread > 0 {
        parts.push(format!("{} could not be read to the end", counted(counts.unread, "input")));
    }
    parts.extend(summary.left_out.phrases());
    let all = counted(events.valid + events.invalid, "event");
    let inputs = counted(counts.inputs, "input");
    let effort = summary.throughput(started.elapsed());
    let mut text = format!("{all} in {inputs}: {} ({effort})\n", parts.join(", "));
    if has_errors {
        text += "`ccxlog validate` says what is wrong, and where\n";
    }
    text
}
