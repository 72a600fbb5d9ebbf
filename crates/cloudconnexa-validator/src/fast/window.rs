//! A view of a few bytes of the record from any place, also where it ends before them.

/// The `N` bytes at `at`. Behind the end of the record stand zeros, which no JSON has: whoever sees one refuses it, so
/// that nothing else has to look for the end. `spare` is where such bytes are kept: `&mut None`.
#[inline(always)]
pub(crate) fn window<'a, const N: usize>(
    record: &'a [u8],
    at: usize,
    spare: &'a mut Option<[u8; N]>,
) -> &'a [u8; N] {
    match record.get(at..at.wrapping_add(N)).and_then(<[u8]>::first_chunk) {
        Some(bytes) => bytes,
        None => spare.insert(padded(record, at)),
    }
}

/// The byte at `at`, or zero behind the end.
#[inline(always)]
pub(crate) fn byte(record: &[u8], at: usize) -> u8 {
    record.get(at).copied().unwrap_or(0)
}

#[cold]
#[inline(never)]
fn padded<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    let rest = record.get(at..).unwrap_or_default();
    let mut bytes = [0; N];
    if let Some(begin) = bytes.get_mut(..rest.len()) {
        begin.copy_from_slice(rest);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_end_stand_zeros() {
        let record = b"abcdef";
        assert_eq!(window(record, 0, &mut None), b"abcd");
        assert_eq!(window(record, 2, &mut None), b"cdef");
        assert_eq!(window(record, 3, &mut None), b"def\0");
        assert_eq!(window(record, 6, &mut None), &[0; 4]);
        assert_eq!(window(record, 9, &mut None), &[0; 4]);
        assert_eq!((byte(record, 5), byte(record, 6)), (b'f', 0));
    }
}
