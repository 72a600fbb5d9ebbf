//! Writes text into JSON strings.

/// Eight bytes, each with its lowest bit set, and each with its highest.
const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The bytes that are collected before they are appended.
const ROOM: usize = 256;

/// What eight bytes become at most, with room for a whole word after them.
const MOST: usize = 24;

/// Appends text as the inside of a JSON string.
///
/// JSON has a quote every few bytes, so that neither a search for the next one nor a branch for each byte pays. Eight bytes
/// are looked at together, and written once for each quote in them, after the quote before.
pub(crate) fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len() + text.len() / 4);
    // A record on one line has none.
    if text.iter().copied().fold(b' ', u8::min) < b' ' {
        push_bytes(out, text);
        return;
    }
    let mut room = [0; ROOM];
    let mut end = 0;
    let (words, rest) = text.as_chunks::<8>();
    for bytes in words {
        if end + MOST > ROOM {
            out.extend_from_slice(room.get(..end).unwrap_or_default());
            end = 0;
        }
        if let Some(room) = room.get_mut(end..).and_then(<[u8]>::first_chunk_mut) {
            end += escape_word(room, u64::from_le_bytes(*bytes));
        }
    }
    out.extend_from_slice(room.get(..end).unwrap_or_default());
    push_bytes(out, rest);
}

/// Writes eight bytes and a backslash before each quote and each backslash. Returns how many bytes that are.
#[inline]
fn escape_word(room: &mut [u8; MOST], mut word: u64) -> usize {
    let mut marks = zeros(word ^ (LOW * u64::from(b'"'))) | zeros(word ^ (LOW * u64::from(b'\\')));
    let (mut end, mut left) = (0, 8);
    while marks != 0 {
        let before = marks.trailing_zeros() / 8;
        write(room, end, word);
        end += before as usize;
        // The backslash, then the byte itself. Shifts are by at most seven bytes.
        word >>= 8 * before;
        write(room, end, word << 8 | u64::from(b'\\'));
        end += 2;
        left -= before as usize + 1;
        word >>= 8;
        marks = marks >> (8 * before) >> 8;
    }
    write(room, end, word);
    end + left
}

/// Writes eight bytes. Those that do not count are overwritten, or beyond the end.
#[inline]
fn write(room: &mut [u8; MOST], at: usize, word: u64) {
    if let Some(room) = room.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *room = word.to_le_bytes();
    }
}

/// Returns the highest bit of each byte that is zero.
#[inline]
fn zeros(word: u64) -> u64 {
    !((word & !HIGH).wrapping_add(!HIGH) | word) & HIGH
}

/// Escapes one byte after the other.
fn push_bytes(out: &mut Vec<u8>, text: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(br"\n"),
            b'\r' => out.extend(br"\r"),
            b'\t' => out.extend(br"\t"),
            0x08 => out.extend(br"\b"),
            0x0c => out.extend(br"\f"),
            0..0x20 => {
                out.extend(br"\u00");
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => out.push(byte),
        }
    }
}
