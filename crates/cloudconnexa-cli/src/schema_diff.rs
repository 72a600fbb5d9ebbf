//! Compares schemas of events with the help of our own validator.

use cloudconnexa_compat::{CompareError, Comparison, Schema, Strictness};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_validator::Validator;

/// Compares two schemas. If one of them is the schema that is built in, an event that breaks has to be judged so by our own
/// validator as well, whose fast tier is generated from it.
pub(crate) fn compare(old: &str, new: &str, strictness: Strictness) -> Result<Comparison, CompareError> {
    let validator = Validator::new();
    let accepts = |event: &str| validator.checker().is_valid(event.as_bytes());
    let schema = |text| {
        let schema = Schema::new(text);
        if text == SCHEMA { schema.with_opinion(&accepts) } else { schema }
    };
    cloudconnexa_compat::compare(&schema(old), &schema(new), strictness)
}
