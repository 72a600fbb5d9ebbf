//! `ccxlog schema`: JSON Schemas of the events, and of the files that ccxlog reads and writes.

mod ordered;
mod plain;
mod single;

use std::io::Write as _;

use cloudconnexa_events::SCHEMA;
use cloudconnexa_validator::catalog::EVENTS;

use super::unknown;
use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(args: &SchemaArgs) -> Exit {
    let of_file = |schema: schemars::Schema| format!("{:#}", schema.as_value());
    let schema = match args {
        SchemaArgs { config: true, .. } => of_file(crate::config::schema()),
        SchemaArgs { report: true, .. } => of_file(cloudconnexa_report::json_schema()),
        SchemaArgs { coverage: true, .. } => of_file(cloudconnexa_report::coverage::json_schema()),
        SchemaArgs { drift: true, .. } => of_file(cloudconnexa_report::drift::json_schema()),
        SchemaArgs { profile: true, .. } => of_file(cloudconnexa_drift::profile_schema()),
        SchemaArgs { sessions: true, .. } => of_file(cloudconnexa_report::sessions::json_schema()),
        SchemaArgs { event, .. } => match of_events(event.as_deref()) {
            Ok(schema) => schema,
            Err(exit) => return exit,
        },
    };
    let schema = if args.plain { plain::of(&schema) } else { schema };
    let mut out = terminal::stdout();
    Exit::from_printing(writeln!(out, "{}", schema.trim_end()).and_then(|()| out.flush()))
}

/// Returns the schema of all events, or of one.
fn of_events(event: Option<&str>) -> Result<String, Exit> {
    Ok(match event {
        None => SCHEMA.to_owned(),
        Some(name) if EVENTS.iter().any(|event| event.name == name) => single::of(name),
        Some(name) => {
            let names = EVENTS.iter().map(|event| event.name);
            return Err(unknown(
                "event is named",
                name,
                names,
                "`ccxlog events` lists those that the schema describes",
            ));
        }
    })
}
