//! IP addresses that keep their spelling.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::spelled::{self, ParseError, Scalar, Spelled};
use crate::parts::{Blank, PutText, blank};
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
        Self::read(text).map(|(address, _)| address)
    }

    #[inline]
    fn read(text: &str) -> Option<(Self, bool)> {
        if let Some(address) = ipv4(text.as_bytes()) {
            return Some((Self::V4(address), true));
        }
        let (address, is_usual) = Ipv6Addr::read(text)?;
        Some((Self::V6(address), is_usual))
    }
}

impl Scalar for Ipv4Addr {
    const EXPECTED: &'static str = "an IPv4 address";
    const FORMATS: &'static [&'static str] = &["ipv4"];

    fn parse(text: &str) -> Option<Self> {
        ipv4(text.as_bytes())
    }

    /// No other text is parsed: numbers have no leading zeros.
    fn read(text: &str) -> Option<(Self, bool)> {
        Some((Self::parse(text)?, true))
    }
}

impl Scalar for Ipv6Addr {
    const EXPECTED: &'static str = "an IPv6 address";
    const FORMATS: &'static [&'static str] = &["ipv6"];

    fn parse(text: &str) -> Option<Self> {
        Self::read(text).map(|(address, _)| address)
    }

    fn read(text: &str) -> Option<(Self, bool)> {
        // An IPv4 address in IPv6 displays with dots, and any other address in its shortest form.
        let shortest = shortest_ipv6(text.as_bytes()).map(Self::from);
        if let Some(address) = shortest.filter(|address| address.to_ipv4_mapped().is_none()) {
            return Some((address, true));
        }
        let address: Self = text.parse().ok()?;
        Some((address, address.to_ipv4_mapped().is_some() && spelled::displays_as(&address, text)))
    }
}

blank! {
    IpAddr = Self::V4(Ipv4Addr::UNSPECIFIED);
    Ipv4Addr = Self::UNSPECIFIED;
    Ipv6Addr = Self::UNSPECIFIED;
    IpAddressOrEmpty = Self::Empty;
}

/// Parses the texts that `std` parses, in fewer instructions.
fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    let (a, rest) = octet(text)?;
    let (b, rest) = octet(rest.strip_prefix(b".")?)?;
    let (c, rest) = octet(rest.strip_prefix(b".")?)?;
    let (d, rest) = octet(rest.strip_prefix(b".")?)?;
    rest.is_empty().then_some(Ipv4Addr::new(a, b, c, d))
}

/// Reads a number up to 255, without leading zeros, at the start of a text. Also returns what follows.
#[inline]
fn octet(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |at: usize| text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10);
    let first = digit(0)?;
    let Some(second) = digit(1) else { return Some((first, &text[1..])) };
    if first == 0 {
        return None;
    }
    let Some(third) = digit(2) else { return Some((first * 10 + second, &text[2..])) };
    let value = u16::from(first) * 100 + u16::from(second * 10 + third);
    Some((u8::try_from(value).ok()?, &text[3..]))
}

/// Parses the shortest form of an address, by RFC 5952: no leading zeros, lower case, and `::` for the first of the longest runs
/// of zeros.
fn shortest_ipv6(text: &[u8]) -> Option<[u16; 8]> {
    let (mut groups, mut count, mut gap) = ([0; 8], 0, None);
    let mut rest = text;
    if let Some(after) = rest.strip_prefix(b"::") {
        (gap, rest) = (Some(0), after);
    }
    while !rest.is_empty() {
        let (group, after) = ipv6_group(rest)?;
        *groups.get_mut(count)? = group;
        count += 1;
        rest = match after {
            [b':', b':', after @ ..] if gap.is_none() => {
                gap = Some(count);
                after
            }
            [b':', after @ ..] if !after.is_empty() => after,
            [] => break,
            _ => return None,
        };
    }
    let zeros = match gap {
        // One zero stays as it is.
        Some(start) if count < 7 => {
            let end = 8 - (count - start);
            groups.copy_within(start..count, end);
            groups.get_mut(start..end)?.fill(0);
            start..end
        }
        None if count == 8 => 0..0,
        _ => return None,
    };
    let longest = longest_zeros(&groups);
    (zeros == if longest.len() < 2 { 0..0 } else { longest }).then_some(groups)
}

/// Reads up to four hexadecimal digits, in lower case and without leading zeros, at the start of a text. Also returns what
/// follows.
fn ipv6_group(text: &[u8]) -> Option<(u16, &[u8])> {
    let mut group = 0;
    let mut digits = 0;
    for byte in text {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => break,
        };
        if digits == 4 || digits > 0 && group == 0 {
            return None;
        }
        group = group << 4 | u16::from(digit);
        digits += 1;
    }
    (digits > 0).then_some((group, &text[digits..]))
}

/// Returns the first of the longest runs of zeros.
fn longest_zeros(groups: &[u16; 8]) -> Range<usize> {
    let (mut longest, mut run) = (0..0, 0..0);
    for (at, &group) in (0..).zip(groups) {
        run = if group != 0 { at + 1..at + 1 } else { run.start..at + 1 };
        if run.len() > longest.len() {
            longest = run.clone();
        }
    }
    longest
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

impl PutText for IpAddressOrEmpty {
    fn put_text(&mut self, text: &str) -> Option<()> {
        if text.is_empty() {
            *self = Self::Empty;
            return Some(());
        }
        *self = Self::Address(Spelled::BLANK);
        match self {
            Self::Address(address) => address.put_text(text),
            Self::Empty => None,
        }
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
