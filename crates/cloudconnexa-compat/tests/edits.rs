//! Edits of our schema whose meaning is known, and what is said of each.

#![allow(clippy::disallowed_methods, reason = "tests read the corpus")]

mod common;

use cloudconnexa_compat::{Answer, Comparison, Question, Schema, Size, Strictness, compare};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_schema::Json;
use common::{drop_name, edited, json, push, remove, set};
use serde_json::{Value, json as value};

const LOG: &str = "/$defs/ClientDisconnectedLog";
const EVENT: &str = "client-disconnected";

/// An edit, and the answers about the event that it concerns.
struct Edit {
    name: &'static str,
    apply: fn(&mut Json),
    rule: &'static str,
    backward: bool,
    forward: bool,
    openness: bool,
    types: Size,
    /// The field, and the value of it, absent or not, that shows each no: backward, then forward, then openness.
    witnesses: &'static [(Question, &'static str, Option<&'static str>)],
}

const FIELD: &str = r#"{"type": "string", "description": "A field.", "examples": ["x"]}"#;

#[expect(clippy::too_many_lines, reason = "a list of edits")]
fn edits() -> Vec<Edit> {
    use Question::{Backward, Forward, Openness};
    let edit = |name, apply, rule| Edit {
        name,
        apply,
        rule,
        backward: true,
        forward: true,
        openness: true,
        types: Size::Major,
        witnesses: &[],
    };
    vec![
        Edit {
            types: Size::Minor,
            ..edit(
                "add an optional string",
                |schema| set(schema, &format!("{LOG}/properties"), "newField", json(FIELD)),
                "field-added",
            )
        },
        Edit {
            backward: false,
            types: Size::Minor,
            witnesses: &[(Backward, "/log/newField", None)],
            ..edit(
                "add a required field",
                |schema| {
                    set(schema, &format!("{LOG}/properties"), "newField", json(FIELD));
                    push(schema, &format!("{LOG}/required"), Json::string("newField"));
                },
                "field-added",
            )
        },
        Edit {
            forward: false,
            witnesses: &[(Forward, "/log/sessionBytesIn", None)],
            ..edit(
                "a required field becomes optional",
                |schema| drop_name(schema, &format!("{LOG}/required"), "sessionBytesIn"),
                "field-optional",
            )
        },
        Edit {
            forward: false,
            witnesses: &[(Forward, "/log/sessionBytesIn", None)],
            ..edit(
                "a required field is removed",
                |schema| {
                    drop_name(schema, &format!("{LOG}/required"), "sessionBytesIn");
                    remove(schema, &format!("{LOG}/properties"), "sessionBytesIn");
                },
                "field-removed",
            )
        },
        Edit {
            forward: false,
            witnesses: &[(Forward, "/log/sessionBytesIn", Some("null"))],
            ..edit(
                "an integer becomes an integer or null",
                |schema| set(schema, "/$defs/ByteCount", "type", Json::strings(["integer", "null"])),
                "value-widened",
            )
        },
        Edit {
            forward: false,
            witnesses: &[(Forward, "/traceId", Some("\"\""))],
            ..edit(
                "the format of UUIDs is dropped",
                |schema| remove(schema, "/$defs/Uuid", "format"),
                "value-widened",
            )
        },
        Edit {
            backward: false,
            witnesses: &[(Backward, "/log/sessionBytesIn", Some("4294967296"))],
            ..edit(
                "a maximum is lowered",
                |schema| set(schema, "/$defs/ByteCount", "maximum", Json::from(4_294_967_295)),
                "value-narrowed",
            )
        },
        Edit {
            backward: false,
            witnesses: &[(Backward, "/publicIp", Some("\"2001:db8::1\""))],
            ..edit(
                "addresses become IPv4 only",
                |schema| {
                    remove(schema, "/$defs/IpAddress", "anyOf");
                    set(schema, "/$defs/IpAddress", "format", Json::string("ipv4"));
                },
                "value-narrowed",
            )
        },
        Edit {
            backward: false,
            forward: false,
            witnesses: &[
                (Backward, "/log/sessionBytesIn", Some("0")),
                (Forward, "/log/sessionBytesIn", Some("\"\"")),
            ],
            ..edit(
                "an integer becomes a string",
                |schema| {
                    set(schema, "/$defs/ByteCount", "type", Json::string("string"));
                    remove(schema, "/$defs/ByteCount", "minimum");
                    remove(schema, "/$defs/ByteCount", "maximum");
                },
                "value-replaced",
            )
        },
        Edit {
            types: Size::Minor,
            ..edit(
                "a known value is added",
                |schema| {
                    let known = json(r#"{"const": "ChromeOS", "description": "Google ChromeOS."}"#);
                    let Json::Array(list) = common::at(schema, "/$defs/OsType/anyOf") else {
                        panic!("a list")
                    };
                    list.insert(0, known);
                },
                "known-value-added",
            )
        },
        Edit {
            types: Size::Patch,
            ..edit(
                "a description is another one",
                |schema| {
                    let description = Json::string("Another text.");
                    set(schema, &format!("{LOG}/properties/sessionBytesIn"), "description", description);
                },
                "description-changed",
            )
        },
        Edit {
            openness: false,
            witnesses: &[(Openness, "/log/sessionDisconnectReason", Some("\"value that no list has\""))],
            ..edit(
                "an open list is closed",
                |schema| {
                    let Json::Array(list) = common::at(schema, "/$defs/DisconnectReason/anyOf") else {
                        panic!("a list")
                    };
                    list.pop();
                },
                "list-closed",
            )
        },
        Edit {
            openness: false,
            witnesses: &[(Openness, "/log/fieldThatIsNotDescribed", Some("\"x\""))],
            ..edit(
                "an object is closed",
                |schema| set(schema, LOG, "additionalProperties", Json::Bool(false)),
                "fields-closed",
            )
        },
    ]
}

fn compared(old: &str, new: &str, strictness: Strictness) -> Comparison {
    compare(&Schema::new(old), &Schema::new(new), strictness).unwrap()
}

fn answers(comparison: &Comparison, event: &str) -> [bool; 3] {
    let verdict = comparison.events.iter().find(|verdict| verdict.event.as_deref() == Some(event)).unwrap();
    for (_, answer) in &verdict.answers {
        assert!(!matches!(answer, Answer::Undecided | Answer::Contradiction), "{verdict:?}");
    }
    [Question::Backward, Question::Forward, Question::Openness]
        .map(|question| verdict.answer(question).is_yes())
}

#[test]
fn known_edits_have_known_answers_with_witnesses() {
    let accepts = |schema: &str| {
        let schema: Value = serde_json::from_str(schema).unwrap();
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    };
    let old = accepts(SCHEMA);
    for Edit { name, apply, rule, backward, forward, openness, types, witnesses } in edits() {
        let text = edited(apply);
        let new = accepts(&text);
        let comparison = compared(SCHEMA, &text, Strictness::Documented);
        assert_eq!(answers(&comparison, EVENT), [backward, forward, openness], "{name}: {comparison:#?}");
        assert!(comparison.unexplained().next().is_none(), "{name}: {comparison:#?}");
        let [finding] = comparison.findings.as_slice() else { panic!("{name}: {:#?}", comparison.findings) };
        assert_eq!(finding.rule.id, rule, "{name}");
        assert_eq!(finding.types, types, "{name}");
        assert!(finding.undecided.is_empty(), "{name}: {finding:?}");
        let breaks =
            [(Question::Backward, backward), (Question::Forward, forward), (Question::Openness, openness)];
        for (question, is_yes) in breaks {
            assert_eq!(finding.breaks.contains(&question), !is_yes, "{name}: {finding:?}");
        }
        assert_eq!(comparison.examples.is_empty(), witnesses.is_empty(), "{name}");
        for (question, pointer, expected) in witnesses {
            let shows = |example: &&cloudconnexa_compat::CounterExample| {
                example.question == *question
                    && example.event.as_deref() == Some(EVENT)
                    && example.value.pointer(pointer)
                        == expected.map(|text| serde_json::from_str(text).unwrap()).as_ref()
            };
            assert!(
                comparison.examples.iter().any(|example| shows(&example)),
                "{name}: {:#?}",
                comparison.examples
            );
        }
        for example in &comparison.examples {
            let (valid, invalid) =
                if example.question == Question::Forward { (&new, &old) } else { (&old, &new) };
            assert!(
                valid.is_valid(&example.value) && !invalid.is_valid(&example.value),
                "{name}: {example:#?}"
            );
        }
        let needed = comparison.needed().unwrap().to_string();
        let is_break = !(backward && forward && openness) || types == Size::Major;
        assert_eq!(needed, if is_break { "0.2.0" } else { "0.1.1" }, "{name}");
    }
}

#[test]
fn an_addition_breaks_only_what_strict_questions_ask_for() {
    let text = edited(edits()[0].apply);
    let comparison = compared(SCHEMA, &text, Strictness::All);
    let finding = &comparison.findings[0];
    assert_eq!(finding.breaks, [Question::AllOld]);
    let example = &comparison.examples[finding.examples[0]];
    assert_eq!(example.value.pointer("/log/newField"), Some(&Value::Null));
    assert_eq!(comparison.needed().unwrap().to_string(), "0.1.1");
}

#[test]
fn the_same_schema_has_no_changes() {
    let comparison = compared(SCHEMA, SCHEMA, Strictness::All);
    assert_eq!((comparison.findings.len(), comparison.size), (0, Size::None));
    assert_eq!(comparison.events.len(), 9);
    for verdict in &comparison.events {
        assert!(
            verdict.answers.iter().all(|(_, answer)| matches!(answer, Answer::Same | Answer::NotApplicable))
        );
    }
    // Another version alone is no change either.
    let other = SCHEMA.replace("log-event:0.1.0", "log-event:0.2.0");
    assert_eq!(compared(SCHEMA, &other, Strictness::All).size, Size::None);
}

#[test]
fn events_come_and_go() {
    let fewer = edited(|schema| {
        let Json::Array(branches) = common::at(schema, "/allOf") else { panic!("a list") };
        branches.pop();
        remove(schema, "/$defs", "TrafficBlockedLog");
        let Json::Array(names) = common::at(schema, "/$defs/EventName/anyOf") else { panic!("a list") };
        names.retain(|name| name.get("const").and_then(Json::as_str) != Some("traffic-blocked"));
    });
    let added = compared(&fewer, SCHEMA, Strictness::Documented);
    assert_eq!(answers(&added, "traffic-blocked"), [true; 3]);
    let rules = |comparison: &Comparison| -> Vec<&str> {
        comparison.findings.iter().map(|finding| finding.rule.id).collect()
    };
    assert_eq!((rules(&added), added.size), (vec!["event-added"], Size::Minor));
    let removed = compared(SCHEMA, &fewer, Strictness::Documented);
    assert_eq!(answers(&removed, "traffic-blocked"), [true; 3]);
    assert_eq!((rules(&removed), removed.size), (vec!["event-removed"], Size::Major));
}

/// Both break the same events, and each gets its own.
#[test]
fn each_of_two_breaks_has_an_event_of_its_own() {
    let text = edited(|schema| {
        set(schema, &format!("{LOG}/properties"), "newField", json(FIELD));
        push(schema, &format!("{LOG}/required"), Json::string("newField"));
        set(schema, "/$defs/ByteCount", "maximum", Json::from(4_294_967_295));
        set(schema, "/$defs/OsType", "description", Json::string("Another text."));
    });
    let comparison = compared(SCHEMA, &text, Strictness::Documented);
    let breaking: Vec<_> = comparison.findings.iter().filter(|finding| !finding.breaks.is_empty()).collect();
    let rules: Vec<_> = breaking.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(rules, ["field-added", "value-narrowed"]);
    assert!(breaking.iter().all(|finding| !finding.examples.is_empty()));
    let narrowed = &comparison.examples[breaking[1].examples[0]];
    assert_eq!(narrowed.value["log"]["sessionBytesIn"], value!(4_294_967_296_i64));
    assert_eq!(narrowed.rejected_as, "out-of-range");
}

#[test]
fn what_is_accepted_needs_the_rule_and_every_field() {
    let text = edited(|schema| set(schema, "/$defs/ByteCount", "maximum", Json::from(4_294_967_295)));
    let mut comparison = compared(SCHEMA, &text, Strictness::Documented);
    let accepted = |pointer: &str| cloudconnexa_compat::AcceptedChange {
        rule: "value-narrowed".to_owned(),
        pointer: pointer.to_owned(),
        event: None,
        reason: "no session has more".to_owned(),
    };
    let unused = comparison.accept(&[accepted("/log/sessionBytesIn"), accepted("/log/unheardOf")]);
    assert_eq!(unused, [1]);
    assert_eq!(comparison.failing().count(), 1, "{:#?}", comparison.findings);
    let all: Vec<_> = comparison.findings[0].fields.iter().map(|field| accepted(&field.pointer)).collect();
    assert!(all.len() > 1);
    comparison.accept(&all);
    assert_eq!(comparison.failing().count(), 0);
    assert_eq!(comparison.needed().unwrap().to_string(), "0.2.0");
}
