//! Compares both implementations with plain loops, for every byte at every offset.

use super::{Native, Portable, Scan};

/// Calls `check` with each byte at each offset among several fillers.
fn each<const N: usize>(check: impl Fn([u8; N])) {
    for filler in [b'a', b'0', b'-', b'"', b' ', 0, 0x7f, 0x80, 0xff] {
        for at in 0..N {
            for byte in 0..=u8::MAX {
                let mut bytes = [filler; N];
                bytes[at] = byte;
                check(bytes);
                // Its neighbour, too: nothing may carry over.
                if let Some(next) = bytes.get_mut(at + 1) {
                    *next = byte.wrapping_add(1);
                    check(bytes);
                }
            }
        }
    }
}

fn mask(bytes: &[u8], answer: impl Fn(u8) -> bool) -> u32 {
    bytes.iter().rev().fold(0, |mask, &byte| mask << 1 | u32::from(answer(byte)))
}

fn check<S: Scan>() {
    let special = |byte| matches!(byte, b'"' | b'\\' | 0..b' ');
    each(|bytes| {
        assert_eq!(S::not_plain(&bytes), mask(&bytes, |byte| special(byte) || byte >= 0x80), "{bytes:?}");
        assert_eq!(S::not_text(&bytes), mask(&bytes, special), "{bytes:?}");
        let space = |byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        assert_eq!(S::not_space(&bytes), mask(&bytes, |byte| !space(byte)), "{bytes:?}");
    });
    each(|bytes| assert_eq!(S::not_digit(&bytes), mask(&bytes, |byte| !byte.is_ascii_digit()), "{bytes:?}"));
    for (first, end) in (0..=32).flat_map(|end| [(0, end), (1, end)]) {
        let mask = (first..end).fold(0, |mask, at| mask | 1 << at);
        let name: [u8; 32] = *b"abcdefghijklmnopqrstuvwxyz012345";
        assert!(S::has(&name, &name, mask));
        for at in 0..32 {
            let mut bytes = name;
            bytes[at] ^= 1;
            assert_eq!(S::has(&bytes, &name, mask), at < first || at >= end);
        }
    }
    let uuid = *b"693bbbde-626d-4940-AC2B-4e75efb49bf7";
    assert!(S::is_uuid(&uuid));
    for at in 0..36 {
        for byte in 0..=u8::MAX {
            let mut bytes = uuid;
            bytes[at] = byte;
            let hyphen = uuid[at] == b'-';
            let expected = if hyphen { byte == b'-' } else { byte.is_ascii_hexdigit() };
            assert_eq!(S::is_uuid(&bytes), expected, "{byte:#x} at {at}");
        }
    }
}

#[test]
fn portable_scanning_agrees_with_plain_loops() {
    check::<Portable>();
}

#[test]
fn native_scanning_agrees_with_plain_loops() {
    check::<Native>();
}
