//! `null-filled`: fields that a tool has filled with null.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "null-filled",
    severity: Severity::Warning,
    summary: "a tool fills fields without a value with null",
    explanation: "\
CloudConnexa leaves a field out if it has no value, with few exceptions. A table has all columns in all rows, so tools that
write JSON from tables fill the gaps with null: also with fields that other events have. Each null where the schema allows none
is an error, by `wrong-type`. This finding says once for each input where they come from.

## Example

```json
{\"eventName\": \"test-message\", \"userAgent\": null, \"initiatorRole\": null, \"initiatorPublicIp\": null}
```

## What to do

Have the tool leave fields without a value out: `spark.sql.jsonGenerator.ignoreNullFields` in Spark, `ABSENT ON NULL` in SQL,
`exclude_none=True` in pydantic. The finding has a command for files that exist already.
",
};

/// The most fields that the command names.
const MAX_NAMED: usize = 12;

/// The fields that are null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NullFilled {
    count: usize,
    /// The first of them, as paths of jq.
    paths: Box<[String]>,
}

impl NullFilled {
    /// `pointers`: those of the fields.
    pub(crate) fn new<'a>(count: usize, pointers: impl Iterator<Item = &'a str>) -> Self {
        let is_word = |part: &str| {
            part.len() <= 64
                && part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let paths = pointers.take(MAX_NAMED).filter(|pointer| pointer.split('/').skip(1).all(is_word));
        Self { count, paths: paths.map(|pointer| pointer.replace('/', ".")).collect() }
    }
}

impl Describe for NullFilled {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let message =
            format!("{} fields are null that events leave out: a tool fills gaps with null", self.count);
        let help = match &*self.paths {
            [] => "have the tool leave fields without a value out".to_owned(),
            paths => format!(
                "have the tool leave them out: `jq -c 'del(({}) | nulls)' FILE | ccxlog validate`",
                paths.join(", ")
            ),
        };
        Text::new(message, "some fields of this event", Some(help))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, check, show, with};

    #[test]
    fn nulls_of_a_table_are_explained_once() {
        let records = [
            (
                "of the header",
                with(
                    DISCONNECTED,
                    "cloudId",
                    r#""a", "userAgent": null, "initiatorRole": null, "initiatorPublicIp": null"#,
                ),
            ),
            (
                "of other events",
                with(DISCONNECTED, "sessionBytesIn", r#"7, "domain": null, "allowed": null, "a b": null"#)
                    .replace("\"cloudId\"", "\"userAgent\": null, \"initiatorRole\": null, \"cloudId\""),
            ),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn a_null_or_two_are_not_a_table() {
        for value in [
            r#""a", "userAgent": null"#,
            r#""a", "userAgent": null, "x": null"#,
            r#""a", "x": null, "y": null, "z": null"#,
        ] {
            let report = check(with(TEST_MESSAGE, "cloudId", value));
            assert!(report.findings.iter().all(|finding| finding.rule().id != "null-filled"), "{value}");
        }
    }
}
