//! `ccxlog test`: checks that fixtures have the findings that are expected of them.

use std::collections::{BTreeSet, HashSet};
use std::io::Write as _;
use std::path::Path;

use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::{Severity, Validator};

use crate::args::{ReadingArgs, TestArgs};
use crate::exit::Exit;
use crate::expectations::{FixtureTester, TestOutcome, difference, orphaned_sidecars};
use crate::inputs::{FoundInputs, PatternList, PatternSource, UnmatchedPatterns, finder, unmatched_events};
use crate::paths::repository_root;
use crate::settings::{self, CheckSettings, ReadSettings, ReportOptions, ReportSettings, Settings};
use crate::signals;
use crate::size::counted;
use crate::terminal::{self, printable};
use cloudconnexa_reader::{Pattern, RemoteOptions, Source, SourceReader};
use cloudconnexa_report::text::style;

/// The number of fixtures by outcome.
#[derive(Debug, Default)]
struct TestTotals {
    passed: u64,
    failed: u64,
    without_expectation: u64,
    written: u64,
    unread: u64,
    excluded: u64,
}

/// Returns the settings, and the patterns of fixtures that are expected to be valid.
fn settings(args: &TestArgs) -> Result<(Settings, PatternList), String> {
    let config = settings::load_config(&args.config, false)?;
    let report = ReportOptions { show_values: args.show_values, ..ReportOptions::default() };
    let reading = ReadingArgs { unwrap: args.unwrap.clone(), ..ReadingArgs::default() };
    let mut read = ReadSettings::new(&args.dirs, &args.exclude, &reading, &config)?;
    if read.inputs.is_empty() {
        return Err(
            "no DIR, and no `inputs` in a config file; try `ccxlog test FOLDER`, or `--help`".to_owned()
        );
    }
    // The config file excludes files from `validate`: above all, fixtures that are meant to fail.
    read.excluder.forget_config();
    let check = CheckSettings::new(&config);
    let valid = PatternList {
        source: PatternSource::ConfigValid,
        root: check.levels_root.clone(),
        patterns: config.valid_fixtures.clone(),
    };
    Ok((Settings { report: ReportSettings::new(report, &config)?, check, read }, valid))
}

pub(super) fn run(args: &TestArgs) -> Exit {
    let (settings, valid) = match settings(args) {
        Ok(settings) => settings,
        Err(problem) => {
            terminal::problem(&problem);
            return Exit::Failure;
        }
    };
    // Expectations are files that `--update` writes.
    signals::watch();
    let mut totals = TestTotals::default();
    let mut finder = finder(RemoteOptions::default(), args.links.no_follow_links);
    let inputs = &settings.read.inputs;
    let found = FoundInputs::from(finder.find(inputs, &mut |_| true));
    for note in unmatched_patterns(&settings, &valid, &found) {
        terminal::note(&note);
    }
    for problem in &found.problems {
        terminal::problem(problem);
        totals.unread += 1;
    }
    let follows = !args.links.no_follow_links;
    let orphans: HashSet<_> = inputs.iter().flat_map(|folder| orphaned_sidecars(folder, follows)).collect();
    let mut orphans: Vec<_> = orphans.into_iter().collect();
    orphans.sort();
    for path in orphans {
        terminal::problem(&format!("`{}` is about a fixture that does not exist; remove it", path.display()));
        totals.unread += 1;
    }
    let values = settings.report.values_for_people();
    let named = settings.read.named_inputs();
    let mut tester = FixtureTester {
        validator: Validator::new(),
        semantics: Semantics::new(Some(settings.check.now)),
        window: settings.check.window,
        reader: SourceReader::default(),
        levels: settings.check.levels,
        levels_root: settings.check.levels_root,
        max_record_bytes: settings.read.max_record_bytes,
        unwrapper: settings.read.unwrapper.clone(),
        values,
        unknown_events: BTreeSet::new(),
        update: args.update,
        root: repository_root(&settings.read.folder),
        valid,
    };
    let mut out = terminal::stdout();
    let mut written = Ok(());
    for source in &found.sources {
        let Source::File(path) = source else {
            terminal::problem("fixtures are files; standard input and objects can't be tested");
            totals.unread += 1;
            continue;
        };
        if settings.read.excluder.excludes(&source.name()) {
            totals.excluded += 1;
            continue;
        }
        let text = one(&mut tester, path, &mut totals);
        written = written.and_then(|()| out.write_all(text.as_bytes()));
    }
    let written = written.and_then(|()| out.flush());
    let printed = Exit::from_printing(written);
    if found.is_list && totals.unread + totals.excluded == 0 {
        let covers = |patterns: &[Pattern]| named.cover(&tester.levels_root, patterns);
        let unknown: Vec<_> = tester.unknown_events.iter().map(String::as_str).collect();
        for note in unmatched_events(&tester.levels, &unknown, covers) {
            terminal::note(&note);
        }
    }
    let _ = writeln!(anstream::stderr(), "{}", totals.render());
    totals.exit().max(printed)
}

/// Returns notes about patterns of the config file that match no fixture.
fn unmatched_patterns(settings: &Settings, valid: &PatternList, found: &FoundInputs) -> Vec<String> {
    if !found.is_list || !found.problems.is_empty() {
        return Vec::new();
    }
    let overrides = settings.overrides();
    let mut unmatched = UnmatchedPatterns::new([valid, &overrides].into_iter());
    found.sources.iter().for_each(|source| unmatched.observe(&source.name()));
    unmatched.notes(settings.read.named_inputs())
}

/// Tests a fixture and returns what to print about it.
fn one(tester: &mut FixtureTester, path: &Path, totals: &mut TestTotals) -> String {
    let name = path.display().to_string();
    let name = printable(&name);
    let (bad, good) = (style::of(Severity::Error), style::GOOD);
    match tester.test(path) {
        Ok(TestOutcome::Passed) => {
            totals.passed += 1;
            String::new()
        }
        Ok(TestOutcome::Written) => {
            totals.written += 1;
            format!("{good}wrote{good:#} {name}.expected\n")
        }
        Ok(TestOutcome::NoExpectation) => {
            totals.without_expectation += 1;
            format!(
                "{bad}open{bad:#} {name}: nothing says what is expected; write the findings down with `--update`, or move \
                 it to a folder named `valid` or after a rule\n"
            )
        }
        Ok(TestOutcome::Failed { expected, missing, unexpected }) => {
            totals.failed += 1;
            let expected = expected.map_or(String::new(), |expected| format!(": {expected}"));
            format!("{bad}failed{bad:#} {name}{expected}\n{}", difference(&missing, &unexpected))
        }
        Err(problem) => {
            totals.unread += 1;
            terminal::problem(&problem);
            String::new()
        }
    }
}

impl TestTotals {
    fn all(&self) -> u64 {
        self.passed + self.failed + self.without_expectation + self.written
    }

    fn render(&self) -> String {
        let all = self.all();
        let mut parts = Vec::new();
        if self.passed == all && all > 0 {
            let good = style::GOOD;
            parts.push(format!("{good}all as expected{good:#}"));
        } else if self.passed > 0 {
            parts.push(format!("{} as expected", self.passed));
        }
        for (count, what) in [
            (self.written, "written down"),
            (self.failed, "not as expected"),
            (self.without_expectation, "without an expectation"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if self.unread > 0 {
            parts.push(counted(self.unread, "problem"));
        }
        if self.excluded > 0 {
            parts.push(format!("{} excluded", self.excluded));
        }
        if parts.is_empty() {
            parts.push("nothing to test".to_owned());
        }
        format!("{}: {}", counted(all, "fixture"), parts.join(", "))
    }

    fn exit(&self) -> Exit {
        if self.unread > 0 || self.all() == 0 {
            Exit::Failure
        } else if self.failed + self.without_expectation > 0 {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}
