//! The proof that one schema accepts everything that another does.
//!
//! This is the only module that knows the experimental `canonical` module of `jsonschema`, whose names change between minor
//! versions.

mod choices;
mod conjuncts;

use jsonschema::Draft;
use jsonschema::canonical::{self, CanonicalSchema, Containment, Satisfiability};
use serde_json::Value;

use choices::choices;
use conjuncts::conjuncts;

/// The most choices of a schema that is brought into the normal form, in which each takes up room.
const MAX_CHOICES: u64 = 64;

/// Returns whether `outside` is proved to accept everything that `inside` does. `false` means that it is not known.
///
/// Both are schemas without references. Each condition of `outside` is proved on its own: the difference to all of them at once
/// grows faster than the number of those that differ.
pub(crate) fn contains(outside: &Value, inside: &Value) -> bool {
    let met = conjuncts(inside);
    let mut open = conjuncts(outside).into_iter().filter(|condition| !met.contains(condition)).peekable();
    if open.peek().is_none() {
        return true;
    }
    let Some(inside) = canonical(inside) else { return false };
    open.all(|condition| canonical(&condition).is_some_and(|condition| covers(&condition, &inside)))
}

fn covers(outside: &CanonicalSchema, inside: &CanonicalSchema) -> bool {
    // By intersection; and if that is undecided, nothing is left of the one without the other.
    outside.covers(inside).is_ok_and(|covers| covers == Containment::Yes)
        || inside.subtract(outside).is_ok_and(|rest| rest.satisfiability() == Satisfiability::No)
}

/// Returns the normal form, if there is one of bounded size.
fn canonical(schema: &Value) -> Option<CanonicalSchema> {
    if choices(schema) > MAX_CHOICES {
        return None;
    }
    let options = canonical::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
    options.canonicalize(schema).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::contains;

    #[test]
    fn containment_is_proved_or_unknown() {
        let strings = json!({ "type": "string" });
        let addresses = json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] });
        let old_addresses = json!({ "type": "string", "format": "ipv4" });
        assert!(contains(&strings, &addresses) && contains(&addresses, &old_addresses));
        assert!(!contains(&addresses, &strings) && !contains(&old_addresses, &addresses));
        // Not a schema: nothing is known of it.
        assert!(!contains(&strings, &json!({ "type": 7 })));
    }

    #[test]
    fn the_conditions_of_objects_are_proved_one_by_one() {
        let object = |fields: usize, kind: Value| -> Value {
            let properties: serde_json::Map<String, Value> =
                (0..fields).map(|field| (format!("f{field}"), kind.clone())).collect();
            json!({ "type": "object", "required": ["f0"], "properties": properties })
        };
        let (narrow, wide) =
            (object(60, json!({ "type": "string" })), object(60, json!({ "type": ["string", "null"] })));
        assert!(contains(&wide, &narrow) && !contains(&narrow, &wide));
        let closed = |schema: &Value| json!({ "allOf": [schema], "unevaluatedProperties": false });
        assert!(contains(&wide, &closed(&narrow)) && !contains(&closed(&wide), &narrow));
    }

    #[test]
    fn schemas_with_too_many_choices_prove_nothing() {
        let choice = |index: usize| json!({ "anyOf": [{ "pattern": format!("a{index}") }, { "pattern": format!("b{index}") }] });
        let schema = json!({ "type": "string", "allOf": (0..30).map(choice).collect::<Vec<_>>() });
        assert!(!contains(&json!({ "type": "string", "minLength": 1 }), &schema));
        // It says so itself.
        assert!(contains(&json!({ "type": "string" }), &schema));
    }
}
