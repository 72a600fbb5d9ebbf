//! The hybrid of run-length encoding and bit packing, in which Parquet stores definition levels and indices of dictionaries.

use std::iter;

/// The shortest run of a value to store as such.
const MIN_RUN: usize = 16;

/// The number of values packed at a time. A group takes as many bytes as each value has bits.
const GROUP: usize = 8;

/// Appends values of at most `width` bits.
pub(super) fn encode(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let (mut packed, mut next) = (0, 0);
    while let Some((first, rest)) = values.get(next..).and_then(<[u32]>::split_first) {
        let run = 1 + rest.iter().take_while(|value| *value == first).count();
        if run < MIN_RUN {
            next = values.len().min(next + GROUP);
            continue;
        }
        // The values skipped so far are whole groups.
        pack(&values[packed..next], width, out);
        encode_run(*first, run, width, out);
        next += run;
        packed = next;
    }
    pack(&values[packed..], width, out);
}

/// Appends the same value `count` times.
pub(super) fn encode_run(value: u32, count: usize, width: u32, out: &mut Vec<u8>) {
    varint((count as u64) << 1, out);
    out.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Appends the header of `count` packed values.
pub(super) fn start_packed(count: usize, out: &mut Vec<u8>) {
    varint((count.div_ceil(GROUP) as u64) << 1 | 1, out);
}

/// Packs values, the last group padded with zeros.
fn pack(values: &[u32], width: u32, out: &mut Vec<u8>) {
    let groups = values.len().div_ceil(GROUP);
    if groups == 0 {
        return;
    }
    start_packed(values.len(), out);
    out.reserve(groups * width as usize);
    let padding = iter::repeat_n(0, groups * GROUP - values.len());
    let (mut bits, mut count) = (0_u64, 0);
    for value in values.iter().copied().chain(padding) {
        bits |= u64::from(value) << count;
        count += width;
        if count >= u32::BITS {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half")]
            out.extend_from_slice(&(bits as u32).to_le_bytes());
            bits >>= u32::BITS;
            count -= u32::BITS;
        }
    }
    out.extend_from_slice(&bits.to_le_bytes()[..(count / 8) as usize]);
}

/// Appends a number in groups of seven bits.
fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use super::{encode, encode_run, start_packed};

    /// Decodes as the format defines it, one bit after the other.
    fn decode(mut bytes: &[u8], width: u32, count: usize) -> Vec<u32> {
        let mut values = Vec::new();
        while !bytes.is_empty() {
            let (mut header, mut shift) = (0_u64, 0);
            while let Some((byte, rest)) = bytes.split_first() {
                bytes = rest;
                header |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let size = usize::try_from(header >> 1).unwrap();
            if header & 1 == 0 {
                let (value, rest) = bytes.split_at(width.div_ceil(8) as usize);
                let value = value.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
                values.extend(std::iter::repeat_n(value, size));
                bytes = rest;
            } else {
                let (packed, rest) = bytes.split_at(size * width as usize);
                let bit = |index: usize| u32::from(packed[index / 8] >> (index % 8) & 1);
                let value = |index: usize| {
                    (0..width).fold(0, |value, at| value | bit(index * width as usize + at as usize) << at)
                };
                values.extend((0..size * 8).map(value));
                bytes = rest;
            }
        }
        assert!(values.len() >= count && values[count..].iter().all(|padding| *padding == 0));
        values.truncate(count);
        values
    }

    #[test]
    fn values_of_every_width_are_read_back() {
        for width in 1..=32_u32 {
            let max = u32::MAX >> (32 - width);
            for count in [1, 7, 8, 9, 31, 64, 1000] {
                // Runs of all lengths, between values that differ.
                let mut values = Vec::new();
                let mut seed = u64::from(width) * 7919 + 1;
                while values.len() < count {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(count as u64);
                    let value = (seed >> 32) as u32 & max;
                    let run = if seed.is_multiple_of(4) { (seed >> 8) as usize % 40 } else { 1 };
                    values.extend(std::iter::repeat_n(value, run.min(count - values.len())));
                }
                let mut out = Vec::new();
                encode(&values, width, &mut out);
                assert_eq!(decode(&out, width, count), values, "{count} values of {width} bits");
            }
        }
    }

    #[test]
    fn runs_take_few_bytes() {
        let mut out = Vec::new();
        encode(&vec![3; 100_000], 9, &mut out);
        assert_eq!(out, [0xc0, 0x9a, 0x0c, 3, 0]);
        // The only value of a dictionary has no bits.
        out.clear();
        encode_run(0, 5, 0, &mut out);
        assert_eq!(out, [10]);
        out.clear();
        start_packed(3, &mut out);
        out.push(0b101);
        assert_eq!(decode(&out, 1, 3), [1, 0, 1]);
    }
}
