//! A view of a few bytes of the record from any place, also where it ends before them.

/// Asks a function about the bytes at a place of the record, as many as it takes.
///
/// Behind the end of the record stand zeros, which no JSON has: whoever sees one refuses it, so that nothing else has to
/// look for the end. A macro, because the compiler does not put a function in its place that it is handed as a value.
macro_rules! window {
    ($ask:expr, $record:expr, $at:expr) => {
        match $crate::fast::window::chunk($record, $at) {
            Some(bytes) => $ask(bytes),
            None => $crate::fast::window::at_end($record, $at, $ask),
        }
    };
}
pub(crate) use window;

/// The `N` bytes at `at`, if the record has as many.
#[inline(always)]
pub(crate) fn chunk<const N: usize>(record: &[u8], at: usize) -> Option<&[u8; N]> {
    record.get(at..at.wrapping_add(N)).and_then(<[u8]>::first_chunk)
}

/// Asks about bytes of which some are behind the end.
#[cold]
#[inline(never)]
pub(crate) fn at_end<const N: usize, T>(record: &[u8], at: usize, ask: impl Fn(&[u8; N]) -> T) -> T {
    let mut bytes = [[0; N]; 2];
    // The last bytes and zeros behind them, as copies of a length that is known are but a few loads and stores.
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

/// The byte at `at`, or zero behind the end.
#[inline(always)]
pub(crate) fn byte(record: &[u8], at: usize) -> u8 {
    record.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_end_stand_zeros() {
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
