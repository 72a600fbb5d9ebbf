//! Files of rows of tables.

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::errors::Result;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::TypePtr;

use super::column::{Cells, ColumnEncoder};
use super::page::Compression;
use super::part::{Part, PartFile};
use super::{CREATED_BY, Limits, Taken, into_io};
use crate::rows::{Partition, PartitionKey, Rows};
use crate::table::Column;

/// State shared by the files of tables: a compressor and the schemas.
#[derive(Default)]
pub struct TableFiles {
    compression: Option<Compression>,
    schemas: Vec<TableSchema>,
}

struct TableSchema {
    columns: Arc<[Column]>,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
}

impl fmt::Debug for TableFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableFiles").field("schemas", &self.schemas.len()).finish_non_exhaustive()
    }
}

impl TableFiles {
    fn compression(&mut self) -> io::Result<&mut Compression> {
        match &mut self.compression {
            Some(compression) => Ok(compression),
            none => Ok(none.insert(Compression::new()?)),
        }
    }

    /// Returns the schema of a file with these columns.
    fn schema(&mut self, columns: &Arc<[Column]>) -> Result<&TableSchema> {
        let known = self.schemas.iter().position(|schema| schema.columns == *columns);
        let index = known.unwrap_or(self.schemas.len());
        if known.is_none() {
            self.schemas.push(TableSchema::new(columns)?);
        }
        Ok(&self.schemas[index])
    }
}

impl TableSchema {
    fn new(columns: &Arc<[Column]>) -> Result<Self> {
        let arrow = crate::arrow::schema(columns);
        let schema = ArrowSchemaConverter::new().convert(&arrow)?.root_schema_ptr();
        let mut properties = WriterProperties::builder().set_created_by(CREATED_BY.to_owned()).build();
        // Readers on Arrow get the same types from it.
        add_encoded_arrow_schema_to_metadata(&arrow, &mut properties);
        Ok(Self { columns: Arc::clone(columns), schema, properties: Arc::new(properties) })
    }
}

/// A file of rows of a table. Rows are encoded as they come, column by column.
pub struct TableFile<W: Write + Send> {
    writer: SerializedFileWriter<Taken<W>>,
    /// The columns of its rows, and an encoder for each.
    columns: Arc<[Column]>,
    encoders: Vec<ColumnEncoder>,
    /// The rows of the row group in progress.
    rows: usize,
    /// The size of the columns.
    bytes: usize,
}

impl Part for Partition {
    type Key = PartitionKey;
    type Shared = TableFiles;
    type File<W: Write + Send> = TableFile<W>;

    fn key(&self) -> PartitionKey {
        self.key
    }

    fn table(key: PartitionKey) -> usize {
        key.table_index()
    }

    fn rows(&self) -> usize {
        self.rows.len()
    }

    fn capacity(&self) -> usize {
        self.rows.capacity()
    }
}

impl<W: Write + Send> TableFile<W> {
    fn encode(&mut self, rows: &Rows, range: Range<usize>, compression: &mut Compression) -> Result<()> {
        let width = self.encoders.len();
        let cells = rows.cells.get(range.start * width..range.end * width).unwrap_or_default();
        let text = rows.text.as_bytes();
        for (column, encoder) in self.encoders.iter_mut().enumerate() {
            encoder.append(Cells { all: cells, columns: width, column, text }, compression)?;
        }
        self.rows += range.len();
        self.bytes = self.encoders.iter().map(ColumnEncoder::capacity).sum();
        Ok(())
    }

    fn write_row_group(&mut self, compression: &mut Compression) -> Result<()> {
        let columns = self.writer.schema_descr().columns().to_vec();
        let mut group = self.writer.next_row_group()?;
        for (column, encoder) in columns.iter().zip(&mut self.encoders) {
            let (close, bytes) = encoder.end_chunk(column, compression)?;
            group.append_column(&bytes, close)?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl<W: Write + Send> PartFile<W> for TableFile<W> {
    type Part = Partition;

    fn new(file: W, part: &Partition, shared: &mut TableFiles) -> io::Result<Self> {
        // A file without columns could not say how many rows it has.
        if part.rows.columns.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a table without columns"));
        }
        let open = || {
            let TableSchema { columns, schema, properties } = shared.schema(&part.rows.columns)?;
            let writer =
                SerializedFileWriter::new(Taken(Some(file)), Arc::clone(schema), Arc::clone(properties))?;
            let encoders = columns.iter().map(ColumnEncoder::new).collect();
            Ok(Self { writer, columns: Arc::clone(columns), encoders, rows: 0, bytes: 0 })
        };
        open().map_err(into_io)
    }

    fn append(
        &mut self,
        part: &Partition,
        rows: Range<usize>,
        _: &Limits,
        shared: &mut TableFiles,
    ) -> io::Result<()> {
        if part.rows.columns != self.columns {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "rows with other columns than their file",
            ));
        }
        self.encode(&part.rows, rows, shared.compression()?).map_err(into_io)
    }

    fn group_rows(&self) -> usize {
        self.rows
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn is_encoding(&self) -> bool {
        false
    }

    fn end_row_group(&mut self, shared: &mut TableFiles) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.write_row_group(shared.compression()?).map_err(into_io)
    }

    fn finish(mut self, shared: &mut TableFiles) -> io::Result<(u64, W)> {
        self.end_row_group(shared)?;
        let footer = self.writer.finish().map_err(into_io)?;
        let rows = footer.file_metadata().num_rows().unsigned_abs();
        let file = self.writer.inner_mut().0.take().ok_or_else(|| io::Error::other("a file was lost"))?;
        Ok((rows, file))
    }
}
