//! Collects what a validator finds, and writes it in one format.

use std::cmp::Reverse;
use std::io::{self, Write};
use std::sync::Arc;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::rules::is_recognition_rule;
use cloudconnexa_validator::{Finding, Position, Report, Severity, Subject};

use crate::counts::{EventLabel, ValidityCounts};
use crate::finding::ReportedFinding;
use crate::fingerprint::{Fingerprint, MAX_NAME_BYTES, MAX_POINTER_BYTES, shorten};
use crate::formats::{FindingWriter, Format, JunitWriter, ListFormat, RunFormat};
use crate::groups::{FindingGroups, GroupDetails, GroupKey, InputFindings};
use crate::options::ReportOptions;
use crate::overview::Overview;
use crate::run::{Problem, RunResults};
use crate::status::RunStatus;
use crate::summary::Summary;

/// Writes a report about any number of records, in one format.
///
/// Add each record with what the validator found, input by input, then call [`finish`](Self::finish). Lists such as
/// `human` and `json` are written as findings come, `junit` input by input, and everything else at the end; memory does
/// not grow with the number of findings.
#[derive(Debug)]
pub struct Reporter<W> {
    out: W,
    writer: FormatWriter,
    options: ReportOptions,
    summary: Summary,
    groups: FindingGroups,
    input: Option<InputFindings>,
    problems: Vec<Problem>,
    overview: Option<Overview>,
}

#[derive(Debug)]
enum FormatWriter {
    List(FindingWriter),
    Junit(JunitWriter),
    Run(RunFormat),
}

impl<W: Write> Reporter<W> {
    /// Creates a reporter that writes to `out`.
    pub fn new(format: Format, out: W, options: ReportOptions) -> Self {
        let list = |format| FormatWriter::List(FindingWriter::new(format, options.masking));
        let writer = match format {
            Format::Human => list(ListFormat::Human { width: options.width }),
            Format::Concise => list(ListFormat::Concise),
            Format::Json => list(ListFormat::Json),
            Format::Sarif => FormatWriter::Run(RunFormat::Sarif),
            Format::Github => FormatWriter::Run(RunFormat::Github),
            Format::Gitlab => FormatWriter::Run(RunFormat::Gitlab),
            Format::Html => FormatWriter::Run(RunFormat::Html(options.masking)),
            Format::Junit => FormatWriter::Junit(JunitWriter::new()),
        };
        Self {
            out,
            writer,
            options,
            summary: Summary::default(),
            groups: FindingGroups::default(),
            input: None,
            problems: Vec::new(),
            overview: None,
        }
    }

    /// Adds a record of the input `input`, which starts at `at`, with what the validator found in it.
    ///
    /// Records of one input have to come one after another.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    pub fn add(&mut self, input: &str, record: &[u8], at: Position, checked: &Report) -> io::Result<()> {
        self.start_input(input)?;
        let unknown;
        let (label, event) = match &checked.subject {
            Subject::Known(event) => (EventLabel::Known(event.name), Some(event.name)),
            Subject::Unknown(name) => {
                unknown = shorten(name, MAX_NAME_BYTES);
                (EventLabel::Unknown(&unknown), Some(&*unknown))
            }
            _ => (EventLabel::Missing, None),
        };
        let counts = &mut self.summary.counts;
        counts.bytes += record.len() as u64;
        counts.findings_left_out += checked.left_out as u64;
        counts.add_events(label, ValidityCounts::one(checked.is_valid()));
        for finding in &checked.findings {
            self.write_finding(finding, Some(Record::alone(record, at)), event)?;
        }
        Ok(())
    }

    /// Adds a finding that is outside of all records, such as one about text between them.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    pub fn add_finding(&mut self, input: &str, finding: &Finding) -> io::Result<()> {
        self.start_input(input)?;
        self.write_finding(finding, None, None)
    }

    /// Adds something that could not be done: the report will say that not everything was checked.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    pub fn add_problem(&mut self, input: Option<&str>, message: &str) -> io::Result<()> {
        if let Some(name) = input {
            self.start_input(name)?;
            if let Some(open) = &mut self.input {
                open.problems.push(message.to_owned());
            }
        }
        self.summary.counts.unread += 1;
        let problem = Problem { input: input.map(str::to_owned), message: message.to_owned() };
        if let FormatWriter::List(list) = &self.writer {
            list.problem(&mut self.out, &problem)?;
        }
        self.problems.push(problem);
        Ok(())
    }

    /// Starts an input, and ends the one before. The `add` methods do so by themselves; call it for inputs that may be
    /// empty.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    pub fn start_input(&mut self, input: &str) -> io::Result<()> {
        if self.input.as_ref().is_some_and(|open| *open.input == *input) {
            return Ok(());
        }
        self.end_input()?;
        self.summary.counts.inputs += 1;
        self.input = Some(InputFindings::new(&Arc::from(input)));
        Ok(())
    }

    /// Sets what the HTML page shows in addition to findings.
    pub fn set_overview(&mut self, overview: Overview) {
        self.overview = Some(overview);
    }

    /// Returns the counts so far. Its [`render`](Summary::render) has the summary for people.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns the result of the run so far: whether there was a problem, and whether a finding is an error.
    pub fn status(&self) -> RunStatus {
        if !self.problems.is_empty() {
            RunStatus::Failure
        } else if self.summary.counts.findings_of(Severity::Error) > 0 {
            RunStatus::Findings
        } else {
            RunStatus::Clean
        }
    }

    /// Writes the rest of the report, and returns the output.
    ///
    /// # Errors
    ///
    /// Fails if the output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_input()?;
        let status = self.status();
        let mut run = RunResults::new(&self.summary, &self.groups, &self.options.root);
        run.problems = &self.problems;
        run.max_entries = self.options.max_entries;
        run.status = status;
        run.overview = self.overview.as_ref();
        match &mut self.writer {
            FormatWriter::List(list) => list.finish(&mut self.out, &run)?,
            FormatWriter::Junit(junit) => junit.finish(&mut self.out, run.problems)?,
            FormatWriter::Run(format) => format.write(&mut self.out, &run)?,
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_finding(
        &mut self,
        finding: &Finding,
        record: Option<Record<'_>>,
        event: Option<&str>,
    ) -> io::Result<()> {
        let (rule, severity) = (finding.rule(), finding.severity());
        // It is about all records of its kind, whichever events they are.
        let event = event.filter(|_| !is_recognition_rule(rule));
        self.summary.counts.add_findings(rule, severity, 1);
        let Some(input) = &mut self.input else { return Ok(()) };
        let pointer = shorten(finding.pointer(), MAX_POINTER_BYTES);
        let masking = self.options.masking;
        let key = GroupKey::of_finding(finding, severity, event);
        input.rules.insert((Reverse(severity), rule.id));
        input.add(key, 0, finding.span(), || GroupDetails {
            rule,
            severity,
            event: event.filter(|name| is_plausible_name(name)).map(str::to_owned),
            pointer: pointer.to_string(),
            key: shorten(finding.key(), MAX_POINTER_BYTES).into_owned(),
            text: masking.text(finding),
        });
        if let FormatWriter::List(list) = &self.writer {
            let path = self.options.root.path(&input.input);
            let fingerprint = Fingerprint::of_finding(finding, &path, event);
            let found = ReportedFinding {
                finding,
                severity,
                input: &input.input,
                record,
                event,
                pointer: &pointer,
                fingerprint,
                records: 1,
            };
            if finding.is_folded() {
                input.folded.add(&found);
                return Ok(());
            }
            list.finding(&mut self.out, &found)?;
        }
        Ok(())
    }

    fn end_input(&mut self) -> io::Result<()> {
        let Some(mut input) = self.input.take() else { return Ok(()) };
        for folded in std::mem::take(&mut input.folded).into_findings() {
            if let FormatWriter::List(list) = &self.writer {
                list.finding(&mut self.out, &folded.reported(&input.input))?;
            }
        }
        if let FormatWriter::Junit(junit) = &mut self.writer {
            junit.suite(&mut self.out, &input, &self.options.root)?;
        }
        self.summary.add_input(input.rules.iter().copied());
        self.groups.add(input);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
