//! Names of fields, whatever the style in which they are written.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::catalog;

/// The longest name that is compared, in bytes. No field has one as long.
const MAX_BYTES: usize = 64;

/// Returns a name without case and separators; `None` if it cannot be one of a field.
pub(super) fn bare(name: &str) -> Option<String> {
    if name.len() > MAX_BYTES || !name.is_ascii() {
        return None;
    }
    let letters = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
    Some(letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect())
}

/// Returns the field of the header, `eventName` or `log` that is called like this in some style.
pub(super) fn in_header(name: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<String, &str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let header = catalog::HEADER.iter().map(|field| field.name);
        let envelope = catalog::ENVELOPE.iter().map(|(name, _)| *name);
        header.chain(envelope).filter_map(|name| Some((bare(name)?, name))).collect()
    });
    names.get(&bare(name)?).copied()
}

/// Returns the field of an event's `log` that is called like this in some style.
pub(super) fn in_log(event: &str, name: &str) -> Option<&'static str> {
    let fields = catalog::event(event)?.log?;
    let name = bare(name)?;
    fields.iter().map(|field| field.name).find(|field| bare(field).is_some_and(|field| field == name))
}

/// Returns the field of any event's `log` that is called like this in some style.
pub(super) fn in_any_log(name: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<String, &str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let fields = catalog::EVENTS.iter().filter_map(|event| event.log).flatten();
        fields.filter_map(|field| Some((bare(field.name)?, field.name))).collect()
    });
    names.get(&bare(name)?).copied()
}
