//! What a run saw, counted, and the few lines that say so at its end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::rules::Rule;

use crate::render::style;
use cloudconnexa_validator::catalog::is_plausible_name;

use crate::run::{Fared, Tally, Values};
use crate::size;
use crate::terminal::harmless;

/// The counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) tally: Tally,
    pub(crate) left_out: u64,
    /// Inputs that an earlier run has read.
    pub(crate) done_before: u64,
    /// Findings that the baseline knows; the tally is without them.
    pub(crate) known: u64,
    /// How many findings of each rule were shown, where a list shows them.
    shown: Option<BTreeMap<&'static str, u64>>,
}

/// How events of one name fared, or of several.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// None for events without a name, and for all names that are not told one by one.
    pub(crate) name: Option<&'a str>,
    /// Whether the schema describes events of this name.
    pub(crate) is_known: bool,
    pub(crate) fared: Fared,
}

impl Summary {
    /// Says that what is shown is counted.
    pub(crate) fn shows_findings(&mut self) {
        self.shown = Some(BTreeMap::new());
    }

    /// Counts a finding that is shown.
    pub(crate) fn shown(&mut self, rule: &'static Rule) {
        *self.shown.get_or_insert_default().entry(rule.id).or_default() += 1;
    }

    /// How events fared by name: known ones, unknown ones, then all others. Where values are masked, a name that could
    /// be anything is not told.
    pub(crate) fn rows(&self, values: Values) -> Vec<Row<'_>> {
        let tally = &self.tally;
        let known = tally.known.iter().map(|(name, fared)| (*name, *fared));
        let mut rows: Vec<_> =
            known.map(|(name, fared)| Row { name: Some(name), is_known: true, fared }).collect();
        let mut others = tally.more_unknown;
        for (name, fared) in &tally.unknown {
            if values == Values::Masked && !is_plausible_name(name) {
                others.add(*fared);
            } else {
                rows.push(Row { name: Some(name), is_known: false, fared: *fared });
            }
        }
        others.add(tally.nameless);
        if others != Fared::default() {
            rows.push(Row { name: None, is_known: false, fared: others });
        }
        rows
    }

    /// One line where all is well; else with the events by name and the findings by kind below.
    pub(crate) fn render(&self, took: Duration, values: Values) -> String {
        let total = self.tally.events();
        let (errors, warnings) = (self.tally.severe(Severity::Error), self.tally.severe(Severity::Warning));
        let notes = self.tally.severe(Severity::Note);

        let mut text = self.headline(total, errors, warnings);
        let _ = writeln!(text, " ({})", self.effort(took));
        if errors + warnings + notes > 0 || self.tally.unread > 0 {
            self.events(&mut text, values);
            self.kinds(&mut text);
        }
        text
    }

    fn headline(&self, total: Fared, errors: u64, warnings: u64) -> String {
        let mut text = String::new();
        let strong = style::STRONG;
        let events = size::counted(total.valid + total.invalid, "event");
        let _ = write!(text, "{strong}{events} in {}{strong:#}: ", size::counted(self.tally.inputs, "input"));
        let unknown = self
            .tally
            .unknown
            .values()
            .chain([&self.tally.more_unknown])
            .map(|tally| tally.valid + tally.invalid)
            .sum::<u64>();
        let mut parts = Vec::new();
        if total.invalid > 0 {
            let color = style::of(Severity::Error);
            parts.push(format!("{color}{} invalid{color:#}", size::count(total.invalid)));
            parts.push(format!("{} valid", size::count(total.valid)));
        } else if total.valid > 0 && (errors > 0 || unknown > 0) {
            parts.push(format!("{} valid", size::count(total.valid)));
        } else if total.valid > 0 {
            let color = style::GOOD;
            parts.push(format!("{color}all valid{color:#}"));
        } else if errors == 0 && self.tally.unread == 0 {
            parts.push("nothing to validate".to_owned());
        }
        if unknown > 0 {
            // Of these only the header was judged.
            let color = style::of(Severity::Warning);
            parts.push(format!("{color}{} unknown{color:#}", size::count(unknown)));
        }
        if errors > 0 {
            parts.push(size::counted(errors, "error"));
        }
        if warnings > 0 {
            parts.push(size::counted(warnings, "warning"));
        }
        if self.known > 0 {
            parts.push(format!("{} known to the baseline", size::count(self.known)));
        }
        if self.tally.empty > 0 {
            parts.push(size::counted(self.tally.empty, "empty input"));
        }
        if self.tally.unread > 0 {
            let color = style::of(Severity::Error);
            parts.push(format!(
                "{color}{} could not be read to the end{color:#}",
                size::counted(self.tally.unread, "input")
            ));
        }
        if self.done_before > 0 {
            parts.push(format!("{} read before", size::counted(self.done_before, "input")));
        }
        if self.left_out > 0 {
            parts.push(format!("{} left out", size::counted(self.left_out, "other file")));
        }
        text.push_str(&parts.join(", "));
        text
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub(crate) fn effort(&self, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let rate = (self.tally.bytes as f64 / seconds.max(1e-6)) as u64;
        format!("{}, {seconds:.2} s, {}/s", size::show(self.tally.bytes), size::show(rate))
    }

    fn events(&self, text: &mut String, values: Values) {
        let rows = self.rows(values);
        let rows: Vec<(String, Fared, &str)> = rows
            .into_iter()
            .map(|row| match row.name {
                Some("") => ("(empty name)".to_owned(), row.fared, "unknown to the schema"),
                Some(name) if row.is_known => (name.to_owned(), row.fared, ""),
                Some(name) => (harmless(name).into_owned(), row.fared, "unknown to the schema"),
                None => (self.others_are(values).to_owned(), row.fared, ""),
            })
            .collect();
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

    /// What events are called that are not told by name.
    fn others_are(&self, values: Values) -> &'static str {
        let nameless = self.tally.nameless != Fared::default();
        let hidden =
            values == Values::Masked && self.tally.unknown.keys().any(|name| !is_plausible_name(name));
        match (nameless, hidden || self.tally.more_unknown != Fared::default()) {
            (true, false) => "(no event name)",
            (true, true) => "(other names, or none)",
            (false, _) => "(other names)",
        }
    }

    fn kinds(&self, text: &mut String) {
        if self.tally.findings.is_empty() {
            return;
        }
        let width = self.tally.findings.keys().map(|(_, id)| id.len()).max().unwrap_or(0).max(7);
        let strong = style::STRONG;
        let _ = writeln!(
            text,
            "\n  {strong}{:width$}  {:8}  {:>11}{}{strong:#}",
            "finding",
            "",
            "in all",
            if self.shown.is_some() { "        shown" } else { "" }
        );
        for ((severity, id), count) in &self.tally.findings {
            let color = style::of(severity.0);
            let word = style::word(severity.0);
            let all = size::count(*count);
            let _ = write!(text, "  {id:width$}  {color}{word:8}{color:#}  {all:>11}");
            if let Some(shown) = &self.shown {
                let _ = write!(text, "  {:>11}", size::count(shown.get(id).copied().unwrap_or(0)));
            }
            text.push('\n');
        }
        if self.tally.findings_left_out > 0 {
            let more = size::counted(self.tally.findings_left_out, "repeated or unknown field");
            let _ = writeln!(text, "  and {more} in records that have more than a thousand");
        }
        if let Some((_, id)) = self.tally.findings.keys().next() {
            let _ = writeln!(
                text,
                "
  `ccxlog explain {id}` says what that means and what to do about it."
            );
        }
    }
}
