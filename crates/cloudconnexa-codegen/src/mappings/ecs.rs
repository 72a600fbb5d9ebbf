//! Plans the ECS output of an event, and checks it against the fields of ECS.

use cloudconnexa_schema::{Json, Problem, ProblemKind};

use super::model::{EventMapping, Kind, Target, Transform};
use super::plan::{self, Plan, Source};

/// Plans the output of an event. `fields` is that of `schema/targets/ecs-*.json`.
pub(super) fn plan(event: &EventMapping, fields: &Json, problems: &mut Vec<Problem>) -> Plan {
    let shape = &event.ecs;
    let mut root = plan::Object::default();
    let cases = plan::constants_of_cases(shape, false);
    for (path, value) in cases.iter().flatten() {
        if let Err(message) = check_constant(fields, path, value) {
            problems.push(Problem::new(ProblemKind::Reference, shape.pointer.as_str(), message));
        }
    }
    check_types(fields, &cases, &shape.pointer, problems);
    plan::add_constants(&mut root, &cases);
    for field in &event.fields {
        for goal in field.goals(Target::Ecs) {
            let result = goal.transform.result(field.field.kind);
            if let Err(message) = check(fields, &goal.to, result, &goal.transform) {
                problems.push(Problem::new(ProblemKind::Reference, goal.pointer.as_str(), message));
            }
            let source = Source {
                field: field.field.clone(),
                when: goal.when.clone(),
                transform: goal.transform.clone(),
                is_int: false,
                sibling: None,
                rank: goal.rank.unwrap_or_default(),
            };
            plan::add_goal(&mut root, &goal.to, source, goal, problems);
        }
    }
    let conditions = shape.cases.iter().map(|case| case.when.clone()).collect();
    root.at(&plan::steps("event")).members.push(("original".to_owned(), plan::Member::Record));
    Plan { class_uid: 0, root, cases: conditions, by_cases: plan::by_cases(event, Target::Ecs) }
}

/// Returns the field at a path, with or without `[]`.
fn field<'f>(fields: &'f Json, path: &str) -> Result<(&'f str, bool), String> {
    let name = path.strip_suffix("[]").unwrap_or(path);
    let found = fields.get(name).ok_or_else(|| {
        format!("`{name}` is not a field of ECS: correct it, or add its set to packaging/targets/ecs.js")
    })?;
    let kind = found.get("type").and_then(Json::as_str).unwrap_or_default();
    Ok((kind, found.get("array").is_some()))
}

fn check(fields: &Json, path: &str, result: Option<Kind>, transform: &Transform) -> Result<(), String> {
    let (kind, is_array) = field(fields, path)?;
    if is_array != path.ends_with("[]") {
        let remedy =
            if is_array { "is an array: write `[]` after it" } else { "is not an array: remove `[]`" };
        return Err(format!("`{path}` {remedy}"));
    }
    let Some(result) = result else { return Ok(()) };
    let fits = match kind {
        "date" => *transform == Transform::Rfc3339,
        "ip" => result == Kind::Address,
        "long" => result == Kind::Integer,
        "boolean" => result == Kind::Boolean,
        "keyword" | "match_only_text" | "wildcard" => matches!(result, Kind::Text | Kind::Address),
        _ => false,
    };
    if path == "event.duration" && *transform != Transform::Nanoseconds {
        return Err("`event.duration` is in nanoseconds: write seconds `as` `nanoseconds`".to_owned());
    }
    if fits {
        return Ok(());
    }
    let remedy = if kind == "date" { ": write a time `as` `rfc3339`" } else { "" };
    Err(format!("`{path}` is of type `{kind}`, which does not take {}{remedy}", result.name()))
}

fn check_constant(fields: &Json, path: &str, value: &Json) -> Result<(), String> {
    let (_, is_array) = field(fields, path)?;
    if is_array != matches!(value, Json::Array(_)) {
        let expected = if is_array { "a list" } else { "a single value" };
        return Err(format!("`{path}` must be set to {expected}"));
    }
    let Some(allowed) = fields.get(path).and_then(|field| field.get("allowed")) else { return Ok(()) };
    let values = if is_array { value.elements() } else { std::slice::from_ref(value) };
    let unknown = values.iter().filter_map(Json::as_str).find(|value| allowed.get(value).is_none());
    match unknown {
        Some(value) => Err(format!("sets `{path}` to `{value}`, which is not one of its values")),
        None => Ok(()),
    }
}

/// Reports types that none of the categories of an event expects.
fn check_types(fields: &Json, cases: &[super::model::Constants], pointer: &str, problems: &mut Vec<Problem>) {
    for case in cases {
        let list = |path: &str| {
            case.iter().find(|(other, _)| other == path).map_or(&[][..], |(_, list)| list.elements())
        };
        let categories = list("event.category");
        let expected = |kind: &Json| {
            categories.iter().filter_map(Json::as_str).any(|category| {
                let allowed =
                    fields.get("event.category").and_then(|field| field.get("allowed")?.get(category));
                allowed.is_some_and(|types| types.elements().contains(kind))
            })
        };
        if categories.is_empty() {
            continue;
        }
        for kind in list("event.type").iter().filter(|kind| !expected(kind)) {
            let kind = kind.as_str().unwrap_or_default();
            let message =
                format!("sets `event.type` to `{kind}`, which none of its `event.category` expects");
            problems.push(Problem::new(ProblemKind::Reference, pointer, message));
        }
    }
}
