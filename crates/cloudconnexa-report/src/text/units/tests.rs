//! Tests of numbers and sizes.

use super::{bytes, count, counted};

#[test]
fn numbers_have_separators_and_units() {
    assert_eq!(bytes(999), "999 B");
    assert_eq!(bytes(1_000), "1.0 kB");
    assert_eq!(bytes(999_960), "1.0 MB");
    assert_eq!(bytes(266_000_000), "266.0 MB");
    assert_eq!(count(1_234_567), "1,234,567");
    assert_eq!(count(123), "123");
    assert_eq!(counted(1, "file"), "1 file");
}
