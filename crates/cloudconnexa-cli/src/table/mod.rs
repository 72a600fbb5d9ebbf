//! The table of sessions: one line a session, as JSON or CSV, to a file that appears whole or not at all.

use std::io;
use std::path::Path;

use cloudconnexa_report::sessions::{FormulaGuard, SessionRow, write_csv_header};
use cloudconnexa_validator::sessions::{Counts, Limits, Session, SessionEvent, Sessions};

use crate::args::TableFormat;
use crate::outputs;
use crate::split_outputs::EncodedOutput;

/// How the table is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) format: TableFormat,
    /// What a spreadsheet would take for a formula gets an apostrophe in front.
    pub(crate) guarded: bool,
}

/// What some records say about sessions, in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct SessionEvents {
    pub(crate) events: Vec<SessionEvent>,
    /// Records that are left out: they are invalid and say too little about a session, or not even whether they are about
    /// one.
    pub(crate) left_out: u64,
    /// Invalid records among the events.
    pub(crate) invalid: u64,
}

/// Joins sessions, and writes them.
#[derive(Debug)]
pub(crate) struct SessionTable {
    sessions: Sessions,
    writer: Writer,
    /// Records that are left out because they are invalid, or that may have been of a session.
    pub(crate) left_out: u64,
    /// Invalid ones that were taken as far as they could be read.
    pub(crate) invalid: u64,
}

#[derive(Debug)]
struct Writer {
    part: EncodedOutput,
    style: Style,
    buffer: Vec<u8>,
    failure: Option<io::Error>,
}

/// What is written at once.
const BLOCK: usize = 1 << 16;

/// What became of it all.
#[derive(Debug)]
pub(crate) struct FinishedTable {
    pub(crate) counts: Counts,
    /// Why the table could not be written.
    pub(crate) failure: Option<io::Error>,
}

impl SessionTable {
    /// Makes sure that `path` can be written, but leaves what is there; says in a sentence why not.
    pub(crate) fn open(path: &Path, style: Style, limits: Limits) -> Result<Self, String> {
        Ok(Self::over(EncodedOutput::open(path)?, style, limits))
    }

    fn over(part: EncodedOutput, style: Style, limits: Limits) -> Self {
        let mut buffer = Vec::new();
        if style.format == TableFormat::Csv {
            write_csv_header(&mut buffer).expect("a buffer takes what is written");
        }
        let writer = Writer { part, style, buffer, failure: None };
        Self { sessions: Sessions::new(limits), writer, left_out: 0, invalid: 0 }
    }

    /// Takes in what comes next.
    pub(crate) fn add(&mut self, events: SessionEvents) {
        self.left_out += events.left_out;
        self.invalid += events.invalid;
        let Self { sessions, writer, .. } = self;
        for event in events.events {
            sessions.observe(event, &mut |session| writer.session(&session));
        }
    }

    /// Whether no more can be written.
    pub(crate) fn has_failed(&self) -> bool {
        self.writer.failure.is_some()
    }

    /// Writes what is held back; a file is put into its place if `is_whole`.
    pub(crate) fn finish(self, is_whole: bool) -> FinishedTable {
        let Self { sessions, mut writer, .. } = self;
        let counts = sessions.finish(&mut |session| writer.session(&session));
        writer.flush();
        let Writer { part, failure, .. } = writer;
        // What is not put into place is removed as it is dropped; standard output has it anyway.
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
        if self.buffer.len() >= BLOCK {
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
