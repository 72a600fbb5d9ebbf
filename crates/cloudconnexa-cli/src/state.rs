//! `--state FILE`: what was read to its end, so that the next run reads only what is new.
//!
//! One JSON object a line, only ever appended. The first names the version; each other one ends with a checksum over
//! itself and all lines above it, so that a line that was changed, lost or put elsewhere is noticed. A line without an
//! end, as a killed process leaves it, is dropped. An input that had findings counts only if the run that read it came
//! to its end: until then nobody may have been told of them.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::input::Source;

const HEADER: &str = "{\"ccxlog-state\":1}\n";

/// What comes between a line and its checksum.
const CHECK: &str = ",\"check\":\"";

/// What is written is on the disk after so long. If the machine fails before, a few inputs are read again.
const SYNC: Duration = Duration::from_secs(1);

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Done {
        name: String,
        #[serde(flatten)]
        content: Content,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        findings: bool,
    },
    End {
        end: bool,
    },
}

/// What content is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The `ETag` of an object, or when a file was changed.
    version: String,
    size: u64,
}

/// What was read of an input.
#[derive(Debug)]
struct Done {
    content: Content,
    /// An earlier run has read it, and nobody has asked for it yet.
    is_from_before: bool,
}

/// What was done, and where that is written down.
#[derive(Debug)]
pub(crate) struct State {
    path: PathBuf,
    /// Where it is written down; nowhere, if it is only for this run to remember.
    file: Option<File>,
    done: HashMap<String, Done>,
    /// Inputs that an earlier run has read, as far as they were asked for.
    pub(crate) done_before: u64,
    /// What is read now, by the name that findings have: the name and content that are written down.
    reading: HashMap<String, (String, Content)>,
    check: u32,
    synced: Instant,
    /// It could not be written, and why.
    failed: Option<String>,
}

impl State {
    /// Opens or makes a state file, for this process alone. Also gives what there is to say about it.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<String>), String> {
        let name = path.display();
        let cannot = |error: io::Error| format!("cannot use the state file `{name}`: {error}");
        let mut file = File::options().read(true).append(true).create(true).open(path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "the state file `{name}` is in use by another run; wait for its end, or give another file"
                ));
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(cannot)?;
        let known = parse(&bytes).map_err(|problem| format!("the state file `{name}` {problem}"))?;
        let mut note = None;
        if known.length < bytes.len() {
            file.set_len(known.length as u64).map_err(cannot)?;
            note = Some(format!(
                "the last line of the state file `{name}` was not written to its end and is dropped"
            ));
        }
        if known.length == 0 {
            file.write_all(HEADER.as_bytes()).and_then(|()| file.sync_all()).map_err(cannot)?;
        }
        let state = Self {
            path: path.to_owned(),
            file: Some(file),
            done: known.done.into_iter().map(|(name, content)| (name, Done::before(content))).collect(),
            done_before: 0,
            reading: HashMap::new(),
            check: known.check,
            synced: Instant::now(),
            failed: None,
        };
        Ok((state, note))
    }

    /// For this run alone: nothing is written down.
    pub(crate) fn in_memory() -> Self {
        Self {
            path: PathBuf::new(),
            file: None,
            done: HashMap::new(),
            done_before: 0,
            reading: HashMap::new(),
            check: 0,
            synced: Instant::now(),
            failed: None,
        }
    }

    /// Whether this was read as it is; else it is taken note of what it is now, before it is read.
    pub(crate) fn knows(&mut self, source: &Source) -> bool {
        let Some((name, content)) = identity(source) else { return false };
        if let Some(done) = self.done.get_mut(&name).filter(|done| done.content == content) {
            self.done_before += u64::from(std::mem::take(&mut done.is_from_before));
            return true;
        }
        self.reading.insert(source.name(), (name, content));
        false
    }

    /// Takes note that an input was read to its end, and writes it down if that is all told so far.
    pub(crate) fn done(&mut self, input: &str, findings: bool, is_told: bool) {
        let Some((name, content)) = self.reading.remove(input) else { return };
        if is_told {
            self.write_done(name, content, findings);
        } else {
            self.done.insert(name, Done { content, is_from_before: false });
        }
    }

    fn write_done(&mut self, name: String, content: Content, findings: bool) {
        self.done.insert(name.clone(), Done { content: content.clone(), is_from_before: false });
        self.write(&Line::Done { name, content, findings });
    }

    /// How far an earlier run has read a file that grows.
    pub(crate) fn place(&self, path: &Path) -> Option<Place> {
        let done = self.done.get(std::path::absolute(path).ok()?.to_str()?)?;
        Place::parse(&done.content)
    }

    /// Writes down how far a file that grows was read. It counts once the run has come to its end.
    pub(crate) fn placed(&mut self, path: &Path, place: &Place) {
        let name = std::path::absolute(path).ok().and_then(|path| path.to_str().map(str::to_owned));
        if let Some(name) = name {
            self.write_done(name, place.content(), true);
        }
    }

    /// Writes down that a run came to its end, with all that it had to tell; or says why nothing could be written down.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        self.write(&Line::End { end: true });
        self.sync();
        match self.failed.take() {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    fn write(&mut self, line: &Line) {
        let Some(file) = self.file.as_mut().filter(|_| self.failed.is_none()) else { return };
        let written = signed(line, &mut self.check).and_then(|text| {
            // In one call, so that at most one line is torn.
            file.write_all(text.as_bytes())
        });
        if let Err(error) = written {
            self.fail(&error);
        } else if self.synced.elapsed() >= SYNC {
            self.sync();
        }
    }

    fn sync(&mut self) {
        self.synced = Instant::now();
        if let Some(Err(error)) = self.file.as_ref().map(File::sync_data) {
            self.fail(&error);
        }
    }

    fn fail(&mut self, error: &io::Error) {
        let name = self.path.display();
        self.failed.get_or_insert_with(|| format!("cannot write to the state file `{name}`: {error}"));
    }
}

impl Done {
    fn before(content: Content) -> Self {
        Self { content, is_from_before: true }
    }
}

/// How far a file that grows was read: up to the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bytes of the file that were read.
    pub(crate) offset: u64,
    /// The number of the line that begins there.
    pub(crate) line: u64,
    /// A checksum of its first bytes, and how many: another file has others.
    pub(crate) head: (u32, u64),
}

impl Place {
    /// As the content of a file, which is that of none, so that a run that does not follow it reads all of it.
    fn content(&self) -> Content {
        let (check, length) = self.head;
        Content { version: format!("followed:{}:{check:08x}:{length}", self.line), size: self.offset }
    }

    fn parse(content: &Content) -> Option<Self> {
        let mut parts = content.version.strip_prefix("followed:")?.split(':');
        let line = parts.next()?.parse().ok()?;
        let check = u32::from_str_radix(parts.next()?, 16).ok()?;
        let length = parts.next()?.parse().ok()?;
        Some(Self { offset: content.size, line, head: (check, length) })
    }
}

/// The name and the content that an input is remembered by, if it can be.
pub(crate) fn identity(source: &Source) -> Option<(String, Content)> {
    match source {
        Source::File(path) => {
            let data = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
            let changed = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            let name = std::path::absolute(path).ok()?.to_str()?.to_owned();
            let version = format!("{}.{:09}", changed.as_secs(), changed.subsec_nanos());
            Some((name, Content { version, size: data.len() }))
        }
        Source::Object(object) => {
            let content = Content { version: object.etag()?.to_owned(), size: object.length()? };
            Some((object.name().to_owned(), content))
        }
        _ => None,
    }
}

/// What a state file says.
#[derive(Debug, Default)]
struct Known {
    done: HashMap<String, Content>,
    check: u32,
    /// Where its last whole line ends.
    length: usize,
}

/// Reads a state file; says what is wrong with it as the end of a sentence.
fn parse(bytes: &[u8]) -> Result<Known, String> {
    let mut known = Known::default();
    // Of the run that has no end so far.
    let mut untold = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if line.last() != Some(&b'\n') {
            // Also where it is not ours and has no line end at all: that must not be cut off.
            let is_ours = index > 0 || HEADER.as_bytes().starts_with(line);
            return if is_ours { Ok(known) } else { Err(foreign(line)) };
        }
        if index == 0 {
            if line != HEADER.as_bytes() {
                return Err(foreign(line));
            }
        } else {
            match checked(line, &mut known.check) {
                Some(Line::Done { name, content, findings: false }) => {
                    known.done.insert(name, content);
                }
                Some(Line::Done { name, content, findings: true }) => {
                    known.done.remove(&name);
                    untold.push((name, content));
                }
                Some(Line::End { .. }) => known.done.extend(untold.drain(..)),
                None => {
                    let line = index + 1;
                    return Err(format!(
                        "is damaged at line {line} and can't be trusted; restore it, or remove it to read everything again"
                    ));
                }
            }
        }
        known.length += line.len();
    }
    Ok(known)
}

fn foreign(line: &[u8]) -> String {
    if line.starts_with(b"{\"ccxlog-state\":") {
        "is of another version of ccxlog; use that one, or remove the file to read everything again"
            .to_owned()
    } else {
        "is no state file of ccxlog; give the name of another, or of one that does not exist yet".to_owned()
    }
}

/// A line as it is written below what gave `check`.
fn signed(line: &Line, check: &mut u32) -> io::Result<String> {
    let mut text = serde_json::to_string(line)?;
    text.pop();
    *check = chained(*check, text.as_bytes());
    let _ = writeln!(text, "{CHECK}{check:08x}\"}}");
    Ok(text)
}

/// A line whose checksum fits to what is above.
fn checked(line: &[u8], check: &mut u32) -> Option<Line> {
    let line = std::str::from_utf8(line).ok()?;
    let (text, rest) = line.rsplit_once(CHECK)?;
    let claimed = u32::from_str_radix(rest.strip_suffix("\"}\n")?, 16).ok()?;
    *check = chained(*check, text.as_bytes());
    (claimed == *check).then(|| serde_json::from_str(&format!("{text}}}")).ok())?
}

/// A checksum over `text`, and all that gave `check`.
fn chained(check: u32, text: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&check.to_le_bytes());
    hasher.update(text);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{State, parse};
    use crate::input::Source;

    fn file(folder: &Path, name: &str) -> Source {
        fs::write(folder.join(name), name).unwrap();
        Source::File(folder.join(name))
    }

    /// A state of one whole run, and of one that was cut off; the last of each had findings.
    fn sample(folder: &Path) -> (std::path::PathBuf, [Source; 4]) {
        let path = folder.join("state");
        let sources = ["a", "b", "c", "d\"\n"].map(|name| file(folder, name));
        for (two, ends) in [(&sources[..2], true), (&sources[2..], false)] {
            let (mut state, note) = State::open(&path).unwrap();
            assert!(note.is_none());
            for (source, findings) in two.iter().zip([false, true]) {
                assert!(!state.knows(source));
                state.done(&source.name(), findings, true);
            }
            if ends {
                state.end().unwrap();
            }
        }
        (path, sources)
    }

    #[test]
    fn what_was_read_and_told_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let (path, sources) = sample(folder.path());
        let (mut state, _) = State::open(&path).unwrap();
        assert_eq!(sources.each_ref().map(|source| state.knows(source)), [true, true, true, false]);
        drop(state);
        fs::write(folder.path().join("a"), "other").unwrap();
        let (mut state, _) = State::open(&path).unwrap();
        assert!(!state.knows(&sources[0]));
    }

    #[test]
    fn nothing_is_written_down_that_was_not_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = sample(folder.path());
        let before = fs::read(&path).unwrap();
        let (mut state, _) = State::open(&path).unwrap();
        state.done("<stdin>", false, true);
        assert!(!state.knows(&Source::Stdin));
        drop(state);
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    /// Whatever is left of it by a kill, it can be used, knows no more than before, and takes what is new.
    #[test]
    fn every_cut_leaves_a_state() {
        let folder = tempfile::tempdir().unwrap();
        let (path, sources) = sample(folder.path());
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let (mut state, note) = State::open(&path).unwrap();
            let is_torn = length > 0 && whole[length - 1] != b'\n';
            assert_eq!(note.is_some(), is_torn, "{length}");
            let known = sources.each_ref().map(|source| state.knows(source));
            assert!(!known[3]);
            for source in &sources {
                state.done(&source.name(), false, true);
            }
            state.end().unwrap();
            drop(state);
            let (mut state, note) = State::open(&path).unwrap();
            assert!(note.is_none() && sources.iter().all(|source| state.knows(source)), "{length}");
        }
    }

    #[test]
    fn every_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = sample(folder.path());
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            for bit in [1, 0x20, 0x80] {
                let mut damaged = whole.clone();
                damaged[at] ^= bit;
                // Without its line end the last line is as good as torn.
                let is_torn = at + 1 == whole.len();
                // The checksum is read in either case.
                let same = damaged[at].eq_ignore_ascii_case(&whole[at]);
                assert!(parse(&damaged).is_err() || is_torn || same, "byte {at}, bit {bit:#x}");
            }
        }
        let lines: Vec<_> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for left_out in 0..lines.len() - 1 {
            let mut lines = lines.clone();
            lines.remove(left_out);
            assert!(parse(&lines.concat()).is_err(), "line {left_out}");
        }
    }

    #[test]
    fn what_is_not_ours_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for (text, problem) in [
            ("{\"events\":1}", "is no state file"),
            ("{\"events\":1}\n", "is no state file"),
            ("{\"ccxlog-state\":2}\n", "is of another version"),
            ("{\"ccxlog-state\":2", "is of another version"),
            ("\n", "is no state file"),
        ] {
            let path = folder.path().join("foreign");
            fs::write(&path, text).unwrap();
            let refused = State::open(&path).unwrap_err();
            assert!(refused.contains(problem), "{refused}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn one_run_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let (_first, _) = State::open(&path).unwrap();
        assert!(State::open(&path).unwrap_err().contains("in use"));
    }
}
