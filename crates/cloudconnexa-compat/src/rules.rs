//! The kinds of changes, each with an id that never changes.

/// A kind of change.
#[derive(Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChangeRule {
    /// The stable id, such as `field-added`.
    pub id: &'static str,
    /// What it means, in a sentence.
    pub summary: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal $summary:literal)*) => {
        $(pub(crate) static $name: ChangeRule = ChangeRule { id: $id, summary: $summary };)*

        /// All kinds of changes.
        pub static CHANGE_RULES: &[&ChangeRule] = &[$(&$name),*];
    };
}

rules! {
    EVENT_ADDED "event-added" "An event is described that was unknown."
    EVENT_REMOVED "event-removed" "An event is no longer described."
    FIELD_ADDED "field-added" "A field is described that was unknown."
    FIELD_REMOVED "field-removed" "A field is no longer described."
    FIELD_REQUIRED "field-required" "A field that could be absent is required."
    FIELD_OPTIONAL "field-optional" "A field that was required can be absent."
    VALUE_NARROWED "value-narrowed" "A field takes fewer values: its type, format, bounds or constants are stricter."
    VALUE_WIDENED "value-widened" "A field takes more values: its type, format, bounds or constants are less strict."
    VALUE_REPLACED "value-replaced" "A field takes other values: some that it did not take, and not all that it took."
    VALUE_ADDED "known-value-added" "A value is added to a list of known values."
    VALUE_REMOVED "known-value-removed" "A value is removed from a list of known values."
    LIST_CLOSED "list-closed" "A list of known values no longer lets other values in."
    LIST_OPENED "list-opened" "A list of known values lets other values in."
    FIELDS_CLOSED "fields-closed" "An object no longer lets in fields that it does not describe."
    FIELDS_OPENED "fields-opened" "An object lets in fields that it does not describe."
    CONSTRAINT_CHANGED "constraint-changed" "A condition on an object as a whole has changed."
    REWRITTEN "rewritten" "The same values are described in another way."
    TYPE_RENAMED "type-renamed" "A definition has another name, and with it the Rust type."
    DESCRIPTION_CHANGED "description-changed" "A text, an example or another annotation has changed."
}

/// Returns the rule with this id.
#[must_use]
pub fn change_rule(id: &str) -> Option<&'static ChangeRule> {
    CHANGE_RULES.iter().copied().find(|rule| rule.id == id)
}
