//! The reference as Markdown: an index with what all events have, and a page for each event.
//!
//! Links expect the index in `README.md`, and each event in `NAME.md` next to it.

use std::io::{self, Write};

use super::example;
use super::model::{Reference, ReferenceEvent, ReferenceField, ReferenceValue};
use super::words;

const INDEX: &str = "README.md";

/// Writes the index: the events, the fields of every event, and the rules that are named at fields.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_markdown_index(out: &mut dyn Write, reference: &Reference) -> io::Result<()> {
    writeln!(out, "<!-- Written by `ccxlog events --format markdown` from the schema. -->\n")?;
    writeln!(out, "# Events\n")?;
    writeln!(
        out,
        "What CloudConnexa's Log Streaming writes, by version {} of the schema. Each event is a JSON object with the fields of \
         [every event](#fields-of-every-event), and most have a `log` with fields of their own.\n",
        reference.version
    )?;
    writeln!(out, "| event | fields of `log` | what it reports | since |\n|---|---:|---|---|")?;
    for event in &reference.events {
        let fields = if event.has_log { event.fields.len().to_string() } else { "no `log`".to_owned() };
        writeln!(
            out,
            "| [`{name}`]({name}.md) | {fields} | {} | {} |",
            cell(&event.description),
            words::since(event.since.as_ref()),
            name = event.name,
        )?;
    }
    writeln!(out, "\n## How to read the tables\n")?;
    writeln!(
        out,
        "An event without a field that is *always* present is invalid (`missing-field`), and so is one with a value of another \
         type (`wrong-type`). The schema is open: fields, events and values of lists that it does not know are valid, and \
         reported (`unknown-field`, `unknown-event`, `unfamiliar-value`). *Known from* says how far to trust a row: the vendor's \
         documentation, an example of the vendor, real logs, or inferred from the rest. *Since* is the version of the schema that \
         described the field first. `ccxlog explain RULE` explains a rule. *OCSF* and *ECS* are where `ccxlog convert` writes the \
         value; which of several, depends on the event and on its type of initiator and parent. A field without such a place is \
         kept in `unmapped` and below `cloudconnexa`.\n"
    )?;
    writeln!(out, "## Fields of every event\n\nWhat an event has outside of its `log`.\n")?;
    fields(out, &reference.header)?;
    known_values(out, &reference.header)?;
    if !reference.rules.is_empty() {
        writeln!(out, "\n## Rules\n\n| rule | severity | what it reports | applies |\n|---|---|---|---|")?;
        for rule in &reference.rules {
            let applies = rule.option.map_or("always".to_owned(), |option| format!("with `{option}`"));
            writeln!(
                out,
                "| <a id=\"rule-{id}\"></a>`{id}` | {} | {} | {applies} |",
                rule.severity,
                cell(rule.summary),
                id = rule.id
            )?;
        }
    }
    Ok(())
}

/// Writes the page of an event.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_markdown(out: &mut dyn Write, event: &ReferenceEvent) -> io::Result<()> {
    let name = &event.name;
    writeln!(out, "<!-- Written by `ccxlog events {name} --format markdown` from the schema. -->\n")?;
    writeln!(out, "# {name}\n\n{}\n", event.description)?;
    let header = format!("[the fields of every event]({INDEX}#fields-of-every-event)");
    if event.has_log {
        writeln!(out, "It has {header}, and in its `log`:\n")?;
        fields(out, &event.fields)?;
    } else {
        writeln!(out, "It has {header}, and no `log`.")?;
    }
    if !event.undescribed.is_empty() {
        writeln!(out, "\nKnown to occur, and not described by the schema:\n")?;
        for field in &event.undescribed {
            let types = field.json_types.join(" or ");
            writeln!(out, "* {} ({types}): {}", code(&field.name), field.description)?;
        }
    }
    known_values(out, &event.fields)?;
    if let Some(json) = &event.example {
        let html = example::linked(json, |pointer| match pointer.strip_prefix("/log/") {
            Some(field) => event.fields.iter().any(|known| known.name == field).then(|| format!("#{field}")),
            None => Some(format!("{INDEX}#{}", pointer.strip_prefix('/')?)),
        });
        writeln!(
            out,
            "\n## Example\n\nAs the vendor documents it; each key leads to its row.\n\n<pre>{html}</pre>"
        )?;
    }
    Ok(())
}

fn fields(out: &mut dyn Write, fields: &[ReferenceField]) -> io::Result<()> {
    writeln!(
        out,
        "| field | type | present | meaning | example | OCSF | ECS | known from | since | rules |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|---|")?;
    for field in fields {
        let mut meaning = cell(&field.description);
        if let Some(deprecated) = words::deprecated(field) {
            meaning = format!("**{deprecated}.** {meaning}");
        }
        if field.known_values.iter().any(|value| value.description.is_some()) {
            meaning = format!("{meaning} [Known values](#values-of-{}).", field.name);
        } else if !field.known_values.is_empty() && field.other_values {
            meaning = format!("{meaning} Known: {}.", values(&field.known_values));
        }
        let examples: Vec<String> = field.examples.iter().map(|value| code(&words::bare(value))).collect();
        let rules: Vec<String> =
            field.rules.iter().map(|rule| format!("[`{rule}`]({INDEX}#rule-{rule})")).collect();
        let cells = [
            format!("<a id=\"{name}\"></a>`{name}`", name = field.name),
            cell(&field.value_type),
            field.presence.word().to_owned(),
            meaning,
            examples.join(", "),
            paths(&field.ocsf),
            paths(&field.ecs),
            field.source.words().to_owned(),
            words::since(field.since.as_ref()).to_owned(),
            rules.join(", "),
        ];
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// Returns paths for a cell of a table, one per line.
fn paths(paths: &[&str]) -> String {
    paths.iter().map(|path| code(path)).collect::<Vec<_>>().join("<br>")
}

/// Writes a table for each field with known values that the schema describes.
fn known_values(out: &mut dyn Write, fields: &[ReferenceField]) -> io::Result<()> {
    let described =
        fields.iter().filter(|field| field.known_values.iter().any(|value| value.description.is_some()));
    for (index, field) in described.enumerate() {
        if index == 0 {
            writeln!(out, "\n## Known values\n\nOther values are valid: the vendor may add some.")?;
        }
        // The anchors of headings are in lower case, unlike names.
        writeln!(out, "\n### <a id=\"values-of-{name}\"></a>Values of `{name}`\n", name = field.name)?;
        writeln!(out, "| value | meaning | known from |\n|---|---|---|")?;
        for value in &field.known_values {
            let meaning = value.description.as_deref().map_or(String::new(), cell);
            writeln!(out, "| {} | {meaning} | {} |", code(&words::bare(&value.value)), value.source.words())?;
        }
    }
    Ok(())
}

fn values(values: &[ReferenceValue]) -> String {
    let values: Vec<String> = values.iter().map(|value| code(&words::bare(&value.value))).collect();
    values.join(", ")
}

/// Returns a code span, which may contain backticks, for a cell of a table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.is_empty() {
        "(empty)".to_owned()
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// Makes Markdown fit into a cell of a table.
fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|").replace('\n', " ")
}
