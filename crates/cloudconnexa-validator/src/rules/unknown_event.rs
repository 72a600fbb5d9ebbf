//! `unknown-event`: an event that the schema does not describe.

use super::Rule;
use crate::catalog;
use crate::finding::{Finding, Place, Severity, Text};
use crate::similar;
use crate::wording::quote;

pub(crate) static RULE: Rule = Rule {
    id: "unknown-event",
    severity: Severity::Warning,
    summary: "the schema does not describe this event",
    explanation: "\
CloudConnexa adds events, and writes some that no page of its documentation describes, such as the audit events. They are
normal life: the event is valid if its header is, and its `log` is not judged.

## Example

```json
{\"eventName\": \"client-disconected\"}
```

## What to do

Correct the name if it is misspelt; the nearest known name is offered. If it is a new event of CloudConnexa, nothing is
wrong: please report it, so that the schema learns it.
",
};

pub(crate) fn finding(place: Place, name: &str) -> Finding {
    let near = similar::nearest(name, catalog::EVENTS.iter().map(|event| event.name));
    let help = near.map(|near| format!("did you mean `{near}`?"));
    let rule = "is not known: only its header is judged";
    let which = if name.is_empty() { "without a name".to_owned() } else { quote(name) };
    let text = Text::new(format!("the event {which} {rule}"), "unknown event", help.clone());
    let masked = Text::new(format!("the event {rule}"), "unknown event", help);
    Finding::new(&RULE, place, text, masked)
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, show, values, with};

    #[test]
    fn an_unknown_event_is_judged_by_its_header() {
        let mut records = values(
            DISCONNECTED,
            "eventName",
            &["\"client-disconected\"", "\"Client_Disconnected\"", "\"user-created\"", "\"\"", "\"a\\nb\""],
        );
        let other = with(DISCONNECTED, "eventName", "\"user-created\"");
        records.push(("a header at fault".into(), with(&other, "traceId", "\"7\"")));
        insta::assert_snapshot!(show(records));
    }
}
