//! The proof that one schema accepts everything that another does.
//!
//! This is the only module that knows the experimental `canonical` module of `jsonschema`, whose names change between minor
//! versions.

use jsonschema::Draft;
use jsonschema::canonical::{self, CanonicalSchema, Containment, Satisfiability};
use serde_json::Value;

/// The values that a schema accepts, in a normal form.
#[derive(Debug)]
pub(crate) struct Set(Option<CanonicalSchema>);

impl Set {
    /// Takes a schema without references. One that has no normal form proves nothing.
    pub(crate) fn new(schema: &Value) -> Self {
        let options =
            canonical::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
        Self(options.canonicalize(schema).ok())
    }

    /// Returns whether this set is proved to contain the other. `false` means that it is not known.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        let (Some(this), Some(other)) = (&self.0, &other.0) else { return false };
        // By intersection; and if that is undecided, nothing of the other is left without this.
        this.covers(other).is_ok_and(|covers| covers == Containment::Yes)
            || other.subtract(this).is_ok_and(|rest| rest.satisfiability() == Satisfiability::No)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Set;

    #[test]
    fn containment_is_proved_or_unknown() {
        let set = |schema| Set::new(&schema);
        let strings = set(json!({ "type": "string" }));
        let addresses =
            set(json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }));
        let old_addresses = set(json!({ "type": "string", "format": "ipv4" }));
        assert!(strings.contains(&addresses) && addresses.contains(&old_addresses));
        assert!(!addresses.contains(&strings) && !old_addresses.contains(&addresses));
        // Not a schema: nothing is known of it.
        assert!(!strings.contains(&set(json!({ "type": 7 }))));
    }
}
