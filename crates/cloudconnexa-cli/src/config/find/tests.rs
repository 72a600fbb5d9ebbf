//! Tests of the search, with owners and modes that a test cannot give to real folders.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use super::trust::{LookUp, Ownership, Trust};
use super::{Border, Nearest, search};

const ME: u32 = 1000;
const OTHER: u32 = 1001;
const ROOT: u32 = 0;

/// Folders `a/b/c` with a config file in `a`.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b/c")).unwrap();
        fs::write(folder.path().join("a/ccxlog.toml"), "").unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Searches from `a/b/c`, as this user. All is mode 755 and of [`ME`] but for `ownerships`.
    fn search(&self, user: u32, ownerships: &[(&str, u32, u32)]) -> Nearest {
        let known: Vec<_> =
            ownerships.iter().map(|(name, owner, mode)| (self.path(name), *owner, *mode)).collect();
        let look_up: Box<LookUp> = Box::new(move |path: &Path| {
            let known = known.iter().find(|(known, ..)| known == path);
            let (owner, mode) = known.map_or((ME, 0o755), |(_, owner, mode)| (*owner, *mode));
            Some(Ownership { owner, mode })
        });
        let working_directory = self.path("a/b/c");
        search(&working_directory, &Trust::new(user, &working_directory, look_up))
    }
}

fn found() -> Nearest {
    Nearest::Found("../../ccxlog.toml".into())
}

fn skipped(border: Border) -> Nearest {
    Nearest::Skipped("../../ccxlog.toml".into(), border)
}

#[test]
fn the_search_ends_above_the_root_of_the_repository() {
    for name in [".git", ".hg", ".jj", ".svn"] {
        for (folder, expected) in
            [("a", found()), ("a/b", skipped(Border::Repository)), ("a/b/c", skipped(Border::Repository))]
        {
            let tree = Tree::new();
            fs::create_dir(tree.path(folder).join(name)).unwrap();
            assert_eq!(tree.search(ME, &[]), expected, "{folder}/{name}");
        }
    }
    // In a work tree of Git, it is a file.
    let tree = Tree::new();
    fs::write(tree.path("a/b/.git"), "gitdir: elsewhere").unwrap();
    assert_eq!(tree.search(ME, &[]), skipped(Border::Repository));
}

#[test]
fn the_search_ends_at_a_folder_of_another_user() {
    let tree = Tree::new();
    assert_eq!(tree.search(ME, &[]), found());
    for owner in [OTHER, ROOT] {
        let (here, above) = (Border::OtherOwner("../..".into()), Border::OtherOwner("..".into()));
        assert_eq!(tree.search(ME, &[("a", owner, 0o755)]), skipped(here));
        // Also if a folder above that is our own again.
        assert_eq!(tree.search(ME, &[("a/b", owner, 0o755)]), skipped(above));
    }
}

/// In a job container, root works on what the runner has checked out.
#[test]
fn files_of_the_owner_of_the_working_directory_apply() {
    let tree = Tree::new();
    assert_eq!(tree.search(ROOT, &[]), found());
    // What the user owns applies as well, whoever owns the working directory.
    assert_eq!(tree.search(ME, &[("a/b/c", OTHER, 0o755)]), found());
    let other = skipped(Border::OtherOwner("..".into()));
    assert_eq!(tree.search(ROOT, &[("a/b/c", OTHER, 0o755)]), other);
}

#[test]
fn the_search_ends_at_a_folder_that_all_users_share() {
    let tree = Tree::new();
    assert_eq!(tree.search(ME, &[("a", ME, 0o1777)]), skipped(Border::Shared("../..".into())));
    assert_eq!(tree.search(ME, &[("a/b", ME, 0o1777)]), skipped(Border::Shared("..".into())));
    assert_eq!(tree.search(ME, &[("a", ME, 0o1755)]), found());
    // Some file systems show this mode for every folder.
    assert_eq!(tree.search(ME, &[("a", ME, 0o777), ("a/b", ME, 0o777)]), found());
}

#[test]
fn a_file_of_another_user_does_not_apply_where_all_users_may_write() {
    let tree = Tree::new();
    let file = ("a/ccxlog.toml", OTHER, 0o644);
    assert_eq!(tree.search(ME, &[file]), found());
    assert_eq!(tree.search(ME, &[("a", ME, 0o777), file]), skipped(Border::OtherFile));
    assert_eq!(tree.search(ME, &[("a", ME, 0o777)]), found());
    // The working directory is no exception.
    fs::write(tree.path("a/b/c/ccxlog.toml"), "").unwrap();
    let file = ("a/b/c/ccxlog.toml", OTHER, 0o644);
    let skipped = Nearest::Skipped("ccxlog.toml".into(), Border::OtherFile);
    assert_eq!(tree.search(ME, &[("a/b/c", ROOT, 0o1777), file]), skipped);
    assert_eq!(tree.search(ME, &[("a/b/c", ROOT, 0o1777)]), Nearest::Found("ccxlog.toml".into()));
}

#[test]
fn ownership_is_that_of_a_link_and_not_of_its_target() {
    use std::os::unix::fs::PermissionsExt as _;

    let tree = Tree::new();
    let (file, link) = (tree.path("a/ccxlog.toml"), tree.path("link"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let (of_file, of_link) = (Ownership::of(&file).unwrap(), Ownership::of(&link).unwrap());
    assert_eq!(of_file.owner, rustix::process::geteuid().as_raw());
    assert_eq!((of_file.mode & 0o777, of_link.mode & 0o777 == 0o640), (0o640, false));
    assert!(Ownership::of(&tree.path("missing")).is_none());
}
