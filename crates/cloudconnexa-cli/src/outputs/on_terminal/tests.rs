//! Tests of escaping for terminals.

use std::io::Write as _;

use super::Escaped;

/// What a terminal would act on is written as in JSON, wherever the text is split.
#[test]
fn text_is_escaped_however_it_is_split() {
    let text = "{\"a\":\"ü, 日本\u{9b}31m\u{202e}\u{2066}x\u{7f}\u{feff}\u{e0041} 🎉\"}\r\n\t\u{1b}[2J";
    let expected =
        "{\"a\":\"ü, 日本\\u009b31m\\u202e\\u2066x\\u007f\\ufeff\\udb40\\udc41 🎉\"}\r\n\t\\u001b[2J";
    let escaped = |parts: &[&[u8]]| {
        let mut out = Escaped::new(Vec::new());
        for part in parts {
            out.write_all(part).unwrap();
        }
        assert!(out.incomplete.is_empty());
        String::from_utf8(out.out).unwrap()
    };
    let bytes = text.as_bytes();
    for (first, second) in (0..=bytes.len()).map(|at| bytes.split_at(at)) {
        assert_eq!(escaped(&[first, second]), expected);
    }
    let single: Vec<_> = bytes.chunks(1).collect();
    assert_eq!(escaped(&single), expected);
    let (text, value): (_, serde_json::Value) =
        ("{\"a\":\"\u{9b}\u{e0041}\"}", serde_json::from_str("{\"a\":\"\u{9b}\u{e0041}\"}").unwrap());
    assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped(&[text.as_bytes()])).unwrap(), value);
}

#[test]
fn bytes_that_are_not_text_are_replaced() {
    let mut out = Escaped::new(Vec::new());
    out.write_all(b"a\x9bb\xe2\x80c\xff").unwrap();
    assert_eq!(String::from_utf8(out.out).unwrap(), "a\u{fffd}b\u{fffd}c\u{fffd}");
}
