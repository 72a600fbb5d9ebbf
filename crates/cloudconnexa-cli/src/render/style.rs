//! The colours, the same everywhere.

use clap::builder::styling::{AnsiColor, Style};
use cloudconnexa_validator::Severity;

/// Line numbers, bars and arrows.
pub(crate) const FRAME: Style = AnsiColor::BrightBlue.on_default().bold();
/// What stands out without being good or bad.
pub(crate) const STRONG: Style = Style::new().bold();
/// Names that can be used as arguments.
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
/// Good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Of a finding's word and underline.
pub(crate) fn of(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Green.on_default().bold(),
    }
}

/// The word for a severity.
pub(crate) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
