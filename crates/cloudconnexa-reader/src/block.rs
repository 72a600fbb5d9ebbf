//! Blocks: pieces of inputs small enough to hold, each checked by whichever worker is free.

use std::ops::Range;
use std::sync::Arc;

use crate::position::{Position, Span};
use crate::records::{FramingFault, Item, Record, Refused, Splitter};

/// Text per block, in bytes.
pub(crate) const BLOCK_BYTES: usize = 1 << 18;

/// Most pieces per block: what a worker makes of a piece can take far more memory than its text.
const BLOCK_PIECES: usize = 1 << 12;

/// A block with more text has a long record, of which the pool processes few at a time.
pub(crate) const LONG_BYTES: usize = 1 << 20;

/// Bytes to split between two looks at whether a [`Batch`] is full.
pub const SLICE_BYTES: usize = 1 << 12;

/// Some records of one input.
///
/// A [`Stage`](crate::Stage) goes over it with [`Block::visit`] or [`Block::visit_lines`].
#[derive(Debug)]
pub struct Block {
    pub(crate) input: Arc<str>,
    /// The buffer that holds the text; it goes back to the pool.
    pub(crate) buf: Vec<u8>,
    pub(crate) content: Content,
    pub(crate) is_cut_off: bool,
    /// The first bytes of the input, unless it starts as JSON does.
    pub(crate) head: Option<Arc<[u8]>>,
}

#[derive(Debug)]
pub(crate) enum Content {
    /// Complete records that are still to be split, in `range`, which starts at `at`.
    Unsplit { range: Range<usize>, at: Position, limit: usize },
    /// Records that a splitter found.
    Split(Vec<Piece>),
}

/// An [`Item`] whose text is in the block's buffer.
#[derive(Debug)]
pub(crate) enum Piece {
    /// The record starts `before` bytes into `range` and ends `after` bytes before its end.
    Record {
        range: Range<usize>,
        at: Position,
        before: usize,
        after: usize,
        is_element: bool,
    },
    Fault(Span, FramingFault),
    Refused {
        range: Range<usize>,
        at: Position,
        part: u64,
        why: Option<(Span, FramingFault)>,
    },
    Between(u64),
    PassThrough {
        range: Range<usize>,
        raw_bytes: u64,
        is_end: bool,
    },
}

/// What a block consists of, in the order of the input.
#[derive(Debug)]
pub enum BlockItem<'a> {
    /// What the splitter found.
    Item(Item<'a>),
    /// Bytes that pass through unchecked, which only a [`Batch`] filled by [`Batch::pass_through`] has.
    PassThrough {
        /// The bytes.
        bytes: &'a [u8],
        /// How many bytes of an input they stand for.
        raw_bytes: u64,
        /// Whether they end a record.
        is_end: bool,
    },
}

/// Processes the items of a block.
pub trait BlockVisitor {
    /// Takes the record at the start of `text`, whose position is `at`, if it is all of a line. Returns its length.
    ///
    /// This saves the search for its end. It must be a well-formed JSON object without line feeds, and a line feed has to follow
    /// it directly. `text` goes on after it, and may end anywhere. A record that is not taken is an [`item`](Self::item), as are
    /// all others.
    fn line(&mut self, text: &[u8], at: Position) -> Option<usize>;

    /// Takes the next item. `is_cut_off` says that the input breaks off within or after it.
    fn item(&mut self, item: BlockItem<'_>, is_cut_off: bool);
}

/// Processes items by a function, and takes no lines.
struct ItemsOnly<F>(F);

impl<F: FnMut(BlockItem<'_>, bool)> BlockVisitor for ItemsOnly<F> {
    fn line(&mut self, _: &[u8], _: Position) -> Option<usize> {
        None
    }

    fn item(&mut self, item: BlockItem<'_>, is_cut_off: bool) {
        self.0(item, is_cut_off);
    }
}

/// After this many lines in a row that are not taken, or do not start with a brace, none of the rest of a block is tried: one that is
/// not taken may have been read nearly to its end.
const MAX_MISSES: usize = 4;

impl Block {
    /// Makes a block of what was collected in `batch` from `input`. `is_cut_off` says that the input breaks off after
    /// it, so that an invalid last record may be the first part of a valid one.
    #[must_use]
    pub fn new(input: &Arc<str>, batch: Batch, is_cut_off: bool) -> Self {
        let Batch { text, pieces } = batch;
        Self { input: Arc::clone(input), buf: text, content: Content::Split(pieces), is_cut_off, head: None }
    }

    /// Adds the first bytes of the input.
    pub(crate) fn with_head(self, head: Option<Arc<[u8]>>) -> Self {
        Self { head, ..self }
    }

    /// The name of the input.
    #[must_use]
    pub fn input(&self) -> &Arc<str> {
        &self.input
    }

    /// The first 512 bytes of the input, from which its format can be recognized. `None` if it starts as JSON does, with a
    /// brace or a bracket, or if it is followed.
    #[must_use]
    pub fn head(&self) -> Option<&[u8]> {
        self.head.as_deref()
    }

    /// Whether it has a long record.
    pub(crate) fn is_long(&self) -> bool {
        self.buf.len() > LONG_BYTES
    }

    /// Calls `visit` for each item, in the order of the input, and returns the buffer for reuse. The second argument says
    /// that the item is cut off: the input breaks off within or after it.
    pub fn visit(self, visit: impl FnMut(BlockItem<'_>, bool)) -> Vec<u8> {
        self.items(&mut ItemsOnly(visit))
    }

    /// Has a visitor process the records, in the order of the input, and returns the buffer for reuse. [`Item::Between`] may come
    /// several times: the numbers of bytes add up.
    ///
    /// # Panics
    ///
    /// If no line feed follows the length that [`BlockVisitor::line`] returns.
    pub fn visit_lines(self, visitor: &mut impl BlockVisitor) -> Vec<u8> {
        let Self { input, mut buf, content, is_cut_off, head } = self;
        let Content::Unsplit { mut range, mut at, limit } = content else {
            return Self { input, buf, content, is_cut_off, head }.items(visitor);
        };
        let mut misses = 0;
        while misses < MAX_MISSES {
            let text = &buf[range.clone()];
            let mut done = 0;
            while let Some(rest) = text.get(done..).filter(|rest| rest.first() == Some(&b'{'))
                && let Some(len) = visitor.line(&rest[..rest.len().min(limit.saturating_add(1))], at)
            {
                assert_eq!(rest.get(len), Some(&b'\n'), "a line feed ends the line");
                misses = 0;
                done += len + 1;
                at = Position { offset: at.offset + len as u64 + 1, line: at.line + 1, column: 1 };
            }
            range.start += done;
            misses += 1;
            // A record starts at each `{` in the first column, whatever comes before it.
            let rest = &buf[range.clone()];
            let mut ends = (1..).zip(memchr::memchr_iter(b'\n', rest).map(|end| end + 1));
            let Some((lines, end)) = ends.find(|(_, end)| rest.get(*end) == Some(&b'{')) else { break };
            let piece = range.start..range.start + end;
            buf = Splitter::over(buf, piece, at, limit)
                .finish(|item| visitor.item(BlockItem::Item(item), false));
            range.start += end;
            at = Position { offset: at.offset + end as u64, line: at.line + lines, column: 1 };
        }
        Self { input, buf, content: Content::Unsplit { range, at, limit }, is_cut_off, head }.items(visitor)
    }

    fn items(self, visitor: &mut impl BlockVisitor) -> Vec<u8> {
        let Self { mut buf, content, is_cut_off, .. } = self;
        match content {
            Content::Unsplit { range, at, limit } => {
                let mut splitter = Splitter::over(buf, range, at, limit);
                if is_cut_off {
                    splitter.push(&[], |item| visitor.item(BlockItem::Item(item), false));
                    buf = splitter.finish(|item| visitor.item(BlockItem::Item(item), true));
                } else {
                    buf = splitter.finish(|item| visitor.item(BlockItem::Item(item), false));
                }
            }
            Content::Split(pieces) => {
                for piece in pieces {
                    visitor.item(piece.item(&buf), is_cut_off);
                }
            }
        }
        buf
    }
}

impl Piece {
    fn item(self, buf: &[u8]) -> BlockItem<'_> {
        BlockItem::Item(match self {
            Self::Record { range, at, before, after, is_element } => {
                let (text, end) = (&buf[range.clone()], range.len() - after);
                let (before, rest) = text.split_at(before);
                let (bytes, after) = rest.split_at(end - before.len());
                Item::Record(Record { bytes, at, before, after, is_element })
            }
            Self::Fault(span, fault) => Item::Fault(span, fault),
            Self::Refused { range, at, part, why } => {
                Item::Refused(Refused { bytes: &buf[range], at, part, why })
            }
            Self::Between(length) => Item::Between(length),
            Self::PassThrough { range, raw_bytes, is_end } => {
                return BlockItem::PassThrough { bytes: &buf[range], raw_bytes, is_end };
            }
        })
    }
}

/// Returns a buffer for reuse. One that has held a long record is freed instead: there are several buffers per thread.
pub(crate) fn reusable(buf: Vec<u8>) -> Vec<u8> {
    if buf.capacity() > LONG_BYTES { Vec::new() } else { buf }
}

/// Items of a splitter, collected until there are enough of them for a block.
#[derive(Debug, Default)]
pub struct Batch {
    text: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Batch {
    /// An empty batch that reuses `buf`.
    #[must_use]
    pub fn new(mut buf: Vec<u8>) -> Self {
        buf.clear();
        Self { text: buf, pieces: Vec::new() }
    }

    /// Adds what a splitter found.
    #[expect(clippy::needless_pass_by_value, reason = "splitters hand out items by value")]
    pub fn add(&mut self, item: Item<'_>) {
        let piece = match item {
            Item::Record(record) => {
                let start = self.text.len();
                for bytes in [record.before, record.bytes, record.after] {
                    self.text.extend_from_slice(bytes);
                }
                Piece::Record {
                    range: start..self.text.len(),
                    at: record.at,
                    before: record.before.len(),
                    after: record.after.len(),
                    is_element: record.is_element,
                }
            }
            Item::Fault(span, fault) => Piece::Fault(span, fault),
            Item::Refused(Refused { bytes, at, part, why }) => {
                Piece::Refused { range: self.keep(bytes), at, part, why }
            }
            Item::Between(length) => Piece::Between(length),
        };
        self.pieces.push(piece);
    }

    /// Adds bytes that pass through unchecked and stand for `raw_bytes` bytes of an input.
    pub fn pass_through(&mut self, bytes: &[u8], raw_bytes: u64, is_end: bool) {
        let range = self.keep(bytes);
        self.pieces.push(Piece::PassThrough { range, raw_bytes, is_end });
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        start..self.text.len()
    }

    /// Whether there is enough for a block.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.text.len() >= BLOCK_BYTES || self.pieces.len() >= BLOCK_PIECES
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Gives the buffer back.
    #[must_use]
    pub fn into_buf(self) -> Vec<u8> {
        self.text
    }
}
