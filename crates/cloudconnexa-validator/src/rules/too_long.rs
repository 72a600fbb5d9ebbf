//! `too-long`: a record over the size limit.

use crate::describe::{Describe, Location, Masking, Text};
use crate::rule::{Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "too-long",
    severity: Severity::Error,
    summary: "the record is longer than the limit",
    explanation: "\
An event takes one or two kilobytes. A record over the limit is not read into memory. It is refused, and reading
continues after it. Usually the file is not a log at all, or has lost its line feeds.

## Example

A line of 100 MiB.

## What to do

Check what kind of file it is. If the record is genuine, raise the limit.
",
};

/// A record of more bytes than this.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TooLong {
    pub(crate) limit: u64,
}

impl Describe for TooLong {
    fn rule(&self) -> &'static Rule {
        &RULE
    }

    fn text(&self, _: &Location, _: Masking) -> Text {
        let message = format!("the record is longer than {} bytes, which is the limit", self.limit);
        Text::new(message, "too long", Some("raise the limit if the record is genuine".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Finding, Position, Span};

    #[test]
    fn the_limit_is_reported() {
        let span = Span { start: Position::START, end: Position::START.after(b"x") };
        let finding = Finding::too_long(span, 16_777_216);
        assert_eq!(finding.rule().id, "too-long");
        assert_eq!(finding.text(), finding.masked());
        assert_eq!(finding.text().message, "the record is longer than 16777216 bytes, which is the limit");
    }
}
