//! The table of sessions: one line a session, as JSON or CSV, to a file that appears whole or not at all.

mod csv;
mod row;

pub(crate) use row::schema;

use std::io;
use std::path::Path;

use cloudconnexa_validator::sessions::{Counts, Limits, Session, Sessions};

use crate::outputs;
use crate::parts::Part;
use crate::run::Sightings;
use row::Row;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line
    Jsonl,
    /// By RFC 4180, with a header line
    Csv,
}

/// How the table is to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) format: Format,
    /// What a spreadsheet would take for a formula gets an apostrophe in front.
    pub(crate) guarded: bool,
}

/// Joins sessions, and writes them.
#[derive(Debug)]
pub(crate) struct Table {
    sessions: Sessions,
    writer: Writer,
    /// Records that are left out because they are invalid, or that may have been of a session.
    pub(crate) left_out: u64,
    /// Invalid ones that were taken as far as they could be read.
    pub(crate) taken: u64,
}

#[derive(Debug)]
struct Writer {
    part: Part,
    style: Style,
    buffer: Vec<u8>,
    failure: Option<io::Error>,
}

/// What is written at once.
const BLOCK: usize = 1 << 16;

/// What became of it all.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) counts: Counts,
    /// Why the table could not be written.
    pub(crate) failure: Option<io::Error>,
}

impl Table {
    /// Makes sure that `path` can be written, but leaves what is there; says in a sentence why not.
    pub(crate) fn open(path: &Path, style: Style, limits: Limits) -> Result<Self, String> {
        Ok(Self::over(Part::open(path)?, style, limits))
    }

    fn over(part: Part, style: Style, limits: Limits) -> Self {
        let mut buffer = Vec::new();
        if style.format == Format::Csv {
            csv::header(&mut buffer);
        }
        let writer = Writer { part, style, buffer, failure: None };
        Self { sessions: Sessions::new(limits), writer, left_out: 0, taken: 0 }
    }

    /// Takes in what comes next.
    pub(crate) fn add(&mut self, sightings: Sightings) {
        self.left_out += sightings.left_out;
        self.taken += sightings.taken;
        let Self { sessions, writer, .. } = self;
        for sighting in sightings.list {
            sessions.observe(sighting, &mut |session| writer.session(&session));
        }
    }

    /// Whether no more can be written.
    pub(crate) fn has_failed(&self) -> bool {
        self.writer.failure.is_some()
    }

    /// Writes what is held back; a file is put into its place if `is_whole`.
    pub(crate) fn finish(self, is_whole: bool) -> Done {
        let Self { sessions, mut writer, .. } = self;
        let counts = sessions.finish(&mut |session| writer.session(&session));
        writer.flush();
        let Writer { part, failure, .. } = writer;
        // What is not put into place is removed as it is dropped; standard output has it anyway.
        let failure = failure.or_else(|| {
            let ready = part.ready();
            if is_whole {
                ready.and_then(|ready| outputs::place([ready]).map_err(|(_, error)| error)).err()
            } else {
                None
            }
        });
        Done { counts, failure }
    }
}

impl Writer {
    fn session(&mut self, session: &Session) {
        if self.failure.is_some() {
            return;
        }
        let row = Row::of(session);
        match self.style.format {
            Format::Jsonl => row.json(&mut self.buffer),
            Format::Csv => csv::row(&row, self.style.guarded, &mut self.buffer),
        }
        if self.buffer.len() >= BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.part.put(&self.buffer).err();
        }
        self.buffer.clear();
    }
}
