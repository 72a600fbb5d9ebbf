//! `tunnel-address`: an address inside the tunnel outside the usual networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};
use crate::semantics::context::{Context, Hit};
use crate::semantics::fields::Field;
use crate::semantics::judged::Judged;

pub(crate) static RULE: Rule = Rule {
    id: "tunnel-address",
    severity: Severity::Note,
    summary: "a tunnel address is outside the usual networks",
    explanation: "\
CloudConnexa gives clients addresses from 100.96.0.0/11 and fd:0:0:8000::/49, as its documentation shows. This address
is outside of them. It is valid, and a tenant can be configured otherwise, so this is a note, which is reported only
with `--warn tunnel-address`. The addresses 0.0.0.0 and :: mean none.

## Example

```json
{\"clientTunnelIpV4\": \"192.168.1.7\"}
```

## What to do

If your tenant uses other networks, ignore this. If not, a public address may have got into the field and would be
mistaken for one inside the tunnel.
",
};

pub(crate) const JUDGED: Judged = Judged::fields(&[Field::TunnelIpV4, Field::TunnelIpV6]);

const V4: (Ipv4Addr, u32) = (Ipv4Addr::new(100, 96, 0, 0), 11);
const V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0xfd, 0, 0, 0x8000, 0, 0, 0, 0), 49);

/// The address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TunnelAddress {
    raw: Excerpt,
}

pub(crate) fn check(context: &Context<'_>) -> Option<Hit<TunnelAddress>> {
    let fields = context.fields;
    fields.range(Field::TunnelIpV4).or_else(|| fields.range(Field::TunnelIpV6))?;
    let is_odd = |field: &Field| fields.address(*field).is_some_and(|address| !is_usual(address));
    let field = [Field::TunnelIpV4, Field::TunnelIpV6].into_iter().find(is_odd)?;
    Hit::new(field, TunnelAddress { raw: Excerpt::of(fields.raw(field)?) })
}

fn is_usual(address: IpAddr) -> bool {
    if address.is_unspecified() {
        return true;
    }
    match address {
        IpAddr::V4(address) => (address.to_bits() ^ V4.0.to_bits()) >> (32 - V4.1) == 0,
        IpAddr::V6(address) => (address.to_bits() ^ V6.0.to_bits()) >> (128 - V6.1) == 0,
    }
}

impl Describe for TunnelAddress {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let name = subject(&location.pointer);
        let networks = format!("{}/{} and {}/{}", V4.0, V4.1, V6.0, V6.1);
        let message = match masking {
            Masking::Shown => format!("{name} is {}, which is not within {networks}", self.raw.quote()),
            Masking::Masked => format!("{name} is not within {networks}"),
        };
        let help = "make sure that your tenant has this network";
        Text::new(message, "another network", Some(help.to_owned()))
    }
}
