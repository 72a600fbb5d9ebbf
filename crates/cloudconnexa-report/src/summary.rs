//! The counts of a run, and the few lines that present them at its end.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use cloudconnexa_validator::Severity;
use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::rules::Rule;

use crate::counts::{RunCounts, ValidityCounts};
use crate::left_out::LeftOut;
use crate::masking::Masking;
use crate::text::{self, count, counted, printable, style};

/// The counts of a run, and what its summary says about them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Inputs, events and findings.
    pub counts: RunCounts,
    /// Files and objects that were found but not read.
    pub left_out: LeftOut,
    /// Inputs that an earlier run has read.
    pub done_before: u64,
    /// Inputs that could not be read to their ends, and that an earlier run has reported; `counts` does not include them.
    pub unread_before: u64,
    /// How many inputs have findings of each rule and severity.
    pub finding_inputs: BTreeMap<(Reverse<Severity>, &'static str), u64>,
    /// Findings that are in the baseline; `counts` does not include them.
    pub known: u64,
    /// Whether the summary explains why values are masked.
    pub is_masked: bool,
    /// How many findings of each rule a list has shown, if there is a list.
    shown: Option<BTreeMap<&'static str, u64>>,
}

/// The counts of events of one name, or of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EventRow<'a> {
    /// The name; none for events without a name, and for all names that are not listed.
    pub name: Option<&'a str>,
    /// Whether the schema describes events of this name.
    pub is_known: bool,
    /// The counts.
    pub counts: ValidityCounts,
}

impl Summary {
    /// Makes the summary say how many findings were shown, even if none is.
    pub fn track_shown(&mut self) {
        self.shown = Some(BTreeMap::new());
    }

    /// Counts a finding that a list shows.
    pub fn add_shown(&mut self, rule: &'static Rule) {
        *self.shown.get_or_insert_default().entry(rule.id).or_default() += 1;
    }

    /// Counts an input that has findings of these rules.
    pub fn add_input(&mut self, rules: impl IntoIterator<Item = (Reverse<Severity>, &'static str)>) {
        for rule in rules {
            *self.finding_inputs.entry(rule).or_default() += 1;
        }
    }

    /// Returns the counts of events by name: known names, unknown names, then all others in one row.
    ///
    /// If values are masked, a name that could be anything but a name is among the others.
    pub fn rows(&self, masking: Masking) -> Vec<EventRow<'_>> {
        let all = &self.counts;
        let known = all.known.iter();
        let mut rows: Vec<_> = known
            .map(|(name, counts)| EventRow { name: Some(name), is_known: true, counts: *counts })
            .collect();
        let mut others = all.more_unknown;
        for (name, counts) in &all.unknown {
            if masking == Masking::Masked && !is_plausible_name(name) {
                others.add(*counts);
            } else {
                rows.push(EventRow { name: Some(name), is_known: false, counts: *counts });
            }
        }
        others.add(all.unnamed);
        if others != ValidityCounts::default() {
            rows.push(EventRow { name: None, is_known: false, counts: others });
        }
        rows
    }

    /// Returns the summary of a run that took `elapsed`, with escape codes for colours.
    ///
    /// It is one line if all is well; else the events by name and the findings by rule follow.
    pub fn render(&self, elapsed: Duration, masking: Masking) -> String {
        let total = self.counts.events();
        let (errors, warnings) =
            (self.counts.findings_of(Severity::Error), self.counts.findings_of(Severity::Warning));
        let notes = self.counts.findings_of(Severity::Note);

        let mut text = self.headline(total, errors, warnings);
        let _ = writeln!(text, " ({})", self.throughput(elapsed));
        if errors + warnings + notes > 0 || self.counts.unread > 0 {
            self.write_events(&mut text, masking);
            self.write_findings(&mut text);
        }
        text
    }

    fn headline(&self, total: ValidityCounts, errors: u64, warnings: u64) -> String {
        let mut text = String::new();
        let strong = style::STRONG;
        let events = counted(total.total(), "event");
        let _ = write!(text, "{strong}{events} in {}{strong:#}: ", counted(self.counts.inputs, "input"));
        let unknown = self
            .counts
            .unknown
            .values()
            .chain([&self.counts.more_unknown])
            .map(|counts| counts.total())
            .sum::<u64>();
        let mut parts = Vec::new();
        if total.invalid > 0 {
            let color = style::of(Severity::Error);
            parts.push(format!("{color}{} invalid{color:#}", count(total.invalid)));
            parts.push(format!("{} valid", count(total.valid)));
        } else if total.valid > 0 && (errors > 0 || unknown > 0) {
            parts.push(format!("{} valid", count(total.valid)));
        } else if total.valid > 0 {
            let color = style::GOOD;
            parts.push(format!("{color}all valid{color:#}"));
        } else if errors == 0 && self.counts.unread == 0 {
            parts.push("nothing to validate".to_owned());
        }
        if unknown > 0 {
            // Only the header of these was checked.
            let color = style::of(Severity::Warning);
            parts.push(format!("{color}{} unknown{color:#}", count(unknown)));
        }
        if errors > 0 {
            parts.push(counted(errors, "error"));
        }
        if warnings > 0 {
            parts.push(counted(warnings, "warning"));
        }
        if self.known > 0 {
            parts.push(format!("{} in the baseline", count(self.known)));
        }
        let unwrapped = self.counts.unwrapped;
        if unwrapped.records > 0 {
            let records = counted(unwrapped.records, "record");
            parts.push(format!("{} unwrapped from {records}", count(unwrapped.events)));
        }
        if self.counts.empty > 0 {
            parts.push(counted(self.counts.empty, "empty input"));
        }
        if self.counts.unread > 0 {
            let color = style::of(Severity::Error);
            let inputs = counted(self.counts.unread, "input");
            parts.push(format!("{color}{inputs} could not be read to the end{color:#}"));
        }
        if self.unread_before > 0 {
            parts.push(format!("{} reported before", counted(self.unread_before, "unreadable input")));
        }
        if self.done_before > 0 {
            parts.push(format!("{} read before", counted(self.done_before, "input")));
        }
        parts.extend(self.left_out.phrases());
        text.push_str(&parts.join(", "));
        text
    }

    /// Returns how much was read in how much time: `1.2 MB, 0.50 s, 2.4 MB/s`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn throughput(&self, elapsed: Duration) -> String {
        let seconds = elapsed.as_secs_f64();
        let rate = (self.counts.bytes as f64 / seconds.max(1e-6)) as u64;
        format!("{}, {seconds:.2} s, {}/s", text::bytes(self.counts.bytes), text::bytes(rate))
    }

    fn write_events(&self, text: &mut String, masking: Masking) {
        let rows = self.rows(masking);
        let rows: Vec<(String, ValidityCounts, &str)> = rows
            .into_iter()
            .map(|row| match row.name {
                Some("") => ("(empty name)".to_owned(), row.counts, "unknown to the schema"),
                Some(name) if row.is_known => (name.to_owned(), row.counts, ""),
                Some(name) => (printable(name).into_owned(), row.counts, "unknown to the schema"),
                None => (self.label_of_others(masking).to_owned(), row.counts, ""),
            })
            .collect();
        if rows.is_empty() {
            return;
        }
        let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0).max(5);
        let (strong, name_style) = (style::STRONG, style::NAME);
        let _ =
            writeln!(text, "\n  {strong}{:width$}  {:>11}  {:>11}{strong:#}", "event", "valid", "invalid");
        for (name, counts, remark) in rows {
            let (valid, invalid) = (count(counts.valid), count(counts.invalid));
            let line =
                format!("  {name_style}{name:width$}{name_style:#}  {valid:>11}  {invalid:>11}  {remark}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }

    /// Returns the label of the row of events that are not listed by name.
    fn label_of_others(&self, masking: Masking) -> &'static str {
        let unnamed = self.counts.unnamed != ValidityCounts::default();
        let hidden =
            masking == Masking::Masked && self.counts.unknown.keys().any(|name| !is_plausible_name(name));
        match (unnamed, hidden || self.counts.more_unknown != ValidityCounts::default()) {
            (true, false) => "(no event name)",
            (true, true) => "(other names, or none)",
            (false, _) => "(other names)",
        }
    }

    fn write_findings(&self, text: &mut String) {
        if self.counts.findings.is_empty() {
            return;
        }
        let width = self.counts.findings.keys().map(|(_, id)| id.len()).max().unwrap_or(0).max(7);
        let strong = style::STRONG;
        let has_inputs = self.counts.inputs > 1 && !self.finding_inputs.is_empty();
        let _ = writeln!(
            text,
            "\n  {strong}{:width$}  {:8}  {:>11}{}{}{strong:#}",
            "finding",
            "",
            "in all",
            if has_inputs { "     inputs" } else { "" },
            if self.shown.is_some() { "        shown" } else { "" }
        );
        for (key @ (severity, id), all) in &self.counts.findings {
            let color = style::of(severity.0);
            let word = style::word(severity.0);
            let all = count(*all);
            let _ = write!(text, "  {id:width$}  {color}{word:8}{color:#}  {all:>11}");
            if has_inputs {
                let _ = write!(text, "  {:>9}", count(self.finding_inputs.get(key).copied().unwrap_or(0)));
            }
            if let Some(shown) = &self.shown {
                let _ = write!(text, "  {:>11}", count(shown.get(id).copied().unwrap_or(0)));
            }
            text.push('\n');
        }
        if self.counts.findings_left_out > 0 {
            let more = counted(self.counts.findings_left_out, "repeated or unknown field");
            let _ = writeln!(text, "  and {more} in records that have more than a thousand");
        }
        if let Some((_, id)) = self.counts.findings.keys().next() {
            let _ = writeln!(text, "\n  `ccxlog explain {id}` says what that means and what to do about it.");
        }
        if self.is_masked {
            text.push_str("  Values of events are masked, as `CI` is set; `--show-values` shows them.\n");
        }
    }
}
