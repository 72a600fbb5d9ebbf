//! `ccxlog schema`: JSON Schemas of the events, and of the files that ccxlog reads and writes.

mod diff;
mod editor;
mod ordered;
mod plain;
mod single;
mod versions;

use std::io::Write as _;

use cloudconnexa_events::SCHEMA;

use super::unknown;
use crate::args::{SchemaArgs, SchemaCommand};
use crate::exit::Exit;
use crate::{released, terminal};

pub(super) fn run(args: &SchemaArgs) -> Exit {
    match &args.command {
        Some(SchemaCommand::Versions) => return versions::run(),
        Some(SchemaCommand::Diff(args)) => return diff::run(args),
        None => {}
    }
    let schema = match args {
        SchemaArgs { config: true, .. } => of_file("config", crate::config::schema()),
        SchemaArgs { report: true, .. } => of_file("report", cloudconnexa_report::json_schema()),
        SchemaArgs { coverage: true, .. } => {
            of_file("coverage", cloudconnexa_report::coverage::json_schema())
        }
        SchemaArgs { drift: true, .. } => of_file("drift", cloudconnexa_report::drift::json_schema()),
        SchemaArgs { profile: true, .. } => of_file("profile", cloudconnexa_drift::profile_schema()),
        SchemaArgs { sessions: true, .. } => {
            of_file("sessions", cloudconnexa_report::sessions::json_schema())
        }
        SchemaArgs { schema_diff: true, .. } => {
            of_file("schema-diff", cloudconnexa_report::schema_diff::json_schema())
        }
        SchemaArgs { events: true, .. } => of_file("events", cloudconnexa_report::reference::json_schema()),
        SchemaArgs { event, version, .. } => match of_events(event.as_deref(), version.as_deref()) {
            Ok(schema) => schema,
            Err(exit) => return exit,
        },
    };
    let schema = if args.editor { editor::of(&schema) } else { schema };
    let schema = if args.plain { plain::of(&schema) } else { schema };
    let mut out = terminal::stdout();
    Exit::from_printing(writeln!(out, "{}", schema.trim_end()).and_then(|()| out.flush()))
}

/// Returns the schema of a file that ccxlog reads or writes, with the id by which others refer to it. That never changes, as the
/// formats of these files only grow.
fn of_file(name: &str, mut schema: schemars::Schema) -> String {
    schema.insert("$id".to_owned(), format!("urn:cloudconnexa-events:schema:ccxlog:{name}").into());
    format!("{:#}", schema.as_value())
}

/// Returns the schema of all events, or of one, in this version of it.
fn of_events(event: Option<&str>, version: Option<&str>) -> Result<String, Exit> {
    let schema = match version.map(released::find) {
        None => SCHEMA,
        Some(Ok(released)) => released.schema,
        Some(Err(problem)) => {
            terminal::problem(&problem);
            return Err(Exit::Failure);
        }
    };
    let Some(name) = event else { return Ok(schema.to_owned()) };
    single::of(schema, name).map_err(|names| {
        let remedy = match version {
            None => "`ccxlog events` lists those that the schema describes".to_owned(),
            Some(version) => format!("version {version} describes {}", names.join(", ")),
        };
        unknown("event is named", name, names.iter().map(String::as_str), &remedy)
    })
}
