//! Estimates the size of a normal form, before a computer runs out of memory or a user out of patience.

use serde_json::Value;

/// In how many ways values can be valid, and in how many they can be invalid, as the normal form lists them.
#[derive(Clone, Copy)]
struct Ways {
    valid: u64,
    invalid: u64,
}

/// Returns an upper bound for the number of alternatives in the normal form of any part of a schema. Alternatives of several
/// conditions multiply.
pub(super) fn choices(schema: &Value) -> u64 {
    let mut most = 1;
    ways(schema, &mut most);
    most
}

fn ways(schema: &Value, most: &mut u64) -> Ways {
    let mut all = Ways { valid: 1, invalid: 0 };
    let Value::Object(members) = schema else { return Ways { valid: 1, invalid: 1 } };
    for (keyword, value) in members {
        let own = match (keyword.as_str(), value) {
            ("allOf", Value::Array(parts)) => {
                let start = Ways { valid: 1, invalid: 0 };
                parts.iter().map(|part| ways(part, most)).fold(start, Ways::and)
            }
            ("anyOf" | "oneOf", Value::Array(parts)) => {
                let is_constant = |part: &&Value| part.get("const").is_some();
                // Constants are a single list of values.
                let constants = parts.iter().find(is_constant);
                let others = parts.iter().filter(|part| !is_constant(part));
                let start = Ways { valid: 0, invalid: 1 };
                let any = others.chain(constants).map(|part| ways(part, most)).fold(start, Ways::or);
                match keyword.as_str() {
                    "oneOf" => Ways { valid: any.valid.saturating_mul(any.invalid), ..any },
                    _ => any,
                }
            }
            ("not", part) => ways(part, most).negated(),
            ("if", condition) => {
                let mut branch = |keyword| members.get(keyword).map(|part| ways(part, most));
                let (then, otherwise) = (branch("then"), branch("else"));
                let condition = ways(condition, most);
                let implied = |condition: Ways, part: Option<Ways>| {
                    part.map_or(Ways { valid: 1, invalid: 0 }, |part| condition.negated().or(part))
                };
                implied(condition, then).and(implied(condition.negated(), otherwise))
            }
            ("then" | "else", _) => continue,
            ("properties" | "patternProperties" | "dependentSchemas", Value::Object(fields)) => {
                for field in fields.values() {
                    ways(field, most);
                }
                Ways { valid: 1, invalid: fields.len() as u64 }
            }
            (_, Value::Object(_)) => {
                ways(value, most);
                Ways { valid: 1, invalid: 1 }
            }
            ("prefixItems", Value::Array(items)) => {
                for item in items {
                    ways(item, most);
                }
                Ways { valid: 1, invalid: items.len() as u64 }
            }
            _ => Ways { valid: 1, invalid: 1 },
        };
        all = all.and(own);
    }
    *most = (*most).max(all.valid);
    // An upper bound, so that nothing is ever multiplied away.
    Ways { valid: all.valid.max(1), invalid: all.invalid.max(1) }
}

impl Ways {
    fn and(self, other: Self) -> Self {
        Self {
            valid: self.valid.saturating_mul(other.valid),
            invalid: self.invalid.saturating_add(other.invalid),
        }
    }

    fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }

    fn negated(self) -> Self {
        Self { valid: self.invalid, invalid: self.valid }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::choices;

    #[test]
    fn alternatives_of_several_conditions_multiply() {
        let choice =
            || json!({ "anyOf": [{ "type": "string" }, { "minimum": 1 }, { "const": 1 }, { "const": 2 }] });
        assert_eq!(choices(&choice()), 3);
        assert_eq!(choices(&json!({ "allOf": [choice(), choice()], "title": "x" })), 9);
        assert_eq!(choices(&json!({ "properties": { "a": choice(), "b": choice() } })), 3);
        assert_eq!(
            choices(&json!({ "not": { "anyOf": [{ "allOf": [{ "minimum": 1 }, { "type": "integer" }] }] } })),
            2
        );
        assert_eq!(choices(&json!({ "if": choice(), "then": false })), 3);
        assert_eq!(choices(&json!(true)), 1);
    }

    #[test]
    fn nothing_overflows() {
        let choice = json!({ "anyOf": [{ "type": "string" }, { "minimum": 1 }] });
        assert_eq!(choices(&json!({ "allOf": vec![choice; 100] })), u64::MAX);
        let nested =
            (0..100).fold(Value::Bool(true), |inner, _| json!({ "not": { "oneOf": [inner, {}, {}] } }));
        assert!(choices(&nested) > 1);
    }
}
