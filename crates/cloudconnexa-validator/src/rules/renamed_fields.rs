//! `renamed-fields`: an event whose fields are named in another style.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "renamed-fields",
    severity: Severity::Error,
    summary: "the fields have the names of events in another style",
    explanation: "\
Names of fields are case-sensitive, and a tool has changed them all: AWS Glue and Athena write `cloudid` for `cloudId`, and
other tools `cloud_id`, `cloud-id` or `CloudId`. Such an event is invalid, and programs that look for the right names find
nothing. That is one finding; values are checked as if the names were right, those of `log` included.

All records of one kind in an input are one finding, with their number.

## Example

```json
{\"cloudconnexalogversion\": 1, \"cloudid\": \"acme\", \"traceid\": \"…\", \"eventname\": \"test-message\"}
```

## What to do

Validate the files that CloudConnexa wrote rather than what a query returns, or have the tool keep names: the OpenX SerDe of
Glue and Athena does so with `'case.insensitive' = 'FALSE'`. This command restores the names in files that exist already:

```sh
ccxlog schema | jq -c '[.. | objects | .properties? | objects | keys[]] | map({(ascii_downcase): .}) | add' > names.json
jq -c --slurpfile names names.json 'walk(if type == \"object\" then
  with_entries(.key |= ($names[0][gsub(\"[_-]\"; \"\") | ascii_downcase] // .)) else . end)' FILE > restored.jsonl
```

It changes names that differ from those of the schema only in case, `_` and `-`.
",
};

/// The style in which the fields are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RenamedFields {
    LowerCase,
    UpperCase,
    SnakeCase,
    KebabCase,
    PascalCase,
    Mixed,
}

impl Describe for RenamedFields {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let (style, who) = match self {
            Self::LowerCase => ("in lower case", ", as AWS Glue and Athena write them"),
            Self::UpperCase => ("in upper case", ", as Snowflake and Oracle write them"),
            Self::SnakeCase => ("in snake case", ""),
            Self::KebabCase => ("in kebab case", ""),
            Self::PascalCase => ("in Pascal case", ""),
            Self::Mixed => ("in another style", ""),
        };
        let message = format!("the names of the fields are {style}{who}; values are checked all the same");
        let help = "validate the files that CloudConnexa wrote, or have the tool keep the names of fields; \
                    `ccxlog explain renamed-fields` has a command that restores them";
        Text::new(message, "another style of names", Some(help.to_owned()))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::LowerCase => "lower-case",
            Self::UpperCase => "upper-case",
            Self::SnakeCase => "snake-case",
            Self::KebabCase => "kebab-case",
            Self::PascalCase => "pascal-case",
            Self::Mixed => "mixed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise::renamed_keys;
    use crate::testing::{DISCONNECTED, FLOW, check, show, with};
    use crate::{Finding, Position, Validator};

    fn snake(name: &str, separator: char) -> String {
        let mut text = String::new();
        for (index, letter) in name.char_indices() {
            if letter.is_uppercase() && index > 0 {
                text.push(separator);
            }
            text.push(letter.to_ascii_lowercase());
        }
        text
    }

    fn pascal(name: &str) -> String {
        name[..1].to_uppercase() + &name[1..]
    }

    #[test]
    fn another_style_is_one_finding_and_values_are_checked() {
        let records = [
            ("lower case", renamed_keys(DISCONNECTED, str::to_lowercase)),
            ("upper case", renamed_keys(DISCONNECTED, str::to_uppercase)),
            ("snake case", renamed_keys(DISCONNECTED, |name| snake(name, '_'))),
            ("kebab case", renamed_keys(DISCONNECTED, |name| snake(name, '-'))),
            ("Pascal case", renamed_keys(DISCONNECTED, pascal)),
            (
                "a wrong value of log",
                renamed_keys(&with(FLOW, "destinationPort", "\"443\""), str::to_lowercase),
            ),
            (
                "wrong values after longer names",
                renamed_keys(&with(FLOW, "allowed", "7"), |name| snake(name, '_')),
            ),
            (
                "a field is missing",
                renamed_keys(
                    &with(FLOW, "protocol", "\"6\", \"x\": 1").replace("sourceIp", "x2"),
                    str::to_lowercase,
                ),
            ),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn findings_about_values_are_where_the_values_are() {
        let record = renamed_keys(&with(FLOW, "destinationPort", "\"443\""), |name| snake(name, '_'));
        let record = format!("\n  {record}");
        let findings = check(&record).findings;
        let finding = findings.iter().find(|finding| finding.rule().id == "wrong-type").expect("one");
        assert_eq!(finding.pointer(), "/log/destination_port");
        let start = usize::try_from(finding.span().start.offset).unwrap();
        assert!(record[start..].starts_with("\"443\""), "{}", &record[start..]);
        let line = record[..start].matches('\n').count() as u64 + 1;
        assert_eq!(finding.span().start.line, line);
    }

    #[test]
    fn a_repeated_field_is_said_to_be_where_it_is() {
        let twice = with(FLOW, "cloudId", "\"a\",\n  \"cloudId\": \"b\"");
        let styles: [&dyn Fn(&str) -> String; 2] = [&str::to_lowercase, &|name| snake(name, '_')];
        for style in styles {
            let record = renamed_keys(&twice, style);
            let at = Position { offset: 100, line: 40, column: 1 };
            let findings = Validator::new().check(record.as_bytes(), at).findings;
            let is_repeated = |finding: &&Finding| finding.rule().id == "duplicate-field";
            let repeated = findings.iter().find(is_repeated).expect("one");
            let name = style("cloudId");
            assert_eq!(repeated.pointer(), format!("/{name}"));
            let start = repeated.span().start;
            assert_eq!(start.column, 3);
            let offset = usize::try_from(start.offset - at.offset).unwrap();
            assert_eq!(record[..offset].matches(&format!("\"{name}\"")).count(), 1, "{record}");
            let first = format!("first in line {}, column 3", start.line - 1);
            assert!(repeated.text().message.ends_with(&first), "{}", repeated.text().message);
        }
    }

    #[test]
    fn a_few_names_in_another_case_are_findings_of_their_own() {
        let few = ["cloudId", "traceId", "eventName"];
        let record = renamed_keys(DISCONNECTED, |name| {
            if few.contains(&name) { name.to_lowercase() } else { name.to_owned() }
        });
        let findings = check(record).findings;
        assert!(findings.iter().all(|finding| finding.rule() != &RULE), "{findings:?}");
    }
}
