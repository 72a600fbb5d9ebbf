//! Follows one named file: reads it as it grows, and continues with the file that replaces it.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use cloudconnexa_reader::{FileKind, Resume, Tail};

use crate::check::Run;
use crate::signals;
use crate::state::FilePosition;
use cloudconnexa_reader::Source;

/// The length of the start of a file that identifies its content.
const HEAD_BYTES: usize = 1024;

/// The first bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The size of one read.
const READ_BYTES: usize = 1 << 16;

/// How much is still read after a stop was requested, as the file may grow faster than it is read.
const FINAL_READ_BYTES: u64 = 64 << 20;

/// A followed file, by its path.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
pub(super) struct FollowedFile {
    path: PathBuf,
    name: String,
    file: Option<OpenFile>,
    tail: Option<Tail>,
    is_gzip: bool,
    /// The problem of the last poll, which was reported.
    problem: Option<String>,
    was_polled: bool,
    /// Whether its content is not a log, so that nothing more of it is read.
    is_foreign: bool,
    /// Whether the last read stopped before the end of the file.
    has_unread: bool,
}

/// The file that is open at the path now.
#[derive(Debug)]
struct OpenFile {
    file: File,
    id: (u64, u64),
    /// How many bytes of it were read.
    offset: u64,
    /// The first of the bytes that were read, up to [`HEAD_BYTES`].
    head: Vec<u8>,
    /// Its length and modification time when its head was last compared.
    checked: Option<(u64, Option<std::time::SystemTime>)>,
}

impl FollowedFile {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
            file: None,
            tail: None,
            is_gzip: false,
            problem: None,
            was_polled: false,
            is_foreign: false,
            has_unread: false,
        }
    }

    /// Returns whether any of it was opened for reading.
    pub(super) fn has_started(&self) -> bool {
        self.tail.is_some()
    }

    /// Returns whether it is compressed. Such a file is not followed, but read as a whole.
    pub(super) fn is_gzip(&self) -> bool {
        self.is_gzip
    }

    /// Reads what was added since the last poll.
    pub(super) fn poll(&mut self, run: &mut Run, is_last: bool) {
        self.was_polled = true;
        if self.is_foreign {
            return;
        }
        match self.try_poll(run, is_last) {
            Ok(()) if self.is_foreign => {}
            Ok(()) => {
                if self.problem.take().is_some() {
                    run.note(&format!("`{}` can be read now", self.name));
                }
            }
            Err(error) => self.report(run, format!("cannot read `{}`: {error}", self.name)),
        }
    }

    /// Reports a problem, unless the last poll had the same one.
    fn report(&mut self, run: &mut Run, problem: String) {
        if self.problem.as_ref() != Some(&problem) {
            run.problem(&format!("{problem}; it will be retried"));
            self.problem = Some(problem);
        }
    }

    fn try_poll(&mut self, run: &mut Run, is_last: bool) -> io::Result<()> {
        if self.file.is_none() {
            self.open(run)?;
        }
        let found = std::fs::metadata(&self.path);
        let Some(opened) = &mut self.file else { return Ok(()) };
        match &found {
            Ok(now) if id(now) == opened.id && opened.was_replaced(now)? => {
                self.start_over(run, "was truncated or rewritten");
                let Some(opened) = &mut self.file else { return Ok(()) };
                opened.file.seek(SeekFrom::Start(0))?;
                (opened.offset, opened.head) = (0, Vec::new());
                self.read(run, is_last)
            }
            // While the new file is empty, its writer may still write to the old one.
            Ok(now) if id(now) != opened.id && (now.len() > 0 || is_last) => {
                self.read(run, is_last)?;
                if self.has_unread || signals::is_stop_requested() && !is_last {
                    return Ok(());
                }
                self.start_over(run, "was replaced");
                self.file = None;
                self.open(run)?;
                self.read(run, is_last)
            }
            _ => self.read(run, is_last),
        }
    }

    /// Ends the old content; what is read next is the start of the new one.
    fn start_over(&mut self, run: &mut Run, what: &str) {
        if let Some(tail) = &mut self.tail {
            run.next_file(tail);
        }
        run.note(&format!("`{}` {what}; reading continues from its start", self.name));
    }

    /// Opens the file, unless it is compressed, at the position where an earlier run stopped.
    fn open(&mut self, run: &mut Run) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::other("it is no longer a file"));
        }
        run.access.add_file(&data);
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(2).read_to_end(&mut head)?;
        self.is_gzip = head == GZIP_MAGIC;
        if GZIP_MAGIC.starts_with(&head) {
            // Fewer than two bytes may still become a gzip file.
            return Ok(());
        }
        let known = run.merger.state().as_ref().filter(|_| self.tail.is_none());
        let position = known.and_then(|state| state.position(&self.path));
        let mut opened = OpenFile { file, id: id(&data), offset: 0, head: Vec::new(), checked: None };
        let mut line = 1;
        if let Some(FilePosition { offset, line: next, head: (check, length) }) = position {
            let head = opened.head(length)?;
            if data.len() >= offset && head.len() as u64 == length && crc32fast::hash(&head) == check {
                (opened.offset, opened.head, line) = (offset, head, next);
            } else {
                let name = &self.name;
                run.note(&format!(
                    "`{name}` is a different file than in the last run; it is read from its start"
                ));
            }
        }
        opened.file.seek(SeekFrom::Start(opened.offset))?;
        if self.tail.is_none() {
            self.tail = Some(run.tail(&self.name, Resume { offset: opened.offset, line }));
        }
        self.file = Some(opened);
        Ok(())
    }

    /// Reads to the current end of the file.
    fn read(&mut self, run: &mut Run, is_last: bool) -> io::Result<()> {
        let (Some(opened), Some(tail)) = (&mut self.file, &mut self.tail) else { return Ok(()) };
        let mut buffer = vec![0; READ_BYTES];
        let mut remaining = if is_last { FINAL_READ_BYTES } else { u64::MAX };
        loop {
            let length = match opened.file.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let bytes = &buffer[..length];
            if length == 0 {
                return Ok(());
            }
            if remaining == 0 {
                self.has_unread = true;
                return Ok(());
            }
            let room = HEAD_BYTES.saturating_sub(opened.head.len()).min(length);
            opened.head.extend_from_slice(&bytes[..room]);
            opened.offset += length as u64;
            remaining = remaining.saturating_sub(length as u64);
            if room > 0
                && let Some(kind) = FileKind::recognize(&opened.head)
            {
                self.is_foreign = true;
                let problem = format!("cannot validate `{}`: it is {}", self.name, kind.text_for(&self.name));
                run.problem(&problem);
                self.problem = Some(problem);
                tail.discard_rest();
                return Ok(());
            }
            run.push(tail, bytes);
            if run.is_done() || signals::is_stop_requested() && !is_last {
                return Ok(());
            }
        }
    }

    /// Checks an unfinished last record, and saves how far the file was read. Returns whether anything is left unread.
    pub(super) fn end(self, run: &mut Run) -> bool {
        let Some(tail) = self.tail else {
            if self.was_polled && !self.is_gzip {
                run.read_once(&Source::File(self.path));
            }
            return false;
        };
        if let (Some(opened), Some(state), None) = (&self.file, run.merger.state(), &self.problem) {
            let Resume { offset, line } = tail.resume();
            let length = opened.head.len().min(usize::try_from(offset).unwrap_or(HEAD_BYTES));
            let check = crc32fast::hash(&opened.head[..length]);
            state.set_position(&self.path, &FilePosition { offset, line, head: (check, length as u64) });
        }
        run.end_tail(tail, self.problem);
        self.has_unread
    }
}

impl OpenFile {
    /// Reads the first bytes as they are now, without moving the position.
    fn head(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        Read::by_ref(&mut self.file).take(length.min(HEAD_BYTES as u64)).read_to_end(&mut head)?;
        self.file.seek(SeekFrom::Start(self.offset))?;
        Ok(head)
    }

    /// Returns whether the bytes that were read have been overwritten or removed.
    fn was_replaced(&mut self, now: &Metadata) -> io::Result<bool> {
        let current = Some((now.len(), now.modified().ok()));
        if now.len() < self.offset {
            self.checked = None;
            return Ok(true);
        }
        if current == self.checked {
            return Ok(false);
        }
        self.checked = current;
        let length = self.head.len() as u64;
        Ok(self.head(length)? != self.head)
    }
}

/// Returns the identity of a file, which does not depend on its name or content.
#[cfg(unix)]
fn id(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (data.dev(), data.ino())
}

/// Elsewhere, the creation time identifies a file.
#[cfg(not(unix))]
fn id(data: &Metadata) -> (u64, u64) {
    let created = data.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    created.map_or((0, 0), |since| (since.as_secs(), u64::from(since.subsec_nanos())))
}
