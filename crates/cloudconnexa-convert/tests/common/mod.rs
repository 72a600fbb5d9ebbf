//! Shared by the tests: the events of the corpus and generated ones, and what becomes of them.

#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::{Path, PathBuf};

use cloudconnexa_convert::ecs;
use cloudconnexa_convert::ocsf::{Ocsf, OcsfVersion};
use cloudconnexa_sample::{Options, Sample};
use cloudconnexa_validator::Validator;
use serde_json::Value;

/// An event in all forms.
pub(crate) struct Converted {
    pub(crate) record: Vec<u8>,
    pub(crate) event: Value,
    pub(crate) ocsf: Value,
    pub(crate) ocsf_1_1: Value,
    pub(crate) ecs: Value,
}

impl Converted {
    /// Converts a valid record.
    pub(crate) fn of(record: &[u8]) -> Self {
        let ocsf = |version| line(record, |event, out| Ocsf::new(version).write(event, out));
        Self {
            record: record.to_vec(),
            event: serde_json::from_slice(record).expect("it is JSON"),
            ocsf: ocsf(OcsfVersion::V1_8),
            ocsf_1_1: ocsf(OcsfVersion::V1_1),
            ecs: line(record, ecs::write),
        }
    }

    /// Returns both versions of OCSF.
    pub(crate) fn both(&self) -> [&Value; 2] {
        [&self.ocsf, &self.ocsf_1_1]
    }
}

/// Returns the line that a record becomes, and checks that it is one.
fn line(record: &[u8], write: impl Fn(&cloudconnexa_validator::view::EventView<'_>, &mut Vec<u8>)) -> Value {
    let validator = Validator::new();
    let mut checker = validator.checker();
    let event = checker.view(record).expect("the record is valid");
    let mut out = Vec::new();
    write(&event, &mut out);
    let text = String::from_utf8(out).expect("it is UTF-8");
    assert_eq!((text.matches('\n').count(), text.ends_with('\n')), (1, true), "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Returns the valid records of the corpus, with their names.
pub(crate) fn corpus() -> Vec<(String, Converted)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus"));
    let mut found = Vec::new();
    for folder in ["documented", "noticed", "valid", "valid-but-odd"] {
        files(&root.join(folder), &mut found);
    }
    found.sort();
    assert!(found.len() > 90, "{}", found.len());
    let converted = |path: &PathBuf| {
        let name = path.strip_prefix(root).expect("it is below the root").display().to_string();
        (name, Converted::of(&fs::read(path).expect("the file can be read")))
    };
    found.iter().map(converted).collect()
}

/// Returns a record of the corpus.
pub(crate) fn record(name: &str) -> Converted {
    let path = format!("{}/../../tests/corpus/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Converted::of(&fs::read(path).expect("the file can be read"))
}

/// Returns the record after an edit of its text.
pub(crate) fn edited(name: &str, edits: &[(&str, &str)]) -> Converted {
    let mut text = String::from_utf8(record(name).record).expect("it is UTF-8");
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    Converted::of(text.as_bytes())
}

/// Returns generated events.
pub(crate) fn samples(count: usize, options: &Options) -> Vec<Converted> {
    let mut sample = Sample::new(options);
    let mut text = Vec::new();
    sample.write(count as u64, &mut text).expect("a vector takes everything");
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(Converted::of).collect()
}
