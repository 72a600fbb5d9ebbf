//! Takes a schema apart into conditions, all of which have to be met.

use serde_json::{Map, Value, json};

/// Keywords that depend on what others of the same object have evaluated.
const OF_THE_WHOLE: &[&str] = &["unevaluatedProperties", "unevaluatedItems"];

/// Keywords that mean something only together.
const TOGETHER: &[&[&str]] =
    &[&["if", "then", "else"], &["items", "prefixItems"], &["contains", "minContains", "maxContains"]];

/// Returns conditions that together mean the same as `schema`, as small as they can be.
pub(super) fn conjuncts(schema: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    add(schema, &mut found);
    found
}

fn add(schema: &Value, found: &mut Vec<Value>) {
    let Value::Object(members) = schema else {
        if *schema != Value::Bool(true) {
            push(schema.clone(), found);
        }
        return;
    };
    if OF_THE_WHOLE.iter().any(|keyword| members.contains_key(*keyword)) {
        return push(schema.clone(), found);
    }
    let mut rest = members.clone();
    for part in rest.remove("allOf").as_ref().and_then(Value::as_array).into_iter().flatten() {
        add(part, found);
    }
    for name in rest.remove("required").as_ref().and_then(Value::as_array).into_iter().flatten() {
        push(json!({ "required": [name] }), found);
    }
    let properties = take(&mut rest, "properties");
    let patterns = take(&mut rest, "patternProperties");
    if let Some(others) = rest.remove("additionalProperties") {
        // What it applies to depends on which names and patterns there are, but not on what these ask for.
        let any = |members: &Map<String, Value>| -> Value {
            members.keys().map(|name| (name.clone(), Value::Bool(true))).collect::<Map<_, _>>().into()
        };
        let mut closing = Map::new();
        closing.insert("properties".to_owned(), any(&properties));
        if !patterns.is_empty() {
            closing.insert("patternProperties".to_owned(), any(&patterns));
        }
        closing.insert("additionalProperties".to_owned(), others);
        push(Value::Object(closing), found);
    }
    for (keyword, fields) in [("properties", properties), ("patternProperties", patterns)] {
        for (name, field) in fields {
            for condition in conjuncts(&field) {
                push(json!({ keyword: { &name: condition } }), found);
            }
        }
    }
    for keywords in TOGETHER {
        let together: Map<String, Value> =
            keywords.iter().filter_map(|keyword| rest.remove_entry(*keyword)).collect();
        if !together.is_empty() {
            push(Value::Object(together), found);
        }
    }
    for (keyword, value) in rest {
        push(json!({ keyword: value }), found);
    }
}

fn take(members: &mut Map<String, Value>, keyword: &str) -> Map<String, Value> {
    match members.remove(keyword) {
        Some(Value::Object(taken)) => taken,
        _ => Map::new(),
    }
}

fn push(condition: Value, found: &mut Vec<Value>) {
    if !found.contains(&condition) {
        found.push(condition);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_as_small_as_they_can_be() {
        let schema = json!({
            "type": "object",
            "required": ["a", "b"],
            "allOf": [{ "properties": { "a": { "type": "string", "minLength": 1 } } }, true],
            "properties": { "b": true, "c": false },
            "additionalProperties": false,
            "if": { "required": ["c"] },
            "then": false,
        });
        let expected = json!([
            { "properties": { "a": { "type": "string" } } },
            { "properties": { "a": { "minLength": 1 } } },
            { "required": ["a"] },
            { "required": ["b"] },
            { "properties": { "b": true, "c": true }, "additionalProperties": false },
            { "properties": { "c": false } },
            { "if": { "required": ["c"] }, "then": false },
            { "type": "object" },
        ]);
        let (found, expected) = (conjuncts(&schema), expected.as_array().unwrap().clone());
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(expected.iter().all(|one| found.contains(one)), "{found:?}");
        let whole = json!({ "required": ["a"], "unevaluatedProperties": false });
        assert_eq!(conjuncts(&whole), [whole]);
        assert_eq!(conjuncts(&json!(true)), [] as [Value; 0]);
    }

    /// Every value that one of the two refuses, the other refuses as well.
    #[test]
    fn the_conditions_mean_the_same_as_the_schema() {
        let schemas = [
            json!({ "properties": { "a": { "type": "integer" } }, "additionalProperties": { "type": "string" } }),
            json!({ "patternProperties": { "^a": { "minimum": 2 } }, "additionalProperties": false, "required": ["a"] }),
            json!({ "allOf": [{ "required": ["a"] }], "unevaluatedProperties": false, "properties": { "a": {} } }),
            json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] }, "else": { "maxProperties": 0 } }),
            json!({ "contains": { "type": "integer" }, "minContains": 2, "maxItems": 3 }),
            json!({ "prefixItems": [{ "type": "string" }], "items": false }),
        ];
        let values = [
            json!({}),
            json!({ "a": 1 }),
            json!({ "a": 3 }),
            json!({ "a": 3, "b": "x" }),
            json!({ "a": "x", "b": 1 }),
            json!({ "b": "x" }),
            json!([]),
            json!(["x"]),
            json!([1, 2]),
            json!([1, 2, 3, 4]),
            json!(["x", 1]),
            json!(7),
        ];
        for schema in schemas {
            let whole = jsonschema::validator_for(&schema).unwrap();
            let parts: Vec<_> =
                conjuncts(&schema).iter().map(|part| jsonschema::validator_for(part).unwrap()).collect();
            for value in &values {
                let are_met = parts.iter().all(|part| part.is_valid(value));
                assert_eq!(are_met, whole.is_valid(value), "{schema} and {value}");
            }
        }
    }
}
