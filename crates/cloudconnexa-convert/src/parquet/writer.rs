//! Writes partitions in bounded memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use super::part::{Part, PartFile as _};
use crate::rows::{Partition, PartitionKey};

/// Opens and finishes the files of partitions.
pub trait Files<K = PartitionKey> {
    /// A file.
    type File: Write + Send;

    /// Opens a file of a partition. Its files are numbered from 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be opened.
    fn open(&mut self, partition: K, number: u64) -> io::Result<Self::File>;

    /// Finishes a file, after the last write.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be finished.
    fn end(&mut self, file: Self::File) -> io::Result<()>;
}

/// Limits of a [`PartitionedWriter`] on memory and on files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The maximum number of rows in a row group, 131,072 by default. Readers process row groups in parallel.
    pub row_group_rows: usize,
    /// The maximum number of rows in a file, 2²⁴ by default. A larger partition has several files.
    pub file_rows: u64,
    /// The maximum number of open files, 512 by default. Above it, the least recently used file is
    /// finished, and its partition gets another file if more rows follow.
    pub open_files: usize,
    /// The maximum number of files of events of OCSF with a row group in progress, 32 by default. Each has encoders for all
    /// columns, about 2 MB. Above it, the least recently used file ends its row group.
    pub encoding_files: usize,
    /// The approximate maximum size of rows in memory, 64 MiB by default. Above it, the largest partition ends its row group.
    pub buffered_bytes: usize,
    /// The number of events of OCSF to encode at once, 4,096 by default. Until then they are buffered, which takes less memory
    /// than encoders for all columns.
    pub batch_rows: usize,
    /// The size in bytes at which they are encoded earlier, 8 MiB by default.
    pub batch_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_group_rows: 1 << 17,
            file_rows: 1 << 24,
            open_files: 512,
            encoding_files: 32,
            buffered_bytes: 64 << 20,
            batch_rows: 1 << 12,
            batch_bytes: 8 << 20,
        }
    }
}

/// Counts of written rows, tables, partitions and files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The number of rows, as the footers of the files have it.
    pub rows: u64,
    /// The number of tables.
    pub tables: u64,
    /// The number of partitions: days of tables.
    pub partitions: u64,
    /// The number of files.
    pub files: u64,
}

impl Written {
    /// Adds the counts of a writer of other tables.
    pub fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.tables += other.tables;
        self.partitions += other.partitions;
        self.files += other.files;
    }
}

/// Writes the rows of partitions to files of Parquet: those of tables, or events of a lake.
#[derive(Debug)]
pub struct PartitionedWriter<F: Files<P::Key>, P: Part = Partition> {
    files: F,
    limits: Limits,
    open: HashMap<P::Key, Open<F::File, P>>,
    /// The number of finished files of each partition.
    ended: BTreeMap<P::Key, u64>,
    shared: P::Shared,
    /// The bytes of rows that are in memory.
    buffered: usize,
    /// Increases with each batch.
    clock: u64,
    written: Written,
}

/// An open file.
struct Open<W: Write + Send, P: Part> {
    file: P::File<W>,
    rows: u64,
    last_used: u64,
}

impl<W: Write + Send, P: Part> std::fmt::Debug for Open<W, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = self.file.bytes();
        f.debug_struct("Open").field("rows", &self.rows).field("bytes", &bytes).finish_non_exhaustive()
    }
}

impl<F: Files<P::Key>, P: Part> PartitionedWriter<F, P> {
    /// A writer to `files`.
    #[must_use]
    pub fn new(files: F, limits: Limits) -> Self {
        Self {
            files,
            limits,
            open: HashMap::new(),
            ended: BTreeMap::new(),
            shared: P::Shared::default(),
            buffered: 0,
            clock: 0,
            written: Written::default(),
        }
    }

    /// Writes rows, which may stay in memory for now.
    ///
    /// The files depend on the order of the rows, and, if memory runs short, on how many come in one call.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be opened or written. The writer is of no use after it.
    pub fn write(&mut self, part: &P) -> io::Result<()> {
        let key = part.key();
        let mut row = 0;
        while row < part.rows() {
            let limits = self.limits;
            self.ensure_open(key, part)?;
            let open = self.open.get_mut(&key).ok_or_else(|| io::Error::other("a file was lost"))?;
            self.clock += 1;
            open.last_used = self.clock;
            let (before, was_encoding) = (open.file.bytes(), open.file.is_encoding());
            // Up to the end of a row group or a file, wherever a part ends.
            let in_file = usize::try_from(limits.file_rows - open.rows).unwrap_or(usize::MAX);
            let room = limits.row_group_rows.saturating_sub(open.file.group_rows()).min(in_file);
            let end = part.rows().min(row + room.max(1));
            open.file.append(part, row..end, &limits, &mut self.shared)?;
            open.rows += (end - row) as u64;
            row = end;
            if open.file.group_rows() >= limits.row_group_rows {
                open.file.end_row_group(&mut self.shared)?;
            }
            let (after, is_full) = (open.file.bytes(), open.rows >= limits.file_rows);
            let starts_encoding = open.file.is_encoding() && !was_encoding;
            self.buffered = self.buffered - before + after;
            if starts_encoding {
                self.bound_encoders(key)?;
            }
            if is_full {
                self.end(key)?;
            }
            if self.buffered > limits.buffered_bytes {
                self.bound_memory()?;
            }
        }
        Ok(())
    }

    /// Writes all buffered rows, and finishes all files.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be written.
    pub fn finish(mut self) -> io::Result<(Written, F)> {
        let mut keys: Vec<_> = self.open.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            self.end(key)?;
        }
        self.written.partitions = self.ended.len() as u64;
        let tables: BTreeSet<_> = self.ended.keys().map(|key| P::table(*key)).collect();
        self.written.tables = tables.len() as u64;
        Ok((self.written, self.files))
    }

    /// Opens a file of the partition, unless one is open.
    fn ensure_open(&mut self, key: P::Key, part: &P) -> io::Result<()> {
        if self.open.contains_key(&key) {
            return Ok(());
        }
        if self.open.len() >= self.limits.open_files {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.last_used).map(|(key, _)| *key);
            oldest.map_or(Ok(()), |oldest| self.end(oldest))?;
        }
        let number = self.ended.get(&key).copied().unwrap_or(0);
        let file = P::File::new(self.files.open(key, number)?, part, &mut self.shared)?;
        self.open.insert(key, Open { file, rows: 0, last_used: 0 });
        Ok(())
    }

    /// Ends the file of a partition.
    fn end(&mut self, key: P::Key) -> io::Result<()> {
        let Some(open) = self.open.remove(&key) else { return Ok(()) };
        self.buffered -= open.file.bytes();
        let (rows, file) = open.file.finish(&mut self.shared)?;
        self.written.rows += rows;
        *self.ended.entry(key).or_default() += 1;
        self.written.files += 1;
        self.files.end(file)
    }

    /// Ends the row groups of the least recently used files other than that of `key`, until few enough are in progress.
    fn bound_encoders(&mut self, key: P::Key) -> io::Result<()> {
        loop {
            let encoding = || self.open.iter().filter(|(_, open)| open.file.is_encoding());
            if encoding().count() <= self.limits.encoding_files.max(1) {
                return Ok(());
            }
            let others = encoding().filter(|(other, _)| **other != key);
            let Some(oldest) = others.min_by_key(|(_, open)| open.last_used).map(|(key, _)| *key) else {
                return Ok(());
            };
            let Some(open) = self.open.get_mut(&oldest) else { return Ok(()) };
            let before = open.file.bytes();
            open.file.end_row_group(&mut self.shared)?;
            self.buffered = self.buffered - before + open.file.bytes();
        }
    }

    /// Ends row groups early, the largest first, until the rest fits.
    fn bound_memory(&mut self) -> io::Result<()> {
        while self.buffered > self.limits.buffered_bytes {
            let largest = self.open.iter_mut().max_by_key(|(key, open)| (open.file.bytes(), **key));
            let Some((_, open)) = largest else { break };
            let before = open.file.bytes();
            open.file.end_row_group(&mut self.shared)?;
            let after = open.file.bytes();
            self.buffered = self.buffered - before + after;
            if after >= before {
                break;
            }
        }
        Ok(())
    }
}
