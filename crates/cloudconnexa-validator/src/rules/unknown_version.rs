//! `unknown-version`: event definitions of a version that the schema does not describe.

use super::Rule;
use crate::catalog;
use crate::finding::{Place, Severity, Text};
use crate::wording::{Excerpt, Values, Wording, alternatives, subject};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-version",
    severity: Severity::Warning,
    summary: "the event follows definitions of another version",
    explanation: "\
`CloudConnexaLogVersion` says which version of the vendor's event definitions an event follows, and is to be looked at
before anything else is read. The schema describes version 1, the only one that is documented. An event of another
version is judged by the same rules, but its fields may mean something else.

## Example

```json
{\"CloudConnexaLogVersion\": 2}
```

## What to do

Look for a newer version of this validator, and read the vendor's notes on the new definitions before you trust what
your own programs make of such events.
",
};

/// The version as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnknownVersion {
    pub(crate) raw: Excerpt,
}

impl Wording for UnknownVersion {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, place: &Place, values: Values) -> Text {
        let name = subject(&place.pointer);
        let known: Vec<_> = catalog::LOG_VERSIONS.iter().map(|version| format!("`{version}`")).collect();
        let known = alternatives(&known);
        let message = match values {
            Values::Shown => format!("{name} is {}, but only {known} is known", self.raw.quote()),
            Values::Masked => format!("{name} is another version than {known}"),
        };
        let help = "the fields may mean something else: look for a newer version of this validator";
        Text::new(message, "unknown version", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show, values};

    #[test]
    fn another_version_is_valid_and_told() {
        let records = values(DISCONNECTED, "CloudConnexaLogVersion", &["2", "1.0", "4294967295"]);
        assert!(records.iter().all(|(_, record)| check(record).is_valid()));
        insta::assert_snapshot!(show(records));
    }
}
