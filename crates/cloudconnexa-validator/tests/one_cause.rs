//! Breaks one field of each documented example in one way, and expects one finding at the right position.

use std::fmt::Write as _;

use cloudconnexa_validator::catalog::{self, FieldSpec, Kind};
use cloudconnexa_validator::{Finding, Position, Severity, Subject, Validator};

const EXAMPLES: [&str; 5] = [
    include_str!("../../../tests/corpus/documented/client-disconnected-v1.json"),
    include_str!("../../../tests/corpus/documented/domain-blocked-v1.json"),
    include_str!("../../../tests/corpus/documented/log-stream-paused-v1.json"),
    include_str!("../../../tests/corpus/documented/log-stream-started-v1.json"),
    include_str!("../../../tests/corpus/documented/test-message-v1.json"),
];

/// A field of an example, which has one field per line.
struct Field<'a> {
    spec: &'static FieldSpec,
    pointer: String,
    /// Its line, counted from 1, without the line feed.
    number: usize,
    line: &'a str,
}

impl Field<'_> {
    /// The column of its key, counted from 1.
    fn key_column(&self) -> usize {
        self.line.find('"').unwrap() + 1
    }

    fn value_column(&self) -> usize {
        self.line.find(": ").unwrap() + 3
    }

    fn value(&self) -> &str {
        self.line[self.value_column() - 1..].trim_end_matches(',')
    }

    /// Returns the example with this line replaced.
    fn replaced(&self, event: &str, line: &str) -> String {
        let lines =
            (1..).zip(event.lines()).map(|(number, old)| if number == self.number { line } else { old });
        lines.fold(String::new(), |mut text, line| {
            _ = writeln!(text, "{line}");
            text
        })
    }

    fn with_value(&self, event: &str, value: &str) -> String {
        let comma = if self.line.ends_with(',') { "," } else { "" };
        self.replaced(event, &format!("{}{value}{comma}", &self.line[..self.value_column() - 1]))
    }
}

fn fields(event: &str) -> Vec<Field<'_>> {
    let Subject::Known(spec) = Validator::new().check(event.as_bytes(), Position::START).subject else {
        panic!("the examples are of known events")
    };
    let mut inside = false;
    let mut fields = Vec::new();
    for (number, line) in (1..).zip(event.lines()) {
        let Some(name) = line.split('"').nth(1) else { continue };
        if line.ends_with('{') {
            inside = true;
        } else if line.starts_with("  \"") {
            inside = false;
        }
        let (specs, parent) = if inside { (spec.log.unwrap(), "/log") } else { (catalog::HEADER, "") };
        if let Some(spec) = specs.iter().find(|spec| spec.name == name) {
            fields.push(Field { spec, pointer: format!("{parent}/{name}"), number, line });
        }
    }
    fields
}

/// Values that are wrong for a field, and the rules that report them.
fn wrong_values(field: &FieldSpec) -> Vec<(&'static str, &'static str)> {
    let mut wrong = vec![("[]", "wrong-type"), ("{}", "wrong-type"), ("1e999", "number-overflow")];
    if !field.nullable {
        wrong.push(("null", "wrong-type"));
    }
    wrong.extend(match field.kind {
        Kind::Boolean => [("\"true\"", "wrong-type"), ("0", "wrong-type")],
        Kind::Integer { .. } => [("\"7\"", "wrong-type"), ("-1", "out-of-range")],
        Kind::String | Kind::Vocabulary(_) => [("7", "wrong-type"), ("true", "wrong-type")],
        Kind::Format { .. } => [("7", "wrong-type"), ("\"none\"", "wrong-format")],
        Kind::Constant(_) => [("7", "wrong-type"), ("\"none\"", "wrong-value")],
        kind => panic!("say what is wrong for {kind:?}"),
    });
    wrong
}

/// Returns all findings except notes, which the examples have as they are.
fn reported(record: &str) -> Vec<Finding> {
    let mut findings = Validator::new().check(record.as_bytes(), Position::START).findings;
    findings.retain(|finding| finding.severity() > Severity::Note);
    findings
}

fn only(record: &str) -> Finding {
    let findings = reported(record);
    let [finding] = findings.as_slice() else { panic!("{findings:#?}\n{record}") };
    assert_masked(finding, record);
    finding.clone()
}

/// No value of the event may occur in the masked text, unless it is in the schema, too.
fn assert_masked(finding: &Finding, record: &str) {
    let masked = format!("{:?}", finding.masked());
    for line in record.lines() {
        let Some((_, value)) = line.split_once(": ") else { continue };
        let value = value.trim_end_matches(',').trim_matches('"');
        if value.len() > 4 && !cloudconnexa_events::SCHEMA.contains(value) {
            assert!(!masked.contains(value), "{value} in {masked}");
        }
    }
}

fn assert_at(finding: &Finding, field: &Field<'_>, column: usize, length: usize) {
    let span = finding.span();
    let location = |position: Position| {
        (usize::try_from(position.line).unwrap(), usize::try_from(position.column).unwrap())
    };
    assert_eq!(location(span.start), (field.number, column), "{finding:?}");
    assert_eq!(location(span.end), (field.number, column + length), "{finding:?}");
}

#[test]
fn the_examples_are_valid() {
    for event in EXAMPLES {
        assert_eq!(reported(event), [], "{event}");
        assert!(!fields(event).is_empty());
    }
}

#[test]
fn a_wrong_value_is_one_finding_at_the_value() {
    for event in EXAMPLES {
        for field in fields(event) {
            for (value, rule) in wrong_values(field.spec) {
                let finding = only(&field.with_value(event, value));
                assert_eq!((finding.rule().id, finding.pointer()), (rule, &*field.pointer), "{value}");
                assert_at(&finding, &field, field.value_column(), value.len());
            }
        }
    }
}

#[test]
fn a_missing_required_field_is_one_finding_at_its_object() {
    for event in EXAMPLES {
        for field in fields(event) {
            // Rename the field rather than remove it, so that no comma is left over.
            let key = format!("\"{}\"", field.spec.name);
            let line = field.line.replace(&key, "\"zzz\"");
            let record = field.replaced(event, &line);
            let findings = reported(&record);
            let missing: Vec<_> =
                findings.iter().filter(|finding| finding.rule().id == "missing-field").collect();
            assert_eq!(missing.len(), usize::from(field.spec.required), "{record}");
            assert_eq!(findings.len(), missing.len() + 1, "{findings:?}");
            if let [finding] = *missing {
                let object = field.pointer.rsplit_once('/').unwrap().0;
                assert_eq!(finding.pointer(), object);
                assert_eq!(finding.span().end.offset - finding.span().start.offset, 1);
                let brace = usize::try_from(finding.span().start.offset).unwrap();
                assert_eq!(record.as_bytes()[brace], b'{');
            }
        }
    }
}

#[test]
fn a_misspelt_field_is_one_finding_at_its_key() {
    for event in EXAMPLES {
        for field in fields(event) {
            let name = field.spec.name;
            let swapped = format!("{}{}{}", &name[..1], &name[2..3], &name[1..2]) + &name[3..];
            for misspelt in
                [name.to_uppercase(), format!("{name}s"), format!("_{name}"), name[1..].to_owned(), swapped]
            {
                if misspelt == name {
                    continue;
                }
                let line = field.line.replacen(name, &misspelt, 1);
                let finding = only(&field.replaced(event, &line));
                let rule = match field.spec.required {
                    true => "missing-field",
                    false if misspelt.eq_ignore_ascii_case(name) => "field-case",
                    false => "unknown-field",
                };
                assert_eq!(finding.rule().id, rule, "{misspelt}");
                assert!(finding.text().help.as_ref().unwrap().contains(&format!("`{name}`")), "{finding:?}");
                assert_at(&finding, &field, field.key_column(), misspelt.len() + 2);
            }
        }
    }
}

#[test]
fn a_repeated_field_is_one_finding_at_the_second_key() {
    for event in EXAMPLES {
        for field in fields(event) {
            let key = format!("\"{}\"", field.spec.name);
            let (first, rest) = field.line.split_at(field.key_column() - 1);
            let line = format!("{first}{key}: {}, {rest}", field.value());
            let finding = only(&field.replaced(event, &line));
            assert_eq!((finding.rule().id, finding.pointer()), ("duplicate-field", &*field.pointer));
            assert_at(
                &finding,
                &field,
                field.key_column() + key.len() + 2 + field.value().len() + 2,
                key.len(),
            );
        }
    }
}

#[test]
fn positions_count_from_the_start_of_the_record() {
    let at = Position { offset: 1000, line: 40, column: 7 };
    let record = "{\"eventName\":\"a\", \"ü\": 1, \"ü\": 1}\n";
    let findings = Validator::new().check(record.as_bytes(), at).findings;
    let finding = findings.iter().find(|finding| finding.rule().id == "duplicate-field").unwrap();
    assert_eq!(finding.span().start, Position { offset: 1027, line: 40, column: 33 });
    assert_eq!(finding.span().end, Position { offset: 1031, line: 40, column: 36 });
}
