//! Lets the `jsonschema` crate validate a tape in place.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, Node, NodeIdentity, Object, cmp, unique};
use serde_json::{Number, Value};

use crate::entries::{Elements, Index, Kind, Members, Tape, Type};

/// Containers with more entries or bytes are not copied into errors. Each missing field is an error, and no message needs
/// the copy.
const ECHOED: u32 = 16;
const ECHOED_BYTES: usize = 1 << 12;

/// Tapes as a representation of JSON.
pub(crate) struct TapeJson;

/// A value of a tape, or a property name on its own.
#[derive(Clone, Copy)]
pub(crate) enum TapeNode<'a> {
    Value(&'a Tape<'a>, Index),
    Name(&'a str),
}

impl<'a> Tape<'a> {
    /// The record as a node for the engine.
    pub(crate) fn root(&'a self) -> TapeNode<'a> {
        TapeNode::Value(self, Index::ROOT)
    }

    /// Copies a value. Recursive, as the depth of a tape is limited.
    pub fn value(&self, index: Index) -> Value {
        match self.type_of(index) {
            Type::Null => Value::Null,
            Type::Boolean => Value::Bool(self.entry(index).kind == Kind::True),
            Type::Number => self.number(index).map_or(Value::Null, Value::Number),
            Type::String => Value::String(self.string(index).unwrap_or_default().into_owned()),
            Type::Array => self.elements(index).map(|element| self.value(element)).collect(),
            Type::Object => Value::Object(
                self.members(index)
                    .map(|(key, value)| {
                        (self.string(key).unwrap_or_default().into_owned(), self.value(value))
                    })
                    .collect(),
            ),
        }
    }
}

impl Tape<'_> {
    fn is_too_long_to_echo(&self, index: Index) -> bool {
        let is_container = matches!(self.entry(index).kind, Kind::Array | Kind::Object);
        is_container && (self.entry(index).after - index.0 > ECHOED || self.range(index).len() > ECHOED_BYTES)
    }
}

impl Json for TapeJson {
    type Node<'a> = TapeNode<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = String;

    // A lookup is a walk over the members, too.
    const KEYS_PER_LOOKUP: usize = 64;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(_: &mut String, string: &str, f: impl FnOnce(TapeNode<'_>) -> T) -> T {
        f(TapeNode::Name(string))
    }
}

impl From<Type> for JsonType {
    fn from(of: Type) -> Self {
        match of {
            Type::Null => Self::Null,
            Type::Boolean => Self::Boolean,
            Type::Number => Self::Number,
            Type::String => Self::String,
            Type::Array => Self::Array,
            Type::Object => Self::Object,
        }
    }
}

impl<'a> TapeNode<'a> {
    fn container(self, kind: Kind) -> Option<(&'a Tape<'a>, Index)> {
        match self {
            Self::Value(tape, index) if tape.entry(index).kind == kind => Some((tape, index)),
            _ => None,
        }
    }
}

impl<'a> Node<'a, TapeJson> for TapeNode<'a> {
    type Object = TapeObject<'a>;
    type Array = TapeArray<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<TapeObject<'a>> {
        self.container(Kind::Object).map(|(tape, index)| TapeObject { tape, index })
    }

    fn as_array(&self) -> Option<TapeArray<'a>> {
        self.container(Kind::Array).map(|(tape, index)| TapeArray { tape, index })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Self::Value(tape, index) => tape.string(index),
            Self::Name(name) => Some(Cow::Borrowed(name)),
        }
    }

    fn as_number(&self) -> Option<Number> {
        match *self {
            Self::Value(tape, index) => tape.number(index),
            Self::Name(_) => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match *self {
            Self::Value(tape, index) => match tape.entry(index).kind {
                Kind::True => Some(true),
                Kind::False => Some(false),
                _ => None,
            },
            Self::Name(_) => None,
        }
    }

    fn is_null(&self) -> bool {
        self.json_type() == JsonType::Null
    }

    fn is_number(&self) -> bool {
        self.json_type() == JsonType::Number
    }

    fn json_type(&self) -> JsonType {
        match *self {
            Self::Value(tape, index) => tape.type_of(index).into(),
            Self::Name(_) => JsonType::String,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (*self, expected) {
            (Self::Value(tape, index), Value::String(text)) => tape.is_string(index, text),
            (Self::Value(tape, index), _) => {
                self.json_type() == JsonType::from(expected) && cmp::equal(&tape.value(index), expected)
            }
            (Self::Name(name), _) => expected == name,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match *self {
            Self::Value(tape, index) if tape.is_too_long_to_echo(index) => Value::Null,
            Self::Value(tape, index) => tape.value(index),
            Self::Name(name) => name.into(),
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match *self {
            Self::Value(tape, index) => Some(NodeIdentity::tagged(std::ptr::from_ref(tape).addr(), index.0)),
            Self::Name(name) => Some(NodeIdentity::new(name.as_ptr().addr())),
        }
    }
}

/// An object of a tape.
pub(crate) struct TapeObject<'a> {
    tape: &'a Tape<'a>,
    index: Index,
}

impl<'a> Object<'a, TapeJson> for TapeObject<'a> {
    type Node = TapeNode<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = TapeMembers<'a>;

    fn len(&self) -> usize {
        self.tape.entry(self.index).len as usize
    }

    fn get(&self, key: &Box<str>) -> Option<TapeNode<'a>> {
        self.tape.field(self.index, key).map(|value| TapeNode::Value(self.tape, value))
    }

    fn members(&self) -> TapeMembers<'a> {
        TapeMembers { tape: self.tape, members: self.tape.all_members(self.index) }
    }
}

/// The names and values of an object. Of a repeated name, the last.
pub(crate) struct TapeMembers<'a> {
    tape: &'a Tape<'a>,
    members: Members<'a, 'a>,
}

impl<'a> Iterator for TapeMembers<'a> {
    type Item = (Cow<'a, str>, TapeNode<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.members.find(|&(key, _)| !self.tape.is_shadowed(key))?;
        Some((self.tape.string(key)?, TapeNode::Value(self.tape, value)))
    }
}

/// An array of a tape.
pub(crate) struct TapeArray<'a> {
    tape: &'a Tape<'a>,
    index: Index,
}

impl<'a> Array<'a, TapeJson> for TapeArray<'a> {
    type Node = TapeNode<'a>;
    type ElementsIter = TapeElements<'a>;

    fn len(&self) -> usize {
        self.tape.entry(self.index).len as usize
    }

    fn elements(&self) -> TapeElements<'a> {
        TapeElements { tape: self.tape, elements: self.tape.elements(self.index) }
    }

    fn is_unique(&self) -> bool {
        let values: Vec<_> = self.tape.elements(self.index).map(|element| self.tape.value(element)).collect();
        unique::is_unique(&values)
    }
}

/// The elements of an array.
pub(crate) struct TapeElements<'a> {
    tape: &'a Tape<'a>,
    elements: Elements<'a, 'a>,
}

impl<'a> Iterator for TapeElements<'a> {
    type Item = TapeNode<'a>;

    fn next(&mut self) -> Option<TapeNode<'a>> {
        self.elements.next().map(|element| TapeNode::Value(self.tape, element))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tape_keeps_the_contract_of_the_engine() {
        use jsonschema::json::conformance;
        let text = conformance::document().to_string();
        let tape = Tape::parse(&text).unwrap();
        conformance::assert_conformance::<TapeJson>(&tape.root());
    }

    #[test]
    fn every_kind_of_value_is_seen_alike() {
        for text in [
            " null",
            "true ",
            "\tfalse",
            "1",
            "-0",
            "1.5",
            "\"\"",
            "\"\\u0041\"",
            "[]",
            "[1, [2]]",
            "{}",
            "{\"a\": {}}",
        ] {
            let tape = Tape::parse(text).unwrap();
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(tape.value(Index::ROOT), expected);
            assert_eq!(tape.root().json_type(), JsonType::from(&expected), "{text}");
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let many: Vec<String> = (0..100).map(|key| format!("\"k{}\": {key}, ", key % 40)).collect();
        for text in [
            r#"{"a": 1, "a": 2}"#.to_owned(),
            r#"{"a": 1, "\u0061": 2, "b": 3, "a": {"b": 1, "b": [4]}}"#.to_owned(),
            format!("{{{}\"z\": 0}}", many.concat()),
        ] {
            let tape = Tape::parse(&text).unwrap();
            let expected: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(tape.value(Index::ROOT), expected);
            let object = tape.root().as_object().unwrap();
            assert_eq!(object.len(), expected.as_object().unwrap().len());
            assert!(!tape.repeated().is_empty());
        }
    }
}
