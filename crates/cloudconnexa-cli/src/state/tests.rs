use std::collections::HashMap;
use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::time::SystemTime;

use super::file::{HEADER, Line, parse, with_checksum};
#[cfg(unix)]
use super::identity::identity;
use super::unread::UnreadContent;
use super::{ContentId, FilePosition, State};
use crate::outputs::InputAccess;
use crate::unreadable::Cause;
use cloudconnexa_reader::{Limits, Source};

fn file(folder: &Path, name: &str) -> Source {
    fs::write(folder.join(name), name).unwrap();
    Source::File(folder.join(name))
}

fn open(path: &Path) -> Result<(State, Option<String>), String> {
    State::open(path, &InputAccess::default())
}

/// Writes a state of one complete run, and of one that was interrupted; the last input of each had findings.
fn sample(folder: &Path) -> (std::path::PathBuf, [Source; 4]) {
    let path = folder.join("state");
    let sources = ["a", "b", "c", "d\"\n"].map(|name| file(folder, name));
    for (two, is_complete) in [(&sources[..2], true), (&sources[2..], false)] {
        let (mut state, note) = open(&path).unwrap();
        assert!(note.is_none());
        for (source, has_findings) in two.iter().zip([false, true]) {
            assert!(!state.is_done(source));
            state.mark_done(&source.name(), has_findings, true);
        }
        if is_complete {
            state.finish_run().unwrap();
        }
    }
    (path, sources)
}

#[test]
fn inputs_that_were_read_and_reported_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let (path, sources) = sample(folder.path());
    let (mut state, _) = open(&path).unwrap();
    assert_eq!(sources.each_ref().map(|source| state.is_done(source)), [true, true, true, false]);
    drop(state);
    fs::write(folder.path().join("a"), "other").unwrap();
    let (mut state, _) = open(&path).unwrap();
    assert!(!state.is_done(&sources[0]));
}

/// What is remembered is the content that was read, not the one that is there when reading ends.
#[test]
fn an_input_that_changes_while_it_is_read_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (path, source) = (folder.path().join("state"), file(folder.path(), "a"));
    let (mut state, _) = open(&path).unwrap();
    assert!(!state.is_done(&source));
    fs::write(folder.path().join("a"), "longer").unwrap();
    state.mark_done(&source.name(), false, true);
    state.finish_run().unwrap();
    assert!(!state.is_done(&source));
    drop(state);
    let (mut state, _) = open(&path).unwrap();
    assert!(!state.is_done(&source));
}

#[test]
fn inputs_that_were_not_looked_up_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = sample(folder.path());
    let before = fs::read(&path).unwrap();
    let (mut state, _) = open(&path).unwrap();
    state.mark_done("<stdin>", false, true);
    assert!(!state.is_done(&Source::Stdin));
    drop(state);
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// Wherever a killed process leaves the file, it can be used, has nothing that was not written, and can be appended to.
#[test]
fn a_truncated_file_is_usable() {
    let folder = tempfile::tempdir().unwrap();
    let (path, sources) = sample(folder.path());
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (mut state, note) = open(&path).unwrap();
        let is_incomplete = length > 0 && whole[length - 1] != b'\n';
        assert_eq!(note.is_some(), is_incomplete, "{length}");
        let done = sources.each_ref().map(|source| state.is_done(source));
        assert!(!done[3]);
        for source in &sources {
            state.mark_done(&source.name(), false, true);
        }
        state.finish_run().unwrap();
        drop(state);
        let (mut state, note) = open(&path).unwrap();
        assert!(note.is_none() && sources.iter().all(|source| state.is_done(source)), "{length}");
    }
}

#[test]
fn any_damage_is_detected() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = sample(folder.path());
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        for bit in [1, 0x20, 0x80] {
            let mut damaged = whole.clone();
            damaged[at] ^= bit;
            // Without its line end, the last line is only incomplete.
            let is_incomplete = at + 1 == whole.len();
            // The checksum is read in either case.
            let is_same = damaged[at].eq_ignore_ascii_case(&whole[at]);
            assert!(parse(&damaged).is_err() || is_incomplete || is_same, "byte {at}, bit {bit:#x}");
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
fn other_files_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (text, problem) in [
        ("{\"events\":1}", "is not a state file"),
        ("{\"events\":1}\n", "is not a state file"),
        ("{\"ccxlog-state\":2}\n", "is of another version"),
        ("{\"ccxlog-state\":2", "is of another version"),
        ("\n", "is not a state file"),
    ] {
        let path = folder.path().join("foreign");
        fs::write(&path, text).unwrap();
        let refused = open(&path).unwrap_err();
        assert!(refused.contains(problem), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn one_run_at_a_time_uses_a_state_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let (_first, _) = open(&path).unwrap();
    assert!(open(&path).unwrap_err().contains("in use"));
}

/// A state file that version 0.1.0 wrote: four inputs, three of them with findings, and a run without an end.
#[test]
fn old_state_files_are_read_and_written_the_same() {
    let old = include_str!("../../tests/compat/runs.state");
    let parsed = parse(old.as_bytes()).unwrap();
    let content = |size| ContentId::new("1793520000.123456789".to_owned(), size);
    let done = [("a", 1304), ("b", 1189), ("c", 30), ("d", 21)];
    let done = done.map(|(name, size)| (format!("/srv/logs/logs/{name}.json"), content(size)));
    assert_eq!((&parsed.done, parsed.length), (&HashMap::from(done.clone()), old.len()));

    let last = ContentId::new("1793606400.000000000".to_owned(), 29);
    let mut lines: Vec<_> = done
        .into_iter()
        .map(|(name, content)| Line::Done { findings: !name.ends_with("a.json"), name, content })
        .collect();
    lines.push(Line::End { end: true });
    lines.push(Line::Done { name: "/srv/logs/logs/e.json".to_owned(), content: last, findings: true });
    let (mut text, mut checksum) = (HEADER.to_owned(), 0);
    for line in &lines {
        text += &with_checksum(line, &mut checksum).unwrap();
    }
    assert_eq!((text.as_str(), checksum), (old, parsed.checksum));
}

#[test]
fn an_old_position_of_a_growing_file_is_read_and_written_the_same() {
    let parsed = parse(include_bytes!("../../tests/compat/followed.state")).unwrap();
    let content = &parsed.done["/srv/logs/logs/a.json"];
    let position = FilePosition { offset: 1304, line: 38, head: (0x6ae6_134d, 1024) };
    assert_eq!(FilePosition::from_content(content), Some(position.clone()));
    assert_eq!(&position.to_content(), content);
}

/// Sets the modification time of a file, as programs that copy and rotate files do.
#[cfg(unix)]
fn set_modified(path: &Path, time: SystemTime) {
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// The content has the same size and modification time, but is that of another file or was written since.
#[cfg(unix)]
#[test]
fn new_content_is_read_even_if_size_and_time_are_the_same() {
    use std::os::unix::fs::MetadataExt as _;

    let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_793_520_000);
    for is_replaced in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let (path, source) = (folder.path().join("state"), file(folder.path(), "a"));
        let log = folder.path().join("a");
        set_modified(&log, time);
        let (mut state, _) = open(&path).unwrap();
        assert!(!state.is_done(&source));
        state.mark_done(&source.name(), false, true);
        state.finish_run().unwrap();
        drop(state);
        assert!(open(&path).unwrap().0.is_done(&source));

        let before = fs::metadata(&log).unwrap();
        if is_replaced {
            fs::write(folder.path().join("b"), "b").unwrap();
            fs::rename(folder.path().join("b"), &log).unwrap();
            set_modified(&log, time);
        }
        // The clock that stamps changes is a coarse one.
        while fs::metadata(&log).unwrap().ctime_nsec() == before.ctime_nsec() {
            fs::write(&log, "b").unwrap();
            set_modified(&log, time);
        }
        let now = fs::metadata(&log).unwrap();
        assert_eq!((now.len(), now.modified().unwrap()), (1, time));
        assert_eq!(now.ino() == before.ino(), !is_replaced);
        assert!(!open(&path).unwrap().0.is_done(&source), "{is_replaced}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_is_identified_by_inode_and_change_time_as_well() {
    use std::os::unix::fs::MetadataExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    fs::write(&path, "a").unwrap();
    let data = fs::metadata(&path).unwrap();
    let (_, content) = identity(&Source::File(path)).unwrap();
    assert_eq!(content.inode, Some(data.ino()));
    assert_eq!(content.changed, Some(format!("{}.{:09}", data.ctime(), data.ctime_nsec())));
}

#[test]
fn only_what_both_runs_know_of_a_content_is_compared() {
    let content = |inode: Option<u64>, changed: Option<&str>| ContentId {
        inode,
        changed: changed.map(str::to_owned),
        ..ContentId::new("1793520000.000000000".to_owned(), 1)
    };
    let full = content(Some(1), Some("1.000000000"));
    for (before, is_still) in [
        (content(Some(1), Some("1.000000000")), true),
        (content(None, None), true),
        (content(Some(2), Some("1.000000000")), false),
        (content(Some(1), Some("1.000000001")), false),
        (ContentId { size: 2, ..full.clone() }, false),
    ] {
        assert_eq!((before.is_still(&full), full.is_still(&before)), (is_still, is_still), "{before:?}");
    }
}

/// Earlier versions, and runs that do not skip such inputs, take the content for another one, and read it.
#[test]
fn unread_content_is_written_as_content_that_no_input_has() {
    let content = ContentId::new("\"v1:2\"".to_owned(), 100);
    let limits = Limits::default();
    for cause in [Cause::Damaged, Cause::OverLimit, Cause::Refused] {
        let unread = UnreadContent { content: content.clone(), cause };
        let written = unread.to_content(limits).unwrap();
        assert!(!written.is_still(&content) && !content.is_still(&written), "{written:?}");
        assert_eq!(UnreadContent::from_content(&written, limits), Some(unread));
        let is_limit = cause == Cause::OverLimit;
        assert_eq!(UnreadContent::from_content(&written, limits.with_max_bytes(1)).is_none(), is_limit);
    }
    assert_eq!(UnreadContent { content: content.clone(), cause: Cause::Transient }.to_content(limits), None);
    assert_eq!(UnreadContent::from_content(&content, limits), None);
}
