//! Breaks each field of each documented example in each way, and expects one finding at the right line and column.

use cloudconnexa_validator::{Position, Severity, Validator};
use serde_json::Value;
use workspace_tests::samples;

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

/// What the schema says of a field, read here from the schema itself: what the validator knows is under test.
struct Field {
    is_required: bool,
    is_nullable: bool,
    kind: Kind,
}

enum Kind {
    Boolean,
    /// Any text.
    Text,
    /// An integer with a minimum of at least 0, and a maximum.
    Integer,
    /// Text in a format.
    Formatted,
    /// One text.
    Constant,
}

/// Reads what the schema says of the field on a line of the example of `event`.
fn field(schema: &Value, event: &str, line: &Line<'_>) -> Field {
    let resolve = |node: &Value| match node["$ref"].as_str() {
        Some(pointer) => schema.pointer(pointer.strip_prefix('#').unwrap()).unwrap().clone(),
        None => node.clone(),
    };
    let is_event_name = !line.in_log && line.key == "eventName";
    let parent = if is_event_name {
        schema.clone()
    } else if line.in_log {
        let branches = schema["allOf"].as_array().unwrap();
        let branch = branches.iter().find(|branch| branch["if"]["properties"]["eventName"]["const"] == event);
        resolve(&branch.unwrap()["then"]["properties"]["log"])
    } else {
        schema["$defs"]["Header"].clone()
    };
    let node = resolve(&parent["properties"][line.key]);
    let branches = node["anyOf"].as_array().map_or(&[][..], Vec::as_slice);
    let types: Vec<_> = match &node["type"] {
        Value::Array(types) => types.iter().map(|name| name.as_str().unwrap()).collect(),
        Value::String(name) => vec![name],
        _ => branches.iter().filter_map(|branch| branch["type"].as_str()).collect(),
    };
    let has_format = |node: &Value| !node["format"].is_null();
    let kind = match types[0] {
        "boolean" => Kind::Boolean,
        "integer" => {
            assert!(node["minimum"].as_u64().is_some() && node["maximum"].as_u64().is_some(), "{}", line.key);
            Kind::Integer
        }
        "string" if node["enum"].as_array().is_some_and(|values| values.len() == 1) => Kind::Constant,
        "string" if has_format(&node) || branches.iter().any(has_format) => Kind::Formatted,
        "string" => Kind::Text,
        other => panic!("{}: {other}", line.key),
    };
    Field {
        is_required: parent["required"].as_array().unwrap().iter().any(|name| name == line.key),
        is_nullable: types.contains(&"null"),
        kind,
    }
}

/// Returns values that break a field, as JSON, and the rule that each breaks.
fn broken(field: &Field) -> Vec<(&'static str, &'static str)> {
    let (values, rule): (&[_], _) = match field.kind {
        Kind::Boolean => (&[], ""),
        Kind::Text => (&["5", "[]", "{}", "true"], "wrong-type"),
        Kind::Integer => (&["-1", "9223372036854775808", "1e30"], "out-of-range"),
        Kind::Formatted => (&["\"x\"", "\" \""], "wrong-format"),
        Kind::Constant => (&["\"x\"", "\"\""], "wrong-value"),
    };
    let of_another_type: &[_] = match field.kind {
        Kind::Boolean => &["\"true\"", "1"],
        Kind::Text => &[],
        Kind::Integer => &["\"5\"", "1.5"],
        Kind::Formatted | Kind::Constant => &["5", "{}"],
    };
    let null: &[_] = if field.is_nullable { &[] } else { &["null"] };
    let all = values.iter().map(|value| (*value, rule));
    all.chain(of_another_type.iter().chain(null).map(|value| (*value, "wrong-type"))).collect()
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

/// Calls `test` with the text of each example, each of its fields, and what the schema says of that.
fn each(mut test: impl FnMut(&str, &Line<'_>, &Field)) {
    let schema = serde_json::from_str(include_str!("../../schema/log-event.schema.json")).unwrap();
    let mut fields = 0;
    for sample in samples("documented") {
        let json = std::str::from_utf8(&sample.bytes).unwrap();
        let event = sample.name.strip_suffix("-v1").unwrap();
        for line in lines(json) {
            test(json, &line, &field(&schema, event, &line));
            fields += 1;
        }
    }
    assert!(fields > 70, "{fields}");
}

#[test]
fn a_wrong_value_is_found_at_the_value() {
    each(|text, line, field| {
        for (value, rule) in broken(field) {
            let changed = format!("{}\"{}\": {value}{}", line.indent, line.key, line.end);
            let text = replaced(text, line.index, &[changed]);
            let column = line.indent.len() + line.key.len() + 5;
            assert_one(&text, Severity::Error, rule, line.index + 1, column);
        }
    });
}

#[test]
fn a_missing_field_is_found_at_its_object() {
    each(|text, line, field| {
        // Removing the last field would leave a comma, so it is skipped.
        if line.end.is_empty() {
            return;
        }
        let text = replaced(text, line.index, &[]);
        if field.is_required {
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
    each(|text, line, field| {
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
        let (severity, rule) = if field.is_required {
            (Severity::Error, "missing-field")
        } else {
            (Severity::Warning, "unknown-field")
        };
        assert_one(&text, severity, rule, line.index + 1, line.indent.len() + 1);
    });
}

#[test]
fn a_repeated_field_is_found_at_its_second_key() {
    each(|text, line, _| {
        let one = |end: &str| format!("{}\"{}\": {}{end}", line.indent, line.key, line.value);
        let text = replaced(text, line.index, &[one(","), one(line.end)]);
        assert_one(&text, Severity::Error, "duplicate-field", line.index + 2, line.indent.len() + 1);
    });
}

#[test]
fn a_syntax_error_is_found_once() {
    each(|text, line, _| {
        let changed = format!("{}\"{}\" {}{}", line.indent, line.key, line.value, line.end);
        let text = replaced(text, line.index, &[changed]);
        let column = line.indent.len() + line.key.len() + 4;
        assert_one(&text, Severity::Error, "syntax", line.index + 1, column);
    });
}
