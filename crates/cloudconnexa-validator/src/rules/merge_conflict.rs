//! `merge-conflict`: lines that version control left in a file.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "merge-conflict",
    severity: Severity::Error,
    summary: "the file has the marks of a merge conflict",
    explanation: "\
Git and other systems mark the lines that two changes disagree about with `<<<<<<<`, `|||||||`, `=======` and `>>>>>>>`. A file
that was committed with such lines is not JSON, and holds two versions of something.

## Example

```text
<<<<<<< HEAD
{\"eventName\": \"test-message\"}
=======
{\"eventName\": \"test-event\"}
>>>>>>> new-fixtures
```

## What to do

Decide for one version, and remove the marks: `git checkout --ours FILE` or `git checkout --theirs FILE` takes one side as it
is.
",
};

/// There is nothing more to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MergeConflict;

impl Describe for MergeConflict {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let help =
            "keep one of the two versions and remove the marks: `git checkout --ours FILE` or `--theirs`";
        Text::new("this line marks a merge conflict", "left by version control", Some(help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{DISCONNECTED, check, show};

    #[test]
    fn marks_are_recognized_between_and_within_events() {
        let within =
            |mark: &str| DISCONNECTED.replacen("  \"cloudId\"", &format!("{mark}\n  \"cloudId\""), 1);
        let records = [
            ("start", "<<<<<<< HEAD".to_owned()),
            ("base", "||||||| 1234567".to_owned()),
            ("middle", "=======".to_owned()),
            ("end", ">>>>>>> branch".to_owned()),
            ("within an event", within("<<<<<<< HEAD")),
            ("middle of an event", within("=======")),
        ];
        insta::assert_snapshot!(show(records.map(|(name, record)| (name.to_owned(), record))));
    }

    #[test]
    fn other_lines_are_not_marks() {
        for record in [
            "<<<<<< HEAD",
            "<<<<<<<<",
            "======= x",
            "x <<<<<<< HEAD",
            "{\"a\": =======\n}",
            "{\"a\": <<<<<<< b}",
        ] {
            let report = check(record);
            assert!(report.findings.iter().all(|finding| finding.rule().id != "merge-conflict"), "{record}");
        }
    }
}
