//! Emits what Elasticsearch needs to read the events without this project's programs: an ingest pipeline that makes of the
//! records what `cloudconnexa_convert::ecs` writes, and the index template of a data stream.

mod condition;
mod template;

use cloudconnexa_schema::Json;

use super::model::{EventMapping, FieldRef, Goal, Scope, Target, Transform};
use super::plan;
use condition::{all, any, events, exists, missing, path, when};

pub(super) use template::template;

/// The greatest number of seconds whose nanoseconds fit into 64 bits.
const MOST_SECONDS: u64 = 9_223_372_036;

/// Removes values that stand for none: null, an empty text and the text `null`. Fields that the schema does not describe keep
/// theirs.
const DROP_ABSENT: &str = "\
def drop(Map object, List names) { \
if (object == null) { return; } \
object.entrySet().removeIf(entry -> names.contains(entry.getKey()) && \
(entry.getValue() == null || entry.getValue() == '' || entry.getValue() == 'null')); } \
drop(ctx.cloudconnexa, params.header); \
if (params.log.containsKey(ctx.event.action)) { drop(ctx.cloudconnexa.log, params.log[ctx.event.action]); }";

/// A field of one or more events that goes to the same places in all of them.
struct Entry<'a> {
    field: &'a FieldRef,
    goals: &'a [Goal],
    /// The events, by index. The last is that of unknown ones.
    events: Vec<usize>,
}

/// Emits the ingest pipeline.
pub(super) fn pipeline(mappings: &[EventMapping]) -> String {
    let ignoring = ("ignore_missing", Json::Bool(true));
    let mut processors = vec![
        // Shippers describe themselves there. The host is that of the event.
        processor("remove", &[("field", text("host")), ignoring], ""),
        processor(
            "rename",
            &[("field", text("message")), ("target_field", text("event.original"))],
            &missing("event.original"),
        ),
        processor("remove", &[("field", text("message")), ("ignore_missing", Json::Bool(true))], ""),
        processor("json", &[("field", text("event.original")), ("target_field", text("cloudconnexa"))], ""),
        processor(
            "rename",
            &[("field", text("cloudconnexa.eventName")), ("target_field", text("event.action"))],
            "",
        ),
    ];
    processors.extend(constants(mappings));
    processors.push(drop_absent(mappings));
    let entries = entries(mappings);
    processors.extend(appends(&entries, mappings));
    processors.extend(scalars(&entries, mappings));
    processors.extend(removals(&entries, mappings));
    processors.push(processor(
        "set",
        &[("field", text("_id")), ("copy_from", text("event.id"))],
        &exists("event.id"),
    ));
    let failure = vec![
        processor("set", &[("field", text("event.kind")), ("value", text("pipeline_error"))], ""),
        processor(
            "append",
            &[("field", text("error.message")), ("value", text("{{{_ingest.on_failure_message}}}"))],
            "",
        ),
    ];
    Json::object([
        ("description", text("Makes ECS of the log events of OpenVPN CloudConnexa. Written by `cargo xtask codegen` from schema/mappings.json.")),
        ("processors", Json::Array(processors)),
        ("on_failure", Json::Array(failure)),
    ])
    .to_pretty_string()
}

fn text(text: &str) -> Json {
    Json::string(text)
}

/// Makes a processor, with a condition unless that is empty.
fn processor(kind: &str, options: &[(&str, Json)], condition: &str) -> Json {
    let mut members: Vec<(String, Json)> =
        options.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    if !condition.is_empty() {
        members.push(("if".to_owned(), text(condition)));
    }
    Json::object([(kind, Json::Object(members))])
}

/// Sets the constants of all events, then those of single ones, while all fields that they depend on are in place.
fn constants(mappings: &[EventMapping]) -> Vec<Json> {
    let mut shared: Vec<(String, Json)> = Vec::new();
    let cases: Vec<Vec<plan_constants::Case<'_>>> = mappings.iter().map(plan_constants::cases).collect();
    if let Some((_, first)) = cases.first().and_then(|cases| cases.first()) {
        for (path, value) in first {
            let is_shared = |(_, set): &plan_constants::Case<'_>| {
                set.iter().any(|other| other == &(path.clone(), value.clone()))
            };
            if cases.iter().flatten().all(is_shared) {
                shared.push((path.clone(), value.clone()));
            }
        }
    }
    let set = |path: &str, value: &Json, condition: &str| {
        processor("set", &[("field", text(path)), ("value", value.clone())], condition)
    };
    let mut processors: Vec<Json> = shared.iter().map(|(path, value)| set(path, value, "")).collect();
    for (index, cases) in cases.iter().enumerate() {
        let is_event = events(&[index], mappings);
        let mut earlier: Vec<String> = Vec::new();
        for ((conditions, constants), at) in cases.iter().zip(1..) {
            let is_case = all(&[earlier.clone(), vec![when(conditions)]].concat());
            for (path, value) in constants.iter().filter(|constant| !shared.contains(constant)) {
                processors.push(set(path, value, &all(&[is_event.clone(), is_case.clone()])));
            }
            if at < cases.len() {
                earlier.push(condition::not(conditions));
            }
        }
    }
    processors
}

/// The constants of the cases of an event.
mod plan_constants {
    use super::{EventMapping, plan};
    use crate::mappings::model::{Condition, Constants};

    pub(super) type Case<'a> = (&'a [Condition], Constants);

    pub(super) fn cases(mapping: &EventMapping) -> Vec<Case<'_>> {
        let conditions = mapping.ecs.cases.iter().map(|case| &case.when[..]);
        conditions.zip(plan::constants_of_cases(&mapping.ecs, false)).collect()
    }
}

fn drop_absent(mappings: &[EventMapping]) -> Json {
    let names = |mapping: &EventMapping, scope: Scope| {
        let fields = mapping.fields.iter().filter(|field| field.field.scope == scope);
        Json::strings(fields.map(|field| field.field.name.as_str()).collect::<Vec<_>>())
    };
    let header = mappings.first().map_or(Json::Null, |mapping| names(mapping, Scope::Header));
    let logs =
        mappings.iter().filter_map(|mapping| Some((mapping.name.clone()?, names(mapping, Scope::Log))));
    let logs = logs.filter(|(_, names)| !names.elements().is_empty());
    let params = Json::object([("header", header), ("log", Json::Object(logs.collect()))]);
    processor("script", &[("lang", text("painless")), ("source", text(DROP_ABSENT)), ("params", params)], "")
}

/// Groups the fields of events by where they go.
fn entries(mappings: &[EventMapping]) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (index, mapping) in mappings.iter().enumerate() {
        for field in &mapping.fields {
            let goals = field.goals(Target::Ecs);
            // The name of the event is in its place already.
            if goals.is_empty() || field.field.name == "eventName" && field.field.scope == Scope::Header {
                continue;
            }
            let same = entries.iter_mut().find(|entry| {
                (entry.field.scope, &entry.field.name) == (field.field.scope, &field.field.name)
                    && entry.goals.len() == goals.len()
                    && entry.goals.iter().zip(goals).all(|(one, other)| is_same(one, other))
            });
            match same {
                Some(entry) => entry.events.push(index),
                None => entries.push(Entry { field: &field.field, goals, events: vec![index] }),
            }
        }
    }
    // In the order of the writer: the header, then the `log`.
    entries.sort_by_key(|entry| (entry.field.scope, entry.field.index));
    entries
}

fn is_same(one: &Goal, other: &Goal) -> bool {
    let key = |goal: &Goal| (goal.to.clone(), goal.transform.clone(), goal.rank, goal.when.len());
    let conditions = |goal: &Goal| -> Vec<(String, Vec<Json>)> {
        goal.when.iter().map(|condition| (path(&condition.field), condition.values.clone())).collect()
    };
    key(one) == key(other) && conditions(one) == conditions(other)
}

fn is_list(goal: &Goal) -> bool {
    goal.to.ends_with("[]")
}

/// Appends values to lists.
fn appends(entries: &[Entry<'_>], mappings: &[EventMapping]) -> Vec<Json> {
    let mut processors = Vec::new();
    for entry in entries {
        for goal in entry.goals.iter().filter(|goal| is_list(goal)) {
            let from = path(entry.field);
            let options = [
                ("field", text(goal.to.trim_end_matches("[]"))),
                ("value", text(&format!("{{{{{{{from}}}}}}}"))),
                ("allow_duplicates", Json::Bool(false)),
            ];
            let condition = all(&[events(&entry.events, mappings), exists(&from), when(&goal.when)]);
            processors.push(processor("append", &options, &condition));
        }
    }
    processors
}

/// Moves values to single fields, those with the lowest rank first. One that goes elsewhere as well is copied.
fn scalars(entries: &[Entry<'_>], mappings: &[EventMapping]) -> Vec<Json> {
    let mut ordered: Vec<(u64, Vec<Json>)> = Vec::new();
    for entry in entries {
        let from = path(entry.field);
        for goal in entry.goals.iter().filter(|goal| !is_list(goal)) {
            let is_kept = entry.goals.iter().any(|other| {
                let is_later = is_list(other) || matches!(goal.transform, Transform::Map(_));
                !std::ptr::eq(goal, other) && is_later && (other.when.is_empty() || other.when == goal.when)
            });
            let mut conditions = vec![events(&entry.events, mappings), exists(&from), when(&goal.when)];
            if goal.rank.is_some() {
                conditions.push(missing(&goal.to));
            }
            let condition = all(&conditions);
            // A map looks at values before they are moved.
            let order = if matches!(goal.transform, Transform::Map(_)) {
                0
            } else {
                goal.rank.unwrap_or_default() + 1
            };
            ordered.push((order, steps(goal, &from, &condition, is_kept)));
        }
    }
    ordered.sort_by_key(|(order, _)| *order);
    ordered.into_iter().flat_map(|(_, processors)| processors).collect()
}

/// Returns the processors that bring a value to its field.
fn steps(goal: &Goal, from: &str, condition: &str, is_kept: bool) -> Vec<Json> {
    let to = text(&goal.to);
    let remove = |condition: &str| {
        processor("remove", &[("field", text(from)), ("ignore_missing", Json::Bool(true))], condition)
    };
    match &goal.transform {
        Transform::Map(rows) => rows
            .iter()
            .map(|(value, becomes)| {
                let condition = all(&[condition.to_owned(), condition::is(from, value)]);
                processor("set", &[("field", to.clone()), ("value", becomes.clone())], &condition)
            })
            .collect(),
        Transform::Rfc3339 => {
            let options = [
                ("field", text(from)),
                ("target_field", to),
                ("formats", Json::strings(["ISO8601"])),
                ("output_format", text("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")),
            ];
            vec![processor("date", &options, condition), remove(condition)]
        }
        Transform::Milliseconds | Transform::Nanoseconds => {
            let factor = if goal.transform == Transform::Nanoseconds { 1_000_000_000 } else { 1_000 };
            let source = format!("ctx.{} = ctx.{from} * {factor}L", goal.to);
            let condition = all(&[condition.to_owned(), format!("ctx.{from} <= {MOST_SECONDS}L")]);
            let options = [("lang", text("painless")), ("source", text(&source))];
            vec![processor("script", &options, &condition), remove(&condition)]
        }
        transform => {
            let mut steps = vec![if is_kept {
                processor("set", &[("field", to.clone()), ("copy_from", text(from))], condition)
            } else {
                processor("rename", &[("field", text(from)), ("target_field", to.clone())], condition)
            }];
            if *transform == Transform::Lowercase {
                steps.push(processor(
                    "lowercase",
                    &[("field", to), ("ignore_missing", Json::Bool(true))],
                    "",
                ));
            }
            steps
        }
    }
}

/// Removes values that were copied to lists or are implied by constants, and a `log` that is empty then.
fn removals(entries: &[Entry<'_>], mappings: &[EventMapping]) -> Vec<Json> {
    let remove = |field: &str, condition: &str| {
        processor("remove", &[("field", text(field)), ("ignore_missing", Json::Bool(true))], condition)
    };
    let mut processors = Vec::new();
    for entry in entries {
        let lists = entry.goals.iter().filter(|goal| is_list(goal));
        let conditions: Vec<String> = lists.map(|goal| when(&goal.when)).collect();
        if conditions.is_empty() {
            continue;
        }
        let condition =
            if conditions.iter().any(String::is_empty) { String::new() } else { any(&conditions) };
        let condition = all(&[events(&entry.events, mappings), condition]);
        processors.push(remove(&path(entry.field), &condition));
    }
    for (index, mapping) in mappings.iter().enumerate() {
        for field in plan::by_cases(mapping, Target::Ecs) {
            processors.push(remove(&path(&field), &events(&[index], mappings)));
        }
    }
    let with_log: Vec<usize> = mappings
        .iter()
        .enumerate()
        .filter(|(_, mapping)| mapping.fields.iter().any(|field| field.field.scope == Scope::Log))
        .map(|(index, _)| index)
        .collect();
    let is_empty = "ctx.cloudconnexa?.log != null && ctx.cloudconnexa.log.isEmpty()".to_owned();
    processors.push(remove("cloudconnexa.log", &all(&[events(&with_log, mappings), is_empty])));
    processors
}
