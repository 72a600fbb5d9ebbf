//! Tests of wrapping.

use super::wrap;

#[test]
fn words_fill_lines() {
    assert_eq!(wrap("one two  three\nfour", 9), ["one two", "three", "four"]);
    assert_eq!(wrap("overlong x", 4), ["overlong", "x"]);
    assert_eq!(wrap("", 4), [""]);
}
