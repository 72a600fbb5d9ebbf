//! `address-mismatch`: different public addresses in header and `log`.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "address-mismatch",
    severity: Severity::Warning,
    summary: "the header has another public address than `log`",
    explanation: "\
Events of a session contain the address of the client twice: as `clientPublicIp` of `log`, and as `publicIp`,
`initiatorPublicIp` or `clientPublicIp` of the header. Here they differ, so a search for one does not find the other.
Addresses are compared rather than their spellings. An IPv4 address is not compared with an IPv6 address, as a client
can have both. It applies with `--semantic` or `--stateful`, or with `--warn` or `--deny` and its name.

## Example

```json
{\"publicIp\": \"203.0.113.7\", \"log\": {\"clientPublicIp\": \"203.0.113.8\"}}
```

## What to do

Look for a tool on the way that rewrites addresses, to anonymize them for instance, in only one of the two places.
Otherwise search for both.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[
    Field::PublicIp,
    Field::InitiatorPublicIp,
    Field::HeaderClientPublicIp,
    Field::ClientPublicIp,
])
.of_events(&["client-connected", "client-disconnected"]);

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
