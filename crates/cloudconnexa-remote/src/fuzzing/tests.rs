//! The fuzz target, run on its seeds.

use std::fs;
use std::path::Path;

use crate::bucket::fuzzing::listing;

/// Every seed gives keys or an error, and a response that is cut off gives an error.
#[test]
fn seeds_of_lists_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/listing");
    let mut results = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let (keys, failed) = listing(&bytes);
        results.push(format!("{}: {keys:?} {failed:?}", path.file_name().unwrap().display()));
        for length in 0..bytes.trim_ascii_end().len() {
            let (keys, failed) = listing(&bytes[..length]);
            assert!(failed.is_some(), "{}, cut off at {length}: {keys:?}", path.display());
        }
    }
    results.sort();
    insta::assert_snapshot!(results.join("\n"));
}
