//! `unknown-version`: an event of an unknown version of the event definitions.

use crate::catalog;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, alternatives, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "unknown-version",
    severity: Severity::Warning,
    summary: "the event follows definitions of another version",
    explanation: "\
`CloudConnexaLogVersion` is the version of the vendor's event definitions that an event follows. Read it before
anything else. The schema describes version 1, the only documented one. An event of another version is checked by the
same rules, but its fields may mean something else.

## Example

```json
{\"CloudConnexaLogVersion\": 2}
```

## What to do

Look for a newer version of this validator. Read the vendor's notes on the new definitions before you trust what your
own programs make of such events.
",
};

/// The version as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnknownVersion {
    pub(crate) raw: Excerpt,
}

impl Describe for UnknownVersion {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let known: Vec<_> = catalog::LOG_VERSIONS.iter().map(|version| format!("`{version}`")).collect();
        let known = alternatives(&known);
        let message = match masking {
            Masking::Shown => format!("{name} is {}, but only {known} is known", self.raw.quote()),
            Masking::Masked => format!("{name} is another version than {known}"),
        };
        let help = "the fields may mean something else: look for a newer version of this validator";
        Text::new(message, "unknown version", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show, values};

    #[test]
    fn another_version_is_valid_and_reported() {
        let records = values(DISCONNECTED, "CloudConnexaLogVersion", &["2", "1.0", "4294967295"]);
        assert!(records.iter().all(|(_, record)| check(record).is_valid()));
        insta::assert_snapshot!(show(records));
    }
}
