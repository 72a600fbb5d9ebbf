//! The header of a block: its codes.

use super::table::{DistanceTable, END_OF_BLOCK, EXCEPTIONAL, Entry, LITERAL, Table};
use super::{DeflateError, Inflate, State};

/// The order in which the lengths of the precode are stored.
const PRECODE_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Base and number of extra bits of each length symbol, and of each distance symbol.
#[rustfmt::skip]
const LENGTHS: [(u16, u8); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1), (19, 2),
    (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4), (131, 5),
    (163, 5), (195, 5), (227, 5), (258, 0),
];
#[rustfmt::skip]
const DISTANCES: [(u16, u8); 30] = [
    (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4), (65, 5),
    (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9), (2049, 10),
    (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12_289, 12), (16_385, 13), (24_577, 13),
];

/// The code lengths of a dynamic block, as far as they have been read.
#[derive(Debug)]
pub(super) struct CodeLengths {
    literal_count: usize,
    distance_count: usize,
    precode_count: usize,
    /// The lengths of the precode, by which the other lengths are encoded.
    precode: [u8; 19],
    precode_read: usize,
    precode_table: Table<128, 7>,
    /// The lengths of literals and then of distances.
    lengths: [u8; 320],
    read: usize,
}

impl Default for CodeLengths {
    fn default() -> Self {
        Self {
            literal_count: 0,
            distance_count: 0,
            precode_count: 0,
            precode: [0; 19],
            precode_read: 0,
            precode_table: Table::default(),
            lengths: [0; 320],
            read: 0,
        }
    }
}

impl CodeLengths {
    /// Returns how many lengths have been read.
    pub(super) fn read(&self) -> usize {
        self.read
    }
}

fn literal_value(symbol: usize) -> Option<(Entry, u32)> {
    match symbol {
        0..256 => Some(((symbol as Entry) << 16 | LITERAL, 0)),
        256 => Some((EXCEPTIONAL | END_OF_BLOCK, 0)),
        _ => base_and_extra(&LENGTHS, symbol - 257),
    }
}

fn distance_value(symbol: usize) -> Option<(Entry, u32)> {
    base_and_extra(&DISTANCES, symbol)
}

fn base_and_extra(values: &[(u16, u8)], index: usize) -> Option<(Entry, u32)> {
    values.get(index).map(|&(base, extra)| (Entry::from(base) << 16, u32::from(extra)))
}

impl Inflate {
    pub(super) fn use_fixed_codes(&mut self) -> Result<(), DeflateError> {
        let mut lengths = [8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        self.literals.build(&lengths, literal_value)?;
        self.distances.build(&[5; 32], distance_value)
    }

    pub(super) fn read_code_counts(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
    ) -> Result<(), DeflateError> {
        self.bits.fill(input, consumed);
        let Some(counts) = self.bits.take(14) else { return Ok(()) };
        let lengths = &mut self.code_lengths;
        lengths.literal_count = (counts & 31) + 257;
        lengths.distance_count = (counts >> 5 & 31) + 1;
        lengths.precode_count = (counts >> 10) + 4;
        if lengths.literal_count > 286 || lengths.distance_count > 30 {
            return Err(DeflateError);
        }
        (lengths.precode, lengths.precode_read, lengths.read) = ([0; 19], 0, 0);
        self.state = State::CodeLengths;
        Ok(())
    }

    /// Reads lengths as far as the input goes, and then builds the tables.
    pub(super) fn read_code_lengths(
        &mut self,
        input: &[u8],
        consumed: &mut usize,
    ) -> Result<(), DeflateError> {
        let lengths = &mut self.code_lengths;
        while lengths.precode_read < lengths.precode_count {
            self.bits.fill(input, consumed);
            let Some(length) = self.bits.take(3) else { return Ok(()) };
            lengths.precode[PRECODE_ORDER[lengths.precode_read]] = u8::try_from(length).unwrap_or(0);
            lengths.precode_read += 1;
            if lengths.precode_read == lengths.precode_count {
                lengths.precode_table.build(&lengths.precode, |symbol| Some(((symbol as Entry) << 16, 0)))?;
                // Unlike the other codes, this one may not be incomplete, not even with a single symbol.
                if lengths.precode.iter().filter(|length| **length > 0).count() == 1 {
                    return Err(DeflateError);
                }
            }
        }
        let total = lengths.literal_count + lengths.distance_count;
        while lengths.read < total {
            self.bits.fill(input, consumed);
            let bits = self.bits;
            let entry = lengths.precode_table.entries[(bits.word & 127) as usize];
            let (length, symbol) = (entry & 0xff, entry >> 16);
            if length > bits.count {
                return Ok(());
            }
            if entry & EXCEPTIONAL != 0 {
                return Err(DeflateError);
            }
            self.bits.skip(length);
            let repeat = match symbol {
                16 => self.bits.take(2).map(|more| 3 + more),
                17 => self.bits.take(3).map(|more| 3 + more),
                18 => self.bits.take(7).map(|more| 11 + more),
                _ => {
                    lengths.lengths[lengths.read] = symbol as u8;
                    lengths.read += 1;
                    continue;
                }
            };
            let Some(count) = repeat else {
                self.bits = bits;
                return Ok(());
            };
            let value = match (symbol, lengths.read) {
                (16, 0) => return Err(DeflateError),
                (16, read) => lengths.lengths[read - 1],
                _ => 0,
            };
            if lengths.read + count > total {
                return Err(DeflateError);
            }
            lengths.lengths[lengths.read..lengths.read + count].fill(value);
            lengths.read += count;
        }
        let (literals, distances) = lengths.lengths[..total].split_at(lengths.literal_count);
        if literals[256] == 0 {
            return Err(DeflateError);
        }
        self.literals.build(literals, literal_value)?;
        DistanceTable::build(&mut self.distances, distances, distance_value)?;
        self.state = State::Symbols;
        Ok(())
    }
}
