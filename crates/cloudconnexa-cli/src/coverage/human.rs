//! For people: a table by event, and what is missing.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};
use cloudconnexa_validator::Severity;
use unicode_width::UnicodeWidthStr as _;

use super::minimum::Share;
use super::report::{Group, Report};
use super::words;
use crate::render::style;
use crate::size::{count, counted};

/// What a bar has for what is not covered.
const REST: Style = AnsiColor::BrightBlack.on_default();

/// The longest bar; one of less than the shortest says nothing.
const BAR: (usize, usize) = (8, 24);

/// The table and the list, with colours, fitted to a terminal of `width` columns.
pub(super) fn text(report: &Report, width: usize) -> String {
    let mut text = String::new();
    let names = report.groups.iter().map(|group| group.name().len()).max().unwrap_or(0).max(5);
    let events = count(report.events).len().max(6);
    // Name, percent, points, events, and two columns between each.
    let bar = width.saturating_sub(names + 7 + 10 + events + 2 * 4);
    let bar = if bar < BAR.0 { 0 } else { bar.min(BAR.1) };
    let has_events = width >= names + 7 + 10 + events + 2 * 3;
    let number = |text: &str| if has_events { format!("  {text:>events$}") } else { String::new() };
    let strong = style::STRONG;
    let gap = if bar == 0 { String::new() } else { " ".repeat(bar + 2) };
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
        let bar = drawn(share, bar, color);
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
        let classes: Vec<_> =
            report.without.iter().map(|class| format!("{class:?}").to_lowercase()).collect();
        let _ = writeln!(text, "\n{} left out: {}", counted(report.left_out, "point"), classes.join(", "));
    }
    if report.all.covered < report.all.points {
        let _ = writeln!(text, "\n{strong}Missing in the fixtures{strong:#}");
        for group in &report.groups {
            missing(&mut text, group, width);
        }
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

/// A bar of `width` columns, which is full only where all is covered, and two columns behind it.
fn drawn(share: Share, width: usize, color: Style) -> String {
    if width == 0 {
        return String::new();
    }
    let full = width * share.hundredths() as usize / 10_000;
    format!("{color}{}{color:#}{REST}{}{REST:#}  ", "━".repeat(full), "─".repeat(width - full))
}

/// What is missing of a group, a line for each field.
fn missing(text: &mut String, group: &Group, width: usize) {
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
        let what = words::what(point);
        match fields.last_mut() {
            Some((pointer, _, list)) if *pointer == point.pointer => list.push(what),
            _ => fields.push((&point.pointer, words::field(point), vec![what])),
        }
    }
    let names = fields.iter().map(|(_, field, _)| field.width()).max().unwrap_or(0);
    // Where there is no room beside the field, the list stands below it.
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

/// A list in lines of at most `width` columns, broken between its items.
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
mod tests {
    use cloudconnexa_validator::Validator;
    use cloudconnexa_validator::coverage::Coverage;

    use super::super::Report;
    use super::*;

    const EVENT: &str = include_str!("../../../../tests/corpus/documented/client-disconnected-v1.json");

    /// No line is longer than the terminal, as far as words allow.
    #[test]
    fn lines_fit_the_terminal() {
        let mut coverage = Coverage::default();
        coverage.add(&mut Validator::new().checker(), EVENT.as_bytes());
        let report = Report::new(&coverage, &["each=50%".parse().unwrap()], &[]);
        for width in [40, 60, 80, 100, 200] {
            let text = text(&report, width);
            let plain = anstream::adapter::strip_str(&text).to_string();
            // The longest value, which is not broken.
            let least = 44;
            let widest = plain.lines().map(str::width).max().unwrap();
            assert!(widest <= width.max(least), "{width}: {widest}\n{plain}");
            assert_eq!(plain.contains('━'), width >= 60, "{width}");
        }
    }

    /// A bar is full only where nothing is missing.
    #[test]
    fn bars_are_not_rounded_up() {
        let bar = |covered, points| {
            let bar = drawn(Share { covered, points }, 10, style::GOOD);
            anstream::adapter::strip_str(&bar).to_string()
        };
        assert_eq!(bar(999, 1000), "━━━━━━━━━─  ");
        assert_eq!(bar(1000, 1000), "━━━━━━━━━━  ");
        assert_eq!(bar(0, 1000), "──────────  ");
    }
}
