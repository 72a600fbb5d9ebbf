//! The line that a finding is on, cut to the available width, with the value underlined.

use std::ops::Range;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::Span;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::text::{escape, is_printable};

/// The maximum number of bytes of an object or array that is underlined whole; of a longer one only the bracket is.
const MAX_UNDERLINED: usize = 40;

/// A line, or the part of it that fits, and the place of the underline.
#[derive(Debug, PartialEq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// Columns before the underline.
    pub(crate) indent: usize,
    /// Columns of the underline, at least one.
    pub(crate) length: usize,
}

/// The text shown for one character: nothing that a terminal acts on.
struct Cell {
    text: String,
    width: usize,
}

/// Returns the first line of `span` in at most `width` columns.
///
/// Keeps `label` columns free after the underline if that leaves room for the rest.
pub(crate) fn excerpt(record: Record<'_>, span: Span, width: usize, label: usize) -> Excerpt {
    let (line, value_range) = line(record, span);
    // A record can be very long, so look at no more than can be shown: a character has up to four bytes and takes at
    // least one column.
    let reach = width * 4;
    let from = character_start(line, value_range.start.saturating_sub(reach)..value_range.start);
    let to = line.len().min(value_range.start + reach);
    let before = cells(&line[from..value_range.start], from == 0);
    let after = cells(&line[value_range.start..to], value_range.start == 0);

    let value = cells(&line[value_range.start..value_range.end.min(to)], value_range.start == 0)
        .len()
        .min(after.len());
    let is_long = value_range.len() > MAX_UNDERLINED && matches!(line[value_range.start], b'{' | b'[');
    let underline = columns(&after[..if is_long { 1 } else { value }]).max(1);

    let fits =
        from == 0 && to == line.len() && columns(&before) + columns(&after).max(underline + label) <= width;
    let room = if fits {
        width
    } else {
        // The value and what follows get up to two thirds of the line.
        let rest = (underline + label).max(columns(&after).min(width * 2 / 3));
        width.saturating_sub(rest).max(width / 4)
    };
    let (mut text, indent) = last_of(&before, room, from > 0);
    let (rest, shown) = first_of(&after, width.saturating_sub(indent), to < line.len());
    text.push_str(&rest);
    Excerpt { text, indent, length: underline.min(shown).max(1) }
}

/// Returns the line on which the span starts, and the part of it that belongs to the span.
fn line(record: Record<'_>, span: Span) -> (&[u8], Range<usize>) {
    let bytes = record.bytes;
    let index = |offset: u64| {
        usize::try_from(offset.saturating_sub(record.at.offset)).map_or(bytes.len(), |at| at.min(bytes.len()))
    };
    let (start, end) = (index(span.start.offset), index(span.end.offset));
    let line_start = bytes[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line_end = bytes[start..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| start + at);
    let line = bytes[line_start..line_end].trim_ascii_end();
    let start = (start - line_start).min(line.len());
    (line, start..(end - line_start).clamp(start, line.len()))
}

/// Returns the first index in `range` where a character starts, or its end.
fn character_start(line: &[u8], range: Range<usize>) -> usize {
    let end = range.end;
    range.clone().find(|&at| at == 0 || line[at] & 0xc0 != 0x80).unwrap_or(end)
}

/// Returns as many cells from the end as fit into `room` columns, and their width. An ellipsis replaces the others, and
/// the text before the first cell if there is `more`.
fn last_of(cells: &[Cell], room: usize, more: bool) -> (String, usize) {
    if !more && columns(cells) <= room {
        return (cells.iter().map(|cell| cell.text.as_str()).collect(), columns(cells));
    }
    let mut used = 1;
    let fitting = cells.iter().rev().take_while(|cell| {
        used += cell.width;
        used <= room
    });
    let shown = &cells[cells.len() - fitting.count()..];
    (shown.iter().fold("…".to_owned(), |text, cell| text + &cell.text), columns(shown) + 1)
}

/// Returns as many cells from the start as fit into `room` columns, and their width, likewise.
fn first_of(cells: &[Cell], room: usize, more: bool) -> (String, usize) {
    if !more && columns(cells) <= room {
        return (cells.iter().map(|cell| cell.text.as_str()).collect(), columns(cells));
    }
    let mut used = 1;
    let fitting = cells.iter().take_while(|cell| {
        used += cell.width;
        used <= room
    });
    let shown = &cells[..fitting.count()];
    let text: String = shown.iter().map(|cell| cell.text.as_str()).collect();
    (text + "…", columns(shown) + 1)
}

fn cells(bytes: &[u8], line_start: bool) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut indentation = line_start;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            indentation &= matches!(c, ' ' | '\t');
            let text = match c {
                '\t' if indentation => "    ".to_owned(),
                _ if is_printable(c) => {
                    cells.push(Cell { text: c.to_string(), width: c.width().unwrap_or(1) });
                    continue;
                }
                _ => escape(c),
            };
            cells.push(Cell { width: text.width(), text });
        }
        for byte in chunk.invalid() {
            indentation = false;
            let text = format!("\\x{byte:02x}");
            cells.push(Cell { width: text.len(), text });
        }
    }
    cells
}

fn columns(cells: &[Cell]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

#[cfg(test)]
mod tests;
