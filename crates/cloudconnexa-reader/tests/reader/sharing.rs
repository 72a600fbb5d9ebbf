//! How threads share the inputs, while one of them is held up.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use cloudconnexa_reader::{
    Block, FlushFn, Output, ReadEvent, Sink, Source, SourceReader, SplitRecords, Stage, run,
};

/// Long enough for another thread to do what it should not.
const A_WHILE: Duration = Duration::from_millis(200);

/// Longer than anything takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Outputs that are only counted.
#[derive(Debug, Default)]
struct Nothing;

impl Output for Nothing {
    fn event(&mut self, _: &Arc<str>, _: ReadEvent) {}

    fn append(&mut self, _: Self) {}
}

/// Names the input of each block that it begins with. In the first one of an input that is named `held`, it waits until
/// `gate` is closed; outputs of inputs that are named `parts` are too large to hold.
#[derive(Clone)]
struct Watched {
    begun: Sender<String>,
    has_held: Arc<AtomicBool>,
    gate: Arc<Mutex<Receiver<()>>>,
}

impl Stage for Watched {
    type Output = Nothing;

    fn block(&mut self, block: Block, output: &mut Nothing, flush: FlushFn<'_, Nothing>) -> Vec<u8> {
        let name = Path::new(&**block.input()).file_name().unwrap().to_str().unwrap().to_owned();
        let _ = self.begun.send(name.clone());
        if name.contains("parts") {
            flush(output);
        }
        if name.contains("held") && !self.has_held.swap(true, Ordering::Relaxed) {
            let _ = self.gate.lock().unwrap().recv();
        }
        block.visit(|_, _| {})
    }
}

/// Wants this many outputs.
struct Wanted(usize);

impl Sink<Nothing> for Wanted {
    fn merge(&mut self, _: Nothing) {
        self.0 = self.0.saturating_sub(1);
    }

    fn is_done(&self) -> bool {
        self.0 == 0
    }
}

/// Returns a stage, the names of the inputs that it begins with, and what holds one until it is dropped.
fn watched() -> (Watched, Receiver<String>, Sender<()>) {
    let ((begun, names), (hold, gate)) = (channel(), channel());
    (Watched { begun, has_held: Arc::default(), gate: Arc::new(Mutex::new(gate)) }, names, hold)
}

fn read(sources: Vec<Source>, threads: usize, stage: Watched, mut wanted: Wanted) {
    let (reader, splitting) = (SourceReader::default(), SplitRecords::default());
    run(sources, &reader, &splitting, threads, move || stage.clone(), &mut wanted);
}

fn file(folder: &Path, name: &str, bytes: usize) -> Source {
    let path = folder.join(name);
    fs::write(&path, b"{\"a\":1}\n".repeat(bytes / 8)).unwrap();
    Source::File(path)
}

/// Each may hold much that is not merged yet.
#[test]
fn few_inputs_are_processed_before_their_turn_and_fewer_if_they_are_large() {
    let folder = tempfile::tempdir().unwrap();
    for (name, before, bytes, expected) in [
        ("small", 0, 300 << 10, 12),
        ("large", 0, 1100 << 10, 6),
        // Small themselves, with outputs that were too large to hold.
        ("with large outputs", 100, 64 << 10, 6),
    ] {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        let mut sources: Vec<_> =
            (0..before).map(|number| file(&folder, &format!("{number} in parts"), bytes)).collect();
        sources.push(file(&folder, "held", bytes));
        sources.extend((0..20).map(|number| file(&folder, &format!("{number} later"), bytes)));
        let (stage, names, hold) = watched();
        thread::scope(|scope| {
            scope.spawn(|| read(sources, 2, stage, Wanted(usize::MAX)));
            let hold = hold;
            let mut later = BTreeSet::new();
            while later.len() < expected {
                let name = names.recv_timeout(TIMEOUT).expect(name);
                later.extend(Some(name).filter(|name| name.contains("later")));
            }
            while let Ok(name) = names.recv_timeout(A_WHILE) {
                later.insert(name);
            }
            assert_eq!(later.len(), expected, "{name}: {later:?}");
            drop(hold);
        });
    }
}

/// With one processor, nothing is shared.
#[test]
fn threads_share_a_large_input() {
    if thread::available_parallelism().is_ok_and(|count| count.get() > 1) {
        let folder = tempfile::tempdir().unwrap();
        let sources = vec![file(folder.path(), "held", 4 << 20)];
        let (stage, names, hold) = watched();
        thread::scope(|scope| {
            scope.spawn(|| read(sources, 2, stage, Wanted(usize::MAX)));
            let hold = hold;
            assert!((0..2).all(|_| names.recv_timeout(TIMEOUT).is_ok()));
            drop(hold);
        });
    }
}

#[test]
fn an_input_that_nobody_wants_any_more_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let sources = vec![file(folder.path(), "held with parts", 4 << 20)];
    let (stage, names, hold) = watched();
    read(sources, 1, stage, Wanted(1));
    drop(hold);
    // The thread ends, and its stage with it.
    assert_eq!(names.iter().count(), 1);
}
