//! Addresses, and whether an event has one in any of its fields.

use std::net::{IpAddr, Ipv4Addr};

use cloudconnexa_validator::outline::{Field, JsonType, Outline, Raw};

/// The longest address, in bytes: IPv6 with an embedded IPv4 address.
const MAX_BYTES: usize = 45;

/// The first 96 bits of the IPv6 addresses that IPv4 addresses are mapped to.
const MAPPED: u128 = 0xffff << 32;

/// An address, or all that start with the same bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AddressRange {
    start: u128,
    mask: u128,
    /// What the text of an IPv4 address in the range starts with. `None` if there is no such address.
    dotted: Option<Box<str>>,
}

impl AddressRange {
    /// Reads `192.0.2.1`, `2001:db8::1` or `192.0.2.0/24`. An error is a sentence.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let expected = || {
            format!(
                "`{text}` is not an address; write one such as `192.0.2.1`, `2001:db8::1` or `192.0.2.0/24`"
            )
        };
        let address: IpAddr = address.parse().map_err(|_| expected())?;
        let max = if address.is_ipv4() { 32 } else { 128 };
        let length = match length {
            Some(length) => length.parse().ok().filter(|length| *length <= max).ok_or_else(expected)?,
            None => max,
        };
        // An IPv4 address is the last 32 bits of the IPv6 address that it is mapped to.
        let mask = u128::MAX.checked_shl(max - length).unwrap_or(0) | if max == 32 { !0 << 32 } else { 0 };
        let start = bits(address) & mask;
        // The octets that all IPv4 addresses in the range have.
        let octets = (mask.count_ones().saturating_sub(96) / 8) as usize;
        let all = Ipv4Addr::from_bits(u32::try_from(start & !(!0 << 32)).unwrap_or_default()).octets();
        let prefix = || {
            let parts = all.iter().enumerate().take(octets);
            parts
                .map(|(index, octet)| if index < 3 { format!("{octet}.") } else { octet.to_string() })
                .collect()
        };
        let has_mapped = (start ^ MAPPED) & mask & (!0 << 32) == 0;
        Ok(Self { start, mask, dotted: has_mapped.then(prefix).map(String::into_boxed_str) })
    }

    fn contains(&self, address: IpAddr) -> bool {
        bits(address) & self.mask == self.start
    }

    /// Returns whether the text of an address may be one in the range. Most are not, and need not be parsed.
    fn may_contain(&self, text: &[u8], is_dotted: bool) -> bool {
        if is_dotted {
            return self.dotted.as_ref().is_some_and(|prefix| text.starts_with(prefix.as_bytes()));
        }
        // The first bits of a mapped address are zeros.
        let has_others = self.mask.count_ones() < 96 || self.dotted.is_none();
        has_others || matches!(text.first(), Some(b':' | b'0'))
    }
}

/// Returns an address as 128 bits, which are the same for an IPv4 address and for the IPv6 address that it is mapped to.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Returns whether the value of some field, at any depth, is an address in one of the ranges. `record` is that of the
/// outline.
pub(super) fn has_any(outline: &Outline<'_>, record: &[u8], ranges: &[AddressRange]) -> bool {
    let is_log_described = outline.event().is_some_and(|event| event.log.is_some());
    outline.members().any(|member| {
        // The members of such a `log` are listed on their own.
        let is_listed = matches!(member.field, Field::Log) && is_log_described;
        let value = record.get(member.range.clone()).unwrap_or_default();
        !is_listed && may_have_any(value, ranges) && value_has_any(member.value(), ranges)
    })
}

fn value_has_any(value: Raw<'_>, ranges: &[AddressRange]) -> bool {
    match value.kind() {
        JsonType::String => {
            let address = value.text().and_then(|text| text.parse().ok());
            address.is_some_and(|address| ranges.iter().any(|range| range.contains(address)))
        }
        JsonType::Object => value.members().any(|(_, value)| value_has_any(value, ranges)),
        JsonType::Array => value.elements().any(|value| value_has_any(value, ranges)),
        _ => false,
    }
}

/// Returns whether a value may be an address in one of the ranges or contain one. Of most texts, the first bytes show that
/// they are not.
fn may_have_any(value: &[u8], ranges: &[AddressRange]) -> bool {
    let inside = match value.split_first() {
        Some((b'"', inside)) => inside,
        Some((b'{' | b'[', _)) => return true,
        _ => return false,
    };
    let (mut has_dot, mut has_colon) = (false, false);
    for byte in inside {
        match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => {}
            b'.' => has_dot = true,
            b':' => has_colon = true,
            b'"' => {
                let is_address = (has_dot || has_colon) && inside.len() <= MAX_BYTES + 1;
                return is_address && ranges.iter().any(|range| range.may_contain(inside, !has_colon));
            }
            // An escape may stand for anything.
            b'\\' => return true,
            _ => return false,
        }
    }
    false
}
