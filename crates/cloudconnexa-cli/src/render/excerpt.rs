//! The line that a finding is on, cut to the width at hand, with what is meant underlined.

use std::ops::Range;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::Span;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::terminal::{escaped, is_harmless};

/// An object or array of more bytes than this is underlined at its bracket alone.
const WHOLE_VALUE: usize = 40;

/// A line, or the part of it that fits, and where the underline goes.
#[derive(Debug, PartialEq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Columns in front of the underline.
    pub(super) indent: usize,
    /// Columns of the underline; at least one.
    pub(super) length: usize,
}

/// What stands for one character: never anything that a terminal acts on.
struct Cell {
    text: String,
    width: usize,
}

/// Shows the first line of `span` in at most `width` columns; keeps `label` columns free behind the underline where
/// that leaves room for the rest.
pub(super) fn excerpt(record: Record<'_>, span: Span, width: usize, label: usize) -> Excerpt {
    let (line, marked) = line(record, span);
    // No character has more than four bytes, and what is shown for it at least one column: a record can be long.
    let reach = width * 4;
    let from = character_start(line, marked.start.saturating_sub(reach)..marked.start);
    let to = line.len().min(marked.start + reach);
    let before = cells(&line[from..marked.start], from == 0);
    let after = cells(&line[marked.start..to], marked.start == 0);

    let meant = cells(&line[marked.start..marked.end.min(to)], marked.start == 0).len().min(after.len());
    let is_long = marked.len() > WHOLE_VALUE && matches!(line[marked.start], b'{' | b'[');
    let underline = columns(&after[..if is_long { 1 } else { meant }]).max(1);

    let fits =
        from == 0 && to == line.len() && columns(&before) + columns(&after).max(underline + label) <= width;
    let room = if fits {
        width
    } else {
        // Two thirds of the line for what is meant and what follows, as far as they need it.
        let behind = (underline + label).max(columns(&after).min(width * 2 / 3));
        width.saturating_sub(behind).max(width / 4)
    };
    let (mut text, indent) = last_of(&before, room, from > 0);
    let (rest, shown) = first_of(&after, width.saturating_sub(indent), to < line.len());
    text.push_str(&rest);
    Excerpt { text, indent, length: underline.min(shown).max(1) }
}

/// The line on which the span begins, and the part of it that belongs to the span.
fn line(record: Record<'_>, span: Span) -> (&[u8], Range<usize>) {
    let bytes = record.bytes;
    let place = |offset: u64| {
        usize::try_from(offset.saturating_sub(record.at.offset)).map_or(bytes.len(), |at| at.min(bytes.len()))
    };
    let (start, end) = (place(span.start.offset), place(span.end.offset));
    let line_start = bytes[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line_end = bytes[start..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| start + at);
    let line = bytes[line_start..line_end].trim_ascii_end();
    let start = (start - line_start).min(line.len());
    (line, start..(end - line_start).clamp(start, line.len()))
}

/// The first place in `range` where a character begins; its end if there is none.
fn character_start(line: &[u8], range: Range<usize>) -> usize {
    let end = range.end;
    range.clone().find(|&at| at == 0 || line[at] & 0xc0 != 0x80).unwrap_or(end)
}

/// As many cells from the end as fit into `room` columns, and their columns; an ellipsis stands for others, and for
/// the `more` in front of them.
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

/// As many cells from the start as fit into `room` columns, and their columns; likewise.
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
                _ if is_harmless(c) => {
                    cells.push(Cell { text: c.to_string(), width: c.width().unwrap_or(1) });
                    continue;
                }
                _ => escaped(c),
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
mod tests {
    use cloudconnexa_reader::records::Record;
    use cloudconnexa_validator::{Position, Span};
    use unicode_width::UnicodeWidthStr as _;

    use super::excerpt;

    /// Underlines the first `«…»` of `text`.
    fn shown(text: &str, width: usize) -> String {
        let (before, rest) = text.split_once('«').unwrap();
        let (meant, behind) = rest.split_once('»').unwrap();
        let bytes = format!("{before}{meant}{behind}").into_bytes();
        shown_bytes(&bytes, before.len(), before.len() + meant.len(), width)
    }

    fn shown_bytes(bytes: &[u8], start: usize, end: usize, width: usize) -> String {
        let at = Position { offset: 1000, line: 5, column: 1 };
        let span = Span { start: at.after(&bytes[..start]), end: at.after(&bytes[..end]) };
        let excerpt = excerpt(Record::alone(bytes, at), span, width, 4);
        assert!(excerpt.text.width() <= width, "{excerpt:?}");
        assert!(excerpt.indent + excerpt.length <= width, "{excerpt:?}");
        format!("{}\n{}{}", excerpt.text, " ".repeat(excerpt.indent), "^".repeat(excerpt.length))
    }

    #[test]
    fn a_short_line_is_whole() {
        assert_eq!(shown("{\"a\": «\"x\"»}", 40), "{\"a\": \"x\"}\n      ^^^");
    }

    #[test]
    fn a_document_shows_the_line_meant() {
        assert_eq!(shown("{\n  \"a\": «\"x\"»,\n  \"b\": 1\n}", 40), "  \"a\": \"x\",\n       ^^^");
        assert_eq!(shown("«{\n  \"a\": 1\n}»", 40), "{\n^");
        assert_eq!(shown("{\n\t\"a\":\t«1»\r\n}", 40), "    \"a\":\\t1\n          ^");
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let long = "x".repeat(1000);
        assert_eq!(
            shown(&format!("{long}«wrong»{long}"), 40),
            "…xxxxxxxxxxxxxwrongxxxxxxxxxxxxxxxxxxxx…\n              ^^^^^"
        );
        assert_eq!(shown(&format!("{long}«wrong»"), 40).lines().next().unwrap().chars().next(), Some('…'));
        assert!(shown(&format!("«{long}»"), 40).ends_with(&format!("\n{}", "^".repeat(40))));
        assert_eq!(shown(&format!("«{{{long}}}»"), 10), "{xxxxxxxx…\n^");
    }

    #[test]
    fn wide_and_harmful_characters_take_their_columns() {
        assert_eq!(shown("{\"日本\": «1»}", 40), "{\"日本\": 1}\n         ^");
        assert_eq!(shown("\"\u{1b}[31m\u{202e}«x»\"", 40), "\"\\u001b[31m\\u202ex\"\n                 ^");
        assert_eq!(shown_bytes(b"\"\xff\xfe\"", 1, 3, 40), "\"\\xff\\xfe\"\n ^^^^^^^^");
    }

    /// Any width, any place, any bytes: within the width, and no panic.
    #[test]
    fn never_wider_than_asked() {
        let text = "{\"a\":\"日本é\u{301}\u{0}\t🎉\",\n \"b\":[1,2]}".repeat(20).into_bytes();
        let mut broken = text.clone();
        broken[7] = 0xff;
        for bytes in [text, broken] {
            for width in [12, 20, 33, 80] {
                for start in 0..=bytes.len() {
                    for length in [0, 1, 5, 500] {
                        shown_bytes(&bytes, start, bytes.len().min(start + length), width);
                    }
                }
            }
        }
    }
}
