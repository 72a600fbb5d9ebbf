//! The table of sessions: one line per session, as JSON or CSV, in a file that is written as a whole or not at all.

use std::io;
use std::path::Path;

use cloudconnexa_report::sessions::{FormulaGuard, SessionRow, write_csv_header};
use cloudconnexa_validator::sessions::{Counts, Limits, Session, SessionEvent, Sessions};

use crate::args::TableFormat;
use crate::outputs::{self, Access};
use crate::split_outputs::EncodedOutput;

/// The format of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) format: TableFormat,
    /// Whether text that a spreadsheet would take for a formula gets an apostrophe in front.
    pub(crate) guarded: bool,
}

/// The session events of some records, in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct SessionEvents {
    pub(crate) events: Vec<SessionEvent>,
    /// The number of invalid records that are left out, as they lack too much of a session, or may not be about one.
    pub(crate) left_out: u64,
    /// The number of invalid records among the events.
    pub(crate) invalid: u64,
}

/// Joins session events to sessions, and writes these.
#[derive(Debug)]
pub(crate) struct SessionTable {
    sessions: Sessions,
    writer: Writer,
    /// The number of invalid records that are left out.
    pub(crate) left_out: u64,
    /// The number of invalid records that are used as far as they can be read.
    pub(crate) invalid: u64,
}

#[derive(Debug)]
struct Writer {
    part: EncodedOutput,
    style: Style,
    buffer: Vec<u8>,
    failure: Option<io::Error>,
}

/// The size of one write.
const WRITE_BYTES: usize = 1 << 16;

/// The result of a finished table.
#[derive(Debug)]
pub(crate) struct FinishedTable {
    pub(crate) counts: Counts,
    /// Why the table could not be written.
    pub(crate) failure: Option<io::Error>,
}

impl SessionTable {
    /// Opens a table that will replace `path`, which stays as it is for now. A new file can be read by `access`. An error
    /// is a sentence.
    pub(crate) fn open(path: &Path, access: Access, style: Style, limits: Limits) -> Result<Self, String> {
        Ok(Self::over(EncodedOutput::open(path, access)?, style, limits))
    }

    fn over(part: EncodedOutput, style: Style, limits: Limits) -> Self {
        let mut buffer = Vec::new();
        if style.format == TableFormat::Csv {
            write_csv_header(&mut buffer).expect("a buffer takes what is written");
        }
        let writer = Writer { part, style, buffer, failure: None };
        Self { sessions: Sessions::new(limits), writer, left_out: 0, invalid: 0 }
    }

    /// Adds the events of the next records.
    pub(crate) fn add(&mut self, events: SessionEvents) {
        self.left_out += events.left_out;
        self.invalid += events.invalid;
        let Self { sessions, writer, .. } = self;
        for event in events.events {
            sessions.observe(event, &mut |session| writer.session(&session));
        }
    }

    /// Returns whether a write has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.writer.failure.is_some()
    }

    /// Writes the sessions that are still open. A file replaces its target if `is_whole`.
    pub(crate) fn finish(self, is_whole: bool) -> FinishedTable {
        let Self { sessions, mut writer, .. } = self;
        let counts = sessions.finish(&mut |session| writer.session(&session));
        writer.flush();
        let Writer { part, failure, .. } = writer;
        // A file that does not replace its target is removed when it is dropped.
        let failure = failure.or_else(|| {
            let ready = part.stage();
            if is_whole {
                ready.and_then(|ready| outputs::commit([ready]).map_err(|(_, error)| error)).err()
            } else {
                None
            }
        });
        FinishedTable { counts, failure }
    }
}

impl Writer {
    fn session(&mut self, session: &Session) {
        if self.failure.is_some() {
            return;
        }
        let row = SessionRow::new(session);
        let guard = if self.style.guarded { FormulaGuard::On } else { FormulaGuard::Off };
        let written = match self.style.format {
            TableFormat::Jsonl => row.write_json(&mut self.buffer),
            TableFormat::Csv => row.write_csv(&mut self.buffer, guard),
        };
        written.expect("a buffer takes what is written");
        if self.buffer.len() >= WRITE_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.part.append(&self.buffer).err();
        }
        self.buffer.clear();
    }
}
