//! Standard output and standard error: colour, width, and text that is safe to print.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, StdoutLock, Write as _};

use anstream::AutoStream;
use clap::builder::styling::Style;
use cloudconnexa_validator::Severity;

use crate::render::style;

/// Standard output, buffered, without colours where they are not wanted.
pub(crate) type Stdout = BufWriter<AutoStream<StdoutLock<'static>>>;

/// Locks standard output.
pub(crate) fn stdout() -> Stdout {
    BufWriter::with_capacity(1 << 16, AutoStream::auto(io::stdout().lock()))
}

/// Returns the columns of the terminal at standard output, or a good line length if there is none.
pub(crate) fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(100, |(width, _)| usize::from(width.0))
        .clamp(40, 200)
}

/// Prints an error on standard error.
pub(crate) fn problem(message: &str) {
    print("error", style::of(Severity::Error), message);
}

/// Prints a note on standard error.
pub(crate) fn note(message: &str) {
    print("note", style::of(Severity::Note), message);
}

fn print(kind: &str, color: Style, message: &str) {
    if cfg!(any(test, fuzzing)) {
        // Tests of faults cause thousands.
        return;
    }
    // If standard error is closed, nobody can read the reason either.
    let _ = writeln!(anstream::stderr(), "{color}{kind}{color:#}: {}", harmless(message));
}

/// Escapes the characters of `text` that a terminal would act on, or that would reorder or hide other text.
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

/// Escapes a character as in JSON, so that the output can be found in events.
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

/// Returns whether `c` takes up its own cells on the screen, and does nothing else.
pub(crate) fn is_harmless(c: char) -> bool {
    matches!(c, ' '..='~')
        // The last two are not even allowed in XML.
        || !matches!(c, '\u{fffe}' | '\u{ffff}') && !c.is_control() && !is_separator(c) && unicode_width::UnicodeWidthChar::width(c) > Some(0)
}

/// Returns whether `c` separates lines or paragraphs in some terminals.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}
