//! `address-mismatch`: the header has another public address than the session.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;

pub(crate) static RULE: Rule = Rule {
    id: "address-mismatch",
    severity: Severity::Warning,
    summary: "the header has another public address than `log`",
    explanation: "\
The events of a session have the address of the client twice: as `clientPublicIp` of `log`, and as `publicIp`,
`initiatorPublicIp` or `clientPublicIp` of the header. Here they differ, so that a search for the one does not find the other.
Addresses are compared, not their spellings; one of version 4 and one of version 6 are not compared, as a client can have
both. It takes `--semantic`, `--stateful`, or `--warn` or `--deny` with its name.

## Example

```json
{\"publicIp\": \"203.0.113.7\", \"log\": {\"clientPublicIp\": \"203.0.113.8\"}}
```

## What to do

Context for a tool on the way that rewrites addresses, to make them anonymous for instance, and does so in one place only.
Otherwise search for both.
",
};

/// The addresses as they are written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AddressMismatch {
    raw: Excerpt,
    other: Excerpt,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<AddressMismatch>> {
    let fields = context.fields;
    fields.range(Field::ClientPublicIp)?;
    let client = fields.address(Field::ClientPublicIp)?;
    let headers = [Field::PublicIp, Field::InitiatorPublicIp, Field::HeaderClientPublicIp];
    let other = headers.into_iter().find(|field| {
        fields
            .address(*field)
            .is_some_and(|address| address.is_ipv4() == client.is_ipv4() && address != client)
    })?;
    let raw = |field| fields.raw(field).map(Excerpt::of);
    Hit::new(other, AddressMismatch { raw: raw(other)?, other: raw(Field::ClientPublicIp)? })
}

impl Describe for AddressMismatch {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let message = match masking {
            Masking::Shown => format!(
                "{name} of the header is {}, but `clientPublicIp` of `log` is {}",
                self.raw.quote(),
                self.other.quote()
            ),
            Masking::Masked => format!("{name} of the header is not `clientPublicIp` of `log`"),
        };
        let help = "they are the address of one client; search for both";
        Text::new(message, "another address", Some(help.to_owned()))
    }
}
