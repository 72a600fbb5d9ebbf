//! `ccxlog events`: documents the events of the schema, and their fields.

use std::io::Write as _;

use cloudconnexa_report::reference::{self, Reference};

use super::unknown;
use crate::args::{EventsArgs, EventsFormat};
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(args: &EventsArgs) -> Exit {
    let reference = Reference::built_in();
    let names: Vec<String> = reference.events.iter().map(|event| event.name.clone()).collect();
    let reference = match &args.name {
        None => reference,
        Some(name) => match reference.only(name) {
            Some(one) => one,
            None => {
                return unknown(
                    "event is named",
                    name,
                    names.iter().map(String::as_str),
                    "`ccxlog events` lists those that the schema describes",
                );
            }
        },
    };
    let event = reference.events.first().filter(|_| args.name.is_some());
    let mut out = terminal::stdout();
    let printed = match (args.format, event) {
        (EventsFormat::Human, None) => reference::write_list(&mut out, &reference, terminal::width()),
        (EventsFormat::Human, Some(event)) => {
            reference::write_event(&mut out, &reference, event, terminal::width())
        }
        (EventsFormat::Json, _) => reference::write_json(&mut out, &reference),
        (EventsFormat::Markdown, None) => reference::write_markdown_index(&mut out, &reference),
        (EventsFormat::Markdown, Some(event)) => reference::write_markdown(&mut out, event),
        (EventsFormat::Html, _) => reference::write_html(&mut out, &reference),
    };
    Exit::from_printing(printed.and_then(|()| out.flush()))
}
