//! JSON Pointers (RFC 6901).

/// Escapes `name` for use as one part of a pointer.
///
/// ```
/// use cloudconnexa_schema::pointer;
///
/// assert_eq!(pointer::escape("tcp/udp"), "tcp~1udp");
/// assert_eq!(pointer::unescape("tcp~1udp"), "tcp/udp");
/// ```
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Returns the name that one part of a pointer stands for.
#[must_use]
pub fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// Returns the pointer to the member `key` of the object at `pointer`.
#[must_use]
pub fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", escape(key))
}

/// Returns the pointer of the node that contains the one at `pointer`; `None` for the root.
#[must_use]
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}
