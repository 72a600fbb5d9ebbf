//! One line a finding, as compilers write them: `file:line:column: severity[id]: message`.

use std::io::{self, Write};

use super::{Found, Run, sentence, style, subject};
use crate::run::{Listed, Values};
use crate::terminal::harmless;

pub(super) fn finding(out: &mut impl Write, values: Values, found: &Found<'_>) -> io::Result<()> {
    let at = found.finding.span().start;
    let (color, word, id) = (style::of(found.severity), style::word(found.severity), found.finding.rule().id);
    let name = harmless(found.place.input);
    let message = sentence(&found.text(values));
    write!(out, "{name}:{}:{}: {color}{word}[{id}]{color:#}: {}", at.line, at.column, harmless(&message))?;
    match subject(found.pointer, found.event(values)) {
        Some(subject) => writeln!(out, " (in {})", harmless(&subject)),
        None => writeln!(out),
    }
}

/// Writes an entry of a report: one line without colours, for all findings that it stands for.
pub(super) fn result(out: &mut dyn Write, listed: &Listed<'_>, run: &Run<'_>) -> io::Result<()> {
    let (about, at) = (listed.about(), listed.span().start);
    let (name, word) = (run.root.path(listed.input()), style::word(about.severity));
    let place = subject(&about.pointer, about.event.as_deref());
    let place = place.map_or(String::new(), |place| format!(" (in {place})"));
    let message = format!("{}{place}{}", sentence(&about.text), listed.more());
    let id = about.rule.id;
    writeln!(out, "{}:{}:{}: {word}[{id}]: {}", harmless(&name), at.line, at.column, harmless(&message))
}

#[cfg(test)]
mod tests {
    use crate::render::testing;
    use crate::run::Values;

    #[test]
    fn each_finding_is_a_line() {
        let mut out = anstream::StripStream::new(Vec::new());
        for found in testing::some() {
            super::finding(&mut out, Values::Shown, &found.found()).unwrap();
            super::finding(&mut out, Values::Masked, &found.found()).unwrap();
        }
        insta::assert_snapshot!(String::from_utf8(out.into_inner()).unwrap());
    }
}
