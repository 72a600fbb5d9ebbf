//! Names of fields, whatever the style in which they are written.

use crate::catalog;

/// The longest name that is compared, in bytes. No field has one as long.
const MAX_BYTES: usize = 64;

/// Returns the field of the header, `eventName` or `log` that is called like this in some style.
pub(super) fn in_header(name: &str) -> Option<&'static str> {
    let header = catalog::HEADER.iter().map(|field| field.name);
    find(header.chain(catalog::ENVELOPE.iter().map(|(name, _)| *name)), name)
}

/// Returns the field of an event's `log` that is called like this in some style.
pub(super) fn in_log(event: &str, name: &str) -> Option<&'static str> {
    find(catalog::event(event)?.log?.iter().map(|field| field.name), name)
}

/// Returns the field of any event's `log` that is called like this in some style.
pub(super) fn in_any_log(name: &str) -> Option<&'static str> {
    let fields = catalog::EVENTS.iter().filter_map(|event| event.log).flatten();
    find(fields.map(|field| field.name), name)
}

/// Nearly all names are as in the schema, and all names of each invalid record get here, so those are compared first.
fn find(mut names: impl Iterator<Item = &'static str> + Clone, written: &str) -> Option<&'static str> {
    if written.len() > MAX_BYTES {
        return None;
    }
    let is_alike = |name: &&str| letters(name).eq(letters(written));
    names.clone().find(|name| *name == written).or_else(|| names.find(is_alike))
}

/// Returns the bytes of a name without case and separators.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')).map(|byte| byte.to_ascii_lowercase())
}
