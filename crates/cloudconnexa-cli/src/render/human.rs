//! Findings for people, in the manner of rustc: the line, what is meant underlined, and help.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::excerpt::excerpt;
use super::{Found, style, subject};
use crate::run::Values;
use crate::terminal::harmless;

/// Writes one finding and an empty line, in lines of at most `width` columns, except where a message needs more. Where
/// values are masked, the line of the input isn't shown.
pub(super) fn finding(
    out: &mut impl Write,
    width: usize,
    values: Values,
    found: &Found<'_>,
) -> io::Result<()> {
    let (finding, place, text) = (found.finding, found.place, found.text(values));
    let (color, frame, strong) = (style::of(found.severity), style::FRAME, style::STRONG);
    let at = finding.span().start;
    let line = at.line.to_string();
    let gutter = " ".repeat(line.len());

    let (word, id) = (style::word(found.severity), finding.rule().id);
    writeln!(out, "{color}{word}[{id}]{color:#}{strong}: {}{strong:#}", harmless(&text.message))?;
    writeln!(out, "{gutter}{frame}-->{frame:#} {}:{line}:{}", harmless(place.input), at.column)?;

    let shown_record = place.record.filter(|_| values == Values::Shown);
    if let Some(record) = shown_record {
        let label = harmless(&text.label);
        let width = width.saturating_sub(line.len() + 3).max(20);
        let shown = excerpt(record, finding.span(), width, label.width() + 1);
        writeln!(out, "{gutter} {frame}|{frame:#}")?;
        writeln!(out, "{frame}{line} |{frame:#} {}", shown.text)?;
        let bar = format!("{gutter} {frame}|{frame:#}");
        let (indent, underline) = (" ".repeat(shown.indent), "^".repeat(shown.length));
        if label.is_empty() {
            writeln!(out, "{bar} {indent}{color}{underline}{color:#}")?;
        } else if shown.indent + shown.length + 1 + label.width() <= width {
            writeln!(out, "{bar} {indent}{color}{underline} {label}{color:#}")?;
        } else {
            let indent_label = " ".repeat(shown.indent.min(width.saturating_sub(label.width())));
            writeln!(out, "{bar} {indent}{color}{underline}{color:#}")?;
            writeln!(out, "{bar} {indent_label}{color}{label}{color:#}")?;
        }
    }

    let pointer = shorten(&harmless(found.pointer), width * 2 / 3);
    let event = found.event(values).map(harmless);
    let notes = subject(&pointer, event.as_deref()).map(|place| ("in", place)).into_iter();
    let help = text.help.as_ref().map(|help| ("help", harmless(help).into_owned()));
    let mut notes = notes.chain(help).peekable();
    if shown_record.is_some() && notes.peek().is_some() {
        writeln!(out, "{gutter} {frame}|{frame:#}")?;
    }
    for (name, note) in notes {
        writeln!(out, "{gutter} {frame}={frame:#} {strong}{name}{strong:#}: {note}")?;
    }
    writeln!(out)
}

/// Both ends of what is longer than `width` characters.
fn shorten(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let half = width / 2;
    let (head, tail) = (text.chars().take(half), text.chars().skip(length - half));
    head.chain(['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use crate::render::testing;
    use crate::run::Values;

    /// What there is to say about `text`, in `width` columns.
    fn shown(text: &str, width: usize) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        for found in testing::found("in.json", text) {
            super::finding(&mut out, width, Values::Shown, &found.found()).unwrap();
        }
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_label_without_room_goes_below() {
        let text = shown("{\"eventName\": 123456789012345678901234567890}", 40);
        insta::assert_snapshot!(text.trim_end().split("\n\n").last().unwrap_or_default(), @r#"
        error[wrong-type]: `eventName` is the number `123456789012345678901234567890`, but must be a string
         --> in.json:1:15
          |
        1 | …tName": 12345678901234567890123456…
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |          expected a string
          |
          = in: `/eventName` of `an-event`
          = help: write it in quotes: `"123456789012345678901234567890"`
        "#);
    }

    #[test]
    fn no_line_of_the_excerpt_is_wider_than_the_terminal() {
        let event = format!("{{\"eventName\":\"{}\",\"log\":7}}", "日本".repeat(300));
        for width in 40..120 {
            for line in
                shown(&event, width).lines().filter(|line| line.starts_with("1 |") || line.contains('^'))
            {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{line}");
            }
        }
    }
}
