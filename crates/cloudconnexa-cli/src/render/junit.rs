//! The XML of `JUnit`, which every CI server shows: one suite a file, one failed case a kind of finding.

use std::io::{self, Write};

use cloudconnexa_validator::Severity;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Problem, sentence, style, subject};
use crate::forge::Root;
use crate::run::{Group, InFile, more};
use crate::size::counted;
use crate::terminal::harmless;

/// Writes suites as the inputs end, so that nothing is held.
#[derive(Debug, Default)]
pub(crate) struct Junit {
    has_begun: bool,
}

impl Junit {
    /// Writes the suite of an input that has come to its end.
    pub(crate) fn suite(&mut self, out: &mut dyn Write, file: &InFile, root: &Root) -> io::Result<()> {
        self.begin(out)?;
        let name = root.path(&file.input);
        let name = harmless(&name);
        let failures = file.groups.values().filter(|group| group.about.severity == Severity::Error).count();
        let others: u64 = file.others.values().sum();
        let all_is_well = file.groups.is_empty() && file.problems.is_empty() && others == 0;
        let tests = file.groups.len() + file.problems.len() + usize::from(others > 0 || all_is_well);
        let has_other_errors = file.others.get(&Severity::Error).is_some_and(|count| *count > 0);

        let mut xml = Writer::new_with_indent(out, b' ', 2);
        let suite = BytesStart::new("testsuite").with_attributes([
            ("name", &*name),
            ("tests", &tests.to_string()),
            ("failures", &(failures + usize::from(has_other_errors)).to_string()),
            ("errors", &file.problems.len().to_string()),
        ]);
        xml.write_event(Event::Start(suite))?;
        if all_is_well {
            xml.write_event(Event::Empty(case(&name, "all events")))?;
        }
        for problem in &file.problems {
            xml.write_event(Event::Start(case(&name, "reading to the end")))?;
            told(&mut xml, "error", "unreadable-input", &harmless(problem), &harmless(problem))?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        for group in file.groups.values() {
            finding(&mut xml, &name, group)?;
        }
        if others > 0 {
            xml.write_event(Event::Start(case(&name, "other findings")))?;
            let text = format!("{} of other kinds", counted(others, "more finding"));
            told(&mut xml, if has_other_errors { "failure" } else { "system-out" }, "other", &text, &text)?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        xml.get_mut().write_all(b"\n")
    }

    /// Writes what comes behind the last suite.
    pub(crate) fn end(&mut self, out: &mut dyn Write, problems: &[Problem]) -> io::Result<()> {
        self.begin(out)?;
        // Those of an input are in its suite.
        let problems: Vec<_> = problems.iter().filter(|problem| problem.input.is_none()).collect();
        if !problems.is_empty() {
            let count = problems.len().to_string();
            let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
            let suite = BytesStart::new("testsuite").with_attributes([
                ("name", "inputs"),
                ("tests", &*count),
                ("failures", "0"),
                ("errors", &*count),
            ]);
            xml.write_event(Event::Start(suite))?;
            for problem in problems {
                let message = harmless(&problem.message);
                xml.write_event(Event::Start(case("inputs", &message)))?;
                told(&mut xml, "error", "unreadable-input", &message, &message)?;
                xml.write_event(Event::End(BytesEnd::new("testcase")))?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
            out.write_all(b"\n")?;
        }
        out.write_all(b"</testsuites>\n")
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        Writer::new(&mut *out).write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        out.write_all(b"\n<testsuites name=\"ccxlog\">\n")
    }
}

fn finding(xml: &mut Writer<impl Write>, file: &str, group: &Group) -> io::Result<()> {
    let (about, at) = (&group.about, group.samples[0].start);
    let place = subject(&about.pointer, about.event.as_deref());
    let place = place.map_or(String::new(), |place| format!(" in {}", harmless(&place)));
    // What tells two cases of a file apart is in the name.
    let key = if about.key.is_empty() { String::new() } else { format!(" ({})", harmless(&about.key)) };
    let case = case(file, &format!("{}{key}{place}", about.rule.id))
        .with_attributes([("file", file), ("line", &at.line.to_string())]);
    xml.write_event(Event::Start(case))?;
    let message = format!("{}{}", sentence(&about.text), more(group, (0, 0)));
    let message = harmless(&message);
    let word = style::word(about.severity);
    let full = format!("{file}:{}:{}: {word}[{}]: {message}", at.line, at.column, about.rule.id);
    let kind = if about.severity == Severity::Error { "failure" } else { "system-out" };
    told(xml, kind, about.rule.id, &message, &full)?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

fn case<'a>(file: &str, name: &str) -> BytesStart<'a> {
    BytesStart::new("testcase").with_attributes([("name", name), ("classname", file)])
}

fn told(
    xml: &mut Writer<impl Write>,
    element: &'static str,
    kind: &str,
    message: &str,
    text: &str,
) -> io::Result<()> {
    let mut start = BytesStart::new(element);
    if element != "system-out" {
        start.extend_attributes([("type", kind), ("message", message)]);
    }
    xml.write_event(Event::Start(start))?;
    xml.write_event(Event::Text(BytesText::new(text)))?;
    xml.write_event(Event::End(BytesEnd::new(element)))
}

#[cfg(test)]
mod tests {
    use super::Junit;
    use crate::render::testing;

    #[test]
    fn each_input_is_a_suite() {
        let (mut junit, mut out) = (Junit::default(), Vec::new());
        for file in testing::files() {
            junit.suite(&mut out, &file, &testing::root()).unwrap();
        }
        junit.end(&mut out, &[]).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn nothing_is_an_empty_report() {
        let mut out = Vec::new();
        Junit::default().end(&mut out, &[]).unwrap();
        assert!(String::from_utf8(out).unwrap().ends_with("<testsuites name=\"ccxlog\">\n</testsuites>\n"));
    }
}
