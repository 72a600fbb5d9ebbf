//! `empty-input`: a file or an object without content.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "empty-input",
    severity: Severity::Warning,
    summary: "the input holds nothing",
    explanation: "\
A file or an object has no bytes, or nothing but white space. Nothing in it can be wrong, so without this finding it would
pass unnoticed: an upload that failed, a disk that was full, a filter that let nothing through, a fixture that was never
filled in. An empty array is not empty in this sense, and neither is standard input reported, as `-` says that it may be.

## Example

`events-00.jsonl` has a size of 0 bytes.

## What to do

Find out what should have written the file, or delete it. If empty files are normal where you are, allow the rule with
`--allow empty-input`; to fail for them, deny it. If all inputs are empty, a command fails whatever the severity of this
rule, unless `--min-events 0` says that this may happen.
",
};

/// There is nothing more to say about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EmptyInput;

impl Describe for EmptyInput {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let help = "find out what should have written it, or delete it";
        Text::new("the input is empty".to_owned(), "", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::Finding;

    #[test]
    fn an_empty_input_is_a_warning_at_its_start() {
        let finding = Finding::empty_input();
        assert_eq!(finding.to_string(), "1:1: warning: empty-input: the input is empty");
        assert_eq!(finding.text(), finding.masked());
    }
}
