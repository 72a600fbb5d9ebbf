//! Standard output and standard error: colour, width and messages.

use std::io::{self, BufWriter, StdoutLock, Write as _};

use anstream::AutoStream;
use clap::builder::styling::Style;
pub(crate) use cloudconnexa_report::text::printable;
use cloudconnexa_report::text::style;
use cloudconnexa_validator::Severity;

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
    let _ = writeln!(anstream::stderr(), "{color}{kind}{color:#}: {}", printable(message));
}
