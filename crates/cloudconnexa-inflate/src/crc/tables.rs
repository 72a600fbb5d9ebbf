//! CRC-32 by tables, a word of eight bytes at a time, over several words side by side.
//!
//! Byte by byte, each step waits for the table entry of the step before. Here a block of [`LANES`] words is taken at once:
//! each word has a register of its own, which is advanced past the whole block, so that the look-ups of the lanes do not wait
//! for one another. After the last block, the registers are combined word by word.

/// Words that are taken side by side.
const LANES: usize = 4;
const WORD: usize = 8;
const BLOCK: usize = LANES * WORD;

/// The polynomial, its lowest bit first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// For each byte of a word, what it adds to the register after the bytes behind it.
type Tables = [[u32; 256]; WORD];

/// Advances past the word itself.
static NEXT_WORD: Tables = tables(WORD);
/// Advances past the block that starts with the word.
static NEXT_BLOCK: Tables = tables(BLOCK);

/// Builds tables that advance past `length` bytes, of which the word is the first.
const fn tables(length: usize) -> Tables {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    while byte < 256 {
        let mut register = byte;
        let mut bit = 0;
        while bit < 8 {
            register = register >> 1 ^ (POLYNOMIAL & (register & 1).wrapping_neg());
            bit += 1;
        }
        table[byte as usize] = register;
        byte += 1;
    }
    let (first, mut tables) = (table, [[0; 256]; WORD]);
    // In round `n`, `table` is for a byte that `n` zeros follow.
    let mut n = 0;
    while n < length {
        if n + WORD >= length {
            tables[length - 1 - n] = table;
        }
        let mut byte = 0;
        while byte < 256 {
            table[byte] = table[byte] >> 8 ^ first[(table[byte] & 0xff) as usize];
            byte += 1;
        }
        n += 1;
    }
    tables
}

#[inline]
fn advance(tables: &Tables, word: u64) -> u32 {
    let bytes = word.to_le_bytes();
    let mut register = 0;
    for (table, byte) in tables.iter().zip(bytes) {
        register ^= table[usize::from(byte)];
    }
    register
}

/// Returns the checksum of bytes with checksum `crc` followed by `bytes`.
pub(super) fn update(crc: u32, bytes: &[u8]) -> u32 {
    let mut register = !crc;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    if let Some((last, blocks)) = blocks.split_last() {
        let mut lanes = [0; LANES];
        lanes[0] = register;
        for block in blocks {
            for (lane, word) in lanes.iter_mut().zip(words(block)) {
                *lane = advance(&NEXT_BLOCK, word ^ u64::from(*lane));
            }
        }
        register = 0;
        for (lane, word) in lanes.iter().zip(words(last)) {
            register = advance(&NEXT_WORD, word ^ u64::from(lane ^ register));
        }
    }
    let (words, rest) = rest.as_chunks::<WORD>();
    for word in words {
        register = advance(&NEXT_WORD, u64::from_le_bytes(*word) ^ u64::from(register));
    }
    for &byte in rest {
        let index = (register ^ u32::from(byte)) & 0xff;
        // The last byte of a word is followed by none.
        register = register >> 8 ^ NEXT_WORD[WORD - 1][index as usize];
    }
    !register
}

#[inline]
fn words(block: &[u8; BLOCK]) -> [u64; LANES] {
    let (words, _) = block.as_chunks::<WORD>();
    std::array::from_fn(|lane| u64::from_le_bytes(words[lane]))
}
