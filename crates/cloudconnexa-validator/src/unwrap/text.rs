//! Finds the JSON texts in a text.

use std::ops::Range;

use cloudconnexa_reader::records::{FramingFault, Item, Splitter};
use cloudconnexa_tape::Tape;

/// The longest text before an event on its line, in bytes.
const MAX_BEFORE: usize = 1 << 10;

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Where it is in the text.
    pub(super) range: Range<usize>,
    /// Whether it is an element of an array that is the whole text.
    pub(super) is_element: bool,
    /// What is wrong here, if it is not a record.
    pub(super) fault: Option<FramingFault>,
}

/// Returns whether a text is one JSON text.
pub(super) fn is_json(text: &str) -> bool {
    u32::try_from(text.len()).is_ok() && Tape::parse_partly(text, 0, |_| false).is_ok()
}

/// Returns the length of the text before the first object of a line: a time, a host, a level.
///
/// `None` if there is nothing that could be that, but only brackets, or bytes that stand for nothing.
pub(super) fn after_text(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let head = &bytes[..bytes.len().min(MAX_BEFORE)];
    let starts = |at: &usize| {
        let next = bytes[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
        next == Some(&b'"')
    };
    let brace = memchr::memchr_iter(b'{', head).find(starts)?;
    head[..brace].iter().any(u8::is_ascii_alphanumeric).then_some(brace)
}

/// Returns the records of a text, as if it were an input of its own.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let whole = text.trim_matches([' ', '\t', '\r', '\n']);
    let start = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let range = start..start + whole.len();
    let one = |range| vec![Piece { range, is_element: false, fault: None }];
    let after = after_text(whole).map(|length| &whole[length..]);
    if whole.is_empty() {
        return Vec::new();
    }
    if !whole.contains('\n') && !may_have_several(whole) && !whole.starts_with('[')
        || is_json(whole)
        || after.is_some_and(is_json)
    {
        return one(range);
    }
    split(text)
}

/// Whether a line may have several values: within one, an object comes after a colon or is the first of an array.
fn may_have_several(line: &str) -> bool {
    let mut braces = memchr::memchr_iter(b'{', line.as_bytes()).filter(|at| *at > 0);
    braces.any(|at| !line[..at].trim_ascii_end().ends_with([':', '[']))
}

/// Splits a text into its records.
fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
    let mut add = |item: Item<'_>| {
        let piece = match item {
            Item::Record(record) => {
                let start = index(record.at.offset);
                let range = start..(start + record.bytes.len()).min(text.len());
                Piece { range, is_element: record.is_element, fault: None }
            }
            Item::Fault(span, fault) => {
                let range = index(span.start.offset)..index(span.end.offset);
                Piece { range, is_element: false, fault: Some(fault) }
            }
            Item::Refused(refused) => {
                let Some((span, fault)) = refused.why else { return };
                let range = index(span.start.offset)..index(span.end.offset);
                Piece { range, is_element: false, fault: Some(fault) }
            }
            Item::Between(_) => return,
        };
        pieces.push(piece);
    };
    let mut splitter = Splitter::with_limit(text.len());
    splitter.push(text.as_bytes(), &mut add);
    splitter.finish(&mut add);
    pieces
}
