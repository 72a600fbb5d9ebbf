//! Dictionaries: the distinct values of a column chunk, each of which has an index.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// The distinct values of a column chunk, in the encoding `PLAIN`.
pub(super) trait Dictionary: Default {
    /// A value.
    type Value<'a>: Copy;

    /// Appends a value to a page.
    fn write(value: Self::Value<'_>, page: &mut Vec<u8>);

    /// Returns the index of a value, which is added if it is new.
    fn index_of(&mut self, value: Self::Value<'_>) -> u32;

    /// Returns the value at an index.
    fn get(&self, index: u32) -> Option<Self::Value<'_>>;

    /// Returns the number of values.
    fn len(&self) -> usize;

    /// Returns the size of the page of the dictionary.
    fn page_len(&self) -> usize;

    /// Appends all values.
    fn write_page(&self, page: &mut Vec<u8>);

    /// Returns the allocated size in bytes.
    fn capacity(&self) -> usize;
}

/// Texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The length of each text, then its bytes.
    page: Vec<u8>,
    /// Where the bytes of each text start and end.
    places: Vec<(u32, u32)>,
    /// The index of each text, with half of its hash, so that growing the table does not hash the texts again.
    table: HashTable<(u32, u32)>,
    hasher: RandomState,
    /// The index of the previous value.
    last: u32,
}

impl Texts {
    #[inline]
    fn bytes(&self, index: u32) -> Option<&[u8]> {
        bytes_at(&self.page, &self.places, index)
    }

    /// Returns the smallest and the largest text; `None` if there are none, or long ones.
    pub(super) fn range(&self) -> Option<(&[u8], &[u8])> {
        let text = |(start, end): &(u32, u32)| self.page.get(*start as usize..*end as usize);
        let mut texts = self.places.iter().filter_map(text);
        let first = texts.next()?;
        let (min, max) = texts.fold((first, first), |(min, max), text| (min.min(text), max.max(text)));
        let is_long = |(start, end): &(u32, u32)| (end - start) as usize > STATISTICS_BYTES;
        (!self.places.iter().any(is_long)).then_some((min, max))
    }
}

fn bytes_at<'a>(page: &'a [u8], places: &[(u32, u32)], index: u32) -> Option<&'a [u8]> {
    let (start, end) = *places.get(index as usize)?;
    page.get(start as usize..end as usize)
}

/// Whether two texts are the same. Most are short, and most that differ do so at the start or at the end.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ends = |text: &[u8]| Some((*text.first_chunk::<8>()?, *text.last_chunk::<8>()?));
    match ends(a) {
        // The rest is between them.
        Some(found) => Some(found) == ends(b) && (a.len() <= 16 || a[8..a.len() - 8] == b[8..b.len() - 8]),
        None => a == b,
    }
}

/// The length of texts up to which they are in statistics.
const STATISTICS_BYTES: usize = 64;

/// Spreads half a hash over 64 bits: the table uses the highest and the lowest ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash) | u64::from(hash) << 32
}

impl Dictionary for Texts {
    type Value<'a> = &'a [u8];

    #[inline]
    fn write(value: &[u8], page: &mut Vec<u8>) {
        #[expect(clippy::cast_possible_truncation, reason = "the text of rows has at most 2³¹ bytes")]
        page.extend_from_slice(&(value.len() as u32).to_le_bytes());
        page.extend_from_slice(value);
    }

    #[inline]
    fn index_of(&mut self, value: &[u8]) -> u32 {
        // Many values repeat that of the previous row.
        if self.bytes(self.last).is_some_and(|last| is_same(last, value)) {
            return self.last;
        }
        let mut hasher = self.hasher.build_hasher();
        hasher.write(value);
        let hash = (hasher.finish() >> 32) as u32;
        let Self { page, places, table, .. } = self;
        let is_it = |(index, other): &(u32, u32)| {
            *other == hash && bytes_at(page, places, *index).is_some_and(|known| is_same(known, value))
        };
        if let Some((index, _)) = table.find(spread(hash), is_it) {
            self.last = *index;
            return *index;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a dictionary has at most 1 MiB and one text")]
        let (index, start) = (places.len() as u32, page.len() as u32 + 4);
        Self::write(value, page);
        #[expect(clippy::cast_possible_truncation, reason = "a dictionary has at most 1 MiB and one text")]
        places.push((start, page.len() as u32));
        table.insert_unique(spread(hash), (index, hash), |(_, hash)| spread(*hash));
        self.last = index;
        index
    }

    fn get(&self, index: u32) -> Option<&[u8]> {
        self.bytes(index)
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    fn page_len(&self) -> usize {
        self.page.len()
    }

    fn write_page(&self, page: &mut Vec<u8>) {
        page.extend_from_slice(&self.page);
    }

    fn capacity(&self) -> usize {
        self.page.capacity() + self.places.capacity() * 8 + self.table.allocation_size()
    }
}

/// Integers of 64 bits.
#[derive(Debug, Default)]
pub(super) struct Integers {
    values: Vec<i64>,
    table: HashTable<u32>,
    hasher: RandomState,
    last: u32,
}

impl Dictionary for Integers {
    type Value<'a> = i64;

    #[inline]
    fn write(value: i64, page: &mut Vec<u8>) {
        page.extend_from_slice(&value.to_le_bytes());
    }

    #[inline]
    fn index_of(&mut self, value: i64) -> u32 {
        let Self { values, table, hasher, last } = self;
        if values.get(*last as usize) == Some(&value) {
            return *last;
        }
        let hash = |value: i64| hasher.hash_one(value);
        let is_it = |index: &u32| values.get(*index as usize) == Some(&value);
        *last = if let Some(index) = table.find(hash(value), is_it) {
            *index
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "a row group has fewer rows")]
            let index = values.len() as u32;
            values.push(value);
            let rehash = |index: &u32| hash(values.get(*index as usize).copied().unwrap_or_default());
            table.insert_unique(hash(value), index, rehash);
            index
        };
        *last
    }

    fn get(&self, index: u32) -> Option<i64> {
        self.values.get(index as usize).copied()
    }

    fn len(&self) -> usize {
        self.values.len()
    }

    fn page_len(&self) -> usize {
        self.values.len() * size_of::<i64>()
    }

    fn write_page(&self, page: &mut Vec<u8>) {
        self.values.iter().for_each(|value| Self::write(*value, page));
    }

    fn capacity(&self) -> usize {
        self.values.capacity() * 8 + self.table.allocation_size()
    }
}
