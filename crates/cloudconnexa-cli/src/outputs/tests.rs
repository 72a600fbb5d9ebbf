use std::fs;
use std::io::Write as _;

use super::steps::testing::record;
use super::{Access, Output};

#[test]
fn a_file_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let mut output = Output::file(&path, Access::Public).unwrap();
    output.write_all(b"new").unwrap();
    assert!(!path.exists());
    output.finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");

    let mut output = Output::file(&path, Access::Public).unwrap();
    output.write_all(b"newer").unwrap();
    drop(output);
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    for wrong in [folder.path().to_owned(), folder.path().join("no/such")] {
        assert!(Output::file(&wrong, Access::Public).is_err());
    }
}

#[test]
fn a_file_is_on_disk_before_it_is_put_into_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let (result, steps) = record(None, || super::write(&path, b"new", Access::Public));
    result.unwrap().unwrap();
    assert_eq!(steps, ["sync a.json", "replace a.json", "sync the folder of a.json"]);
}
