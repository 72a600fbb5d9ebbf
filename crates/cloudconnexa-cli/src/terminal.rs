//! Standard output and standard error: colour, width, and text that can do a terminal no harm.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, StdoutLock, Write as _};

use anstream::AutoStream;
use clap::builder::styling::Style;
use cloudconnexa_validator::Severity;

use crate::render::style;

/// Standard output, buffered, without colour where none is wanted.
pub(crate) type Out = BufWriter<AutoStream<StdoutLock<'static>>>;

pub(crate) fn out() -> Out {
    BufWriter::with_capacity(1 << 16, AutoStream::auto(io::stdout().lock()))
}

/// Columns of the terminal behind standard output; a good line length where there is none.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(100, |(width, _)| usize::from(width.0))
        .clamp(40, 200)
}

/// Says on standard error that something could not be done.
pub(crate) fn problem(message: &str) {
    say("error", style::of(Severity::Error), message);
}

/// Says on standard error something that is worth knowing.
pub(crate) fn note(message: &str) {
    say("note", style::of(Severity::Note), message);
}

fn say(kind: &str, color: Style, message: &str) {
    if cfg!(any(test, fuzzing)) {
        // Tests of faults bring about thousands.
        return;
    }
    // Nobody is left to tell if standard error is gone.
    let _ = writeln!(anstream::stderr(), "{color}{kind}{color:#}: {}", harmless(message));
}

/// `text` with everything made visible that a terminal would act on, or that would reorder or hide other text.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_harmless(c) {
            shown.push(c);
        } else {
            shown.push_str(&escaped(c));
        }
    }
    Cow::Owned(shown)
}

/// A character as JSON escapes it, so that what is shown is what an event may hold.
pub(crate) fn escaped(c: char) -> String {
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

/// Whether `c` takes its own place on the screen, and does nothing else.
pub(crate) fn is_harmless(c: char) -> bool {
    matches!(c, ' '..='~')
        // Not even XML has the last two.
        || !matches!(c, '\u{fffe}' | '\u{ffff}') && !c.is_control() && !is_separator(c) && unicode_width::UnicodeWidthChar::width(c) > Some(0)
}

/// Line and paragraph separators, and what some terminals take for a line end.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        assert_eq!(harmless("plain, ü, 日本, 🎉"), "plain, ü, 日本, 🎉");
        assert_eq!(harmless("\x1b[31m\x07\r\n\t\0"), r"\u001b[31m\u0007\r\n\t\u0000");
        for bad in
            ["\u{9b}31m", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{ad}", "\u{e0041}"]
        {
            assert!(harmless(bad).starts_with("\\u"), "{bad:?}");
        }
        assert_eq!(harmless("\u{e0041}"), r"\udb40\udc41");
    }
}
