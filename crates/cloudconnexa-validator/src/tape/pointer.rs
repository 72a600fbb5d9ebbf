//! JSON Pointers (RFC 6901) from places of a tape, and back.

use std::borrow::Cow;

use super::{Index, Kind, Tape};

impl Tape<'_> {
    /// The pointer to a value, and to a key that to its value.
    pub(crate) fn pointer(&self, target: Index) -> String {
        let mut pointer = String::new();
        let mut here = Index::ROOT;
        while here != target {
            let holds = |value: Index| target < Index(self.entry(value).after);
            if let Some((key, value)) = self.all_members(here).find(|&(_, value)| holds(value)) {
                push_key(&mut pointer, &self.string(key).unwrap_or_default());
                if key == target {
                    break;
                }
                here = value;
            } else if let Some((place, element)) =
                (0..).zip(self.elements(here)).find(|&(_, element)| holds(element))
            {
                push_index(&mut pointer, place);
                here = element;
            } else {
                break;
            }
        }
        pointer
    }

    /// The value that a pointer names.
    pub(crate) fn resolve(&self, pointer: &str) -> Option<Index> {
        pointer.split('/').skip(1).try_fold(Index::ROOT, |here, segment| match self.entry(here).kind {
            Kind::Object => self.field(here, &unescape(segment)),
            Kind::Array => self.elements(here).nth(segment.parse().ok()?),
            _ => None,
        })
    }

    /// The pointer to where a text breaks, inside these containers; `in_value` when it breaks in or before a value.
    pub(super) fn pointer_to_break(&self, open: &[Index], in_value: bool) -> String {
        let mut pointer = String::new();
        let end = self.entries.len();
        for (depth, &container) in open.iter().enumerate() {
            let inside = open.get(depth + 1);
            let stop = inside.map_or(end, |child| child.0 as usize);
            let is_object = self.entry(container).kind == Kind::Object;
            let (mut child, mut place) = (container.0 as usize + 1, 0);
            while child < stop {
                let value = if is_object { child + 1 } else { child };
                if is_object && value >= stop {
                    push_key(&mut pointer, &self.string(Index(super::offset(child))).unwrap_or_default());
                    break;
                }
                child = self.entries[value].after as usize;
                place += 1;
            }
            if !is_object && (inside.is_some() || in_value) {
                push_index(&mut pointer, place);
            }
        }
        pointer
    }
}

/// Adds a field to a pointer.
pub(crate) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.contains(['~', '/']) {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}

/// The field that a pointer ends with.
pub(crate) fn last_key(pointer: &str) -> Option<Cow<'_, str>> {
    pointer.rsplit_once('/').map(|(_, key)| unescape(key))
}

fn push_index(pointer: &mut String, index: usize) {
    pointer.push('/');
    pointer.push_str(&index.to_string());
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_pointer_that_leads_back() {
        let text = r#"{"a": [1, {"b/c": null, "~": [[]]}, "x"], "": {"10": true}, "d\u00e9": 2}"#;
        let tape = Tape::parse(text).unwrap();
        let mut pointers = Vec::new();
        let mut places = vec![Index::ROOT];
        while let Some(place) = places.pop() {
            let pointer = tape.pointer(place);
            assert_eq!(tape.resolve(&pointer), Some(place), "{pointer}");
            places.extend(tape.elements(place));
            for (key, value) in tape.members(place) {
                assert_eq!(tape.pointer(key), tape.pointer(value));
                places.push(value);
            }
            pointers.push(pointer);
        }
        pointers.sort_unstable();
        assert_eq!(
            pointers,
            ["", "/", "//10", "/a", "/a/0", "/a/1", "/a/1/b~1c", "/a/1/~0", "/a/1/~0/0", "/a/2", "/dé"]
        );
        assert_eq!(tape.resolve("/a/3"), None);
        assert_eq!(tape.resolve("/a/x"), None);
        assert_eq!(tape.resolve("/b"), None);
    }

    #[test]
    fn a_break_is_told_by_the_value_it_is_in() {
        for (text, pointer) in [
            ("", ""),
            ("{", ""),
            (r#"{"a""#, "/a"),
            (r#"{"a":"#, "/a"),
            (r#"{"a": [1, 2"#, "/a"),
            (r#"{"a": [1, 2,"#, "/a/2"),
            (r#"{"a": [1, {"b": x"#, "/a/1/b"),
            (r#"{"a": [{}, {"b": 1 x"#, "/a/1"),
            (r#"{"a": [[], [], [x"#, "/a/2/0"),
        ] {
            assert_eq!(Tape::parse(text).unwrap_err().pointer, pointer, "{text}");
        }
    }
}
