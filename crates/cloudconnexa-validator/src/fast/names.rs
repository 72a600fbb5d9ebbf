//! Perfect hashes of names: from a known name to its index.

use cloudconnexa_tape::fingerprint;

use super::window::chunk;

/// Stands for no field.
pub(crate) const NONE: u8 = u8::MAX;

/// A perfect hash: maps a known name to its index, and any other name to some index or none. Callers compare the name.
pub(crate) struct Names {
    pub(crate) multiplier: u64,
    pub(crate) bits: u32,
    pub(crate) places: &'static [u8],
}

impl Names {
    /// Returns the only index that can be that of `name`.
    pub(crate) fn index(&self, name: &[u8]) -> u8 {
        self.index_of(fingerprint(name))
    }

    /// Returns the only index that can be that of the name in `record[start..end]`.
    #[inline(always)]
    pub(crate) fn index_within(&self, record: &[u8], start: usize, end: usize) -> u8 {
        let (Some(first), Some(last)) = (chunk(record, start), chunk(record, end.wrapping_sub(8))) else {
            return self.index(record.get(start..end).unwrap_or_default());
        };
        // The same fingerprint, without a branch on whether the name has eight bytes. Names of unpredictable keys vary
        // around that length.
        let length = end.wrapping_sub(start);
        let others = 8 * 8_u32.saturating_sub(u32::try_from(length).unwrap_or(8));
        let first = u64::from_le_bytes(*first) & u64::MAX.checked_shr(others).unwrap_or(0);
        let last = u64::from_le_bytes(*last).checked_shr(others).unwrap_or(0);
        self.index_of(first ^ last.rotate_left(29) ^ length as u64)
    }

    #[inline(always)]
    fn index_of(&self, fingerprint: u64) -> u8 {
        let hash = fingerprint.wrapping_mul(self.multiplier) >> (64 - self.bits);
        usize::try_from(hash).ok().and_then(|hash| self.places.get(hash)).copied().unwrap_or(NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_of_a_name_does_not_depend_on_its_surroundings() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let bytes: &'static [u8] = bytes.leak();
        for length in 0..40 {
            let name: Vec<u8> = (b'a'..).take(length).collect();
            for (before, after) in [(0, 0), (1, 0), (0, 9), (9, 0), (20, 20)] {
                let record = [&vec![b'!'; before][..], &name, &vec![b'?'; after]].concat();
                for multiplier in (0..8).map(|byte| 1 << (8 * byte)) {
                    // Returns one byte of the fingerprint.
                    let names = Names { multiplier, bits: 8, places: bytes };
                    assert_eq!(names.index_within(&record, before, before + length), names.index(&name));
                }
            }
        }
    }
}
