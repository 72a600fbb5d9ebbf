//! The words that findings share: how a value is quoted, how types and lists are named.

use std::fmt::Write as _;

use jsonschema::{JsonType, JsonTypeSet};

use crate::tape::{Index, Tape, Type};

/// Longer values are cut in messages.
const LONGEST: usize = 60;

/// What is shown of the record, in backticks: in one line, and not too long.
pub(crate) fn quote(raw: &str) -> String {
    let mut quoted = String::from("`");
    for (count, character) in raw.chars().enumerate() {
        if count == LONGEST {
            quoted.push('…');
            break;
        }
        // Besides controls, what turns the direction of the text around would garble a terminal.
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

/// What a value is, with the value where it is short: «the string `"34409"`».
pub(crate) fn found(tape: &Tape<'_>, value: Index) -> String {
    match tape.type_of(value) {
        Type::Null => "null".into(),
        Type::Boolean => quote(tape.raw(value)),
        Type::Number => format!("the number {}", quote(tape.raw(value))),
        Type::String if tape.is_string(value, "") => "an empty string".into(),
        Type::String => format!("the string {}", quote(tape.raw(value))),
        Type::Array => "an array".into(),
        Type::Object => "an object".into(),
    }
}

/// What a value is, without the value: «a string».
pub(crate) fn found_masked(tape: &Tape<'_>, value: Index) -> &'static str {
    match tape.type_of(value) {
        Type::Null => "null",
        Type::Boolean => "a boolean",
        Type::Number if tape.raw(value).contains(['.', 'e', 'E']) => {
            "a number with a fraction or an exponent"
        }
        Type::Number => "a number",
        Type::String => "a string",
        Type::Array => "an array",
        Type::Object => "an object",
    }
}

/// What has to be there: «an integer», «a string or null».
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

/// Joins names by commas and an «or».
pub(crate) fn alternatives(names: &[String]) -> String {
    match names {
        [] => "something else".into(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} or {last}", head.join(", ")),
    }
}

/// The first sentence of a description, to go on a sentence with: lower-case, without its full stop and emphasis.
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

/// What a field is called: its name in backticks, or «the event» for the record itself.
pub(crate) fn subject(pointer: &str) -> String {
    crate::tape::last_key(pointer).map_or_else(|| "the event".into(), |name| quote(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_stays_in_one_short_line() {
        assert_eq!(quote("\"a\nb\u{1b}[0m\u{202e}\""), "`\"a\\u000ab\\u001b[0m\\u202e\"`");
        assert_eq!(quote(&"ü".repeat(60)), format!("`{}`", "ü".repeat(60)));
        assert_eq!(quote(&"ü".repeat(61)), format!("`{}…`", "ü".repeat(60)));
    }

    #[test]
    fn a_sentence_goes_on() {
        assert_eq!(first_sentence("The address. More."), "the address");
        assert_eq!(first_sentence("HTTP user agent, as sent."), "HTTP user agent, as sent");
        assert_eq!(first_sentence("IPv4 address of the client."), "IPv4 address of the client");
        assert_eq!(first_sentence("A *Name* sent **to** it."), "a Name sent to it");
    }

    #[test]
    fn types_are_listed() {
        assert_eq!(
            types(JsonTypeSet::empty().insert(JsonType::Null).insert(JsonType::String)),
            "a string or null"
        );
        assert_eq!(types(JsonTypeSet::empty()), "something else");
    }
}
