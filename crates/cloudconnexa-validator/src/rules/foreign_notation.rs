//! `foreign-notation`: an event in the notation of a programming language.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "foreign-notation",
    severity: Severity::Error,
    summary: "the event is written as a programming language prints it, not as JSON",
    explanation: "\
A program printed an event instead of writing JSON: Python's `print` and `str` use single quotes, `None` and `True`; PowerShell
prints `@{name=value}`, and version 5 writes times as `/Date(…)/`; Ruby has `=>`; Java, Hive and Athena print `{name=value}`.
Text that went through a word processor or a chat has typographic quotes, and what was copied out of a string has a backslash
before each quote.

All records of one kind in an input are one finding, with their number.

## Example

```text
{'CloudConnexaLogVersion': 1, 'eventName': 'test-message', 'userAgent': None}
```

## What to do

Have the program write JSON: `json.dumps(event)` in Python, `ConvertTo-Json -Depth 10 -Compress` in PowerShell, `to_json` in
Ruby. For files that exist already, the finding has a command, if one can restore them.
",
};

/// The notation of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForeignNotation {
    Python,
    PowerShell,
    PowerShellDate,
    Ruby,
    Map,
    TypographicQuotes,
    EscapedQuotes,
    HtmlEscapes,
}

impl Describe for ForeignNotation {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let (message, help) = match self {
            Self::Python => (
                "this is how Python prints an event, not JSON",
                "write it with `json.dumps`; to convert: `python3 -c 'import ast,json,sys; [print(json.dumps(\
                 ast.literal_eval(line))) for line in sys.stdin]' < FILE | ccxlog validate`",
            ),
            Self::PowerShell => (
                "this is how PowerShell prints an event, not JSON",
                "export it again with `ConvertTo-Json -Depth 10 -Compress`",
            ),
            Self::PowerShellDate => (
                "times are written as `/Date(…)/`, as Windows PowerShell 5 does",
                "use PowerShell 7, whose `ConvertTo-Json -Depth 10 -Compress` writes RFC 3339",
            ),
            Self::Ruby => ("this is how Ruby prints an event, not JSON", "write it with `to_json`"),
            Self::Map => (
                "this is how Java, Hive or Athena prints an event, not JSON",
                "select the line as it is, or `json_format(CAST(… AS JSON))`",
            ),
            Self::TypographicQuotes => (
                "the quotes are typographic, as word processors and chats make them",
                "restore them: `sed 's/[“”„‟″]/\"/g' FILE | ccxlog validate`",
            ),
            Self::EscapedQuotes => (
                "each quote has a backslash before it: this is the inside of a JSON string",
                "decode it: `jq -cR '\"\\\"\" + . + \"\\\"\" | fromjson | fromjson' FILE | ccxlog validate`",
            ),
            Self::HtmlEscapes => (
                "the quotes are written as `&quot;`: this was copied out of HTML",
                "decode it: `python3 -c 'import html,sys; print(html.unescape(sys.stdin.read()))' < FILE | \
                 ccxlog validate`",
            ),
        };
        Text::new(message, "not JSON", Some(help.to_owned()))
    }

    /// Part of fingerprints: never to be changed.
    fn key(&self) -> Option<&str> {
        Some(match self {
            Self::Python => "python",
            Self::PowerShell => "powershell",
            Self::PowerShellDate => "powershell-date",
            Self::Ruby => "ruby",
            Self::Map => "map",
            Self::TypographicQuotes => "typographic-quotes",
            Self::EscapedQuotes => "escaped-quotes",
            Self::HtmlEscapes => "html-escapes",
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, TEST_MESSAGE, show, with};

    #[test]
    fn what_languages_print_is_one_finding() {
        let dates = |event: &str, field, value: &str| with(event, field, value);
        let date = r#""\/Date(1741076142000)\/""#;
        let two =
            dates(&dates(DISCONNECTED, "timestamp", date), "sessionStartTime", "\"/Date(1741076142000)/\"");
        let records = [
            ("Python", "{'CloudConnexaLogVersion': 1, 'cloudId': 'secret', 'userAgent': None}".to_owned()),
            ("Python, pretty-printed", "{ 'cloudId': \"secret\",\n 'log': {}}".to_owned()),
            ("PowerShell", "@{CloudConnexaLogVersion=1; cloudId=secret}".to_owned()),
            ("one time of PowerShell", dates(TEST_MESSAGE, "timestamp", date)),
            ("times of PowerShell", two),
            ("Ruby", "{\"cloudId\"=>\"secret\"}".to_owned()),
            ("Ruby, symbols", "{:cloudId=>\"secret\"}".to_owned()),
            ("Java", "{cloudconnexalogversion=1, cloudid=secret}".to_owned()),
            ("a word processor", "{“cloudId”: “secret”}".to_owned()),
            ("an escaped string", "{\\\"cloudId\\\": \\\"secret\\\"}".to_owned()),
            ("HTML", "{&quot;cloudId&quot;: &quot;secret&quot;}".to_owned()),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn one_odd_value_is_a_syntax_error() {
        let records = [
            ("None", with(DISCONNECTED, "initiatorName", "None")),
            ("a quote", with(DISCONNECTED, "initiatorName", "'a'")),
            ("a typographic quote", with(DISCONNECTED, "initiatorName", "“a”")),
            (
                "a typographic quote around a key",
                DISCONNECTED.replace("\"initiatorName\"", "”initiatorName”"),
            ),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }
}
