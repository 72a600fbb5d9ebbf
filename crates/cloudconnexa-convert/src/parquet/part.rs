//! The input of a partitioned writer, and its files: rows of tables, or OCSF events.

use std::fmt::Debug;
use std::hash::Hash;
use std::io::{self, Write};
use std::ops::Range;

use super::Limits;

/// Rows of one partition. Only types of this crate implement it.
pub trait Part {
    /// Identifies a partition.
    type Key: Copy + Hash + Ord + Debug;
    /// State shared by all files of a writer.
    type Shared: Default + Debug;
    /// Encodes rows to a file.
    type File<W: Write + Send>: PartFile<W, Part = Self>;

    /// Returns the partition.
    fn key(&self) -> Self::Key;

    /// Returns the number of its table.
    fn table(key: Self::Key) -> usize;

    /// Returns the number of rows.
    fn rows(&self) -> usize;

    /// Returns their allocated size in bytes.
    fn capacity(&self) -> usize;
}

/// Encodes the rows of a partition to a file.
pub trait PartFile<W>: Sized {
    /// The rows.
    type Part: Part;

    /// Starts a file for rows like those of `part`.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    fn new(file: W, part: &Self::Part, shared: &mut <Self::Part as Part>::Shared) -> io::Result<Self>;

    /// Appends rows.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be encoded.
    fn append(
        &mut self,
        part: &Self::Part,
        rows: Range<usize>,
        limits: &Limits,
        shared: &mut <Self::Part as Part>::Shared,
    ) -> io::Result<()>;

    /// Returns the number of rows in the row group in progress.
    fn group_rows(&self) -> usize;

    /// Returns the approximate size of these rows in memory.
    fn bytes(&self) -> usize;

    /// Whether it counts among the [`encoding_files`](Limits::encoding_files).
    fn is_encoding(&self) -> bool;

    /// Writes the row group in progress, if it has rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    fn end_row_group(&mut self, shared: &mut <Self::Part as Part>::Shared) -> io::Result<()>;

    /// Writes the rest, and returns the number of rows, as the footer has it, and the file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    fn finish(self, shared: &mut <Self::Part as Part>::Shared) -> io::Result<(u64, W)>;
}
