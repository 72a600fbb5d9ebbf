//! Records that are written one after another, byte for byte.

use cloudconnexa_reader::records::Record;

/// Appends a record with everything on its lines. Returns how many line ends were added: between records, and after an
/// element of an array.
pub(crate) fn push_record(lines: &mut Vec<u8>, record: &Record<'_>) -> u64 {
    let mut added = end_line(lines);
    for bytes in [record.before, record.bytes, record.after] {
        lines.extend_from_slice(bytes);
    }
    if record.is_element {
        added += end_line(lines);
    }
    added
}

/// Ends the last line, unless it has an end. Returns how many line ends were added.
fn end_line(lines: &mut Vec<u8>) -> u64 {
    let is_open = lines.last().is_some_and(|last| *last != b'\n');
    if is_open {
        lines.push(b'\n');
    }
    u64::from(is_open)
}
