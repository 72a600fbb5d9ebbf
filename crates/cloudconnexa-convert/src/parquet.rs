//! Files of Parquet, compressed with zstd, partitioned by table and day.
//!
//! [`PartitionedWriter`] takes the rows of any partitions in any order, and writes one file for each partition, or a few if
//! they are interleaved with very many others. It does no I/O: callers implement [`Files`] to open them.

mod column;
mod dictionary;
mod hybrid;
mod page;
mod part;
pub mod security_lake;
mod table_file;
mod writer;

pub use part::{Part, PartFile};
pub use table_file::{TableFile, TableFiles};
pub use writer::{Files, Limits, PartitionedWriter, Written};

use std::io::{self, Write};

use parquet::errors::ParquetError;

/// The program that files say they were written by.
const CREATED_BY: &str = concat!("cloudconnexa-convert version ", env!("CARGO_PKG_VERSION"));

/// A file that can be taken back. Writers of Parquet return theirs too, but lose the kind of an I/O error.
struct Taken<W>(Option<W>);

impl<W: Write> Write for Taken<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.as_mut().map_or(Ok(bytes.len()), |file| file.write(bytes))
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// Returns the error of a file, or wraps another one.
fn into_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
