//! Fixtures as tests: files of events, each with the findings that are expected of it.

mod compare;
mod events;
mod expectation;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

pub(crate) use compare::difference;
use expectation::{Expectation, ExpectedFinding, ValidBy};

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudconnexa_reader::records::{Item, Refused, Splitter};
use cloudconnexa_reader::{FileKind, ReadErrorKind, Source, SourceReader};
use cloudconnexa_validator::semantics::{Semantics, Stream, is_record_rule, is_stream_rule};
use cloudconnexa_validator::sessions::Limits;
use cloudconnexa_validator::unwrap::Unwrapper;
use cloudconnexa_validator::{Finding, Position, Severity, Validator};

use crate::check::gzip_message;
use crate::globs;
use crate::inputs::PatternList;
use crate::levels::{InputLevels, Levels};
use crate::outputs::{self, Access};
use crate::paths::PathRoot;
use cloudconnexa_report::Masking;

/// The largest fixture. It is held in memory, and people look at fixtures.
const MAX_BYTES: usize = 64 << 20;

/// The most findings of a fixture.
const MAX_FINDINGS: usize = 10_000;

/// The suffix of a fixture's name that makes the name of the file with its expected findings.
const SIDECAR: &str = ".expected";

/// The result of testing a fixture.
#[derive(Debug)]
pub(crate) enum TestOutcome {
    Passed,
    Failed {
        /// The expectation, if a folder sets it.
        expected: Option<String>,
        /// Expected findings that were not found.
        missing: Vec<String>,
        /// Findings that were not expected.
        unexpected: Vec<String>,
    },
    /// There is no expectation.
    NoExpectation,
    /// The file with the expected findings was written.
    Written,
}

/// Tests fixtures.
#[derive(Debug)]
pub(crate) struct FixtureTester {
    pub(crate) validator: Validator,
    pub(crate) semantics: Semantics,
    pub(crate) window: Limits,
    pub(crate) reader: SourceReader,
    pub(crate) levels: Levels,
    /// The folder that the paths of `levels` are relative to.
    pub(crate) levels_root: PathRoot,
    pub(crate) max_record_bytes: usize,
    /// Finds the events inside records, if that is wanted.
    pub(crate) unwrapper: Option<Unwrapper>,
    pub(crate) values: Masking,
    /// Write findings down as expected, instead of failing.
    pub(crate) update: bool,
    /// Names of folders outside this one are not expectations.
    pub(crate) root: PathRoot,
    /// Patterns of fixtures that are valid, unless their sidecar or their folder says something else.
    pub(crate) valid: PatternList,
    /// The events of fixtures that `levels` name, and that the schema does not have.
    pub(crate) unknown_events: BTreeSet<String>,
}

/// A finding of a fixture.
#[derive(Debug)]
struct ObservedFinding {
    finding: ExpectedFinding,
    message: String,
    /// It is of a rule beyond the schema that is not switched on. It counts only if the fixture expects that rule.
    is_opt_in: bool,
}

impl ObservedFinding {
    fn is_note(&self) -> bool {
        self.finding.severity <= Some(Severity::Note)
    }
}

impl FixtureTester {
    /// Tests the file at `path`. An error is a sentence.
    pub(crate) fn test(&mut self, path: &Path) -> Result<TestOutcome, String> {
        let mut observed = self.findings(path)?;
        let sidecar = sidecar(path);
        let written = match fs::read_to_string(&sidecar) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(format!("cannot read `{}`: {error}", sidecar.display())),
        };
        let expectation = match &written {
            Some(text) => {
                Some(Expectation::parse(text).map_err(|problem| format!("{}:{problem}", sidecar.display()))?)
            }
            None => self.expectation_by_path(&path.to_string_lossy()),
        };
        observed.retain(|observed| {
            let names = |expectation: &Expectation| expectation.names(observed.finding.rule);
            !observed.is_opt_in || expectation.as_ref().is_some_and(names)
        });
        let outcome = expectation
            .as_ref()
            .map_or(TestOutcome::NoExpectation, |expectation| compare::compare(expectation, &observed));
        let is_by_folder = expectation.is_some() && written.is_none();
        if !self.update || is_by_folder || matches!(outcome, TestOutcome::Passed) {
            return Ok(outcome);
        }
        // A note stays expected, but does not become so.
        let is_expected = |observed: &ObservedFinding| match &expectation {
            Some(Expectation::Findings(expected)) => {
                expected.iter().any(|expected| expected.matches(&observed.finding))
            }
            _ => false,
        };
        let kept = observed.iter().filter(|observed| !observed.is_note() || is_expected(observed));
        let text = expectation::to_text(path, kept.map(|observed| &observed.finding));
        outputs::write(&sidecar, text.as_bytes(), Access::Public)
            .map_err(|error| format!("cannot write `{}`: {error}", sidecar.display()))?;
        Ok(TestOutcome::Written)
    }

    /// Returns what the folder of a fixture or the config file says.
    fn expectation_by_path(&self, path: &str) -> Option<Expectation> {
        let is_valid = || globs::any_matches(&self.valid.patterns, &self.valid.root, path);
        Expectation::by_folder(&self.root.path(path))
            .or_else(|| is_valid().then_some(Expectation::Valid(ValidBy::Config)))
    }

    fn findings(&mut self, path: &Path) -> Result<Vec<ObservedFinding>, String> {
        let name = path.display().to_string();
        let content = self.read(path).map_err(|problem| format!("cannot read `{name}`: {problem}"))?;
        let damaged = || FileKind::recognize_damaged_gzip(&name, &content).filter(|_| !self.reader.is_gzip());
        if let Some(what) = FileKind::recognize(&content).or_else(damaged) {
            return Err(format!("cannot test `{name}`: it is {what}"));
        }
        let levels = self.levels.of(&self.levels_root.path(&name));
        let mut unknown = BTreeSet::new();
        let is_configured =
            |name: &str| self.levels.scoped.iter().any(|one| one.events.iter().any(|event| event == name));
        let mut observed = Vec::new();
        if content.trim_ascii().is_empty() {
            observed.extend(self.observe(&Finding::empty_input(), None, &levels));
        }
        let mut checker = self.validator.checker();
        let (input, mut stream): (Arc<str>, _) = (name.as_str().into(), Stream::new(self.window));
        let mut of_stream = Vec::new();
        let mut add = |item: Item<'_>| match item {
            Item::Fault(span, fault) | Item::Refused(Refused { why: Some((span, fault)), .. }) => {
                let finding = Finding::framing(span, fault);
                observed.extend(self.observe(&finding, None, &levels));
            }
            Item::Refused(_) | Item::Between(_) => {}
            Item::Record(record) => self.check_record(&mut checker, record, |checked| {
                if let Some(name) = checked.unknown_name()
                    && is_configured(name)
                    && !unknown.contains(name)
                {
                    unknown.insert(name.to_owned());
                }
                for finding in &checked.findings {
                    if observed.len() <= MAX_FINDINGS {
                        observed.extend(self.observe(finding, checked.event(), &levels));
                    }
                }
                if let Some(step) = checked.step {
                    stream.observe(&input, step, &mut |one| of_stream.push(one));
                }
            }),
        };
        let mut splitter = Splitter::resume(Position::START, self.max_record_bytes);
        splitter.push(&content, &mut add);
        splitter.finish(&mut add);
        stream.finish(&mut |one| of_stream.push(one));
        observed.extend(
            of_stream
                .iter()
                .take(MAX_FINDINGS)
                .filter_map(|one| self.observe(&one.finding, one.event.as_deref(), &levels)),
        );
        observed.sort_by_key(|observed| observed.finding.at);
        self.unknown_events.append(&mut unknown);
        if observed.len() > MAX_FINDINGS {
            return Err(format!(
                "cannot test `{name}`: it has more than {MAX_FINDINGS} findings, too many for a fixture; split it up"
            ));
        }
        Ok(observed)
    }

    fn read(&mut self, path: &Path) -> Result<Vec<u8>, String> {
        self.reader.open(&Source::File(path.to_owned())).map_err(|error| error.to_string())?;
        let mut content = vec![0; 1 << 16];
        let mut end = 0;
        loop {
            if end == content.len() {
                if end >= MAX_BYTES {
                    return Err(format!(
                        "it is longer than {}, too long for a fixture; use `ccxlog validate`",
                        crate::size::show(MAX_BYTES as u64)
                    ));
                }
                content.resize(end * 2, 0);
            }
            match self.reader.read(&mut content, end) {
                Ok(0) => break,
                Ok(length) => end += length,
                Err(ReadErrorKind::Gzip(error)) => return Err(gzip_message(&error)),
                Err(ReadErrorKind::Read(error)) => return Err(error.to_string()),
                Err(_) => return Err("it cannot be read".to_owned()),
            }
        }
        content.truncate(end);
        Ok(content)
    }

    fn observe(
        &self,
        finding: &Finding,
        event: Option<&str>,
        levels: &InputLevels,
    ) -> Option<ObservedFinding> {
        let rule = finding.rule();
        let configured = levels.severity(rule, event);
        let is_beyond_schema = is_record_rule(rule) || is_stream_rule(rule);
        // Notes, and rules beyond the schema, are observed even if they are not switched on: a fixture may expect them.
        let is_observed = is_beyond_schema || rule.severity == Severity::Note;
        let severity = configured.or(Some(rule.severity).filter(|_| is_observed))?;
        let at = finding.span().start;
        let text = match self.values {
            Masking::Shown => finding.text(),
            Masking::Masked => finding.masked(),
        };
        let observed = ExpectedFinding {
            at: Some((at.line, at.column)),
            severity: Some(severity),
            rule: rule.id,
            pointer: Some(finding.pointer().to_owned()),
        };
        let is_opt_in = is_beyond_schema && configured.is_none();
        Some(ObservedFinding { finding: observed, message: text.message, is_opt_in })
    }
}

/// Returns the file that says which warnings a fixture with this content has: its path and its text. Severities are left to the
/// configuration.
pub(crate) fn expected_warnings(fixture: &Path, content: &[u8]) -> (PathBuf, String) {
    let validator = Validator::new();
    let mut expected = Vec::new();
    let mut add = |item: Item<'_>| {
        let Item::Record(record) = item else { return };
        let findings = validator.check(record.bytes, record.at).findings;
        for finding in findings.iter().filter(|finding| finding.severity() > Severity::Note) {
            let at = finding.span().start;
            expected.push(ExpectedFinding {
                at: Some((at.line, at.column)),
                severity: None,
                rule: finding.rule().id,
                pointer: Some(finding.pointer().to_owned()),
            });
        }
    };
    let mut splitter = Splitter::resume(Position::START, MAX_BYTES);
    splitter.push(content, &mut add);
    splitter.finish(&mut add);
    (sidecar(fixture), expectation::to_text(fixture, expected.iter()))
}

/// Returns the path of the file with the expected findings of a fixture.
fn sidecar(fixture: &Path) -> PathBuf {
    let mut name = fixture.as_os_str().to_owned();
    name.push(SIDECAR);
    PathBuf::from(name)
}

/// Returns files with expected findings in `folder` whose fixtures do not exist.
pub(crate) fn orphaned_sidecars(folder: &Path, follows_links: bool) -> Vec<PathBuf> {
    let files =
        walkdir::WalkDir::new(folder).follow_links(follows_links).sort_by_file_name().into_iter().flatten();
    files
        .map(walkdir::DirEntry::into_path)
        .filter(|path| {
            let name = path.to_string_lossy();
            name.strip_suffix(SIDECAR).is_some_and(|fixture| !Path::new(fixture).exists())
        })
        .collect()
}
