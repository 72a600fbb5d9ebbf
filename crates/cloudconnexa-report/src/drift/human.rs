//! Drift for people.

use std::fmt::Write as _;

use cloudconnexa_drift::{Drift, Finding, FindingKind, NeverSeen};
use cloudconnexa_validator::Severity;

use super::comparison::{Comparison, DriftDetail};
use crate::text::{count, counted, printable, style};

/// How many events of a difference are named.
const MAX_EVENTS: usize = 4;
/// How many fields of a new event are named.
const MAX_FIELDS: usize = 20;
/// How many events or fields that never occurred are named.
const MAX_NEVER_SEEN: usize = 5;

/// How many inputs that were skipped are named.
const MAX_PROBLEMS: usize = 10;

/// Returns each difference with what is known of it, and a summary.
pub(super) fn text(drift: &Drift, comparison: &Comparison<'_>, detail: DriftDetail) -> String {
    let mut text = String::new();
    for finding in &drift.findings {
        write_finding(&mut text, finding);
    }
    if detail == DriftDetail::Full {
        write_never_seen(&mut text, &drift.never_seen);
        write_summary(&mut text, drift, comparison);
    }
    text
}

fn write_finding(text: &mut String, finding: &Finding) {
    let color = style::of(Severity::Warning);
    let strong = style::STRONG;
    let id = finding.kind.id();
    let message = finding.message();
    let _ = writeln!(text, "{color}drift[{id}]{color:#}: {strong}{}{strong:#}", printable(&message));
    let mut line = |label: &str, content: &str| {
        let _ = writeln!(text, "  {label:9}{}", printable(content));
    };
    match (finding.kind, finding.since) {
        (FindingKind::EventStopped, Some(since)) => line("last", &since.to_string()),
        (_, Some(since)) => {
            let last = finding.last.filter(|last| *last != since);
            let until = last.map(|last| format!(", last {last}")).unwrap_or_default();
            line("since", &format!("{since}{until}"));
        }
        (_, None) => {}
    }
    line("count", &share(finding));
    // The message names a single event, unless it is about the header.
    if finding.events.len() > 1 || finding.is_in_header() {
        let names: Vec<_> = finding.events.iter().take(MAX_EVENTS).map(String::as_str).collect();
        let more = finding.events.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        line("events", &(names.join(", ") + &more));
    }
    if finding.kind == FindingKind::NewField && !finding.types.is_empty() {
        line("values", &finding.found_types());
    }
    let fields: Vec<_> = finding.fields.iter().take(MAX_FIELDS).collect();
    for (index, (path, types)) in fields.iter().enumerate() {
        let names: Vec<_> = types.iter().map(|value_type| value_type.name()).collect();
        line(if index == 0 { "fields" } else { "" }, &format!("{path}: {}", names.join(", ")));
    }
    if finding.fields.len() > fields.len() {
        line("", &format!("and {} more", finding.fields.len() - fields.len()));
    }
    if let Some(example) = &finding.example {
        let masked = if example.value.is_some() { "" } else { " (masked)" };
        line("example", &format!("{}{masked}", example.value.as_deref().unwrap_or(&example.masked)));
    }
    line("to do", finding.remedy());
    text.push('\n');
}

/// Formats how many records have a difference: `1,234 of 5,000 (24.7 %)`.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub(crate) fn share(finding: &Finding) -> String {
    let Finding { count: number, of, .. } = *finding;
    if of == 0 || number > of {
        return count(number);
    }
    let percent = number as f64 * 100.0 / of as f64;
    let percent = if number < of && percent >= 99.95 {
        "over 99.9 %".to_owned()
    } else if number > 0 && percent < 0.05 {
        "under 0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    };
    format!("{} of {} ({percent})", count(number), count(of))
}

/// Notes events and fields that never occurred. This is not drift, but they may be switched off.
fn write_never_seen(text: &mut String, never: &[NeverSeen]) {
    let events: Vec<_> =
        never.iter().filter(|one| one.path.is_none()).map(|one| one.event.as_str()).collect();
    let fields: Vec<_> =
        never.iter().filter_map(|one| Some(format!("{}#{}", one.event, one.path.as_ref()?))).collect();
    let fields: Vec<_> = fields.iter().map(String::as_str).collect();
    let color = style::of(Severity::Note);
    for (what, names) in [("event", events), ("field", fields)] {
        if names.is_empty() {
            continue;
        }
        let more = names.len().saturating_sub(MAX_NEVER_SEEN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let list = names.iter().take(MAX_NEVER_SEEN).copied().collect::<Vec<_>>().join(", ") + &more;
        let number = counted(names.len() as u64, what);
        let verb = if names.len() == 1 { "was" } else { "were" };
        let _ = writeln!(
            text,
            "{color}note{color:#}: {number} of the schema {verb} never seen: {}",
            printable(&list)
        );
    }
}

fn write_summary(text: &mut String, drift: &Drift, comparison: &Comparison<'_>) {
    let profile = comparison.profile;
    let known = match (&comparison.schema, &comparison.against) {
        (None, None) => "the schema".to_owned(),
        (None, Some(against)) => format!("the schema and `{against}`"),
        (Some(schema), None) => format!("`{schema}`"),
        (Some(schema), Some(against)) => format!("`{schema}` and `{against}`"),
    };
    let records = counted(profile.records, "record");
    let range = match (profile.first, profile.last) {
        (Some(first), Some(last)) => format!(" from {first} to {last}"),
        _ => String::new(),
    };
    let (color, result) = match drift.findings.len() {
        0 => (style::GOOD, "no drift".to_owned()),
        1 => (style::of(Severity::Warning), "1 difference".to_owned()),
        many => (style::of(Severity::Warning), format!("{many} differences")),
    };
    let _ = writeln!(text, "{color}{result}{color:#} from {} in {records}{range}", printable(&known));
    let others = profile.others.values().sum::<u64>();
    if others > 0 {
        let (others, verb) = (counted(others, "record"), if others == 1 { "is" } else { "are" });
        let _ = writeln!(text, "  {others} that {verb} not of events: counted, and not compared");
    }
    if profile.untimed > 0 {
        let untimed = counted(profile.untimed, "record");
        let _ = writeln!(text, "  {untimed} without a timestamp: counted, but not dated");
    }
    if !comparison.problems.is_empty() {
        let skipped = counted(comparison.problems.len() as u64, "input");
        let _ = writeln!(text, "  {skipped} skipped, so that what is only there is missing:");
        for problem in comparison.problems.iter().take(MAX_PROBLEMS) {
            let _ = writeln!(text, "    {}", printable(&problem.message));
        }
        if let Some(more @ 1..) = comparison.problems.len().checked_sub(MAX_PROBLEMS) {
            let _ = writeln!(text, "    and {}", counted(more as u64, "other"));
        }
    }
}
