//! The head of a block: which codes it uses.

use super::table::{Distances, END, Entry, LITERAL, SPECIAL, Table};
use super::{Damaged, Inflate, State};

/// The order in which the lengths of the codes for lengths come.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Base and extra bits of each length and each distance.
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

/// The lengths of the codes of a block, as far as they have come.
#[derive(Debug)]
pub(super) struct Lengths {
    /// How many codes there are for texts and lengths, for distances, and for lengths of codes.
    sizes: (usize, usize, usize),
    /// Lengths of codes for lengths, and how many of them have come.
    first: [u8; 19],
    first_done: usize,
    codes: Table<128, 7>,
    known: [u8; 320],
    done: usize,
}

impl Default for Lengths {
    fn default() -> Self {
        let (first, codes) = ([0; 19], Table::default());
        Self { sizes: (0, 0, 0), first, first_done: 0, codes, known: [0; 320], done: 0 }
    }
}

impl Lengths {
    pub(super) fn done(&self) -> usize {
        self.done
    }
}

fn literal(symbol: usize) -> Option<(Entry, u32)> {
    match symbol {
        0..256 => Some(((symbol as Entry) << 16 | LITERAL, 0)),
        256 => Some((SPECIAL | END, 0)),
        _ => number(&LENGTHS, symbol - 257),
    }
}

fn number(numbers: &[(u16, u8)], place: usize) -> Option<(Entry, u32)> {
    numbers.get(place).map(|&(base, extra)| (Entry::from(base) << 16, u32::from(extra)))
}

impl Inflate {
    /// The codes that need no head.
    pub(super) fn fixed_codes(&mut self) -> Result<(), Damaged> {
        let mut lengths = [8; 288];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        self.literals.build(&lengths, literal)?;
        self.distances.build(&[5; 32], |symbol| number(&DISTANCES, symbol))
    }

    pub(super) fn sizes(&mut self, input: &[u8], taken: &mut usize) -> Result<(), Damaged> {
        self.bits.fill(input, taken);
        let Some(sizes) = self.bits.take(14) else { return Ok(()) };
        self.lengths.sizes = ((sizes & 31) + 257, (sizes >> 5 & 31) + 1, (sizes >> 10) + 4);
        if self.lengths.sizes.0 > 286 || self.lengths.sizes.1 > 30 {
            return Err(Damaged);
        }
        (self.lengths.first, self.lengths.first_done, self.lengths.done) = ([0; 19], 0, 0);
        self.state = State::Lengths;
        Ok(())
    }

    /// Goes on with the lengths as far as the input goes.
    pub(super) fn code_lengths(&mut self, input: &[u8], taken: &mut usize) -> Result<(), Damaged> {
        let lengths = &mut self.lengths;
        while lengths.first_done < lengths.sizes.2 {
            self.bits.fill(input, taken);
            let Some(length) = self.bits.take(3) else { return Ok(()) };
            lengths.first[ORDER[lengths.first_done]] = u8::try_from(length).unwrap_or(0);
            lengths.first_done += 1;
            if lengths.first_done == lengths.sizes.2 {
                lengths.codes.build(&lengths.first, |symbol| Some(((symbol as Entry) << 16, 0)))?;
                // Unlike for the others, one code alone will not do.
                if lengths.first.iter().filter(|length| **length > 0).count() == 1 {
                    return Err(Damaged);
                }
            }
        }
        let total = lengths.sizes.0 + lengths.sizes.1;
        while lengths.done < total {
            self.bits.fill(input, taken);
            let bits = self.bits;
            let entry = lengths.codes.entries[(bits.word & 127) as usize];
            let (length, symbol) = (entry & 0xff, entry >> 16);
            if length > bits.count {
                return Ok(());
            }
            if entry & SPECIAL != 0 {
                return if bits.count < length { Ok(()) } else { Err(Damaged) };
            }
            self.bits.skip(length);
            let repeat = match symbol {
                16 => self.bits.take(2).map(|more| (3 + more, true)),
                17 => self.bits.take(3).map(|more| (3 + more, false)),
                18 => self.bits.take(7).map(|more| (11 + more, false)),
                _ => {
                    lengths.known[lengths.done] = symbol as u8;
                    lengths.done += 1;
                    continue;
                }
            };
            let Some((count, again)) = repeat else {
                self.bits = bits;
                return Ok(());
            };
            let value = match (again, lengths.done) {
                (true, 0) => return Err(Damaged),
                (true, done) => lengths.known[done - 1],
                (false, _) => 0,
            };
            if lengths.done + count > total {
                return Err(Damaged);
            }
            lengths.known[lengths.done..lengths.done + count].fill(value);
            lengths.done += count;
        }
        let (literals, distances) = lengths.known[..total].split_at(lengths.sizes.0);
        if literals[256] == 0 {
            return Err(Damaged);
        }
        self.literals.build(literals, literal)?;
        Distances::build(&mut self.distances, distances, |symbol| number(&DISTANCES, symbol))?;
        self.state = State::Body;
        Ok(())
    }
}
