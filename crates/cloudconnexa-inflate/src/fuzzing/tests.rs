//! All seeds once through the fuzz target: those in `fuzz/seeds`, where findings are kept by name, and our corpus, compressed.

#![allow(clippy::disallowed_methods, reason = "seeds are files")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Returns the files below a folder of the workspace, by name.
fn files(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    assert!(!paths.is_empty());
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn check(seeds: &[(PathBuf, Vec<u8>)]) {
    for (path, bytes) in seeds {
        let result = std::panic::catch_unwind(|| super::gzip(bytes));
        assert!(result.is_ok(), "{} fails, as reported above", path.display());
    }
}

#[test]
fn seeds_of_gzip_files_hold() {
    check(&files("fuzz/seeds/gzip"));
}

#[test]
fn the_corpus_holds_when_compressed() {
    let compressed: Vec<_> = files("tests/corpus")
        .into_iter()
        .enumerate()
        .map(|(index, (path, bytes))| {
            let level = flate2::Compression::new([0, 1, 6, 9][index % 4]);
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(&bytes).unwrap();
            (path, encoder.finish().unwrap())
        })
        .collect();
    check(&compressed);
}
