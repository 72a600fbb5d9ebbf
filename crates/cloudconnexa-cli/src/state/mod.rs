//! `--state FILE`: which inputs were read to their ends, so that the next run reads only what is new.
//!
//! An input that had findings counts as read only once its run has come to its end: until then, nobody may have seen the
//! findings.

mod file;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod identity;
mod position;
#[cfg(test)]
mod tests;
mod unread;

use identity::unidentified;
pub(crate) use identity::{ContentId, identity};
pub(crate) use position::FilePosition;

use std::collections::{HashMap, HashSet};
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::outputs::{self, Access, InputAccess};
use crate::unreadable::Cause;
use cloudconnexa_reader::{Limits, Source};
use file::{HEADER, Line};
use unread::UnreadContent;

/// How often the file is synced. If the machine fails in between, a few inputs are read again.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// An input that was read.
#[derive(Debug)]
struct Done {
    content: ContentId,
    /// An earlier run has read it, and it was not counted yet.
    is_uncounted: bool,
}

/// Which inputs were read.
#[derive(Debug)]
pub(crate) struct State {
    path: PathBuf,
    /// `None` if only this run is to remember it.
    file: Option<File>,
    done: HashMap<String, Done>,
    /// Inputs that an earlier run has read, of those that were looked up.
    pub(crate) done_before: u64,
    /// Inputs that an earlier run could not read, of those that were looked up and are not read again.
    pub(crate) unread_before: u64,
    /// The limits in force, if inputs that cannot be read are skipped.
    skipping: Option<Limits>,
    /// Inputs that an earlier run was refused and has reported, which are tried again.
    refused: HashSet<String>,
    /// Inputs that are being read, by the name that findings use: their name and content in the file.
    reading: HashMap<String, (String, ContentId)>,
    /// The input that was read last.
    newest: Option<(String, ContentId)>,
    /// The checksum of the last line.
    checksum: u32,
    last_sync: Instant,
    /// Why the file could not be written.
    failure: Option<String>,
    /// Who may read the file, if it is new. Until the end of the run, only its owner can: names of inputs can be telling,
    /// and nobody knows all of them before.
    new_access: Option<Access>,
}

impl State {
    /// Opens or creates a state file, and locks it. Also returns a note about it, if there is something to say.
    ///
    /// A new file can be read by those who may read each of `inputs`.
    pub(crate) fn open(path: &Path, inputs: &InputAccess) -> Result<(Self, Option<String>), String> {
        let name = path.display();
        let cannot = |error: io::Error| format!("cannot use the state file `{name}`: {error}");
        let mut options = outputs::private();
        options.read(true).append(true);
        let (mut file, is_new) = match options.clone().create_new(true).open(path) {
            Ok(file) => (file, true),
            Err(_) => (options.create(true).open(path).map_err(cannot)?, false),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "the state file `{name}` is in use by another run; wait for that to end, or use another file"
                ));
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(cannot)?;
        let parsed = file::parse(&bytes).map_err(|problem| format!("the state file `{name}` {problem}"))?;
        let mut note = None;
        if parsed.length < bytes.len() {
            file.set_len(parsed.length as u64).map_err(cannot)?;
            note = Some(format!("the last line of the state file `{name}` is incomplete and is dropped"));
        }
        if parsed.length == 0 {
            file.write_all(HEADER.as_bytes()).and_then(|()| file.sync_all()).map_err(cannot)?;
        }
        let before = |(name, content)| (name, Done { content, is_uncounted: true });
        let mut state = Self::in_memory();
        path.clone_into(&mut state.path);
        state.file = Some(file);
        state.done = parsed.done.into_iter().map(before).collect();
        state.checksum = parsed.checksum;
        state.new_access = is_new.then(|| inputs.of_output());
        Ok((state, note))
    }

    /// Creates a state for this run alone, without a file.
    pub(crate) fn in_memory() -> Self {
        Self {
            path: PathBuf::new(),
            file: None,
            done: HashMap::new(),
            done_before: 0,
            unread_before: 0,
            skipping: None,
            refused: HashSet::new(),
            reading: HashMap::new(),
            newest: None,
            checksum: 0,
            last_sync: Instant::now(),
            failure: None,
            new_access: None,
        }
    }

    /// Returns whether this content of an input was read. If not, remembers the content for [`mark_done`](Self::mark_done):
    /// what it is before it is read.
    pub(crate) fn is_done(&mut self, source: &Source) -> bool {
        let Some((name, content)) = identity(source).or_else(|| unidentified(source)) else { return false };
        if let Some(done) = self.done.get_mut(&name) {
            if done.content.is_still(&content) {
                self.done_before += u64::from(std::mem::take(&mut done.is_uncounted));
                return true;
            }
            if let Some(limits) = self.skipping
                && let Some(unread) = UnreadContent::from_content(&done.content, limits)
                && unread.content.is_still(&content)
            {
                if unread.cause != Cause::Refused {
                    self.unread_before += u64::from(std::mem::take(&mut done.is_uncounted));
                    return true;
                }
                self.refused.insert(source.name());
            }
        }
        self.reading.insert(source.name(), (name, content));
        false
    }

    /// Returns whether an earlier run has read this content of an input.
    pub(crate) fn has(&self, name: &str, content: &ContentId) -> bool {
        self.done.get(name).is_some_and(|done| done.content.is_still(content))
    }

    /// Whether it is new, or no run has read any input.
    pub(crate) fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// Returns the last input that this run has read and will remember.
    pub(crate) fn newest(&self) -> Option<&(String, ContentId)> {
        self.newest.as_ref()
    }

    /// From now on, inputs that could not be read with these limits are remembered as well.
    pub(crate) fn skip_unreadable(&mut self, limits: Limits) {
        self.skipping = Some(limits);
    }

    /// Returns whether an earlier run was refused this content of an input, and has reported that.
    pub(crate) fn was_refused(&self, input: &str) -> bool {
        self.refused.contains(input)
    }

    /// Records that an input was read to its end, and writes that to the file if everything so far was reported.
    pub(crate) fn mark_done(&mut self, input: &str, has_findings: bool, is_reported: bool) {
        if let Some((name, content)) = self.reading.remove(input).filter(|(_, content)| !content.is_unknown())
        {
            self.remember(name, content, has_findings, is_reported);
        }
    }

    /// Records that an input could not be read to its end, if such inputs are skipped and the next run would end likewise.
    pub(crate) fn mark_unread(&mut self, input: &str, cause: Cause, is_reported: bool) {
        let Some(limits) = self.skipping else { return };
        let Some((name, content)) = self.reading.remove(input) else { return };
        if cause == Cause::Refused || !content.is_unknown() {
            let content = UnreadContent { content, cause }.to_content(limits);
            // The next run relies on this one having reported it.
            if let Some(content) = content {
                self.remember(name, content, true, is_reported);
            }
        }
    }

    fn remember(&mut self, name: String, content: ContentId, has_findings: bool, is_reported: bool) {
        self.newest = Some((name.clone(), content.clone()));
        if is_reported {
            self.write_done(name, content, has_findings);
        } else {
            self.done.insert(name, Done { content, is_uncounted: false });
        }
    }

    fn write_done(&mut self, name: String, content: ContentId, findings: bool) {
        self.done.insert(name.clone(), Done { content: content.clone(), is_uncounted: false });
        self.write(&Line::Done { name, content, findings });
    }

    /// Returns up to where an earlier run has read a growing file.
    pub(crate) fn position(&self, path: &Path) -> Option<FilePosition> {
        let done = self.done.get(std::path::absolute(path).ok()?.to_str()?)?;
        FilePosition::from_content(&done.content)
    }

    /// Records up to where a growing file was read. It counts once the run has come to its end.
    pub(crate) fn set_position(&mut self, path: &Path, position: &FilePosition) {
        let name = std::path::absolute(path).ok().and_then(|path| path.to_str().map(str::to_owned));
        if let Some(name) = name {
            self.write_done(name, position.to_content(), true);
        }
    }

    /// Records that the run came to its end, and has reported everything.
    ///
    /// # Errors
    /// Returns why the file could not be written, then or before.
    pub(crate) fn finish_run(&mut self) -> Result<(), String> {
        self.write(&Line::End { end: true });
        if let (Some(file), Some(access)) = (&self.file, self.new_access.take())
            && let Err(error) = outputs::apply_new(file, &access)
        {
            self.fail(&error);
        }
        self.sync();
        match self.failure.take() {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    fn write(&mut self, line: &Line) {
        let Some(file) = self.file.as_mut().filter(|_| self.failure.is_none()) else { return };
        let written = file::with_checksum(line, &mut self.checksum).and_then(|text| {
            // In one call, so that at most one line is incomplete.
            file.write_all(text.as_bytes())
        });
        if let Err(error) = written {
            self.fail(&error);
        } else if self.last_sync.elapsed() >= SYNC_INTERVAL {
            self.sync();
        }
    }

    fn sync(&mut self) {
        self.last_sync = Instant::now();
        if let Some(Err(error)) = self.file.as_ref().map(File::sync_data) {
            self.fail(&error);
        }
    }

    fn fail(&mut self, error: &io::Error) {
        let name = self.path.display();
        self.failure.get_or_insert_with(|| format!("cannot write to the state file `{name}`: {error}"));
    }
}
