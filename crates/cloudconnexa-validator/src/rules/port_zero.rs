//! `port-zero`: port 0 where a protocol has ports.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::subject;
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;

pub(crate) static RULE: Rule = Rule {
    id: "port-zero",
    severity: Severity::Warning,
    summary: "a port is 0 though the protocol has ports",
    explanation: "\
No TCP or UDP flow goes to port 0 or comes from there: it stands for a port that is not known. A report by port counts it as
a service. With protocols that have no ports, such as ICMP, 0 is as it should be and not pairings of. It takes `--semantic`,
`--stateful`, or `--warn` or `--deny` with its name.

## Example

```json
{\"protocol\": \"TCP\", \"destinationPort\": 0}
```

## What to do

Take it for no port. If real events have it in numbers, somebody may be scanning: look at their source.
",
};

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

    // The rule says what the value is: there is nothing to mask.
    fn text(&self, location: &Location, _: Masking) -> Text {
        let message = format!("{} is 0, but the protocol has ports from 1 on", subject(&location.pointer));
        Text::new(message, "no port", Some("take it for a port that is not known".to_owned()))
    }
}
