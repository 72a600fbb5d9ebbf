//! The reference as one HTML page, which loads nothing and can be read without scripts.

use std::io::{self, Write};

use maud::{Markup, PreEscaped, html};

use super::example;
use super::inline::{Piece, pieces};
use super::model::{Presence, Reference, ReferenceEvent, ReferenceField, Source};
use super::words;
use crate::formats::html::document;

/// Allows the styles and the script within the page, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";

/// What introduces known values.
const KNOWN: &str = "Known values (others are valid):";

/// Writes the page.
///
/// # Errors
///
/// Returns the error of `out`.
pub fn write_html(out: &mut dyn Write, reference: &Reference) -> io::Result<()> {
    writeln!(out, "{}", page(reference).into_string())
}

fn page(reference: &Reference) -> Markup {
    let body = html! {
        h1 { "Fields of CloudConnexa log events" }
        p.soft {
            "Version " (reference.version) " of the schema " code { (reference.schema) } ". Fields, events and values that \
             it does not know are valid, and reported by ccxlog."
        }
        // Only the script makes it work.
        form #search role="search" hidden {
            input type="search" name="q" autocomplete="off" placeholder="Search names, meanings and values"
                aria-label="Search names, meanings and values";
            kbd title="press / to search" { "/" }
            output aria-live="polite" {}
        }
        nav aria-label="Events" { ul.events {
            li { a href="#header" { "every event" } }
            @for event in &reference.events { li { a href={ "#" (event.name) } { code { (event.name) } } } }
            @if !reference.rules.is_empty() { li { a href="#rules" { "rules" } } }
        } }
        main {
            section #header {
                h2 { "Every event" }
                p { "What an event has outside of its " code { "log" } "." }
                (fields(&reference.header, reference, None))
            }
            @for event in &reference.events { (section(event, reference)) }
            @if !reference.rules.is_empty() { (rules(reference)) }
            p #nothing hidden { "No field has all of these words. Clear the search to see all fields." }
        }
        script { (PreEscaped(include_str!("page.js"))) }
    };
    document("Fields of CloudConnexa log events", POLICY, include_str!("page.css"), &body)
}

fn section(event: &ReferenceEvent, reference: &Reference) -> Markup {
    html! {
        section id=(event.name) {
            h2 { code { (event.name) } }
            p {
                (prose(&event.description, reference, Some(event)))
                span.soft { " Since " (words::since(event.since.as_ref())) "." }
            }
            @if event.has_log { (fields(&event.fields, reference, Some(event))) }
            @else { p.soft { "It has no " code { "log" } "." } }
            @for field in &event.undescribed {
                p.soft {
                    "Known to occur, and not described: " code { (field.name) } " (" (field.json_types.join(" or ")) "). "
                    (prose(&field.description, reference, Some(event)))
                }
            }
            @if let Some(json) = &event.example {
                details {
                    summary { "The example of the vendor; each key leads to its row" }
                    pre { (PreEscaped(example::linked(json, |pointer| Some(format!("#{}", anchor(pointer, reference, event)?))))) }
                }
            }
        }
    }
}

/// Returns the anchor of the field at a JSON Pointer of an event.
fn anchor<'a>(pointer: &str, reference: &'a Reference, event: &'a ReferenceEvent) -> Option<&'a str> {
    let mut fields = reference.header.iter().chain(&event.fields);
    fields.find(|field| field.pointer == pointer).map(|field| field.anchor.as_str())
}

fn fields(fields: &[ReferenceField], reference: &Reference, event: Option<&ReferenceEvent>) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "field" } th { "type" } th { "present" } th { "meaning" } th { "OCSF, ECS" } th { "known from" } th { "rules" } } }
            tbody {
                @for field in fields {
                    tr id=(field.anchor) {
                        td { a.field href={ "#" (field.anchor) } { code { (field.name) } } }
                        td { (prose(&field.value_type, reference, event)) }
                        td.soft[field.presence == Presence::Sometimes] { (field.presence.word()) }
                        td { (meaning(field, reference, event)) }
                        td.mapped { (mapped("OCSF", &field.ocsf)) (mapped("ECS", &field.ecs)) }
                        td.soft { (field.source.words()) ", since " (words::since(field.since.as_ref())) }
                        td.rules { @for rule in &field.rules { a href={ "#rule-" (rule) } { (rule) } " " } }
                    }
                }
            }
        } }
    }
}

/// The paths of a field in a standard.
fn mapped(standard: &str, paths: &[&str]) -> Markup {
    html! {
        @if !paths.is_empty() {
            p { span.soft { (standard) } @for path in paths { " " code { (path) } } }
        }
    }
}

fn meaning(field: &ReferenceField, reference: &Reference, event: Option<&ReferenceEvent>) -> Markup {
    html! {
        @if let Some(deprecated) = words::deprecated(field) {
            span.warning { (prose(&deprecated, reference, event)) "." } " "
        }
        (prose(&field.description, reference, event))
        @if !field.examples.is_empty() {
            p.soft.example {
                "Example: "
                @for (index, value) in field.examples.iter().enumerate() {
                    @if index > 0 { ", " }
                    code { (words::bare(value)) }
                }
            }
        }
        // A constant is the type.
        @if !field.known_values.is_empty() && field.other_values {
            @if field.known_values.iter().all(|value| value.description.is_none()) {
                p.soft.example {
                    (KNOWN) " "
                    @for (index, value) in field.known_values.iter().enumerate() {
                        @if index > 0 { ", " }
                        (code(&words::bare(&value.value), reference, event))
                    }
                }
            } @else {
                p.soft.example { (KNOWN) }
                ul.values { @for value in &field.known_values {
                    li {
                        (code(&words::bare(&value.value), reference, event))
                        @if let Some(description) = &value.description { " " (prose(description, reference, event)) }
                        @if value.source != Source::Documented { span.soft { " (" (value.source.words()) ")" } }
                    }
                } }
            }
        }
    }
}

fn rules(reference: &Reference) -> Markup {
    html! {
        section #rules {
            h2 { "Rules" }
            p.soft { "All fields: " code { "missing-field" } ", " code { "wrong-type" } ", " code { "duplicate-field" } ". "
                code { "ccxlog explain RULE" } " explains a rule, with an example and what to do." }
            div.scroll { table {
                thead { tr { th { "rule" } th { "severity" } th { "what it reports" } th { "applies" } } }
                tbody {
                    @for rule in &reference.rules {
                        tr id={ "rule-" (rule.id) } {
                            td { code { (rule.id) } }
                            td class=(rule.severity) { (rule.severity) }
                            td { (rule.summary) }
                            td.soft { @match rule.option { Some(option) => { "with " code { (option) } }, None => "always" } }
                        }
                    }
                }
            } }
        }
    }
}

/// Turns a description into HTML.
fn prose(markdown: &str, reference: &Reference, event: Option<&ReferenceEvent>) -> Markup {
    html! {
        @for piece in pieces(markdown) {
            @match piece {
                Piece::Text(text) => (text),
                Piece::Emphasis(text) => em { (text) },
                Piece::Strong(text) => strong { (text) },
                Piece::Code(text) => (code(text, reference, event)),
            }
        }
    }
}

/// Returns code, with a link if it is the name of a field, of the same event first, or of an event.
fn code(text: &str, reference: &Reference, event: Option<&ReferenceEvent>) -> Markup {
    let mut fields = event.into_iter().flat_map(|event| &event.fields).chain(&reference.header);
    let field = fields.find(|field| field.name == text).map(|field| field.anchor.as_str());
    let target = field.or_else(|| reference.event(text).map(|event| event.name.as_str()));
    html! {
        @match target {
            Some(target) => a href={ "#" (target) } { code { (text) } },
            None => code { (text) },
        }
    }
}
