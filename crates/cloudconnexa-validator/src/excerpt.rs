//! Excerpts of records and phrases for messages: quoted values, names of types, lists.

use std::fmt::Write as _;

use jsonschema::{JsonType, JsonTypeSet};

use crate::describe::Masking;
use cloudconnexa_tape::{Index, Tape, Type};

/// The most characters of a value that a message shows.
const LONGEST: usize = 60;

/// The most characters of a value that a finding keeps. More than a message shows, so that `quote` can tell a cut value,
/// and enough for any plausible name of an event.
const KEPT: usize = 64;

/// The start of some text of the record: as much of it as a message can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt(Box<str>);

impl Excerpt {
    pub(crate) fn of(raw: &str) -> Self {
        let end = raw.char_indices().nth(KEPT).map_or(raw.len(), |(at, _)| at);
        Self(raw[..end].into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn quote(&self) -> String {
        quote(&self.0)
    }
}

/// A value found where another was expected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    kind: Type,
    /// How it is written. Empty for null and containers.
    raw: Excerpt,
    /// A number written with a fraction or an exponent.
    is_float: bool,
}

impl Found {
    pub(crate) fn of(tape: &Tape<'_>, value: Index) -> Self {
        let kind = tape.type_of(value);
        let raw = match kind {
            Type::Boolean | Type::Number | Type::String => tape.raw(value),
            Type::Null | Type::Array | Type::Object => "",
        };
        let is_float = kind == Type::Number && raw.contains(['.', 'e', 'E']);
        Self { kind, raw: Excerpt::of(raw), is_float }
    }

    /// Creates a found string from how it is written.
    pub(crate) fn string(raw: &str) -> Self {
        Self { kind: Type::String, raw: Excerpt::of(raw), is_float: false }
    }

    pub(crate) fn raw(&self) -> &Excerpt {
        &self.raw
    }

    /// Describes it: «the string `"34409"`», or masked «a string».
    pub(crate) fn describe(&self, masking: Masking) -> String {
        let raw = &self.raw;
        match (self.kind, masking) {
            (Type::Null, _) => "null".into(),
            (Type::Array, _) => "an array".into(),
            (Type::Object, _) => "an object".into(),
            (Type::Boolean, Masking::Shown) => raw.quote(),
            (Type::Boolean, Masking::Masked) => "a boolean".into(),
            (Type::Number, Masking::Shown) => format!("the number {}", raw.quote()),
            (Type::Number, Masking::Masked) if self.is_float => {
                "a number with a fraction or an exponent".into()
            }
            (Type::Number, Masking::Masked) => "a number".into(),
            (Type::String, Masking::Shown) if raw.as_str() == "\"\"" => "an empty string".into(),
            (Type::String, Masking::Shown) => format!("the string {}", raw.quote()),
            (Type::String, Masking::Masked) => "a string".into(),
        }
    }
}

/// Quotes text of the record in backticks, shortened and on one line.
pub(crate) fn quote(raw: &str) -> String {
    let mut quoted = String::from("`");
    for (count, character) in raw.chars().enumerate() {
        if count == LONGEST {
            quoted.push('…');
            break;
        }
        // Not only controls: characters that change the direction of text would garble a terminal, too.
        if character.is_control()
            || character.is_whitespace() && character != ' '
            || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
        {
            _ = write!(quoted, "\\u{:04x}", u32::from(character));
        } else {
            quoted.push(character);
        }
    }
    quoted.push('`');
    quoted
}

/// Names the expected types: «an integer», «a string or null».
pub(crate) fn types(expected: JsonTypeSet) -> String {
    let names = [
        (JsonType::String, "a string"),
        (JsonType::Integer, "an integer"),
        (JsonType::Number, "a number"),
        (JsonType::Boolean, "`true` or `false`"),
        (JsonType::Object, "an object"),
        (JsonType::Array, "an array"),
        (JsonType::Null, "null"),
    ];
    let names = names.iter().filter(|(kind, _)| expected.contains(*kind)).map(|(_, name)| (*name).to_owned());
    alternatives(&names.collect::<Vec<_>>())
}

/// Joins names with commas and «or».
pub(crate) fn alternatives(names: &[String]) -> String {
    if names.is_empty() { "something else".into() } else { list(names, "or") }
}

/// Joins names with commas, and `word` before the last.
pub(crate) fn list(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} {word} {last}", head.join(", ")),
    }
}

/// Returns the first sentence of a description to end another sentence with: lower-case, without full stop or emphasis.
pub(crate) fn first_sentence(description: &str) -> String {
    let description = description.replace('*', "");
    let sentence =
        description.split_once(". ").map_or(&*description, |(first, _)| first).trim_end_matches('.');
    let mut characters = sentence.chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() && !second.is_ascii_digit() => {
            first.to_lowercase().chain(sentence.chars().skip(1)).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// Names the field at a pointer: its name in backticks, or «the event» for the record itself.
pub(crate) fn subject(pointer: &str) -> String {
    cloudconnexa_tape::last_key(pointer).map_or_else(|| "the event".into(), |name| quote(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_is_one_short_line() {
        assert_eq!(quote("\"a\nb\u{1b}[0m\u{202e}\""), "`\"a\\u000ab\\u001b[0m\\u202e\"`");
        assert_eq!(quote(&"ü".repeat(60)), format!("`{}`", "ü".repeat(60)));
        assert_eq!(quote(&"ü".repeat(61)), format!("`{}…`", "ü".repeat(60)));
        for length in [0, 1, 60, 61, 64, 65, 1000] {
            let long = "ü".repeat(length);
            let excerpt = Excerpt::of(&long);
            assert_eq!(excerpt.quote(), quote(&long));
            assert!(excerpt.as_str().len() <= 2 * KEPT);
        }
    }

    #[test]
    fn the_first_sentence_is_lower_case_unless_it_starts_with_a_term() {
        assert_eq!(first_sentence("The address. More."), "the address");
        assert_eq!(first_sentence("HTTP user agent, as sent."), "HTTP user agent, as sent");
        assert_eq!(first_sentence("IPv4 address of the client."), "IPv4 address of the client");
        assert_eq!(first_sentence("A *Name* sent **to** it."), "a Name sent to it");
    }

    #[test]
    fn types_are_joined_with_or() {
        assert_eq!(
            types(JsonTypeSet::empty().insert(JsonType::Null).insert(JsonType::String)),
            "a string or null"
        );
        assert_eq!(types(JsonTypeSet::empty()), "something else");
    }
}
