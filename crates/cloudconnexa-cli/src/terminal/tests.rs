use super::harmless;

#[test]
fn control_and_invisible_characters_are_escaped() {
    assert_eq!(harmless("plain, ü, 日本, 🎉"), "plain, ü, 日本, 🎉");
    assert_eq!(harmless("\x1b[31m\x07\r\n\t\0"), r"\u001b[31m\u0007\r\n\t\u0000");
    for bad in
        ["\u{9b}31m", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{ad}", "\u{e0041}"]
    {
        assert!(harmless(bad).starts_with("\\u"), "{bad:?}");
    }
    assert_eq!(harmless("\u{e0041}"), r"\udb40\udc41");
}
