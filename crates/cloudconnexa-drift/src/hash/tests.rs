use super::*;

/// The values are in profiles that people keep.
#[test]
fn fingerprints_never_change() {
    let mark = fingerprint("macOS");
    assert_eq!(mark, "?d19cd291808b4f9d");
    assert_eq!((key_hash(&mark), fingerprint(&mark)), (key_hash("macOS"), mark.clone()));
    assert!(is_fingerprint(&mark) && !is_fingerprint("?DC1BB4A3AFEFD2F0") && !is_fingerprint("?"));
}
