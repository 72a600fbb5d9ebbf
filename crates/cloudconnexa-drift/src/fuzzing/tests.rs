#![allow(clippy::disallowed_methods, reason = "seeds are files")]

use std::fs;
use std::path::Path;

fn run_seeds(target: fn(&[u8]), folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(folder);
    let mut seeds = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let result = std::panic::catch_unwind(|| target(&bytes));
        assert!(result.is_ok(), "{} breaks a property, reported above", path.display());
        seeds += 1;
    }
    assert!(seeds > 0);
}

#[test]
fn properties_hold_for_seeds_of_profiles() {
    run_seeds(super::profile, "profile");
}

#[test]
fn properties_hold_for_seeds_of_schemas() {
    run_seeds(super::schema, "schema");
}
