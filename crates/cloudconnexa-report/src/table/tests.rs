//! Tests tables with values that their formats have to escape.

use cloudconnexa_validator::Validator;
use cloudconnexa_validator::outline::Raw;

use super::{Cell, Columns};
use crate::sessions::FormulaGuard;

/// Calls `f` with a JSON value of a record.
fn with_value(json: &str, f: impl FnOnce(Raw<'_>)) {
    let record = format!("{{\"value\":{json}}}");
    let validator = Validator::new();
    let mut checker = validator.checker();
    let outline = checker.outline(record.as_bytes()).expect("an object");
    f(outline.members().next().expect("a member").value());
}

fn json(cell: Cell<'_>) -> String {
    let mut out = Vec::new();
    Columns::new(["a"]).write_json(&mut out, [cell]).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

fn csv(cell: Cell<'_>, guard: FormulaGuard) -> String {
    let mut out = Vec::new();
    Columns::new(["a"]).write_csv(&mut out, [cell], guard).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn a_value_is_written_as_the_event_has_it() {
    for value in ["\"a\\u0041\\n\"", "-1.50e2", "true", "null", "[]", "{\"b\":[1,2]}"] {
        with_value(value, |raw| assert_eq!(json(Cell::Value(raw)), format!("{{\"a\":{value}}}\n")));
    }
}

#[test]
fn an_object_over_several_lines_becomes_one_line_and_keeps_its_strings() {
    let value = "{ \"b\" : [ 1,\r\n\t\"two  \\\" \\\\\" ,\n{ } ] }";
    with_value(value, |raw| {
        assert_eq!(json(Cell::Value(raw)), "{\"a\":{\"b\":[1,\"two  \\\" \\\\\",{}]}}\n");
    });
}

#[test]
fn csv_has_text_without_escapes_and_guards_formulas_but_not_numbers() {
    for (value, expected) in [
        ("\"a\\u0041\"", "aA\r\n"),
        ("\"a, \\\"b\\\"\"", "\"a, \"\"b\"\"\"\r\n"),
        ("\"=1+1\"", "\"'=1+1\"\r\n"),
        ("-5", "-5\r\n"),
        ("null", "\r\n"),
        ("[1, 2]", "\"[1,2]\"\r\n"),
    ] {
        with_value(value, |raw| assert_eq!(csv(Cell::Value(raw), FormulaGuard::On), expected, "{value}"));
    }
    assert_eq!(csv(Cell::Text("=1".into()), FormulaGuard::Off), "=1\r\n");
    assert_eq!(csv(Cell::Json("-1".into()), FormulaGuard::On), "-1\r\n");
}

#[test]
fn columns_are_escaped_as_well() {
    let columns = Columns::new(["a\"b", "=c"]);
    let mut out = Vec::new();
    columns.write_csv_header(&mut out).expect("memory");
    columns.write_json(&mut out, [Cell::Missing, Cell::Number(-3)]).expect("memory");
    assert_eq!(out, b"\"a\"\"b\",\"'=c\"\r\n{\"a\\\"b\":null,\"=c\":-3}\n");
}

#[test]
fn people_get_aligned_columns_and_nothing_that_a_terminal_acts_on() {
    let columns = Columns::new(["domain", "count"]);
    let rows = vec![
        vec![Cell::Text("example.com".into()), Cell::Number(1_234_567)],
        vec![Cell::Text("\u{1b}[31m".into()), Cell::Number(5)],
        vec![Cell::Text("".into()), Cell::Number(4)],
        vec![Cell::Missing, Cell::Number(3)],
        vec![Cell::Text("x".repeat(70).into()), Cell::Number(2)],
    ];
    let long = "x".repeat(70);
    let expected = [
        ("domain", "count"),
        ("example.com", "1,234,567"),
        ("\\u001b[31m", "5"),
        ("\"\"", "4"),
        ("-", "3"),
        (&*long, "2"),
    ];
    let expected = expected.map(|(domain, count)| format!("{domain:60}  {count:>9}\n")).concat();
    assert_eq!(columns.render(&rows), expected);
}
