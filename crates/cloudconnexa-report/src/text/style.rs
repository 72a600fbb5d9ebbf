//! The colours of all text for people.
//!
//! A style is written with `{}` and ended with `{:#}`: `{ERROR}text{ERROR:#}` in a format string. Text with these escape
//! codes is for terminals; strip them for anything else, for example with the `anstream` crate.

use anstyle::{AnsiColor, Style};
use cloudconnexa_validator::Severity;

/// Line numbers, bars and arrows.
pub const FRAME: Style = AnsiColor::BrightBlue.on_default().bold();
/// Emphasis that is neither good nor bad.
pub const STRONG: Style = Style::new().bold();
/// Names that can be used as arguments.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// Good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Returns the style of a severity's word, and of underlines.
pub fn of(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Green.on_default().bold(),
    }
}

/// Returns the word for a severity: `error`, `warning` or `note`.
pub fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
