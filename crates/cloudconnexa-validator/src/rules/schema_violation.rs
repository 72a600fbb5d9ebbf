//! `schema-violation`: any other violation of the schema.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::{Excerpt, subject};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "schema-violation",
    severity: Severity::Error,
    summary: "a value violates the schema in a way that has no rule of its own",
    explanation: "\
The schema decides what is valid, and it may ask for something that has no rule of its own yet, such as a pattern or a
length. The message names the keyword of JSON Schema and quotes the validation engine.

## Example

A string of two letters where the schema says `minLength: 3`.

## What to do

Look the field up in the schema (`ccxlog schema`) and correct the value.
",
};

/// A keyword that is broken, in the engine's words: with values and without.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SchemaViolation {
    keyword: String,
    words: Excerpt,
    masked: String,
}

impl SchemaViolation {
    pub(crate) fn new(keyword: String, words: &str, masked: String) -> Self {
        // The engine's words echo the value, which can be long.
        Self { keyword, words: Excerpt::of(words), masked }
    }
}

impl Describe for SchemaViolation {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, location: &Location, masking: Masking) -> Text {
        let keyword = &self.keyword;
        let quoted = self.words.quote();
        let words = match masking {
            Masking::Shown => quoted.trim_matches('`'),
            Masking::Masked => &self.masked,
        };
        let message = format!("{} breaks `{keyword}` of the schema: {words}", subject(&location.pointer));
        Text::new(message, format!("breaks `{keyword}`"), None)
    }

    fn key(&self) -> Option<&str> {
        Some(&self.keyword)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Position, Validator};

    #[test]
    fn the_keyword_is_named_in_the_words_of_the_engine() {
        let schema = json!({ "properties": { "x": { "pattern": "^b", "items": { "maxLength": 2 } } } });
        let validator = Validator::compile(schema).unwrap();
        let worded = |record: &str| {
            let record = record.replacen('{', "{\"CloudConnexaLogVersion\": 1, ", 1);
            let report = validator.check(record.as_bytes(), Position::START);
            let is_ours = |finding: &&crate::Finding| finding.rule().id == "schema-violation";
            let finding = report.findings.iter().find(is_ours).unwrap();
            (finding.pointer().to_owned(), finding.text().message, finding.masked().message)
        };
        let (pointer, text, masked) = worded(r#"{"x": "secret"}"#);
        assert_eq!(pointer, "/x");
        assert_eq!(text, r#"`x` breaks `pattern` of the schema: "secret" does not match "^b""#);
        assert_eq!(masked, r#"`x` breaks `pattern` of the schema: the value does not match "^b""#);

        let (pointer, text, _) = worded(&format!(r#"{{"x": ["{}"]}}"#, "y".repeat(500)));
        assert_eq!(pointer, "/x/0");
        assert!(text.len() < 120 && text.ends_with('…'), "{text}");
    }
}
