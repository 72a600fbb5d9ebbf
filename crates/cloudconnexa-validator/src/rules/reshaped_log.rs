//! `reshaped-log`: a `log` that a tool has turned into something else.

use crate::describe::{Describe, Location, Masking, Text};
use crate::excerpt::quote;
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "reshaped-log",
    severity: Severity::Error,
    summary: "a tool has turned `log` into something else",
    explanation: "\
`log` is an object with the fields of the event. Tools on the way flatten it into fields called `log.clientUUID` or
`log_clientUUID`, write it into a string, print it, or put an object of their own in its place, as Filebeat does with the file
and the offset that it read. The other fields of the event are checked as always; what is in `log` is not.

All records of one kind in an input are one finding, with their number.

## Example

```json
{\"eventName\": \"domain-blocked\", \"log.domain\": \"example.com\", \"log.queryType\": \"A\"}
```

## What to do

Correct the tool: the finding says which setting does it, where that is known. If nothing was lost, the finding has a command
that restores the object.
",
};

/// What has become of `log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReshapedLog {
    /// A string that holds the object as JSON.
    JsonText,
    /// A string that holds what Python prints.
    PythonText,
    /// A string that holds what PowerShell prints.
    PowerShellText,
    /// A string that holds what Java, Hive or Athena prints.
    MapText,
    /// A string that holds the name of a type.
    TypeName,
    /// The object that Filebeat describes a file with.
    Filebeat,
    /// Fields whose names start with `log` and this separator.
    Flattened(&'static str),
}

impl Describe for ReshapedLog {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let (message, label, help) = match self {
            Self::JsonText => (
                "`log` is an object written into a string".to_owned(),
                "a string",
                "put the object itself there: `jq -c '.log |= fromjson' FILE | ccxlog validate`".to_owned(),
            ),
            Self::PythonText => (
                "`log` is a string with what Python prints of the object".to_owned(),
                "a string",
                "write the event with `json.dumps`; to convert: `python3 -c 'import ast,json,sys; [print(json.dumps({**e, \
                 \"log\": ast.literal_eval(e[\"log\"])})) for e in map(json.loads, sys.stdin)]' < FILE | ccxlog validate`"
                    .to_owned(),
            ),
            Self::PowerShellText => (
                "`log` is a string with what PowerShell prints of the object".to_owned(),
                "a string",
                "export the events again with `ConvertTo-Json -Depth 10 -Compress`: by default PowerShell goes 2 levels deep"
                    .to_owned(),
            ),
            Self::MapText => (
                "`log` is a string with what Java, Hive or Athena prints of the object".to_owned(),
                "a string",
                "select `json_format(CAST(log AS JSON))`, or validate the files that CloudConnexa wrote".to_owned(),
            ),
            Self::TypeName => (
                "`log` is a string with the name of a type: a tool printed the object".to_owned(),
                "a string",
                "its fields are lost: correct the tool, and get the events from their source again".to_owned(),
            ),
            Self::Filebeat => (
                "`log` is what Filebeat says of the file that it read: that of the event is lost".to_owned(),
                "Filebeat's object",
                "set `target:` of the `ndjson` parser, so that events get an object of their own, and read them again"
                    .to_owned(),
            ),
            Self::Flattened(separator) => {
                let prefix = format!("log{separator}");
                let length = prefix.len();
                (
                    format!("`log` was flattened: its fields are called {} and so on", quote(&format!("{prefix}…"))),
                    "`log` is missing here",
                    format!(
                        "put them back: `jq -c 'reduce (to_entries[] | select(.key | startswith(\"{prefix}\"))) as $f \
                         (.; del(.[$f.key]) | .log[$f.key[{length}:]] = $f.value)' FILE | ccxlog validate`"
                    ),
                )
            }
        };
        Text::new(message, label, Some(help))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::JsonText => "json-text",
            Self::PythonText => "python-text",
            Self::PowerShellText => "powershell-text",
            Self::MapText => "map-text",
            Self::TypeName => "type-name",
            Self::Filebeat => "filebeat",
            Self::Flattened(_) => "flattened",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, check, show, with};

    /// Replaces the `log` of an event.
    fn log(value: &str) -> String {
        let start = DISCONNECTED.find("\"log\":").unwrap();
        format!("{}\"log\": {value}\n}}", &DISCONNECTED[..start])
    }

    fn flattened(separator: &str) -> String {
        let start = DISCONNECTED.find("\"log\":").unwrap();
        let (header, log) = DISCONNECTED.split_at(start);
        let log = log.trim_end().trim_end_matches('}').trim_end().trim_end_matches('}');
        let fields = log["\"log\": {".len()..].replace("\n    \"", &format!("\n  \"log{separator}"));
        format!("{header}{}\n}}", fields.trim())
    }

    #[test]
    fn what_has_become_of_log_is_one_finding() {
        let records = [
            ("JSON in a string", log(r#""{\"clientUUID\":\"secret\"}""#)),
            ("Python in a string", log(r#""{'clientUUID': 'secret'}""#)),
            ("PowerShell in a string", log(r#""@{clientUUID=secret; x=1}""#)),
            ("a type of PowerShell", log(r#""System.Object[]""#)),
            ("Athena in a string", log(r#""{clientuuid=secret, x=1}""#)),
            ("a type", log(r#""[object Object]""#)),
            ("Filebeat", log(r#"{"offset":0,"file":{"path":"secret"}}"#)),
            ("dots", flattened(".")),
            ("underscores", flattened("_")),
            ("two underscores", flattened("__")),
            ("and another defect", with(&flattened("."), "cloudId", "7")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn other_defects_of_log_are_reported_as_they_are() {
        for record in [
            log(r#""none""#),
            log(r#""""#),
            log("{}"),
            log(r#"{"file":1,"domain":2}"#),
            log(r#"{"level":"info"}"#),
            log("{}, \"log.clientUUID\": \"a\""),
            flattened(".").replacen(
                "\"eventName\": \"client-disconnected\"",
                "\"eventName\": \"a-new-event\"",
                1,
            ),
        ] {
            let report = check(&record);
            assert!(report.findings.iter().all(|finding| finding.rule().id != "reshaped-log"), "{record}");
        }
        let text = "\"test-message\", \"log\": \"{\\\"a\\\":1}\"";
        let findings = check(with(TEST_MESSAGE, "eventName", text)).findings;
        let errors = findings.iter().filter(|finding| finding.severity() > Severity::Note);
        let errors: Vec<_> = errors.map(|finding| finding.rule().id).collect();
        assert_eq!(errors, ["reshaped-log"], "an event without `log`");
    }
}
