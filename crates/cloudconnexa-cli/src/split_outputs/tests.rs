use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use cloudconnexa_report::Summary;

use super::partition::Share;
use super::{CommitOrder, Partition, SplitCounts, SplitOutputs};
use crate::outputs::InputAccess;
use crate::outputs::Output;
use crate::outputs::steps::testing::{Fault, record};
use crate::unreadable::OnUnreadable;

const ORDERS: [CommitOrder; 2] = [CommitOrder::AcceptedLast, CommitOrder::RejectedLast];

/// An old file in the place of each output.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        for path in files.paths() {
            fs::write(path, "old").unwrap();
        }
        files
    }

    fn paths(&self) -> [PathBuf; 2] {
        ["accepted", "rejected"].map(|name| self.folder.path().join(name))
    }

    /// Writes `new` to both, and puts them into place if all `bytes` of the input are accounted for, and were read.
    fn commit(&self, order: CommitOrder, bytes: u64, unread: u64) -> Result<SplitCounts, String> {
        let [accepted, rejected] = self.paths();
        let mut outputs = SplitOutputs::open(&accepted, &rejected, &InputAccess::default()).unwrap();
        let share = Share { records: 1, bytes: 3 };
        let counts = SplitCounts { accepted: share, rejected: share, between: 1, added: 0 };
        outputs.add(Partition { accepted: b"new".to_vec(), rejected: b"new".to_vec(), counts });
        let mut summary = Summary::default();
        (summary.counts.bytes, summary.counts.unread) = (bytes, unread);
        outputs.commit(order, &summary, OnUnreadable::Require)
    }

    /// Whether the accepted file, and the rejected file, is new. Each is complete, and there is no other file.
    #[track_caller]
    fn are_new(&self) -> [bool; 2] {
        assert_eq!(fs::read_dir(self.folder.path()).unwrap().count(), 2);
        self.paths().map(|path| match &*fs::read(path).unwrap() {
            b"new" => true,
            b"old" => false,
            other => panic!("{other:?}"),
        })
    }
}

/// The last one, of which nothing is missing from the other one, differs between split and replay.
#[test]
fn both_outputs_are_on_disk_before_one_is_put_into_place() {
    for (order, [first, last]) in ORDERS.into_iter().zip([["rejected", "accepted"], ["accepted", "rejected"]])
    {
        let files = Files::new();
        let (result, steps) = record(None, || files.commit(order, 7, 0));
        result.unwrap().unwrap();
        let expected = [
            "sync accepted".to_owned(),
            "sync rejected".to_owned(),
            format!("replace {first}"),
            format!("sync the folder of {first}"),
            format!("replace {last}"),
            format!("sync the folder of {last}"),
        ];
        assert_eq!(steps, expected);
        assert_eq!(files.are_new(), [true, true]);
    }
}

#[test]
fn a_death_at_any_step_never_leaves_only_the_last_output_new() {
    for order in ORDERS {
        let mut seen = Vec::new();
        for step in 0.. {
            let files = Files::new();
            let (result, steps) = record(Some((step, Fault::Death)), || files.commit(order, 7, 0));
            let [accepted, rejected] = files.are_new();
            let [first, last] =
                if order == CommitOrder::AcceptedLast { [rejected, accepted] } else { [accepted, rejected] };
            assert!(first || !last, "after {steps:?}");
            seen.push([first, last]);
            if result.is_some() {
                break;
            }
        }
        seen.dedup();
        assert_eq!(seen, [[false, false], [true, false], [true, true]]);
    }
}

#[test]
fn a_failure_at_any_step_is_reported_with_the_state_of_both_files() {
    for order in ORDERS {
        let mut failures = 0;
        for step in 0..6 {
            let files = Files::new();
            let (result, steps) = record(Some((step, Fault::Error)), || files.commit(order, 7, 0));
            let new = files.are_new();
            match result.unwrap() {
                // Not every file system can sync a folder.
                Ok(_) => assert_eq!(new, [true, true], "after {steps:?}"),
                Err(message) => {
                    failures += 1;
                    let nothing = message.ends_with("; nothing was put into place");
                    let half = message.contains(" is in place; run it again");
                    assert_eq!((nothing, half), (new == [false, false], new[0] != new[1]), "{message}");
                }
            }
        }
        assert_eq!(failures, 4);
    }
}

#[test]
fn bytes_that_do_not_add_up_put_nothing_into_place() {
    for bytes in [0, 6, 8] {
        let files = Files::new();
        let (result, steps) = record(None, || files.commit(CommitOrder::AcceptedLast, bytes, 0));
        let message = result.unwrap().unwrap_err();
        assert!(message.contains("and 7 are accounted for, which is a bug in ccxlog"), "{message}");
        assert_eq!((steps, files.are_new()), (Vec::new(), [false, false]));
    }
}

#[test]
fn an_unread_input_puts_nothing_into_place() {
    let files = Files::new();
    let (result, steps) = record(None, || files.commit(CommitOrder::RejectedLast, 7, 1));
    let message = result.unwrap().unwrap_err();
    assert_eq!(message, "1 input could not be read to the end; nothing was put into place");
    assert_eq!((steps, files.are_new()), (Vec::new(), [false, false]));
}

/// Returns outputs in memory with room for this many bytes of accepted records, and what is written of those.
fn in_memory(room: usize) -> (SplitOutputs, Arc<Mutex<Vec<u8>>>) {
    let written = Arc::<Mutex<Vec<u8>>>::default();
    let accepted = Output::Failing { room, written: Arc::clone(&written) };
    let rejected = Output::Failing { room: usize::MAX, written: Arc::default() };
    (SplitOutputs::of(accepted, rejected, false), written)
}

fn accepted(text: &str) -> Partition {
    Partition { accepted: text.as_bytes().to_vec(), ..Partition::default() }
}

#[test]
fn line_ends_between_blocks_are_added_where_they_lack_and_counted() {
    let (mut outputs, written) = in_memory(usize::MAX);
    for text in ["a", "b\n", "", "c", "", "d"] {
        outputs.add(accepted(text));
    }
    assert_eq!(*written.lock().unwrap(), b"a\nb\nc\nd");
    assert_eq!(outputs.counts.added, 2);
}

/// Nothing more needs to be read, and the reason is not that something was not.
#[test]
fn a_failed_write_ends_the_split_and_is_the_reason_that_is_given() {
    let (mut outputs, _) = in_memory(2);
    outputs.add(accepted("a\n"));
    assert!(!outputs.has_failed());
    outputs.add(accepted("b\n"));
    assert!(outputs.has_failed());
    let mut summary = Summary::default();
    summary.counts.unread = 1;
    let message = outputs.commit(CommitOrder::AcceptedLast, &summary, OnUnreadable::Require).unwrap_err();
    assert!(message.starts_with("cannot write to a full disk: "), "{message}");
}
