//! `ccxlog events`: lists the events of the schema, and their fields.

use std::io::{self, Write};

use cloudconnexa_validator::catalog::{self, EVENTS, EventSpec, FieldSpec, HEADER, Kind, Provenance};

use super::unknown;
use crate::exit::Exit;
use crate::terminal;
use cloudconnexa_report::text::style;
use cloudconnexa_report::text::wrap;

pub(super) fn run(name: Option<&str>) -> Exit {
    let mut out = terminal::stdout();
    let width = terminal::width();
    let printed = match name {
        None => list(&mut out, width),
        Some(name) => {
            let Some(event) = catalog::event(name) else {
                let names = EVENTS.iter().map(|event| event.name);
                return unknown(
                    "event is named",
                    name,
                    names,
                    "`ccxlog events` lists those that the schema describes",
                );
            };
            show(&mut out, event, width)
        }
    };
    Exit::from_printing(printed.and_then(|()| out.flush()))
}

fn list(out: &mut impl Write, width: usize) -> io::Result<()> {
    let (strong, name_style) = (style::STRONG, style::NAME);
    let names = EVENTS.iter().map(|event| event.name.len()).max().unwrap_or(0).max(5);
    writeln!(out, "{strong}{:names$}  {:>6}  what it reports{strong:#}", "event", "fields")?;
    for event in EVENTS {
        let fields = event.log.map_or("none".to_owned(), |fields| fields.len().to_string());
        let lines = wrap(event.description, width.saturating_sub(names + 10).max(30));
        for (number, line) in lines.iter().enumerate() {
            if number == 0 {
                writeln!(out, "{name_style}{:names$}{name_style:#}  {fields:>6}  {line}", event.name)?;
            } else {
                writeln!(out, "{:names$}  {:>6}  {line}", "", "")?;
            }
        }
    }
    writeln!(
        out,
        "\nEach carries the {} header fields as well. `ccxlog events NAME` shows all fields.",
        HEADER.len()
    )
}

fn show(out: &mut impl Write, event: &EventSpec, width: usize) -> io::Result<()> {
    let (strong, name) = (style::STRONG, style::NAME);
    writeln!(out, "{name}{}{name:#} {strong}· {}{strong:#}", event.name, event.title)?;
    for line in wrap(event.description, width) {
        writeln!(out, "{line}")?;
    }
    match event.log {
        Some(fields) => {
            writeln!(out, "\n{strong}Fields of `log`{strong:#}")?;
            table(out, fields, width)?;
        }
        None => writeln!(out, "\nIt carries no `log`.")?,
    }
    writeln!(out, "\n{strong}Fields of the header, in addition to `eventName`{strong:#}")?;
    table(out, HEADER, width)
}

fn table(out: &mut impl Write, fields: &[FieldSpec], width: usize) -> io::Result<()> {
    for field in fields {
        let (name, dim) = (style::NAME, style::FRAME);
        let needed = if field.required { "required" } else { "optional" };
        let marks = marks(field);
        writeln!(out, "\n  {name}{}{name:#}  {dim}{needed}, {}{marks}{dim:#}", field.name, kind(field))?;
        for line in wrap(field.description, width.saturating_sub(6).max(30)) {
            writeln!(out, "      {line}")?;
        }
        if let Kind::Vocabulary(known) = field.kind {
            let values: Vec<_> = known.iter().map(|value| format!("`{}`", value.value)).collect();
            let text = format!("Known values, others are valid: {}.", values.join(", "));
            for line in wrap(&text, width.saturating_sub(6).max(30)) {
                writeln!(out, "      {line}")?;
            }
        }
    }
    Ok(())
}

fn marks(field: &FieldSpec) -> String {
    let provenance = match field.provenance {
        Provenance::Documented => "",
        Provenance::Example => "; from an example of the vendor's",
        Provenance::RealData => "; seen in real logs",
        Provenance::Inferred => "; inferred",
    };
    let deprecated = match field.replaced_by {
        Some(other) => format!("; deprecated, to be replaced by `{other}`"),
        None if field.deprecated => "; deprecated".to_owned(),
        None => String::new(),
    };
    format!("{provenance}{deprecated}")
}

fn kind(field: &FieldSpec) -> String {
    let kind = match field.kind {
        Kind::Boolean => "true or false".to_owned(),
        Kind::String | Kind::Vocabulary(_) => "string".to_owned(),
        Kind::Integer { minimum: 0, maximum: u64::MAX, .. } => "integer, not negative".to_owned(),
        Kind::Integer { minimum, maximum, .. } => format!("integer from {minimum} to {maximum}"),
        Kind::Format { formats, or_empty } => {
            format!("{}{}", formats.join(" or "), if or_empty { " or empty string" } else { "" })
        }
        Kind::Constant(values) => {
            values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ")
        }
        _ => "as the schema says".to_owned(),
    };
    format!("{kind}{}", if field.nullable { " or null" } else { "" })
}
