//! Inputs like those in public reports of people whose pipeline broke, with invented data: the first screen says what the input
//! is and what to do, and what it suggests to type works.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs and run programs")]

mod common;

use std::fs;
use std::path::Path;

use common::Folder;
use common::suggested::{run_suggested, suggested};
use insta::assert_snapshot;

/// Cases that `validate` accepts, at most with warnings.
const ACCEPTED: [&str; 2] = ["audit-events/audit.jsonl", "customised-stream/flows-and-disconnects.jsonl.gz"];

/// Cases for which there is something to type.
const WITH_COMMAND: usize = 18;

/// Returns the paths of all inputs, within the folder of cases, sorted.
fn cases(root: &Path) -> Vec<String> {
    let mut folders = vec![root.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("inside").to_str().expect("UTF-8");
                files.push(name.replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn each_case_is_explained_and_what_is_suggested_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut with_command = 0;
    for case in cases(&root) {
        let file = case.rsplit('/').next().expect("a name");
        let folder = Folder::with(file, fs::read(root.join(&case)).expect("a file"));
        let output = folder.run(&["validate", file]);
        let is_accepted = ACCEPTED.contains(&&*case);
        assert_eq!(output.contains("exit code: 0"), is_accepted, "{case}: {output}");
        assert_snapshot!(case.replace(['/', '.'], "_"), output);
        if suggested(&output).is_some() {
            run_suggested(&folder, &case, file, &output);
            with_command += 1;
        }
    }
    assert_eq!(with_command, WITH_COMMAND);
}

/// The tenant does not stream the starts of sessions.
#[test]
fn a_customised_stream_is_explained_in_one_note() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(ACCEPTED[1]);
    let folder = Folder::with("in.jsonl.gz", fs::read(path).expect("a file"));
    assert_snapshot!(folder.run(&["validate", "--stateful", "in.jsonl.gz"]));
}
