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

/// Appends an event that is inside a record as a line of its own. Line ends in it are left out, with the white space after
/// them.
pub(crate) fn push_wrapped(lines: &mut Vec<u8>, event: &[u8]) {
    end_line(lines);
    for part in event.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let start = part.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(part.len());
        lines.extend_from_slice(&part[start..]);
    }
    lines.push(b'\n');
}

/// Ends the last line, unless it has an end. Returns how many line ends were added.
pub(crate) fn end_line(lines: &mut Vec<u8>) -> u64 {
    let is_open = lines.last().is_some_and(|last| *last != b'\n');
    if is_open {
        lines.push(b'\n');
    }
    u64::from(is_open)
}
