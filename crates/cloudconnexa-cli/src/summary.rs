//! What a run saw, counted, and the few lines that say so at its end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use cloudconnexa_validator::{Finding, Report, Severity, Subject};

use crate::render::style;
use crate::size;
use crate::terminal::harmless;

/// Names of unknown events beyond this many are counted together: memory stays bounded whatever comes.
const NAMES: usize = 100;

/// How events of one name fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) valid: u64,
    pub(crate) invalid: u64,
}

/// The counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) inputs: u64,
    pub(crate) empty: u64,
    pub(crate) left_out: u64,
    pub(crate) bytes: u64,
    known: BTreeMap<&'static str, Tally>,
    unknown: BTreeMap<String, Tally>,
    more_unknown: Tally,
    nameless: Tally,
    findings: BTreeMap<(std::cmp::Reverse<Severity>, &'static str), Count>,
    findings_left_out: u64,
    /// Inputs that could not be read, or not to their ends.
    pub(crate) unread: u64,
}

/// How often a rule was broken, and how many of those findings were shown.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: u64,
    shown: u64,
}

impl Summary {
    /// Counts an event.
    pub(crate) fn event(&mut self, report: &Report) {
        self.findings_left_out += report.left_out as u64;
        let tally = match &report.subject {
            Subject::Known(event) => self.known.entry(event.name).or_default(),
            Subject::Unknown(name) if self.unknown.contains_key(name) || self.unknown.len() < NAMES => {
                self.unknown.entry(name.clone()).or_default()
            }
            Subject::Unknown(_) => &mut self.more_unknown,
            Subject::Untold => &mut self.nameless,
        };
        if report.is_valid() {
            tally.valid += 1;
        } else {
            tally.invalid += 1;
        }
    }

    /// Counts a record that was too long to be looked at.
    pub(crate) fn refused_record(&mut self) {
        self.nameless.invalid += 1;
    }

    /// Counts a finding.
    pub(crate) fn finding(&mut self, finding: &Finding, shown: bool) {
        let key = (std::cmp::Reverse(finding.severity()), finding.rule().id);
        let count = self.findings.entry(key).or_default();
        count.all += 1;
        count.shown += u64::from(shown);
    }

    /// How many findings are that severe.
    pub(crate) fn findings(&self, severity: Severity) -> u64 {
        self.findings.iter().filter(|((of, _), _)| of.0 == severity).map(|(_, count)| count.all).sum()
    }

    fn total(&self) -> Tally {
        let mut total = Tally::default();
        let others = [&self.more_unknown, &self.nameless];
        for tally in self.known.values().chain(self.unknown.values()).chain(others) {
            total.valid += tally.valid;
            total.invalid += tally.invalid;
        }
        total
    }

    /// One line where all is well; else with the events by name and the findings by kind below.
    pub(crate) fn render(&self, took: Duration) -> String {
        let total = self.total();
        let (errors, warnings) = (self.findings(Severity::Error), self.findings(Severity::Warning));
        let notes = self.findings(Severity::Note);

        let mut text = self.headline(total, errors, warnings);
        let _ = writeln!(text, " ({})", self.effort(took));
        if errors + warnings + notes > 0 || self.unread > 0 {
            self.events(&mut text);
            self.kinds(&mut text);
        }
        text
    }

    fn headline(&self, total: Tally, errors: u64, warnings: u64) -> String {
        let mut text = String::new();
        let strong = style::STRONG;
        let events = size::counted(total.valid + total.invalid, "event");
        let _ = write!(text, "{strong}{events} in {}{strong:#}: ", size::counted(self.inputs, "input"));
        let mut parts = Vec::new();
        if total.invalid > 0 {
            let color = style::of(Severity::Error);
            parts.push(format!("{color}{} invalid{color:#}", size::count(total.invalid)));
            parts.push(format!("{} valid", size::count(total.valid)));
        } else if total.valid > 0 && errors > 0 {
            parts.push(format!("{} valid", size::count(total.valid)));
        } else if total.valid > 0 {
            let color = style::GOOD;
            parts.push(format!("{color}all valid{color:#}"));
        } else if errors == 0 && self.unread == 0 {
            parts.push("nothing to validate".to_owned());
        }
        let unknown =
            self.unknown.values().chain([&self.more_unknown]).map(|tally| tally.valid + tally.invalid).sum();
        if unknown > 0 {
            parts.push(format!("{} unknown", size::count(unknown)));
        }
        if errors > 0 {
            parts.push(size::counted(errors, "error"));
        }
        if warnings > 0 {
            parts.push(size::counted(warnings, "warning"));
        }
        if self.empty > 0 {
            parts.push(size::counted(self.empty, "empty input"));
        }
        if self.unread > 0 {
            let color = style::of(Severity::Error);
            parts.push(format!(
                "{color}{} could not be read to the end{color:#}",
                size::counted(self.unread, "input")
            ));
        }
        if self.left_out > 0 {
            parts.push(format!("{} left out", size::counted(self.left_out, "other file")));
        }
        text.push_str(&parts.join(", "));
        text
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn effort(&self, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let rate = (self.bytes as f64 / seconds.max(1e-6)) as u64;
        format!("{}, {seconds:.2} s, {}/s", size::show(self.bytes), size::show(rate))
    }

    fn events(&self, text: &mut String) {
        let unknown = self
            .unknown
            .iter()
            .map(|(name, tally)| (harmless(name).into_owned(), *tally, "unknown to the schema"));
        let mut rows: Vec<(String, Tally, &str)> =
            self.known.iter().map(|(name, tally)| ((*name).to_owned(), *tally, "")).chain(unknown).collect();
        for (name, tally, remark) in [
            ("(other names)", self.more_unknown, "unknown to the schema"),
            ("(no event name)", self.nameless, ""),
        ] {
            if tally != Tally::default() {
                rows.push((name.to_owned(), tally, remark));
            }
        }
        if rows.is_empty() {
            return;
        }
        let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0).max(5);
        let (strong, name_style) = (style::STRONG, style::NAME);
        let _ =
            writeln!(text, "\n  {strong}{:width$}  {:>11}  {:>11}{strong:#}", "event", "valid", "invalid");
        for (name, tally, remark) in rows {
            let (valid, invalid) = (size::count(tally.valid), size::count(tally.invalid));
            let line =
                format!("  {name_style}{name:width$}{name_style:#}  {valid:>11}  {invalid:>11}  {remark}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }

    fn kinds(&self, text: &mut String) {
        if self.findings.is_empty() {
            return;
        }
        let width = self.findings.keys().map(|(_, id)| id.len()).max().unwrap_or(0).max(7);
        let strong = style::STRONG;
        let _ = writeln!(
            text,
            "\n  {strong}{:width$}  {:8}  {:>11}  {:>11}{strong:#}",
            "finding", "", "in all", "shown"
        );
        for ((severity, id), count) in &self.findings {
            let color = style::of(severity.0);
            let word = style::word(severity.0);
            let (all, shown) = (size::count(count.all), size::count(count.shown));
            let _ = writeln!(text, "  {id:width$}  {color}{word:8}{color:#}  {all:>11}  {shown:>11}");
        }
        if self.findings_left_out > 0 {
            let more = size::counted(self.findings_left_out, "repeated or unknown field");
            let _ = writeln!(text, "  and {more} in records that have more than a thousand");
        }
        if let Some((_, id)) = self.findings.keys().next() {
            let _ = writeln!(
                text,
                "
  `ccxlog explain {id}` says what that means and what to do about it."
            );
        }
    }
}
