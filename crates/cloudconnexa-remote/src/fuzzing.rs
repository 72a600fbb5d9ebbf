//! What a fuzz target calls, in `fuzz/`; it panics where something does not hold that must. `cargo test` calls it with all
//! seeds.

#![allow(clippy::missing_panics_doc, reason = "that is how it tells")]

/// Answers to requests for a list of objects.
pub fn listing(bytes: &[u8]) {
    crate::bucket::fuzzing::listing(bytes);
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::bucket::fuzzing::listing;

    /// Keys or an error come of every seed; and none of a page that is not there to its end.
    #[test]
    fn seeds_of_lists_hold() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/listing");
        let mut told = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let (keys, failed) = listing(&bytes);
            told.push(format!("{}: {keys:?} {failed:?}", path.file_name().unwrap().display()));
            for length in 0..bytes.trim_ascii_end().len() {
                let (keys, failed) = listing(&bytes[..length]);
                assert!(failed.is_some(), "{}, cut off at {length}: {keys:?}", path.display());
            }
        }
        told.sort();
        insta::assert_snapshot!(told.join("\n"));
    }
}
