//! Files of Parquet, compressed with zstd, partitioned by table and day.
//!
//! [`PartitionedWriter`] takes the rows of any partitions in any order, and writes one file for each partition, or a few if
//! they are interleaved with very many others. It does no I/O: callers implement [`Files`] to open them.

mod part;
pub mod security_lake;
mod writer;

pub use part::Part;
pub use writer::{Files, Limits, PartitionedWriter, Written};

use std::io::Write;

use arrow_schema::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// Columns with mostly distinct values, for which a dictionary only costs time.
const UNIQUE: [&str; 2] = ["trace_id", "timestamp"];

/// The column with statistics for each page, by which readers skip pages.
const SKIPPED_BY: &str = "timestamp";

/// The only text column with statistics. Rows are in the order of time, so minima and maxima of other texts skip nothing, and
/// computing them takes longer than compressing the text.
const GROUPED_BY: &str = "cloud_id";

/// Opens a file of rows with this schema.
///
/// # Errors
///
/// Returns an error if `file` does.
pub fn open<W: Write + Send>(file: W, schema: SchemaRef) -> Result<ArrowWriter<W>> {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("cloudconnexa-convert version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_write_batch_size(1 << 12)
        // The writer is told when to end a row group.
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_statistics_truncate_length(Some(64));
    for field in schema.fields() {
        let column = ColumnPath::from(field.name().as_str());
        if field.data_type() == &DataType::Utf8 && field.name() != GROUPED_BY {
            properties = properties.set_column_statistics_enabled(column, EnabledStatistics::None);
        }
    }
    for name in UNIQUE {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    properties =
        properties.set_column_statistics_enabled(ColumnPath::from(SKIPPED_BY), EnabledStatistics::Page);
    let options = ArrowWriterOptions::new().with_properties(properties.build());
    ArrowWriter::try_new_with_options(file, schema, options)
}
