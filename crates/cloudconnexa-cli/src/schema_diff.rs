//! Compares schemas of events with the help of our own validator.

use cloudconnexa_compat::{CompareError, Comparison, Schema, Strictness};
use cloudconnexa_events::SCHEMA;
use cloudconnexa_report::schema_diff::{SchemaDiff, SchemaSide};
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

/// Says in a sentence what a draft of a schema would break, and which version it would have to be.
pub(crate) fn verdict(old: &str, draft: &str) -> String {
    let comparison = match compare(old, draft, Strictness::Documented) {
        Ok(comparison) => comparison,
        Err(problem) => return format!("what the proposal breaks is not known: a schema {problem}"),
    };
    let side = |name, text| SchemaSide { name, is_file: false, text };
    let diff = SchemaDiff::new(&comparison, side("the schema", old), side("the proposal", draft));
    let needed = match comparison.needed() {
        Some(needed) => format!("the schema becomes version {needed}"),
        None => "the schema has no version in its `$id`".to_owned(),
    };
    if diff.passes() {
        return format!("the proposal breaks nobody; {needed}");
    }
    let mut affected: Vec<&str> = Vec::new();
    for finding in &comparison.findings {
        for question in finding.breaks.iter().chain(&finding.undecided) {
            if !affected.contains(&question.affected()) {
                affected.push(question.affected());
            }
        }
    }
    let affected = if affected.is_empty() { vec!["somebody"] } else { affected };
    format!(
        "the proposal breaks, or may break, {}; {needed}; `ccxlog schema diff` shows it with events",
        affected.join(", and ")
    )
}
