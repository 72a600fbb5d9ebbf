//! The reference as text for a terminal.

use std::io::{self, Write};

use super::model::{Presence, Reference, ReferenceEvent, ReferenceField, Source};
use super::words;
use crate::text::{style, wrap};

/// Writes the list of events, in lines of at most `width` columns.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_list(out: &mut dyn Write, reference: &Reference, width: usize) -> io::Result<()> {
    let (strong, name_style) = (style::STRONG, style::NAME);
    let names = reference.events.iter().map(|event| event.name.len()).max().unwrap_or(0).max(5);
    writeln!(out, "{strong}{:names$}  {:>6}  what it reports{strong:#}", "event", "fields")?;
    for event in &reference.events {
        let fields = if event.has_log { event.fields.len().to_string() } else { "none".to_owned() };
        let lines = wrap(&event.description, width.saturating_sub(names + 10).max(30));
        for (number, line) in lines.iter().enumerate() {
            if number == 0 {
                writeln!(out, "{name_style}{:names$}{name_style:#}  {fields:>6}  {line}", event.name)?;
            } else {
                writeln!(out, "{:names$}  {:>6}  {line}", "", "")?;
            }
        }
    }
    let more = format!(
        "Each has the {} fields of the header as well. `ccxlog events NAME` shows all fields.",
        header(reference).count()
    );
    writeln!(out)?;
    wrap(&more, width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    // On a line of its own, so that the command is not broken.
    writeln!(out, "`ccxlog events --format html` makes a page of everything.")
}

/// Writes what is known of an event, in lines of at most `width` columns.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_event(
    out: &mut dyn Write,
    reference: &Reference,
    event: &ReferenceEvent,
    width: usize,
) -> io::Result<()> {
    let (strong, name) = (style::STRONG, style::NAME);
    writeln!(out, "{name}{}{name:#} {strong}· {}{strong:#}", event.name, event.title)?;
    for line in wrap(&event.description, width) {
        writeln!(out, "{line}")?;
    }
    if event.has_log {
        writeln!(out, "\n{strong}Fields of `log`{strong:#}")?;
        table(out, event.fields.iter(), width)?;
    } else {
        writeln!(out, "\nIt has no `log`.")?;
    }
    writeln!(out, "\n{strong}Fields of the header, in addition to `eventName`{strong:#}")?;
    table(out, header(reference), width)
}

/// Returns the fields of the header without those that the root describes.
fn header(reference: &Reference) -> impl Iterator<Item = &ReferenceField> {
    reference.header.iter().filter(|field| !matches!(field.name.as_str(), "eventName" | "log"))
}

fn table<'a>(
    out: &mut dyn Write,
    fields: impl Iterator<Item = &'a ReferenceField>,
    width: usize,
) -> io::Result<()> {
    let width = width.saturating_sub(6).max(30);
    for field in fields {
        let (name, dim) = (style::NAME, style::FRAME);
        let needed = match field.presence {
            Presence::Always => "required",
            Presence::Sometimes => "optional",
        };
        let marks = marks(field);
        writeln!(out, "\n  {name}{}{name:#}  {dim}{needed}, {}{marks}{dim:#}", field.name, field.value_type)?;
        for line in wrap(&field.description, width) {
            writeln!(out, "      {line}")?;
        }
        for (standard, paths) in [("OCSF", &field.ocsf), ("ECS", &field.ecs)] {
            for line in
                wrap(&paths.join(", "), width.saturating_sub(6)).iter().filter(|line| !line.is_empty())
            {
                writeln!(out, "      {dim}{standard:<5}{dim:#} {line}")?;
            }
        }
        if !field.known_values.is_empty() && field.other_values {
            let values: Vec<_> =
                field.known_values.iter().map(|known| format!("`{}`", words::bare(&known.value))).collect();
            for line in wrap(&format!("Known values, others are valid: {}.", values.join(", ")), width) {
                writeln!(out, "      {line}")?;
            }
        }
    }
    Ok(())
}

fn marks(field: &ReferenceField) -> String {
    let source = match field.source {
        Source::Documented => "",
        Source::Example => "; from an example of the vendor",
        Source::RealData => "; seen in real logs",
        Source::Inferred => "; inferred",
    };
    let deprecated = match &field.replaced_by {
        Some(other) => format!("; deprecated, to be replaced by `{other}`"),
        None if field.deprecated => "; deprecated".to_owned(),
        None => String::new(),
    };
    format!("{source}{deprecated}")
}
