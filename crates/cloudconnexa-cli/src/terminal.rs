//! Standard output and standard error: colour, width and messages.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use anstream::AutoStream;
use clap::builder::styling::Style;
pub(crate) use cloudconnexa_report::text::printable;
use cloudconnexa_report::text::style;
use cloudconnexa_validator::Severity;

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
    let _ = writeln!(anstream::stderr(), "{color}{kind}{color:#}: {}", printable(message));
}
