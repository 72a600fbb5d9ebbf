//! Tests of excerpts.

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::{Position, Span};
use unicode_width::UnicodeWidthStr as _;

use super::excerpt;

/// Returns the excerpt for the first `«…»` of `text`.
fn shown(text: &str, width: usize) -> String {
    let (before, rest) = text.split_once('«').unwrap();
    let (value, after) = rest.split_once('»').unwrap();
    let bytes = format!("{before}{value}{after}").into_bytes();
    shown_bytes(&bytes, before.len(), before.len() + value.len(), width)
}

fn shown_bytes(bytes: &[u8], start: usize, end: usize, width: usize) -> String {
    let at = Position { offset: 1000, line: 5, column: 1 };
    let span = Span { start: at.after(&bytes[..start]), end: at.after(&bytes[..end]) };
    let excerpt = excerpt(Record::alone(bytes, at), span, width, 4);
    assert!(excerpt.text.width() <= width, "{excerpt:?}");
    assert!(excerpt.indent + excerpt.length <= width, "{excerpt:?}");
    format!("{}\n{}{}", excerpt.text, " ".repeat(excerpt.indent), "^".repeat(excerpt.length))
}

#[test]
fn a_short_line_is_whole() {
    assert_eq!(shown("{\"a\": «\"x\"»}", 40), "{\"a\": \"x\"}\n      ^^^");
}

#[test]
fn a_document_shows_the_line_of_the_value() {
    assert_eq!(shown("{\n  \"a\": «\"x\"»,\n  \"b\": 1\n}", 40), "  \"a\": \"x\",\n       ^^^");
    assert_eq!(shown("«{\n  \"a\": 1\n}»", 40), "{\n^");
    assert_eq!(shown("{\n\t\"a\":\t«1»\r\n}", 40), "    \"a\":\\t1\n          ^");
}

#[test]
fn a_long_line_is_cut_around_the_value() {
    let long = "x".repeat(1000);
    assert_eq!(
        shown(&format!("{long}«wrong»{long}"), 40),
        "…xxxxxxxxxxxxxwrongxxxxxxxxxxxxxxxxxxxx…\n              ^^^^^"
    );
    assert_eq!(shown(&format!("{long}«wrong»"), 40).lines().next().unwrap().chars().next(), Some('…'));
    assert!(shown(&format!("«{long}»"), 40).ends_with(&format!("\n{}", "^".repeat(40))));
    assert_eq!(shown(&format!("«{{{long}}}»"), 10), "{xxxxxxxx…\n^");
}

#[test]
fn wide_and_escaped_characters_take_their_columns() {
    assert_eq!(shown("{\"日本\": «1»}", 40), "{\"日本\": 1}\n         ^");
    assert_eq!(shown("\"\u{1b}[31m\u{202e}«x»\"", 40), "\"\\u001b[31m\\u202ex\"\n                 ^");
    assert_eq!(shown_bytes(b"\"\xff\xfe\"", 1, 3, 40), "\"\\xff\\xfe\"\n ^^^^^^^^");
}

/// Whatever the width, the span and the bytes: within the width, and no panic.
#[test]
fn an_excerpt_is_never_wider_than_asked() {
    let text = "{\"a\":\"日本é\u{301}\u{0}\t🎉\",\n \"b\":[1,2]}".repeat(20).into_bytes();
    let mut broken = text.clone();
    broken[7] = 0xff;
    for bytes in [text, broken] {
        for width in [12, 20, 33, 80] {
            for start in 0..=bytes.len() {
                for length in [0, 1, 5, 500] {
                    shown_bytes(&bytes, start, bytes.len().min(start + length), width);
                }
            }
        }
    }
}
