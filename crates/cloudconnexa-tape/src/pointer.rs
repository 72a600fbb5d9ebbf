//! JSON Pointers (RFC 6901) from entries of a tape, and back.

use std::borrow::Cow;

use super::entries::{Entry, Index, Kind, Tape};

impl Tape<'_> {
    /// Returns the pointer to a value. For a key, to its value.
    pub fn pointer(&self, target: Index) -> String {
        self.pointers().to(target).to_owned()
    }

    /// Finds the pointers to many entries in one walk.
    pub fn pointers(&self) -> Pointers<'_> {
        Pointers { tape: self, path: String::new(), open: vec![self.container(Index::ROOT, 0)] }
    }

    fn container(&self, index: Index, base: usize) -> Container {
        let Entry { after, kind, .. } = *self.entry(index);
        Container { child: index.0 + 1, index: 0, after, is_object: kind == Kind::Object, base }
    }

    /// Returns the value at a pointer.
    pub fn resolve(&self, pointer: &str) -> Option<Index> {
        pointer.split('/').skip(1).try_fold(Index::ROOT, |here, segment| match self.entry(here).kind {
            Kind::Object => self.field(here, &unescape(segment)),
            Kind::Array => self.elements(here).nth(segment.parse().ok()?),
            _ => None,
        })
    }
}

/// A walk over a tape that returns the pointers to entries in the order of the text.
#[derive(Debug)]
pub struct Pointers<'t> {
    tape: &'t Tape<'t>,
    /// The pointer to the last entry requested.
    path: String,
    /// The containers around it, from the outermost.
    open: Vec<Container>,
}

/// A container on the path, and the progress in it.
#[derive(Clone, Copy, Debug)]
struct Container {
    /// The next child. In an object, its key.
    child: u32,
    /// How many children come before it.
    index: usize,
    after: u32,
    is_object: bool,
    /// The length of the pointer to the container.
    base: usize,
}

impl Pointers<'_> {
    /// Returns the pointer to a value, or for a key to its value. `target` must not come before the last one.
    pub fn to(&mut self, target: Index) -> &str {
        while self.open.len() > 1 && self.open.last().is_some_and(|container| target.0 >= container.after) {
            self.open.pop();
        }
        while let Some(container) = self.open.last_mut() {
            self.path.truncate(container.base);
            let to_value = u32::from(container.is_object);
            let after = |child: u32| self.tape.entry(Index(child + to_value)).after;
            while container.child < container.after && target.0 >= after(container.child) {
                container.child = after(container.child);
                container.index += 1;
            }
            let (key, value) = (Index(container.child), Index(container.child + to_value));
            if container.child >= container.after || target < key {
                break;
            }
            if container.is_object {
                push_key(&mut self.path, &self.tape.string(key).unwrap_or_default());
            } else {
                push_index(&mut self.path, container.index);
            }
            if target <= value {
                break;
            }
            self.open.push(self.tape.container(value, self.path.len()));
        }
        &self.path
    }
}

/// Appends a key to a pointer.
pub(super) fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.contains(['~', '/']) {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}

/// Returns the last key of a pointer.
pub fn last_key(pointer: &str) -> Option<Cow<'_, str>> {
    pointer.rsplit_once('/').map(|(_, key)| unescape(key))
}

pub(super) fn push_index(pointer: &mut String, index: usize) {
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
    use super::super::entries::offset;
    use super::*;

    #[test]
    fn every_entry_has_a_pointer_that_resolves_to_it() {
        let text = r#"{"a": [1, {"b/c": null, "~": [[]]}, "x"], "": {"10": true}, "d\u00e9": 2}"#;
        let tape = Tape::parse(text).unwrap();
        let mut pointers = Vec::new();
        let mut queue = vec![Index::ROOT];
        while let Some(index) = queue.pop() {
            let pointer = tape.pointer(index);
            assert_eq!(tape.resolve(&pointer), Some(index), "{pointer}");
            queue.extend(tape.elements(index));
            for (key, value) in tape.members(index) {
                assert_eq!(tape.pointer(key), tape.pointer(value));
                queue.push(value);
            }
            pointers.push(pointer);
        }
        // In one walk, keys included, the pointers are the same.
        let mut walk = tape.pointers();
        for index in (0..tape.entries.len()).map(|index| Index(offset(index))) {
            assert_eq!(walk.to(index), tape.pointer(index));
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
    fn a_fault_has_the_pointer_of_its_value() {
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
