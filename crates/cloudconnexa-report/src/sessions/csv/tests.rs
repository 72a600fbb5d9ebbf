//! Tests of CSV.

use super::{FormulaGuard, write_csv_text};

#[test]
fn fields_are_quoted_and_guarded() {
    let field = |text: &str, guard| {
        let mut out = Vec::new();
        write_csv_text(&mut out, text, guard).unwrap();
        String::from_utf8(out).unwrap()
    };
    for (text, expected) in [
        ("", ""),
        ("My Device", "My Device"),
        ("a \"b\", c", "\"a \"\"b\"\", c\""),
        ("a\nb\r\nc", "\"a\nb\r\nc\""),
        (" =1", " =1"),
    ] {
        assert_eq!(field(text, FormulaGuard::On), expected);
        assert_eq!(field(text, FormulaGuard::Off), expected);
    }
    for (text, plain, guarded) in [
        ("=HYPERLINK(\"x\")", "\"=HYPERLINK(\"\"x\"\")\"", "\"'=HYPERLINK(\"\"x\"\")\""),
        ("+1", "+1", "\"'+1\""),
        ("-1", "-1", "\"'-1\""),
        ("@a", "@a", "\"'@a\""),
        ("\tx", "\tx", "\"'\tx\""),
        ("\n=1", "\"\n=1\"", "\"'\n=1\""),
        ("＝1", "＝1", "\"'＝1\""),
        ("＋1", "＋1", "\"'＋1\""),
        ("－1", "－1", "\"'－1\""),
        ("＠a", "＠a", "\"'＠a\""),
    ] {
        assert_eq!(field(text, FormulaGuard::Off), plain);
        assert_eq!(field(text, FormulaGuard::On), guarded);
    }
}
