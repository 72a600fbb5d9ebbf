//! `wrapped-event`: events inside a record of another tool.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::quote;
use crate::rule::{Rule, Severity};
use crate::unwrap::{Form, Wrapping};

pub(crate) static RULE: Rule = Rule {
    id: "wrapped-event",
    severity: Severity::Error,
    summary: "a tool has wrapped events into records of its own",
    explanation: "\
Between CloudConnexa and this file, a tool put events into records of its own: a shipper as text into a field such as
`message`, `log` or `event.original`; an export into an array such as `Records`, `events` or `hits.hits`, or behind a time on
each line; another one into a JSON string. The events themselves may be as they were.

All records of one kind in an input are one finding, with their number.

## Example

```json
{\"@timestamp\": \"2025-03-04T08:15:42.000Z\", \"message\": \"{\\\"CloudConnexaLogVersion\\\":1, …}\"}
```

## What to do

Have `ccxlog` look inside with `--unwrap`, which finds the events itself, or with the place that the finding names, as in
`--unwrap=message`. Positions then refer to the file as it is. Without `ccxlog`, the command in the finding prints the events,
one per line. Or take them from where CloudConnexa wrote them, before the tool did its work.
",
};

/// The longest name of a place, and the longest command, that a finding keeps, in bytes.
const MAX_BYTES: usize = 256;

/// Events inside a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrappedEvent {
    form: Form,
    events: usize,
    /// The JSON Pointer to them, unless it is too long.
    pointer: Option<Box<str>>,
    option: Box<str>,
    command: Option<Box<str>>,
}

impl From<Wrapping> for WrappedEvent {
    fn from(wrapping: Wrapping) -> Self {
        let short = |text: String| (text.len() <= MAX_BYTES).then(|| text.into_boxed_str());
        Self {
            form: wrapping.form(),
            events: wrapping.events(),
            pointer: short(wrapping.pointer()),
            option: short(wrapping.option()).unwrap_or_else(|| "--unwrap".into()),
            command: wrapping.command().and_then(short),
        }
    }
}

impl Describe for WrappedEvent {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let place = match self.pointer.as_deref() {
            Some("") | None => String::new(),
            Some(pointer) => format!(" at {}", quote(pointer)),
        };
        let message = match (self.form, self.events) {
            (Form::AfterText, _) => "other text precedes the event on this line".to_owned(),
            (Form::Text, 0) => format!("this record holds the start of an event, as text{place}"),
            (Form::Text, 1) => format!("this record holds an event as text{place}"),
            (Form::Text, events) => format!("this record holds {events} events as text{place}"),
            (_, 0 | 1) => format!("this record holds an event{place}"),
            (_, events) => format!("this record holds {events} events{place}"),
        };
        let command = self.command.as_ref().map(|command| format!("; or `{command} FILE | ccxlog validate`"));
        let help = format!(
            "read what is inside: `ccxlog validate {} FILE`{}",
            self.option,
            command.unwrap_or_default()
        );
        Text::new(message, "not the event itself", Some(help))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self.form {
            Form::Text => "text",
            Form::Object => "object",
            Form::AfterText => "after-text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MAX_BYTES;
    use crate::testing::{TEST_MESSAGE, check, show};

    fn event() -> String {
        serde_json::from_str::<serde_json::Value>(TEST_MESSAGE).unwrap().to_string()
    }

    #[test]
    fn wrapped_events_are_one_finding_with_the_way_out() {
        let (event, text) = (event(), serde_json::Value::from(event()).to_string());
        let records = [
            ("shipper", format!(r#"{{"@timestamp":"x","message":{text}}}"#)),
            ("array", format!(r#"{{"Records":[{event},{event}]}}"#)),
            ("JSON string", text),
            ("time", format!("2025-03-04T08:15:42.000Z {event}")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn a_finding_is_bounded() {
        let name = "x".repeat(10_000);
        let report = check(format!("{{\"{name}\":{}}}", event()));
        let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
        assert_eq!(finding.rule().id, "wrapped-event");
        assert!(finding.text().help.is_some_and(|help| help.len() < 3 * MAX_BYTES));
    }
}
