//! A file that is named, read as it grows, also when another takes its place.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use cloudconnexa_reader::{FileKind, Resume, Tail};

use crate::check::Run;
use crate::signals;
use crate::state::FilePosition;
use cloudconnexa_reader::Source;

/// The first bytes of a file, by which it is known from another.
const HEAD: usize = 1024;

/// How compressed files begin.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How much is read at once.
const BUFFER: usize = 1 << 16;

/// So much is still read once an end is asked for.
const LAST: u64 = 64 << 20;

/// A file that grows.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is told for itself")]
pub(super) struct Growing {
    path: PathBuf,
    name: String,
    file: Option<Opened>,
    stream: Option<Tail>,
    is_gzip: bool,
    /// What could not be done the last time, and is told.
    problem: Option<String>,
    /// It was looked for.
    is_wanted: bool,
    /// It is no log; nothing more of it is read.
    is_foreign: bool,
    /// Not all that was there was read in the end.
    is_left: bool,
}

/// A file at hand.
#[derive(Debug)]
struct Opened {
    file: File,
    id: (u64, u64),
    /// Bytes that were read of it, and the first of them.
    offset: u64,
    head: Vec<u8>,
    /// Bytes that it has, and when it was changed, as was looked at last.
    seen: Option<(u64, Option<std::time::SystemTime>)>,
}

impl Growing {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
            file: None,
            stream: None,
            is_gzip: false,
            problem: None,
            is_wanted: false,
            is_foreign: false,
            is_left: false,
        }
    }

    pub(super) fn has_begun(&self) -> bool {
        self.stream.is_some()
    }

    /// Whether it is compressed: then it does not grow, but is read whole.
    pub(super) fn is_gzip(&self) -> bool {
        self.is_gzip
    }

    /// Reads what has come.
    pub(super) fn poll(&mut self, run: &mut Run, is_last: bool) {
        self.is_wanted = true;
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
            Err(error) => self.tell(run, format!("cannot read `{}`: {error}", self.name)),
        }
    }

    /// Says once what can't be done.
    fn tell(&mut self, run: &mut Run, problem: String) {
        if self.problem.as_ref() != Some(&problem) {
            run.problem(&format!("{problem}; it is tried again"));
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
                self.next(run, "was cut off or written anew");
                let Some(opened) = &mut self.file else { return Ok(()) };
                opened.file.seek(SeekFrom::Start(0))?;
                (opened.offset, opened.head) = (0, Vec::new());
                self.read(run, is_last)
            }
            // As long as there is nothing in the new one, somebody may still write to the old one.
            Ok(now) if id(now) != opened.id && (now.len() > 0 || is_last) => {
                self.read(run, is_last)?;
                if self.is_left || signals::is_stop_requested() && !is_last {
                    return Ok(());
                }
                self.next(run, "was replaced");
                self.file = None;
                self.open(run)?;
                self.read(run, is_last)
            }
            _ => self.read(run, is_last),
        }
    }

    /// Goes on with another file in this place.
    fn next(&mut self, run: &mut Run, what: &str) {
        if let Some(stream) = &mut self.stream {
            run.next_file(stream);
        }
        run.note(&format!("`{}` {what}; reading goes on at its start", self.name));
    }

    /// Opens the file, if it is no compressed one, where an earlier run has left it.
    fn open(&mut self, run: &mut Run) -> io::Result<()> {
        let mut file = File::open(&self.path)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::other("it is no file any more"));
        }
        let mut head = Vec::new();
        Read::by_ref(&mut file).take(2).read_to_end(&mut head)?;
        self.is_gzip = head == MAGIC;
        if MAGIC.starts_with(&head) {
            // Of less than two bytes nobody knows what they begin.
            return Ok(());
        }
        let known = run.merger.state().as_ref().filter(|_| self.stream.is_none());
        let place = known.and_then(|state| state.position(&self.path));
        let mut opened = Opened { file, id: id(&data), offset: 0, head: Vec::new(), seen: None };
        let mut line = 1;
        if let Some(FilePosition { offset, line: next, head: (check, length) }) = place {
            let head = opened.head(length)?;
            if data.len() >= offset && head.len() as u64 == length && crc32fast::hash(&head) == check {
                (opened.offset, opened.head, line) = (offset, head, next);
            } else {
                let name = &self.name;
                run.note(&format!(
                    "`{name}` is another file than when it was read last; it is read from its start"
                ));
            }
        }
        opened.file.seek(SeekFrom::Start(opened.offset))?;
        if self.stream.is_none() {
            self.stream = Some(run.tail(&self.name, Resume { offset: opened.offset, line }));
        }
        self.file = Some(opened);
        Ok(())
    }

    /// Reads to the present end.
    fn read(&mut self, run: &mut Run, is_last: bool) -> io::Result<()> {
        let (Some(opened), Some(stream)) = (&mut self.file, &mut self.stream) else { return Ok(()) };
        let mut buffer = vec![0; BUFFER];
        let mut last = if is_last { LAST } else { u64::MAX };
        loop {
            let length = match opened.file.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let bytes = &buffer[..length];
            if length == 0 {
                return Ok(());
            }
            if last == 0 {
                // It may well grow faster than it is read.
                self.is_left = true;
                return Ok(());
            }
            let room = HEAD.saturating_sub(opened.head.len()).min(length);
            opened.head.extend_from_slice(&bytes[..room]);
            opened.offset += length as u64;
            last = last.saturating_sub(length as u64);
            if room > 0
                && let Some(what) = FileKind::recognize(&opened.head)
            {
                self.is_foreign = true;
                let problem = format!("cannot validate `{}`: it is {what}", self.name);
                run.problem(&problem);
                self.problem = Some(problem);
                stream.discard_rest();
                return Ok(());
            }
            run.push(stream, bytes);
            if run.is_done() || signals::is_stop_requested() && !is_last {
                return Ok(());
            }
        }
    }

    /// Judges the rest, and remembers how far it was read; tells whether there was more.
    pub(super) fn end(self, run: &mut Run) -> bool {
        let Some(stream) = self.stream else {
            if self.is_wanted && !self.is_gzip {
                run.read_once(&Source::File(self.path));
            }
            return false;
        };
        if let (Some(opened), Some(state), None) = (&self.file, run.merger.state(), &self.problem) {
            let Resume { offset, line } = stream.resume();
            let length = opened.head.len().min(usize::try_from(offset).unwrap_or(HEAD));
            let check = crc32fast::hash(&opened.head[..length]);
            state.set_position(&self.path, &FilePosition { offset, line, head: (check, length as u64) });
        }
        run.end_tail(stream, self.problem);
        self.is_left
    }
}

impl Opened {
    /// The first bytes, as they are now; what is read next is what it was before.
    fn head(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        Read::by_ref(&mut self.file).take(length.min(HEAD as u64)).read_to_end(&mut head)?;
        self.file.seek(SeekFrom::Start(self.offset))?;
        Ok(head)
    }

    /// Whether other content stands where what was read stood.
    fn was_replaced(&mut self, now: &Metadata) -> io::Result<bool> {
        let seen = Some((now.len(), now.modified().ok()));
        if now.len() < self.offset {
            self.seen = None;
            return Ok(true);
        }
        if seen == self.seen {
            return Ok(false);
        }
        self.seen = seen;
        let length = self.head.len() as u64;
        Ok(self.head(length)? != self.head)
    }
}

/// What a file is known by, whatever it is called and however much is in it.
#[cfg(unix)]
fn id(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (data.dev(), data.ino())
}

/// Elsewhere files are known by when they were made.
#[cfg(not(unix))]
fn id(data: &Metadata) -> (u64, u64) {
    let made = data.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    made.map_or((0, 0), |since| (since.as_secs(), u64::from(since.subsec_nanos())))
}
