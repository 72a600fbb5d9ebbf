//! `ccxlog test`: do fixtures give the findings that are expected of them?

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;

use cloudconnexa_validator::semantics::Semantics;
use cloudconnexa_validator::{Severity, Validator};

use crate::args::{Reading, Test, Validate};
use crate::exit::Exit;
use crate::fixtures::{Fared, Fixtures, difference, stray};
use crate::input::{Source, SourceFinder, SourceReader};
use crate::intake::Gathered;
use crate::paths::repository_root;
use crate::settings::Settings;
use crate::size::counted;
use crate::terminal::{self, printable};
use cloudconnexa_report::text::style;

/// How many fixtures fared how.
#[derive(Debug, Default)]
struct Tally {
    passed: u64,
    failed: u64,
    open: u64,
    written: u64,
    unread: u64,
    excluded: u64,
}

pub(super) fn run(args: &Test) -> Exit {
    let flags = Validate {
        exclude: args.exclude.clone(),
        reading: Reading { config: args.config.clone(), no_config: args.no_config, ..Reading::default() },
        show_values: args.show_values,
        ..Validate::default()
    };
    let settings = match Settings::new(&flags) {
        Ok(mut settings) => {
            // What the config file leaves out is left out of `validate`: fixtures that are there to fail, above all.
            settings.excluder.forget_config();
            settings
        }
        Err(problem) => {
            terminal::problem(&problem);
            return Exit::Failure;
        }
    };
    let mut tally = Tally::default();
    let gathered = Gathered::from(SourceFinder::default().find(&args.dirs, &mut |_| true));
    for problem in &gathered.problems {
        terminal::problem(problem);
        tally.unread += 1;
    }
    let strays: HashSet<_> = args.dirs.iter().flat_map(|folder| stray(folder)).collect();
    let mut strays: Vec<_> = strays.into_iter().collect();
    strays.sort();
    for path in strays {
        terminal::problem(&format!("`{}` is about a fixture that is not there; remove it", path.display()));
        tally.unread += 1;
    }
    let values = settings.values_for_people();
    let mut fixtures = Fixtures {
        validator: Validator::new(),
        semantics: Semantics::new(Some(settings.now)),
        window: settings.window,
        inputs: SourceReader::default(),
        levels: settings.levels,
        levels_root: settings.levels_root,
        max_record_bytes: settings.max_record_bytes,
        values,
        update: args.update,
        root: repository_root(&settings.folder),
    };
    let mut out = terminal::out();
    let mut written = Ok(());
    for source in &gathered.sources {
        let Source::File(path) = source else {
            terminal::problem("fixtures are files; standard input and objects can't be tested");
            tally.unread += 1;
            continue;
        };
        if settings.excluder.excludes(&source.name()) {
            tally.excluded += 1;
            continue;
        }
        let text = one(&mut fixtures, path, &mut tally);
        written = written.and_then(|()| out.write_all(text.as_bytes()));
    }
    let written = written.and_then(|()| out.flush());
    let printed = Exit::of_printing(written);
    let _ = writeln!(anstream::stderr(), "{}", tally.render());
    tally.exit().max(printed)
}

/// Judges a fixture; what there is to say about it.
fn one(fixtures: &mut Fixtures, path: &Path, tally: &mut Tally) -> String {
    let name = path.display().to_string();
    let name = printable(&name);
    let (bad, good) = (style::of(Severity::Error), style::GOOD);
    match fixtures.judge(path) {
        Ok(Fared::Passed) => {
            tally.passed += 1;
            String::new()
        }
        Ok(Fared::Written) => {
            tally.written += 1;
            format!("{good}wrote{good:#} {name}.expected\n")
        }
        Ok(Fared::Open) => {
            tally.open += 1;
            format!(
                "{bad}open{bad:#} {name}: nothing says what is expected; `--update` writes down what is found, or put it \
                 into a folder that is called `valid` or as a rule\n"
            )
        }
        Ok(Fared::Failed { expected, missing, surplus }) => {
            tally.failed += 1;
            let expected = expected.map_or(String::new(), |expected| format!(": {expected}"));
            format!("{bad}failed{bad:#} {name}{expected}\n{}", difference(&missing, &surplus))
        }
        Err(problem) => {
            tally.unread += 1;
            terminal::problem(&problem);
            String::new()
        }
    }
}

impl Tally {
    fn render(&self) -> String {
        let all = self.passed + self.failed + self.open + self.written;
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
            (self.open, "without an expectation"),
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
        let all = self.passed + self.failed + self.open + self.written;
        if self.unread > 0 || all == 0 {
            Exit::Failure
        } else if self.failed + self.open > 0 {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}
