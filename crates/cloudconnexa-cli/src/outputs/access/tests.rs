//! Tests of who may read a file.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use cloudconnexa_reader::Source;

use super::{Access, InputAccess, create_mode};

/// The mode of an output of group 7 of inputs with these groups and modes.
fn mode(files: &[(u32, u32)]) -> u32 {
    let inputs = InputAccess::default();
    inputs.inputs().files.extend(files);
    inputs.mode(7)
}

#[test]
fn an_output_is_no_wider_than_its_strictest_input() {
    for (files, expected) in [
        (&[][..], 0o600),
        (&[(7, 0o644)], 0o644),
        (&[(7, 0o644), (7, 0o640)], 0o640),
        (&[(7, 0o604), (7, 0o640)], 0o600),
        (&[(7, 0o600), (7, 0o666)], 0o600),
        // Whoever wrote it can change it, but it is not a program.
        (&[(7, 0o444)], 0o644),
        (&[(7, 0o000)], 0o600),
        (&[(7, 0o777)], 0o666),
    ] {
        assert_eq!(mode(files), expected, "{files:?}");
    }
}

/// Members of the group of the output need not be in the group of the input, and the other way around.
#[test]
fn a_group_has_no_more_access_than_everyone_if_inputs_have_another_group() {
    assert_eq!(mode(&[(8, 0o640)]), 0o600);
    assert_eq!(mode(&[(8, 0o644)]), 0o644);
    assert_eq!(mode(&[(8, 0o604)]), 0o600);
    assert_eq!(mode(&[(7, 0o640), (8, 0o644)]), 0o640);
}

#[test]
fn an_input_without_permissions_makes_an_output_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let group = fs::metadata(&path).unwrap().gid();
    let custom = || Source::custom("object", || Ok(Box::new(std::io::empty())));
    let missing = Source::File(folder.path().join("missing"));
    for (others, expected) in [
        (vec![], 0o644),
        (vec![Source::Stdin], 0o600),
        (vec![custom()], 0o600),
        (vec![missing], 0o600),
        (vec![Source::File(folder.path().to_owned())], 0o600),
    ] {
        let inputs = InputAccess::default();
        assert!(matches!(inputs.of_output(), Access::LikeInputs(_)));
        inputs.add_sources(&[Source::File(path.clone())]);
        inputs.add_sources(&others);
        assert_eq!(inputs.mode(group), expected, "{others:?}");
    }
}

/// Nobody could take back what others have read meanwhile.
#[test]
fn only_a_new_file_for_everyone_is_not_private_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (new, existing) = (folder.path().join("new"), folder.path().join("existing"));
    fs::write(&existing, "").unwrap();
    let like_inputs = InputAccess::default().of_output();
    for (path, access, expected) in [
        (&new, &Access::Public, 0o666),
        (&existing, &Access::Public, 0o600),
        (&new, &like_inputs, 0o600),
        (&existing, &like_inputs, 0o600),
    ] {
        assert_eq!(create_mode(path, access), expected, "{path:?}, {access:?}");
    }
}
