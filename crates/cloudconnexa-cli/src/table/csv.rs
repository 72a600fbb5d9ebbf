//! Rows as CSV by RFC 4180.

use serde_json::Value;

use super::row::{COLUMNS, Row};

/// What a spreadsheet takes for the begin of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The names of the columns.
pub(super) fn header(out: &mut Vec<u8>) {
    out.extend_from_slice(COLUMNS.join(",").as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Appends a row. Names of people and devices are what somebody typed in: if `guarded`, what a spreadsheet would take for
/// a formula gets an apostrophe in front.
pub(super) fn row(row: &Row<'_>, guarded: bool, out: &mut Vec<u8>) {
    let row = serde_json::to_value(row).expect("a row is JSON");
    for (place, column) in COLUMNS.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        match &row[column] {
            Value::Null => {}
            Value::String(text) => field(text, guarded, out),
            other => out.extend_from_slice(other.to_string().as_bytes()),
        }
    }
    out.extend_from_slice(b"\r\n");
}

fn field(text: &str, guarded: bool, out: &mut Vec<u8>) {
    let is_formula = guarded && text.starts_with(FORMULA);
    if !is_formula && !text.contains(['"', ',', '\r', '\n']) {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    if is_formula {
        out.push(b'\'');
    }
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields() {
        let field = |text: &str, guarded| {
            let mut out = Vec::new();
            field(text, guarded, &mut out);
            String::from_utf8(out).unwrap()
        };
        for (text, expected) in [
            ("", ""),
            ("My Device", "My Device"),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("a\nb\r\nc", "\"a\nb\r\nc\""),
            (" =1", " =1"),
        ] {
            assert_eq!(field(text, true), expected);
            assert_eq!(field(text, false), expected);
        }
        for (text, plain, guarded) in [
            ("=HYPERLINK(\"x\")", "\"=HYPERLINK(\"\"x\"\")\"", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "+1", "\"'+1\""),
            ("-1", "-1", "\"'-1\""),
            ("@a", "@a", "\"'@a\""),
            ("\tx", "\tx", "\"'\tx\""),
        ] {
            assert_eq!(field(text, false), plain);
            assert_eq!(field(text, true), guarded);
        }
    }
}
