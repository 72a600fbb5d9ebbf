//! The pages of a column chunk, compressed.

use bytes::Bytes;
use parquet::basic::{Encoding, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriter as _};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{OffsetIndexBuilder, PageEncodingStats};
use parquet::file::page_index::offset_index::OffsetIndexMetaData;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use zstd::bulk::Compressor;

/// The level of compression: the fastest of the usual ones.
pub(super) const ZSTD_LEVEL: i32 = 1;

/// A compressor and buffers, shared by all pages.
pub(super) struct Compression {
    compressor: Compressor<'static>,
    compressed: Vec<u8>,
    /// The page in progress.
    pub(super) page: Vec<u8>,
}

/// Buffers above this size are not kept.
const KEPT_BYTES: usize = 4 << 20;

impl Compression {
    pub(super) fn new() -> std::io::Result<Self> {
        Ok(Self { compressor: Compressor::new(ZSTD_LEVEL)?, compressed: Vec::new(), page: Vec::new() })
    }

    /// Compresses the page.
    fn compress(&mut self) -> Result<Bytes> {
        self.compressed.clear();
        self.compressed.reserve(zstd::zstd_safe::compress_bound(self.page.len()));
        self.compressor.compress_to_buffer(&self.page, &mut self.compressed)?;
        let compressed = Bytes::copy_from_slice(&self.compressed);
        self.compressed.shrink_to(KEPT_BYTES);
        Ok(compressed)
    }

    /// Makes room for another page.
    fn clear(&mut self) {
        self.page.clear();
        self.page.shrink_to(KEPT_BYTES);
    }
}

/// The pages of a column chunk.
pub(super) struct Pages {
    bytes: Vec<u8>,
    /// For each data page its place in these, its size there, and its rows.
    data: Vec<(usize, usize, usize)>,
    /// The number of data pages whose values are indices of a dictionary.
    indexed: usize,
    uncompressed: usize,
}

/// A column chunk as it is in a file.
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// Where the data pages start.
    pub(super) data_start: usize,
    pub(super) uncompressed: usize,
    pub(super) offset_index: OffsetIndexMetaData,
    pub(super) encodings: Vec<Encoding>,
    pub(super) encoding_stats: Vec<PageEncodingStats>,
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), data: Vec::new(), indexed: 0, uncompressed: 0 }
    }

    /// The allocated size in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity() + self.data.capacity() * size_of::<(usize, usize, usize)>()
    }

    /// Writes the page in `compression`: levels and values.
    pub(super) fn push(
        &mut self,
        rows: usize,
        is_indexed: bool,
        compression: &mut Compression,
    ) -> Result<()> {
        let page = Page::DataPage {
            buf: compression.compress()?,
            num_values: u32::try_from(rows)?,
            encoding: if is_indexed { Encoding::RLE_DICTIONARY } else { Encoding::PLAIN },
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        let start = self.bytes.len();
        self.uncompressed += write(page, &mut self.bytes, compression)?;
        self.data.push((start, self.bytes.len() - start, rows));
        self.indexed += usize::from(is_indexed);
        Ok(())
    }

    /// Returns the chunk, and starts another one.
    ///
    /// The page in `compression` is that of a dictionary with as many values as `dictionary` says, if there is one.
    pub(super) fn finish(
        &mut self,
        dictionary: Option<usize>,
        compression: &mut Compression,
    ) -> Result<Chunk> {
        let Self { bytes, data, indexed, mut uncompressed } = std::mem::replace(self, Self::new());
        let mut all = Vec::new();
        let mut encoding_stats = Vec::new();
        let mut stats = |page_type, encoding, count: usize| {
            let count = i32::try_from(count)?;
            if count > 0 {
                encoding_stats.push(PageEncodingStats { page_type, encoding, count });
            }
            Ok::<_, ParquetError>(())
        };
        if let Some(values) = dictionary {
            let page = Page::DictionaryPage {
                buf: compression.compress()?,
                num_values: u32::try_from(values)?,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            uncompressed += write(page, &mut all, compression)?;
            stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1)?;
        }
        stats(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, indexed)?;
        stats(PageType::DATA_PAGE, Encoding::PLAIN, data.len() - indexed)?;
        let mut encodings: Vec<_> = encoding_stats.iter().map(|stats| stats.encoding).collect();
        // That of levels.
        encodings.push(Encoding::RLE);
        let data_start = all.len();
        all.extend_from_slice(&bytes);
        let mut index = OffsetIndexBuilder::new();
        for (start, size, rows) in data {
            index.append_row_count(i64::try_from(rows)?);
            index.append_offset_and_size(i64::try_from(data_start + start)?, i32::try_from(size)?);
        }
        Ok(Chunk {
            bytes: all,
            data_start,
            uncompressed,
            offset_index: index.build(),
            encodings,
            encoding_stats,
        })
    }
}

/// Appends a compressed page, and returns its size without compression.
fn write(page: Page, bytes: &mut Vec<u8>, compression: &mut Compression) -> Result<usize> {
    let page = CompressedPage::new(page, compression.page.len());
    // Made for each page, as it holds a buffer of 8 KiB.
    let mut sink = TrackedWrite::new(bytes);
    let written = SerializedPageWriter::new(&mut sink).write_page(page)?;
    sink.into_inner()?;
    compression.clear();
    Ok(written.uncompressed_size)
}
