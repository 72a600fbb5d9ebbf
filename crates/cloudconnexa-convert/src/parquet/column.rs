//! Encodes the cells of a column.
//!
//! A chunk of a column starts with a dictionary, if values of the column are likely to repeat, and goes on without one once its
//! values turn out to be mostly distinct, or take much memory.

mod values;

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{BoundaryOrder, Compression as Codec, Type, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, ColumnIndexBuilder};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::schema::types::ColumnDescPtr;

use super::page::{Compression, Pages, ZSTD_LEVEL};
use crate::rows::NULL;
use crate::table::Column;
use values::{Bits, PAGE_ROWS, Range, Values};

/// Columns with mostly distinct values, for which a dictionary only costs time.
const UNIQUE: [&str; 2] = ["trace_id", "timestamp"];

/// The column with statistics for each page, by which readers skip pages: rows are in the order of time.
const SKIPPED_BY: &str = "timestamp";

/// Encodes a column of a row group.
pub(super) struct ColumnEncoder {
    values: Values,
    validity: Bits,
    pages: Pages,
    rows: usize,
    nulls: usize,
    /// Statistics of pages, if the column has them.
    index: Option<Vec<PageStatistics>>,
}

/// The statistics of a page: the number of nulls, and the smallest and the largest value.
struct PageStatistics {
    nulls: usize,
    range: Option<Range>,
}

/// The cells of a column in rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    /// The cells of all columns, row by row.
    pub(super) all: &'a [u64],
    pub(super) columns: usize,
    /// The index of the column.
    pub(super) column: usize,
    pub(super) text: &'a [u8],
}

impl<'a> Cells<'a> {
    fn rows(&self) -> usize {
        self.all.len() / self.columns
    }

    #[inline]
    fn from(self, row: usize) -> impl Iterator<Item = Option<u64>> + use<'a> {
        let cells = self.all.get(row * self.columns + self.column..).unwrap_or_default();
        cells.iter().step_by(self.columns).map(|cell| (*cell != NULL).then_some(*cell))
    }
}

impl ColumnEncoder {
    pub(super) fn new(column: &Column) -> Self {
        let values = Values::new(column.kind, !UNIQUE.contains(&column.name));
        let index = (column.name == SKIPPED_BY).then(Vec::new);
        Self { values, validity: Bits::default(), pages: Pages::new(), rows: 0, nulls: 0, index }
    }

    /// Appends cells.
    pub(super) fn append(&mut self, cells: Cells<'_>, compression: &mut Compression) -> Result<()> {
        let mut row = 0;
        while row < cells.rows() {
            let before = self.validity.len();
            let cells_of_page = cells.from(row).take(PAGE_ROWS - before);
            self.values.extend(cells_of_page, cells.text, &mut self.validity);
            row += self.validity.len() - before;
            if self.validity.len() == PAGE_ROWS || self.values.is_full() {
                self.end_page(compression)?;
            }
        }
        Ok(())
    }

    fn end_page(&mut self, compression: &mut Compression) -> Result<()> {
        let page = &mut compression.page;
        self.validity.write_levels(page);
        let is_indexed = self.values.end_page(page);
        let (rows, nulls) = (self.validity.len(), self.validity.len() - self.validity.ones());
        self.pages.push(rows, is_indexed, compression)?;
        self.rows += rows;
        self.nulls += nulls;
        let range = self.values.end_range();
        if let Some(index) = &mut self.index {
            index.push(PageStatistics { nulls, range });
        }
        self.validity.clear();
        Ok(())
    }

    /// Ends the column chunk, and starts another one. Returns what a file says about it, and its bytes.
    pub(super) fn end_chunk(
        &mut self,
        column: &ColumnDescPtr,
        compression: &mut Compression,
    ) -> Result<(ColumnCloseResult, Bytes)> {
        if self.validity.len() > 0 {
            self.end_page(compression)?;
        }
        self.validity = Bits::default();
        let (rows, nulls) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.nulls));
        let statistics = self.values.statistics(nulls as u64);
        let column_index =
            self.index.as_mut().map(|pages| column_index(&std::mem::take(pages))).transpose()?;
        let dictionary = self.values.end_chunk(&mut compression.page);
        let chunk = self.pages.finish(dictionary, compression)?;
        let size = chunk.bytes.len();
        let metadata = ColumnChunkMetaData::builder(Arc::clone(column))
            .set_compression(Codec::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
            .set_encodings(chunk.encodings)
            .set_page_encoding_stats(chunk.encoding_stats)
            .set_total_compressed_size(i64::try_from(size)?)
            .set_total_uncompressed_size(i64::try_from(chunk.uncompressed)?)
            .set_num_values(i64::try_from(rows)?)
            .set_dictionary_page_offset(dictionary.map(|_| 0))
            .set_data_page_offset(i64::try_from(chunk.data_start)?)
            .set_statistics(statistics)
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: size as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index,
            offset_index: Some(chunk.offset_index),
        };
        Ok((close, Bytes::from(chunk.bytes)))
    }

    /// Returns the allocated size in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.values.capacity() + self.validity.capacity() + self.pages.capacity()
    }
}

/// Returns the index by which readers skip pages.
fn column_index(pages: &[PageStatistics]) -> Result<ColumnIndexMetaData> {
    let mut index = ColumnIndexBuilder::new(Type::INT64);
    for PageStatistics { nulls, range } in pages {
        let (min, max) = range.map(|Range { min, max }| (min.to_le_bytes(), max.to_le_bytes())).unzip();
        let bytes = |value: Option<[u8; 8]>| value.map_or_else(Vec::new, Vec::from);
        index.append(range.is_none(), bytes(min), bytes(max), i64::try_from(*nulls)?, None);
    }
    let ranges = || pages.iter().filter_map(|page| page.range);
    if ranges().zip(ranges().skip(1)).all(|(a, b)| a.min <= b.min && a.max <= b.max) {
        index.set_boundary_order(BoundaryOrder::ASCENDING);
    }
    index.build()
}

#[cfg(test)]
mod tests;
