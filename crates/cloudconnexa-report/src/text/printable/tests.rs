//! Tests of escaping.

use super::printable;

#[test]
fn only_visible_text_reaches_the_terminal() {
    assert_eq!(printable("plain, ü, 日本, 🎉"), "plain, ü, 日本, 🎉");
    assert_eq!(printable("\x1b[31m\x07\r\n\t\0"), r"\u001b[31m\u0007\r\n\t\u0000");
    for bad in
        ["\u{9b}31m", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{ad}", "\u{e0041}"]
    {
        assert!(printable(bad).starts_with("\\u"), "{bad:?}");
    }
    assert_eq!(printable("\u{e0041}"), r"\udb40\udc41");
}
