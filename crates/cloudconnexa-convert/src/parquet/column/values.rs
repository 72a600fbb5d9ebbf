//! The values of a column, in the encoding that suits them.

use parquet::data_type::ByteArray;
use parquet::file::statistics::{Statistics, ValueStatistics};

use crate::parquet::dictionary::{Dictionary, Integers, Texts};
use crate::parquet::hybrid;
use crate::rows::range_of;
use crate::table::Kind;

/// The maximum number of rows in a page. Readers skip whole pages.
pub(super) const PAGE_ROWS: usize = 8192;
/// The size of values above which a page ends. Larger ones hardly compress better, and take memory in each column.
const PAGE_BYTES: usize = 1 << 17;
/// The size above which a dictionary gets no more values.
const DICTIONARY_BYTES: usize = 1 << 20;
/// The number of values of its first page after which a chunk decides whether to keep its dictionary.
const SAMPLE: usize = 1000;

/// The smallest and the largest integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: i64,
    pub(super) max: i64,
}

/// The values of a page, and the state of the chunk.
pub(super) enum Values {
    Text(Encoded<Texts>),
    Integer(Encoded<Integers>, Ranges),
    Boolean(Bits, Ranges),
}

/// The ranges of a page and of the pages before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ranges {
    page: Option<Range>,
    chunk: Option<Range>,
}

/// The values of a page, and the dictionary of the chunk.
pub(super) struct Encoded<D> {
    dictionary: D,
    /// Whether the column starts with a dictionary.
    repeats: bool,
    /// Whether the dictionary has all values of the chunk so far, and gets more.
    is_indexed: bool,
    /// Whether the chunk has decided to keep its dictionary, or its first page has ended.
    is_judged: bool,
    /// The index of each value, if they are indexed.
    indices: Vec<u32>,
    /// The values, if they are not.
    plain: Vec<u8>,
}

impl Range {
    #[inline]
    fn of(range: Option<Self>, value: i64) -> Self {
        let Self { min, max } = range.unwrap_or(Self { min: value, max: value });
        Self { min: min.min(value), max: max.max(value) }
    }
}

impl Ranges {
    #[inline]
    fn push(&mut self, value: i64) {
        self.page = Some(Range::of(self.page, value));
    }

    /// Ends the page, and returns its range.
    fn end_page(&mut self) -> Option<Range> {
        let page = self.page.take();
        if let Some(Range { min, max }) = page {
            self.chunk = Some(Range::of(Some(Range::of(self.chunk, min)), max));
        }
        page
    }
}

impl<D: Dictionary> Encoded<D> {
    fn new(repeats: bool) -> Self {
        Self {
            dictionary: D::default(),
            repeats,
            is_indexed: repeats,
            is_judged: false,
            indices: Vec::new(),
            plain: Vec::new(),
        }
    }

    #[inline]
    fn push(&mut self, value: D::Value<'_>) {
        if self.is_indexed {
            self.indices.push(self.dictionary.index_of(value));
            if self.indices.len() == SAMPLE && !self.is_judged {
                self.judge();
            }
        } else {
            D::write(value, &mut self.plain);
        }
    }

    /// Whether the page has to end after this value.
    #[inline]
    fn is_full(&self) -> bool {
        let size = if self.is_indexed { self.dictionary.page_len() } else { self.plain.len() };
        size > if self.is_indexed { DICTIONARY_BYTES } else { PAGE_BYTES }
    }

    /// Goes on without a dictionary if most of the first values are distinct, unless those that repeat are long.
    #[cold]
    fn judge(&mut self) {
        self.is_judged = true;
        if self.dictionary.len() <= SAMPLE / 2 {
            return;
        }
        for value in self.indices.iter().filter_map(|index| self.dictionary.get(*index)) {
            D::write(value, &mut self.plain);
            if self.plain.len() > PAGE_BYTES {
                self.plain = Vec::new();
                return;
            }
        }
        self.indices.clear();
        self.dictionary = D::default();
        self.is_indexed = false;
    }

    /// Appends the values to a page, and returns whether they are indices.
    fn end_page(&mut self, page: &mut Vec<u8>) -> bool {
        // Without values, there may be no dictionary.
        if !self.is_indexed || self.indices.is_empty() {
            page.append(&mut self.plain);
            return false;
        }
        // The largest index decides, and that of a single value has no bits.
        let width = usize::BITS - self.dictionary.len().saturating_sub(1).leading_zeros();
        page.extend_from_slice(&width.to_le_bytes()[..1]);
        hybrid::encode(&self.indices, width, page);
        self.indices.clear();
        self.is_judged = true;
        if self.dictionary.page_len() > DICTIONARY_BYTES {
            self.is_indexed = false;
        }
        true
    }

    fn capacity(&self) -> usize {
        self.dictionary.capacity() + self.indices.capacity() * 4 + self.plain.capacity()
    }

    /// Appends the page of the dictionary, and returns its number of values; `None` if no page uses it.
    fn end_chunk(&mut self, page: &mut Vec<u8>) -> Option<usize> {
        let ended = std::mem::replace(self, Self::new(self.repeats));
        let values = ended.dictionary.len();
        ended.dictionary.write_page(page);
        (values > 0).then_some(values)
    }
}

impl Values {
    /// No values yet. If they are likely to repeat, they start with a dictionary.
    pub(super) fn new(kind: Kind, repeats: bool) -> Self {
        match kind {
            Kind::String | Kind::StringOrEmpty | Kind::Json => Self::Text(Encoded::new(repeats)),
            Kind::Integer | Kind::Timestamp => Self::Integer(Encoded::new(repeats), Ranges::default()),
            Kind::Boolean => Self::Boolean(Bits::default(), Ranges::default()),
        }
    }

    /// Appends cells until the page is full, and to `validity` for each whether it has a value.
    pub(super) fn extend(
        &mut self,
        cells: impl Iterator<Item = Option<u64>>,
        text: &[u8],
        validity: &mut Bits,
    ) {
        match self {
            Self::Text(encoded) => {
                for cell in cells {
                    validity.push(cell.is_some());
                    if let Some(place) = cell {
                        encoded.push(text.get(range_of(place)).unwrap_or_default());
                        if encoded.is_full() {
                            break;
                        }
                    }
                }
            }
            Self::Integer(encoded, ranges) => {
                for cell in cells {
                    validity.push(cell.is_some());
                    if let Some(value) = cell.map(u64::cast_signed) {
                        ranges.push(value);
                        encoded.push(value);
                        if encoded.is_full() {
                            break;
                        }
                    }
                }
            }
            Self::Boolean(bits, ranges) => {
                for cell in cells {
                    validity.push(cell.is_some());
                    if let Some(value) = cell {
                        ranges.push(value.cast_signed());
                        bits.push(value != 0);
                    }
                }
            }
        }
    }

    /// Whether the page has to end.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Text(encoded) => encoded.is_full(),
            Self::Integer(encoded, _) => encoded.is_full(),
            Self::Boolean(..) => false,
        }
    }

    /// Appends the values to a page, and returns whether they are indices of a dictionary.
    pub(super) fn end_page(&mut self, page: &mut Vec<u8>) -> bool {
        match self {
            Self::Text(encoded) => encoded.end_page(page),
            Self::Integer(encoded, _) => encoded.end_page(page),
            Self::Boolean(bits, _) => {
                bits.write(page);
                bits.clear();
                false
            }
        }
    }

    /// Ends the page, and returns the range of its values.
    pub(super) fn end_range(&mut self) -> Option<Range> {
        match self {
            Self::Text(_) => None,
            Self::Integer(_, ranges) | Self::Boolean(_, ranges) => ranges.end_page(),
        }
    }

    /// Appends the page of the dictionary, and returns its number of values, if there is one.
    pub(super) fn end_chunk(&mut self, page: &mut Vec<u8>) -> Option<usize> {
        match self {
            Self::Text(encoded) => encoded.end_chunk(page),
            Self::Integer(encoded, ranges) => {
                *ranges = Ranges::default();
                encoded.end_chunk(page)
            }
            Self::Boolean(bits, ranges) => {
                (*bits, *ranges) = (Bits::default(), Ranges::default());
                None
            }
        }
    }

    /// Returns the statistics of the chunk.
    pub(super) fn statistics(&self, nulls: u64) -> Statistics {
        let nulls = Some(nulls);
        match self {
            Self::Text(texts) => {
                let count = texts.is_indexed.then(|| texts.dictionary.len() as u64);
                let (min, max) = texts.is_indexed.then(|| texts.dictionary.range()).flatten().unzip();
                let text = |bytes: &[u8]| ByteArray::from(bytes);
                Statistics::ByteArray(ValueStatistics::new(min.map(text), max.map(text), count, nulls, false))
            }
            Self::Integer(integers, ranges) => {
                let count = integers.is_indexed.then(|| integers.dictionary.len() as u64);
                let (min, max) = ranges.chunk.map(|range| (range.min, range.max)).unzip();
                Statistics::Int64(
                    ValueStatistics::new(min, max, count, nulls, false)
                        .with_backwards_compatible_min_max(true),
                )
            }
            Self::Boolean(_, ranges) => {
                let (min, max) = ranges.chunk.map(|range| (range.min != 0, range.max != 0)).unzip();
                Statistics::Boolean(ValueStatistics::new(min, max, None, nulls, false))
            }
        }
    }

    pub(super) fn capacity(&self) -> usize {
        match self {
            Self::Text(encoded) => encoded.capacity(),
            Self::Integer(encoded, _) => encoded.capacity(),
            Self::Boolean(bits, _) => bits.capacity(),
        }
    }
}

/// Bits, least significant first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    /// The bits after those.
    word: u64,
    len: usize,
}

impl Bits {
    #[inline]
    pub(super) fn push(&mut self, bit: bool) {
        self.word |= u64::from(bit) << (self.len % 64);
        self.len += 1;
        if self.len.is_multiple_of(64) {
            self.words.push(self.word);
            self.word = 0;
        }
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        (self.word, self.len) = (0, 0);
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn all_words(&self) -> impl Iterator<Item = u64> {
        self.words.iter().copied().chain([self.word])
    }

    /// The number of bits that are 1.
    pub(super) fn ones(&self) -> usize {
        self.all_words().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn capacity(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    /// Appends the bits, the last byte padded with zeros.
    fn write(&self, page: &mut Vec<u8>) {
        let end = page.len() + self.len.div_ceil(8);
        self.all_words().for_each(|word| page.extend_from_slice(&word.to_le_bytes()));
        page.truncate(end);
    }

    /// Appends the bits as definition levels: 1 for a value, 0 for a null.
    pub(super) fn write_levels(&self, page: &mut Vec<u8>) {
        let start = page.len();
        page.extend_from_slice(&[0; 4]);
        match self.ones() {
            0 => hybrid::encode_run(0, self.len, 1, page),
            ones if ones == self.len => hybrid::encode_run(1, self.len, 1, page),
            _ => {
                hybrid::start_packed(self.len, page);
                self.write(page);
            }
        }
        #[expect(clippy::cast_possible_truncation, reason = "a page has at most 20,000 bits")]
        let size = (page.len() - start - 4) as u32;
        page[start..start + 4].copy_from_slice(&size.to_le_bytes());
    }
}
