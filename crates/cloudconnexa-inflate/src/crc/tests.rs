//! The checksum equals another implementation's, for all lengths and however the bytes are cut.

use super::Crc32;
use super::tables::update;

fn reference(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn bytes(length: u32) -> Vec<u8> {
    (0..length).map(|n| n.wrapping_mul(0x9e37_79b9).to_be_bytes()[0]).collect()
}

#[test]
fn the_checksum_of_the_standard_check_input_is_right() {
    assert_eq!(update(0, b"123456789"), 0xcbf4_3926);
    assert_eq!(update(0, b""), 0);
}

#[test]
fn every_length_has_the_checksum_that_flate2_computes() {
    let bytes = bytes(1000);
    for end in 0..=bytes.len() {
        assert_eq!(update(0, &bytes[..end]), reference(&bytes[..end]), "{end} bytes");
    }
}

#[test]
fn the_checksum_does_not_depend_on_where_the_input_is_cut() {
    let bytes = bytes(300);
    let expected = reference(&bytes);
    for cut in 0..=bytes.len() {
        let (first, second) = bytes.split_at(cut);
        assert_eq!(update(update(0, first), second), expected, "cut at {cut}");
        let mut crc = Crc32::default();
        crc.update(b"of something else");
        crc.reset();
        crc.update(first);
        crc.update(second);
        assert_eq!(crc.value(), expected, "cut at {cut}");
    }
}
