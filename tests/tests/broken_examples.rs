//! Breaks each field of each documented example in each way, and expects one finding at the right line and column.

use cloudconnexa_validator::catalog::{self, FieldSpec, Kind};
use cloudconnexa_validator::{Position, Severity, Validator};
use workspace_tests::{Sample, samples};

/// A field in the text of an example, which has one field per line.
struct Line<'a> {
    /// The line, counted from 0.
    index: usize,
    /// The text before the key.
    indent: &'a str,
    key: &'a str,
    value: &'a str,
    /// The comma, or nothing.
    end: &'a str,
    in_log: bool,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((indent, rest)) = line.split_once('"') else { continue };
        let Some((key, value)) = rest.split_once("\": ") else { continue };
        if value == "{" {
            continue;
        }
        let (value, end) = value.strip_suffix(',').map_or((value, ""), |value| (value, ","));
        found.push(Line { index, indent, key, value, end, in_log: indent.len() == 4 });
    }
    found
}

/// Returns the specification of a field. `None` for `eventName`, which belongs to the envelope.
fn spec(event: &str, line: &Line<'_>) -> Option<&'static FieldSpec> {
    let fields = if line.in_log { catalog::event(event).unwrap().log.unwrap() } else { catalog::HEADER };
    fields.iter().find(|field| field.name == line.key)
}

/// Values that break a field, as JSON.
fn broken(spec: Option<&FieldSpec>) -> Vec<&'static str> {
    let Some(spec) = spec else { return vec!["null", "5", "[]"] };
    let mut values = match spec.kind {
        Kind::Boolean => vec!["\"true\"", "1"],
        Kind::String | Kind::Vocabulary(_) => vec!["5", "[]", "{}", "true"],
        Kind::Integer { .. } => vec!["\"5\"", "-1", "1.5", "9223372036854775808", "1e30"],
        Kind::Format { .. } => vec!["5", "\"x\"", "\" \"", "{}"],
        Kind::Constant(_) => vec!["\"x\"", "5"],
    };
    if !spec.nullable {
        values.push("null");
    }
    values
}

/// Replaces the line at `index`.
fn replaced(text: &str, index: usize, with: &[String]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.splice(index..=index, with.iter().map(String::as_str));
    lines.join("\n") + "\n"
}

fn assert_one(text: &str, severity: Severity, rule: &str, line: usize, column: usize) {
    let report = Validator::new().check(text.as_bytes(), Position::START);
    // The examples have notes as they are.
    let found: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.severity() > Severity::Note)
        .map(|finding| {
            let start = finding.span().start;
            (finding.severity(), finding.rule().id, start.line, start.column)
        })
        .collect();
    assert_eq!(found, [(severity, rule, line as u64, column as u64)], "{text}");
}

fn each(mut test: impl FnMut(&Sample, &str, &str, &Line<'_>)) {
    let mut fields = 0;
    for sample in samples("documented") {
        let json = std::str::from_utf8(&sample.bytes).unwrap();
        let event = sample.name.strip_suffix("-v1").unwrap();
        for line in lines(json) {
            test(&sample, json, event, &line);
            fields += 1;
        }
    }
    assert!(fields > 70, "{fields}");
}

#[test]
fn a_wrong_value_is_found_at_the_value() {
    let validator = Validator::new();
    each(|_, text, event, line| {
        for value in broken(spec(event, line)) {
            let changed = format!("{}\"{}\": {value}{}", line.indent, line.key, line.end);
            let text = replaced(text, line.index, &[changed]);
            let findings = validator.check(text.as_bytes(), Position::START).findings;
            let error = findings.iter().find(|finding| finding.severity() == Severity::Error);
            let rule = error.map_or("none", |finding| finding.rule().id);
            let expected = ["wrong-type", "wrong-format", "out-of-range", "wrong-value"];
            assert!(expected.contains(&rule), "{rule}: {} = {value}", line.key);
            let column = line.indent.len() + line.key.len() + 5;
            assert_one(&text, Severity::Error, rule, line.index + 1, column);
        }
    });
}

#[test]
fn a_missing_field_is_found_at_its_object() {
    each(|_, text, event, line| {
        // Removing the last field would leave a comma, so it is skipped.
        if line.end.is_empty() {
            return;
        }
        let text = replaced(text, line.index, &[]);
        let required = spec(event, line).is_none_or(|spec| spec.required);
        if required {
            let (at, column) = if line.in_log {
                let at = text.lines().position(|line| line == "  \"log\": {").unwrap();
                (at + 1, "  \"log\": {".len())
            } else {
                (1, 1)
            };
            assert_one(&text, Severity::Error, "missing-field", at, column);
        } else {
            let findings = Validator::new().check(text.as_bytes(), Position::START).findings;
            assert!(findings.iter().all(|finding| finding.severity() == Severity::Note), "{text}");
        }
    });
}

#[test]
fn a_misspelt_field_is_found_at_its_key() {
    each(|_, text, event, line| {
        // The last two letters, swapped.
        let mut key: Vec<char> = line.key.chars().collect();
        let last = key.len() - 1;
        if key[last] == key[last - 1] {
            return;
        }
        key.swap(last, last - 1);
        let key: String = key.into_iter().collect();
        let changed = format!("{}\"{key}\": {}{}", line.indent, line.value, line.end);
        let text = replaced(text, line.index, &[changed]);
        let required = spec(event, line).is_none_or(|spec| spec.required);
        let (severity, rule) =
            if required { (Severity::Error, "missing-field") } else { (Severity::Warning, "unknown-field") };
        assert_one(&text, severity, rule, line.index + 1, line.indent.len() + 1);
    });
}

#[test]
fn a_repeated_field_is_found_at_its_second_key() {
    each(|_, text, _, line| {
        let one = |end: &str| format!("{}\"{}\": {}{end}", line.indent, line.key, line.value);
        let text = replaced(text, line.index, &[one(","), one(line.end)]);
        assert_one(&text, Severity::Error, "duplicate-field", line.index + 2, line.indent.len() + 1);
    });
}

#[test]
fn a_syntax_error_is_found_once() {
    each(|_, text, _, line| {
        let changed = format!("{}\"{}\" {}{}", line.indent, line.key, line.value, line.end);
        let text = replaced(text, line.index, &[changed]);
        let column = line.indent.len() + line.key.len() + 4;
        assert_one(&text, Severity::Error, "syntax", line.index + 1, column);
    });
}
