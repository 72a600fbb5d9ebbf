//! Escapes characters that a terminal would act on.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

/// Returns `text` with every character escaped that a terminal would act on, or that would hide or reorder other text.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_printable(c) {
            shown.push(c);
        } else {
            shown.push_str(&escape(c));
        }
    }
    Cow::Owned(shown)
}

/// Returns `c` escaped as in JSON, so that the text is what an event may hold.
pub fn escape(c: char) -> String {
    match c {
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        _ => c.encode_utf16(&mut [0; 2]).iter().fold(String::new(), |mut shown, unit| {
            let _ = write!(shown, "\\u{unit:04x}");
            shown
        }),
    }
}

/// Whether `c` takes up space on the screen, and does nothing else.
pub fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~')
        // XML does not allow the last two code points of the plane either.
        || !matches!(c, '\u{fffe}' | '\u{ffff}') && !c.is_control() && !is_separator(c) && c.width() > Some(0)
}

/// Whether `c` is a line or paragraph separator, or what some terminals take for a line end.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
