//! Tests of sizes.

use super::parse;

#[test]
fn sizes_are_read_with_their_units() {
    assert_eq!(parse("4096"), Ok(4096));
    assert_eq!(parse("16MiB"), Ok(16 << 20));
    assert_eq!(parse("16 mib"), Ok(16 << 20));
    assert_eq!(parse("2kB"), Ok(2000));
    for wrong in ["", "MiB", "-1", "1.5MiB", "3 apples", "0", "99999999999999999999", "99999999999GiB"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}
