//! Reads what becomes of a field in a target: a path, a list of paths with transforms, or a reason why there is none.

use cloudconnexa_schema::pointer::child;
use cloudconnexa_schema::{Json, Object, ProblemKind};

use super::model::{Decision, FieldRef, Goal, Target, To11, Transform};
use super::read::{Reader, list};

const KEYS: &[&str] = &["to", "to-1.1", "as", "map", "rank", "when", "otherwise", "note"];

/// Reads a decision.
pub(super) fn read(
    reader: &mut Reader<'_>,
    node: &Json,
    pointer: &str,
    field: &FieldRef,
    target: Target,
    log: Option<&Object>,
) -> Decision {
    if let Some(reason) = node.get("unmapped") {
        reader.keys(node, pointer, &["unmapped"]);
        let what = "the reason why the field has no place";
        return Decision::Unmapped(reader.text(reason, &child(pointer, "unmapped"), what));
    }
    if let Some(how) = node.get("cases") {
        reader.keys(node, pointer, &["cases"]);
        return Decision::Cases(reader.text(
            how,
            &child(pointer, "cases"),
            "how the cases express the field",
        ));
    }
    let goals = match node {
        Json::Array(nodes) => nodes
            .iter()
            .enumerate()
            .map(|(index, node)| goal(reader, node, &child(pointer, &index.to_string()), field, target, log))
            .collect(),
        node => vec![goal(reader, node, pointer, field, target, log)],
    };
    if goals.is_empty() {
        let message = "is empty: give a path, or {\"unmapped\": \"why\"}";
        reader.problem(ProblemKind::Structure, pointer, message);
    }
    Decision::To(goals)
}

fn goal(
    reader: &mut Reader<'_>,
    node: &Json,
    pointer: &str,
    field: &FieldRef,
    target: Target,
    log: Option<&Object>,
) -> Goal {
    let what = "a path, or an object with a path in `to`";
    if let Json::String(to) = node {
        return Goal {
            to: reader.text(&Json::string(to.as_str()), pointer, what),
            to_1_1: To11::Same,
            transform: Transform::Copy,
            rank: None,
            when: Vec::new(),
            otherwise: None,
            note: None,
            pointer: pointer.to_owned(),
        };
    }
    reader.keys(node, pointer, KEYS);
    if target != Target::Ocsf {
        for key in ["to-1.1", "otherwise"].into_iter().filter(|key| node.get(key).is_some()) {
            let message = "is for OCSF, which has versions and required attributes";
            reader.problem(ProblemKind::Unsupported, &child(pointer, key), message);
        }
    }
    let to = reader.text(node.get("to").unwrap_or(&Json::Null), &child(pointer, "to"), "a path");
    let transform = transform(reader, node, pointer);
    if transform.result(field.kind).is_none() {
        let key = if matches!(transform, Transform::Map(_)) { "map" } else { "as" };
        let message = format!("does not fit `{}`, which is {}", field.name, field.kind.name());
        reader.problem(ProblemKind::Structure, &child(pointer, key), message);
    }
    Goal {
        to,
        to_1_1: match node.get("to-1.1") {
            None => To11::Same,
            Some(path) => path.as_str().map_or(To11::Nothing, |path| To11::Path(path.to_owned())),
        },
        transform,
        rank: node.get("rank").and_then(Json::as_u64),
        when: match node.get("when") {
            Some(when) => reader.conditions(when, &child(pointer, "when"), log),
            None => Vec::new(),
        },
        otherwise: node.get("otherwise").cloned(),
        note: node.get("note").and_then(Json::as_str).map(str::to_owned),
        pointer: pointer.to_owned(),
    }
}

fn transform(reader: &mut Reader<'_>, node: &Json, pointer: &str) -> Transform {
    match (node.get("as"), node.get("map")) {
        (None, None) => Transform::Copy,
        (None, Some(map)) => Transform::Map(map.members().to_vec()),
        (Some(name), None) => {
            let found = Transform::NAMED.into_iter().find(|(known, _)| name.as_str() == Some(known));
            if let Some((_, transform)) = found {
                return transform;
            }
            let message =
                format!("is not a transform; there are {}", list(&Transform::NAMED.map(|(name, _)| name)));
            reader.problem(ProblemKind::Unsupported, &child(pointer, "as"), message);
            Transform::Copy
        }
        (Some(_), Some(_)) => {
            let message = "cannot go with `as`: a map says all that a value becomes";
            reader.problem(ProblemKind::Structure, &child(pointer, "map"), message);
            Transform::Copy
        }
    }
}
