//! Reads a few bytes of the record at any offset, padded with zeros after its end.

/// Calls a function with the bytes of the record at an offset, as many as it takes.
///
/// After the end of the record it reads zeros. JSON never contains a zero byte, so every caller rejects it anyway, and none
/// has to check for the end. This is a macro because the compiler does not inline a function that it gets as a value.
macro_rules! window {
    ($ask:expr, $record:expr, $at:expr) => {
        match $crate::fast::window::chunk($record, $at) {
            Some(bytes) => $ask(bytes),
            None => $crate::fast::window::at_end($record, $at, $ask),
        }
    };
}
pub(crate) use window;

/// Returns the `N` bytes at `at`, if the record has that many.
#[inline(always)]
pub(crate) fn chunk<const N: usize>(record: &[u8], at: usize) -> Option<&[u8; N]> {
    record.get(at..at.wrapping_add(N)).and_then(<[u8]>::first_chunk)
}

/// Calls the function with bytes of which some are after the end.
#[cold]
#[inline(never)]
pub(crate) fn at_end<const N: usize, T>(record: &[u8], at: usize, ask: impl Fn(&[u8; N]) -> T) -> T {
    let mut bytes = [[0; N]; 2];
    // Copying the last `N` bytes, with zeros after them, has a constant length and so takes only a few instructions.
    let length = if let Some(last) = record.last_chunk() {
        bytes[0] = *last;
        N
    } else {
        bytes[0][..record.len()].copy_from_slice(record);
        record.len()
    };
    let skipped = at.saturating_add(length).saturating_sub(record.len()).min(N);
    ask(bytes.as_flattened()[skipped..].first_chunk().unwrap_or(&[0; N]))
}

/// Returns the byte at `at`, or zero after the end.
#[inline(always)]
pub(crate) fn byte(record: &[u8], at: usize) -> u8 {
    record.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_after_the_end_are_zeros() {
        let record = b"abcdef";
        let copy = |bytes: &[u8; 4]| *bytes;
        let four = |at| window!(copy, record, at);
        assert_eq!(four(0), *b"abcd");
        assert_eq!(four(2), *b"cdef");
        assert_eq!(four(3), *b"def\0");
        assert_eq!(four(6), [0; 4]);
        assert_eq!(four(9), [0; 4]);
        let eight = |at| window!(|bytes: &[u8; 8]| *bytes, record, at);
        assert_eq!((eight(0), eight(4), eight(6)), (*b"abcdef\0\0", *b"ef\0\0\0\0\0\0", [0; 8]));
        assert_eq!(window!(copy, &[], 0), [0; 4]);
        assert_eq!((byte(record, 5), byte(record, 6)), (b'f', 0));
    }
}
