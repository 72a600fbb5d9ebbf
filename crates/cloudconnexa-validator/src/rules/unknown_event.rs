//! `unknown-event`: an event that the schema does not describe.

use cloudconnexa_tape::{Index, Tape};

use crate::catalog;
use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::Excerpt;
use crate::rule::{Rule, Severity};
use crate::similar;

pub(crate) static RULE: Rule = Rule {
    id: "unknown-event",
    severity: Severity::Warning,
    summary: "the schema does not describe this event",
    explanation: "\
CloudConnexa adds events, and writes some that its documentation does not describe, such as audit events. This is
normal: the event is valid if its header is, and its `log` is not checked.

## Example

```json
{\"eventName\": \"client-disconected\"}
```

## What to do

Correct the name if it is misspelt. The message suggests the nearest known name. If it is an audit event (its `category`
starts with `Audit.`), there is nothing to do: audit events are known to exist, and are documented nowhere. If the event is
new in CloudConnexa, nothing is wrong either: please report it, so that it can be added to the schema.
",
};

/// The name of an event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnknownEvent {
    name: Excerpt,
    /// Whether it is plausible. Anything else may be a secret that got into the wrong field.
    is_plausible: bool,
    /// Whether the event is an audit event by its category.
    is_audit: bool,
}

impl UnknownEvent {
    pub(crate) fn new(name: &str, event: &Tape<'_>) -> Self {
        let category = event.field(Index::ROOT, "category").and_then(|value| event.string(value));
        Self {
            name: Excerpt::of(name),
            is_plausible: catalog::is_plausible_name(name),
            is_audit: category.is_some_and(|category| category.starts_with("Audit.")),
        }
    }
}

impl Describe for UnknownEvent {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, masking: Masking) -> Text {
        let name = self.name.as_str();
        let near = similar::nearest(name, catalog::EVENTS.iter().map(|event| event.name));
        let help = match near {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None => self.is_audit.then(|| {
                "audit events are known to exist and are documented nowhere: there is nothing to do"
                    .to_owned()
            }),
        };
        let which = match masking {
            Masking::Masked if !self.is_plausible => String::new(),
            _ if name.is_empty() => "without a name ".to_owned(),
            _ => format!("{} ", self.name.quote()),
        };
        let message = format!("the event {which}is not known: only its header is checked");
        Text::new(message, "unknown event", help)
    }

    fn key(&self) -> Option<&str> {
        self.is_plausible.then(|| self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, show, values, with};

    #[test]
    fn the_header_of_an_unknown_event_is_checked() {
        let mut records = values(
            DISCONNECTED,
            "eventName",
            &["\"client-disconected\"", "\"Client_Disconnected\"", "\"user-created\"", "\"\"", "\"a\\nb\""],
        );
        let other = with(DISCONNECTED, "eventName", "\"user-created\"");
        records.push(("an audit event".into(), with(&other, "category", "\"Audit.Admin\"")));
        let misspelt = with(DISCONNECTED, "eventName", "\"log-stream-startd\"");
        records.push(("a misspelt one".into(), with(&misspelt, "category", "\"Audit.Admin\"")));
        records.push(("a header at fault".into(), with(&other, "traceId", "\"7\"")));
        insta::assert_snapshot!(show(records));
    }
}
