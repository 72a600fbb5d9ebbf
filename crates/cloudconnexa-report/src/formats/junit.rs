//! The XML of `JUnit`, which every CI server shows: one suite per input, one failed case per kind of finding.

use std::io::{self, Write};

use cloudconnexa_validator::Severity;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::groups::{Elsewhere, FindingGroup, InputFindings, more};
use crate::paths::PathRoot;
use crate::run::Problem;
use crate::text::{counted, printable, style};
use crate::wording::{sentence, subject};

/// Writes a suite at the end of each input, so that it holds nothing in memory.
#[derive(Clone, Debug, Default)]
pub struct JunitWriter {
    has_started: bool,
    config: Option<String>,
}

impl JunitWriter {
    /// Creates a writer; nothing is written before the first suite.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the config file that applies, which each suite names as a property.
    pub fn set_config(&mut self, config: Option<&str>) {
        self.config = config.map(|config| printable(config).into_owned());
    }

    /// Writes the suite of an input that has been read to its end.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn suite(&mut self, out: &mut dyn Write, file: &InputFindings, root: &PathRoot) -> io::Result<()> {
        self.start(out)?;
        let name = root.path(&file.input);
        let name = printable(&name);
        let failures =
            file.groups.values().filter(|group| group.details().severity == Severity::Error).count();
        let ungrouped: u64 = file.ungrouped.values().sum();
        let all_is_well = file.groups.is_empty() && file.problems.is_empty() && ungrouped == 0;
        let tests = file.groups.len() + file.problems.len() + usize::from(ungrouped > 0 || all_is_well);
        let has_other_errors = file.ungrouped.get(&Severity::Error).is_some_and(|count| *count > 0);

        let mut xml = Writer::new_with_indent(out, b' ', 2);
        let suite = BytesStart::new("testsuite").with_attributes([
            ("name", &*name),
            ("tests", &tests.to_string()),
            ("failures", &(failures + usize::from(has_other_errors)).to_string()),
            ("errors", &file.problems.len().to_string()),
        ]);
        xml.write_event(Event::Start(suite))?;
        self.properties(&mut xml)?;
        if all_is_well {
            xml.write_event(Event::Empty(case(&name, "all events")))?;
        }
        for problem in &file.problems {
            xml.write_event(Event::Start(case(&name, "reading to the end")))?;
            outcome(&mut xml, "error", "unreadable-input", &printable(problem), &printable(problem))?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        for group in file.groups.values() {
            finding(&mut xml, &name, group)?;
        }
        if ungrouped > 0 {
            xml.write_event(Event::Start(case(&name, "other findings")))?;
            let text = format!("{} of other kinds", counted(ungrouped, "more finding"));
            outcome(
                &mut xml,
                if has_other_errors { "failure" } else { "system-out" },
                "other",
                &text,
                &text,
            )?;
            xml.write_event(Event::End(BytesEnd::new("testcase")))?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
        xml.get_mut().write_all(b"\n")
    }

    /// Writes what follows the last suite. Problems of inputs are in their suites already.
    ///
    /// # Errors
    /// Returns the error of `out`.
    pub fn finish(&mut self, out: &mut dyn Write, problems: &[Problem]) -> io::Result<()> {
        self.start(out)?;
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
            self.properties(&mut xml)?;
            for problem in problems {
                let message = printable(&problem.message);
                xml.write_event(Event::Start(case("inputs", &message)))?;
                outcome(&mut xml, "error", "unreadable-input", &message, &message)?;
                xml.write_event(Event::End(BytesEnd::new("testcase")))?;
            }
            xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
            out.write_all(b"\n")?;
        }
        out.write_all(b"</testsuites>\n")
    }

    fn properties(&self, xml: &mut Writer<impl Write>) -> io::Result<()> {
        let Some(config) = &self.config else { return Ok(()) };
        let property = [("name", "config"), ("value", config.as_str())];
        xml.write_event(Event::Start(BytesStart::new("properties")))?;
        xml.write_event(Event::Empty(BytesStart::new("property").with_attributes(property)))?;
        xml.write_event(Event::End(BytesEnd::new("properties")))
    }

    fn start(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_started, true) {
            return Ok(());
        }
        Writer::new(&mut *out).write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        out.write_all(b"\n<testsuites name=\"ccxlog\">\n")
    }
}

fn finding(xml: &mut Writer<impl Write>, file: &str, group: &FindingGroup) -> io::Result<()> {
    let (details, at) = (group.details(), group.samples()[0].start);
    let subject = subject(&details.pointer, details.event.as_deref());
    let subject = subject.map_or(String::new(), |subject| format!(" in {}", printable(&subject)));
    // The name has everything that tells two cases of a file apart.
    let key = if details.key.is_empty() { String::new() } else { format!(" ({})", printable(&details.key)) };
    let case = case(file, &format!("{}{key}{subject}", details.rule.id))
        .with_attributes([("file", file), ("line", &at.line.to_string())]);
    xml.write_event(Event::Start(case))?;
    let message = format!("{}{}", sentence(&details.text), more(group, Elsewhere::default()));
    let message = printable(&message);
    let word = style::word(details.severity);
    let full = format!("{file}:{}:{}: {word}[{}]: {message}", at.line, at.column, details.rule.id);
    let kind = if details.severity == Severity::Error { "failure" } else { "system-out" };
    outcome(xml, kind, details.rule.id, &message, &full)?;
    xml.write_event(Event::End(BytesEnd::new("testcase")))
}

fn case<'a>(file: &str, name: &str) -> BytesStart<'a> {
    BytesStart::new("testcase").with_attributes([("name", name), ("classname", file)])
}

fn outcome(
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
mod tests;
