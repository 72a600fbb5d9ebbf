//! `port-zero`: port 0 with a protocol that has ports.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::subject;
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "port-zero",
    severity: Severity::Warning,
    summary: "a port is 0 though the protocol has ports",
    explanation: "\
No TCP or UDP flow goes to or comes from port 0: it stands for an unknown port, but a report by port counts it as a
service. With protocols that have no ports, such as ICMP, 0 is right and not reported. It applies with `--semantic` or
`--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"protocol\": \"TCP\", \"destinationPort\": 0}
```

## What to do

Treat it as no port. If real events have it in numbers, somebody may be scanning: look at their source.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::SourcePort, Field::DestinationPort]);

/// The protocols that have ports, by name and by number.
const WITH_PORTS: [&str; 8] = ["TCP", "UDP", "SCTP", "DCCP", "6", "17", "132", "33"];

/// A port that is 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PortZero;

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<PortZero>> {
    let fields = context.fields;
    let ports = [Field::SourcePort, Field::DestinationPort];
    let port = ports.into_iter().find(|field| fields.number(*field) == Some(0))?;
    let protocol = fields.text(Field::Protocol)?;
    let has_ports = WITH_PORTS.iter().any(|name| name.eq_ignore_ascii_case(&protocol));
    if has_ports { Hit::new(port, PortZero) } else { None }
}

impl Describe for PortZero {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    // There is nothing to mask: the message has no values.
    fn text(&self, location: &Location, _: Masking) -> Text {
        let message = format!("{} is 0, but the protocol has ports from 1 on", subject(&location.pointer));
        Text::new(message, "no port", Some("treat it as an unknown port".to_owned()))
    }
}
