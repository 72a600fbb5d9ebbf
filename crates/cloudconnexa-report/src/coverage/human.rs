//! Coverage for people: a table by event, and what is missing.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use cloudconnexa_validator::Severity;
use unicode_width::UnicodeWidthStr as _;

use super::labels::{field_label, missing_label};
use super::report::{CoverageGroup, CoverageReport};
use super::share::Share;
use crate::text::{count, counted, style};

/// The style of the uncovered rest of a bar.
const REST: Style = AnsiColor::BrightBlack.on_default();

/// The shortest bar that is worth drawing, and the longest.
const BAR_WIDTH: (usize, usize) = (8, 24);

/// Returns the table and the list, with colours, fitted to a terminal of `width` columns.
pub(super) fn text(report: &CoverageReport, width: usize) -> String {
    let mut text = String::new();
    let names = report.groups.iter().map(|group| group.name().len()).max().unwrap_or(0).max(5);
    let events = count(report.events).len().max(6);
    // Name, percent, points, events, and two columns between each.
    let bar_width = width.saturating_sub(names + 7 + 10 + events + 2 * 4);
    let bar_width = if bar_width < BAR_WIDTH.0 { 0 } else { bar_width.min(BAR_WIDTH.1) };
    let has_events = width >= names + 7 + 10 + events + 2 * 3;
    let number = |text: &str| if has_events { format!("  {text:>events$}") } else { String::new() };
    let strong = style::STRONG;
    let gap = if bar_width == 0 { String::new() } else { " ".repeat(bar_width + 2) };
    let _ = writeln!(
        text,
        "{strong}{:names$}  {gap}{:>7}  {:>10}{}{strong:#}",
        "event",
        "covered",
        "points",
        number("events")
    );
    let mut row = |name: &str, share: Share, valid: u64, is_failing: bool| {
        let color = color(share, is_failing);
        let bar = bar(share, bar_width, color);
        let points = format!("{} / {}", share.covered, share.points);
        let name_style = if name == "all" { style::STRONG } else { style::NAME };
        let _ = writeln!(
            text,
            "{name_style}{name:names$}{name_style:#}  {bar}{color}{share:>7}{color:#}  {points:>10}{}",
            number(&count(valid))
        );
    };
    for group in &report.groups {
        row(group.name(), group.share, group.events, report.is_failing(Some(group.name())));
    }
    row("all", report.all, report.events, report.is_failing(None));
    if report.left_out > 0 {
        let classes: Vec<_> = report.without.iter().map(|class| class.name()).collect();
        let _ = writeln!(text, "\n{} left out: {}", counted(report.left_out, "point"), classes.join(", "));
    }
    if report.all.covered < report.all.points {
        let _ = writeln!(text, "\n{strong}Missing in the fixtures{strong:#}");
        for group in &report.groups {
            missing(&mut text, group, width);
        }
        text.push_str("\n`ccxlog sample --cover DIR` writes the rest\n");
    }
    text
}

fn color(share: Share, is_failing: bool) -> Style {
    if is_failing {
        style::of(Severity::Error)
    } else if share.covered == share.points {
        style::GOOD
    } else {
        style::of(Severity::Warning)
    }
}

/// Draws a bar of `width` columns, full only if everything is covered, and two columns after it.
fn bar(share: Share, width: usize, color: Style) -> String {
    if width == 0 {
        return String::new();
    }
    let full = width * share.hundredths() as usize / 10_000;
    format!("{color}{}{color:#}{REST}{}{REST:#}  ", "━".repeat(full), "─".repeat(width - full))
}

/// Lists the missing points of a group, one line per field.
fn missing(text: &mut String, group: &CoverageGroup, width: usize) {
    if group.share.covered == group.share.points {
        return;
    }
    let name = style::NAME;
    let _ = write!(text, "\n{name}{}{name:#}", group.name());
    if group.is_absent() {
        let _ = writeln!(text, ": the event itself");
        return;
    }
    text.push('\n');
    let mut fields: Vec<(&str, String, Vec<String>)> = Vec::new();
    for point in group.missing() {
        let what = missing_label(point);
        match fields.last_mut() {
            Some((pointer, _, list)) if *pointer == point.pointer => list.push(what),
            _ => fields.push((&point.pointer, field_label(point), vec![what])),
        }
    }
    let names = fields.iter().map(|(_, field, _)| field.width()).max().unwrap_or(0);
    // If there is no room next to the field, the list goes below it.
    let room = width.saturating_sub(names + 4);
    let longest = fields.iter().flat_map(|(_, _, list)| list).map(|item| item.width() + 1).max();
    let (indent, room) = if Some(room) < longest { (4, width.saturating_sub(4)) } else { (names + 4, room) };
    for (_, field, list) in fields {
        let _ = write!(text, "  {field}");
        let mut at = 2 + field.width();
        if indent < names + 4 {
            text.push('\n');
            at = 0;
        }
        for line in lines(&list, room) {
            let _ = writeln!(text, "{:at$}{line}", "", at = indent - at);
            at = 0;
        }
    }
}

/// Breaks a list into lines of at most `width` columns, between its items.
fn lines(list: &[String], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (number, item) in list.iter().enumerate() {
        let comma = if number + 1 < list.len() { "," } else { "" };
        let item = format!("{item}{comma}");
        match lines.last_mut() {
            Some(line) if line.is_empty() => *line = item,
            Some(line) if line.width() + 1 + item.width() <= width => line.extend([" ", &item]),
            _ => lines.push(item),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
