//! Whom a folder and a file in it belong to.
//!
//! Trusted are the user who runs `ccxlog`, and the owner of the working directory. These differ in a container of a CI
//! service: there, root works on files of somebody else, and the config file among them is meant to apply. If it did not,
//! the run would pass although the team's rules refuse it.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::Border;

/// The bit that lets all users write.
const ANYONE_WRITES: u32 = 0o002;

/// The bit of folders that all users share, such as `/tmp`, which keeps them from removing files of each other.
const IS_SHARED: u32 = 0o1000;

/// The owner of a file or folder, and its mode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ownership {
    pub(super) owner: u32,
    pub(super) mode: u32,
}

impl Ownership {
    /// Returns the ownership of the path itself, even if it is a link: whoever made the link decides what it points to.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let data = fs::symlink_metadata(path).ok()?;
        Some(Self { owner: data.uid(), mode: data.mode() })
    }
}

/// Looks up ownership; another one in tests.
pub(super) type LookUp = dyn Fn(&Path) -> Option<Ownership>;

/// The users who are trusted.
pub(super) struct Trust {
    users: Vec<u32>,
    look_up: Box<LookUp>,
}

impl Trust {
    /// Trusts the user of this process and the owner of the working directory.
    pub(super) fn of(working_directory: &Path) -> Self {
        let user = rustix::process::geteuid().as_raw();
        Self::new(user, working_directory, Box::new(Ownership::of))
    }

    pub(super) fn new(user: u32, working_directory: &Path, look_up: Box<LookUp>) -> Self {
        let owner = look_up(working_directory).map(|folder| folder.owner);
        Self { users: owner.into_iter().chain([user]).collect(), look_up }
    }

    /// Returns whether the search ends before `folder`, which is above the working directory.
    pub(super) fn border_at(&self, folder: &Path, relative: &Path) -> Option<Border> {
        match (self.look_up)(folder) {
            Some(Ownership { owner, mode }) if self.users.contains(&owner) => {
                let is_shared = mode & IS_SHARED != 0 && mode & ANYONE_WRITES != 0;
                is_shared.then(|| Border::Shared(relative.to_owned()))
            }
            _ => Some(Border::OtherOwner(relative.to_owned())),
        }
    }

    /// Returns whether the search ends before `file`. Whose it is matters only if all users may write to its folder: some
    /// file systems show that for every folder, and the owner of any other folder decides who may.
    pub(super) fn border_before(&self, file: &Path, folder: &Path) -> Option<Border> {
        let anyone_writes = (self.look_up)(folder).is_none_or(|folder| folder.mode & ANYONE_WRITES != 0);
        let is_trusted = || (self.look_up)(file).is_some_and(|file| self.users.contains(&file.owner));
        (anyone_writes && !is_trusted()).then_some(Border::OtherFile)
    }
}
