//! IP addresses that keep their spelling.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::spelled::{self, ParseError, Scalar, Spelled};
use crate::texts::TextVisitor;

/// An IPv4 or IPv6 address that keeps its spelling. It derefs to [`IpAddr`].
pub type IpAddress = Spelled<IpAddr>;

/// An IPv4 address. It derefs to [`Ipv4Addr`].
pub type Ipv4Address = Spelled<Ipv4Addr>;

/// An IPv6 address that keeps its spelling. It derefs to [`Ipv6Addr`].
pub type Ipv6Address = Spelled<Ipv6Addr>;

impl Scalar for IpAddr {
    const EXPECTED: &'static str = "an IPv4 or IPv6 address";
    const FORMATS: &'static [&'static str] = &["ipv4", "ipv6"];

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn displays_as(&self, text: &str) -> bool {
        match self {
            Self::V4(address) => address.displays_as(text),
            Self::V6(address) => address.displays_as(text),
        }
    }
}

impl Scalar for Ipv4Addr {
    const EXPECTED: &'static str = "an IPv4 address";
    const FORMATS: &'static [&'static str] = &["ipv4"];

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// `std` parses no other text: numbers have no leading zeros.
    fn displays_as(&self, _: &str) -> bool {
        true
    }
}

impl Scalar for Ipv6Addr {
    const EXPECTED: &'static str = "an IPv6 address";
    const FORMATS: &'static [&'static str] = &["ipv6"];

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn displays_as(&self, text: &str) -> bool {
        match self.to_ipv4_mapped() {
            Some(_) => spelled::displays_as(self, text),
            None => is_shortest(&self.segments(), text.as_bytes()),
        }
    }
}

/// Returns whether a text is the shortest form of an address, by RFC 5952: no leading zeros, lower case, and `::` for the first
/// of the longest runs of zeros.
fn is_shortest(groups: &[u16; 8], text: &[u8]) -> bool {
    let (mut gap, mut run) = (0..0, 0..0);
    for (at, &group) in (0..).zip(groups) {
        run = if group != 0 { at + 1..at + 1 } else { run.start..at + 1 };
        if run.len() > gap.len() {
            gap = run.clone();
        }
    }
    if gap.len() < 2 {
        return after_groups(text, groups).is_some_and(<[u8]>::is_empty);
    }
    after_groups(text, &groups[..gap.start])
        .and_then(|rest| after_groups(rest.strip_prefix(b"::")?, &groups[gap.end..]))
        .is_some_and(<[u8]>::is_empty)
}

/// Returns what follows these groups, with colons between them, at the start of a text.
fn after_groups<'a>(mut text: &'a [u8], groups: &[u16]) -> Option<&'a [u8]> {
    for (index, &group) in groups.iter().enumerate() {
        if index > 0 {
            text = text.strip_prefix(b":")?;
        }
        // The bits of the first digit, and of those after it.
        let digits = (16 - group.leading_zeros()).div_ceil(4).max(1);
        for digit in (0..digits).rev() {
            let value = u8::try_from(group >> (4 * digit) & 15).ok()?;
            let expected = if value < 10 { b'0' + value } else { b'a' + value - 10 };
            text = text.strip_prefix(&[expected])?;
        }
    }
    Some(text)
}

const EXPECTED: &str = "an IPv4 or IPv6 address, or an empty text";

/// An IP address, or the empty text that flows have instead of an unknown address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IpAddressOrEmpty {
    /// The empty text.
    Empty,
    /// An address.
    Address(IpAddress),
}

impl IpAddressOrEmpty {
    /// Returns the address, if there is one.
    pub fn get(&self) -> Option<IpAddr> {
        match self {
            Self::Empty => None,
            Self::Address(address) => Some(address.get()),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if text.is_empty() { Some(Self::Empty) } else { text.parse().ok().map(Self::Address) }
    }
}

impl FromStr for IpAddressOrEmpty {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError { expected: EXPECTED })
    }
}

impl From<IpAddr> for IpAddressOrEmpty {
    fn from(address: IpAddr) -> Self {
        Self::Address(address.into())
    }
}

/// Writes the address as it is in the JSON, and nothing if it is empty.
impl fmt::Display for IpAddressOrEmpty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.pad(""),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl Serialize for IpAddressOrEmpty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_str(""),
            Self::Address(address) => address.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for IpAddressOrEmpty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor::new(Self::read, EXPECTED))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for IpAddressOrEmpty {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IpAddressOrEmpty".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }, { "const": "" }],
        })
    }
}
