//! `unfamiliar-value`: a value that is not yet in an open list.

use crate::catalog::{FieldSpec, Kind, KnownValue};
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, Found, list, subject};
use crate::rule::{Rule, Severity};
use crate::similar;

pub(crate) static RULE: Rule = Rule {
    id: "unfamiliar-value",
    severity: Severity::Warning,
    summary: "a value is not among those known so far",
    explanation: "\
The vendor closes few lists of values. New operating systems, reasons, categories and kinds of entities appear, and
are valid. They are reported so that you notice when one of your rules, dashboards or mappings needs them. An empty
string counts as no value, and is not reported.

## Example

```json
{\"clientOsType\": \"MacOS\"}
```

The known value is `macOS`. A count of devices by this field has two systems instead of one.

## What to do

If the value is a known one in another spelling, find the tool that changed it. If it is new in CloudConnexa, nothing
is wrong: make sure that your programs can handle it, and please report it, so that it can be added to the schema.
",
};

/// A value, and those that are known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnfamiliarValue {
    found: Found,
    /// Its decoded text.
    string: Excerpt,
    known: &'static [KnownValue],
}

impl UnfamiliarValue {
    /// `None` where the field takes any value, or this one is known; `raw` is how `value` is written.
    pub(crate) fn new(field: &FieldSpec, raw: &str, value: &str) -> Option<Self> {
        let Kind::Vocabulary(known) = field.kind else { return None };
        let is_known = value.is_empty() || known.iter().any(|known| known.value == value);
        (!is_known).then(|| Self { found: Found::string(raw), string: Excerpt::of(value), known })
    }
}

impl Describe for UnfamiliarValue {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let message = format!(
            "{} is {}, which is not one of its known values",
            subject(&location.pointer),
            self.found.describe(masking)
        );
        let known = || self.known.iter().map(|known| known.value);
        let help = if let Some(near) = similar::nearest(self.string.as_str(), known()) {
            format!("did you mean `\"{near}\"`?")
        } else {
            let known: Vec<_> = known().map(|value| format!("`\"{value}\"`")).collect();
            format!("known so far: {}", list(&known, "and"))
        };
        Text::new(message, "unfamiliar value", Some(help))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, FLOW, check, show, values, with};

    #[test]
    fn an_unfamiliar_value_is_reported() {
        let mut records = values(
            DISCONNECTED,
            "clientOsType",
            &["\"MacOS\"", "\"iPadOS\"", "\"Chrome OS\"", "\"\"", "\"mac\\u004fS\"", "\"mac\\u004fs\""],
        );
        records.extend(values(
            DISCONNECTED,
            "sessionDisconnectReason",
            &["\"Kicked out\"", "\"misc error\""],
        ));
        records.extend(values(FLOW, "initiatorType", &["\"Robot\""]));
        records.extend(values(FLOW, "sourceEntityType", &["\"\"", "\"Device\""]));
        assert!(records.iter().all(|(_, record)| check(record).is_valid()));
        let other = with(DISCONNECTED, "eventName", "\"user-created\"");
        let other =
            with(&other, "clientOsType", "\"iPadOS\"").replace("\"Security.Logins\"", "\"Audit.Users\"");
        records.push(("of an unknown event the header alone".to_owned(), other));
        insta::assert_snapshot!(show(records));
    }
}
