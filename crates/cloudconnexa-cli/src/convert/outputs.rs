//! The outputs of a conversion: tables, and rejected records. All are put into place at the end, or none.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, Write as _};

#[cfg(feature = "parquet")]
use cloudconnexa_convert::rows::SpareRows;
use cloudconnexa_convert::table::{TABLES, Table};

use super::folder::{CommittedFolder, OutputFolder, StagedFile};
#[cfg(feature = "parquet")]
use super::parquet::{self, SharedFolder};
use super::{CsvForm, InputId, RowsPart};
use crate::data_output::{DataOutput, Unwritten};
use crate::split_outputs::SplitCounts;

/// The outputs of a conversion.
#[derive(Debug)]
pub(crate) struct ConvertOutputs {
    tables: TableOutput,
    rejected: Option<DataOutput>,
    pub(crate) converted: Converted,
    /// Why nothing more can be written: a sentence.
    failure: Option<String>,
}

/// Counts of converted and rejected records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Converted {
    /// Records and bytes: `accepted` are those of valid events.
    pub(crate) records: SplitCounts,
    /// Events that `--event` does not select.
    pub(crate) left_out: u64,
    /// Events that the schema does not describe, and those with fields that it does not.
    pub(crate) unknown_events: u64,
    pub(crate) with_unknown_fields: u64,
    /// Converted events.
    pub(crate) rows: u64,
    /// Rows, tables and files in the outputs.
    pub(crate) written_rows: u64,
    pub(crate) tables: u64,
    pub(crate) files: u64,
}

/// The output of converted events.
#[derive(Debug)]
enum TableOutput {
    /// One table, as CSV, or lines of events.
    Line(DataOutput),
    /// Each table, as CSV.
    CsvFolder { folder: Box<OutputFolder>, form: CsvForm, files: BTreeMap<usize, StagedFile> },
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::TableEncoders>, SharedFolder),
    #[cfg(feature = "parquet")]
    SecurityLake(Box<parquet::LakeEncoders>, SharedFolder),
}

impl Converted {
    pub(crate) fn add(&mut self, other: Self) {
        self.records.add(other.records);
        self.left_out += other.left_out;
        self.unknown_events += other.unknown_events;
        self.with_unknown_fields += other.with_unknown_fields;
        self.rows += other.rows;
    }

    #[cfg(feature = "parquet")]
    fn set_written(&mut self, written: cloudconnexa_convert::parquet::Written) {
        (self.written_rows, self.tables, self.files) = (written.rows, written.tables, written.files);
    }
}

impl ConvertOutputs {
    fn new(tables: TableOutput, rejected: Option<DataOutput>) -> Self {
        Self { tables, rejected, converted: Converted::default(), failure: None }
    }

    /// One table as CSV.
    pub(crate) fn csv(
        mut output: DataOutput,
        form: &CsvForm,
        table: &'static Table,
        rejected: Option<DataOutput>,
    ) -> Self {
        output.append(&form.header(table));
        Self::new(TableOutput::Line(output), rejected)
    }

    /// Lines of events.
    pub(crate) fn lines(output: DataOutput, rejected: Option<DataOutput>) -> Self {
        Self::new(TableOutput::Line(output), rejected)
    }

    /// A folder with a file of CSV for each table.
    pub(crate) fn csv_folder(folder: OutputFolder, form: CsvForm, rejected: Option<DataOutput>) -> Self {
        Self::new(TableOutput::CsvFolder { folder: Box::new(folder), form, files: BTreeMap::new() }, rejected)
    }

    /// A folder of Parquet files, whose names start with `prefix`.
    #[cfg(feature = "parquet")]
    pub(crate) fn parquet(
        folder: OutputFolder,
        prefix: &str,
        is_threaded: bool,
        spare: SpareRows,
        rejected: Option<DataOutput>,
    ) -> Self {
        let folder = SharedFolder::new(folder);
        let encoders = parquet::tables(&folder, prefix, is_threaded, spare);
        Self::new(TableOutput::Parquet(Box::new(encoders), folder), rejected)
    }

    /// A folder with the files of Amazon Security Lake, whose names start with `prefix`.
    #[cfg(feature = "parquet")]
    pub(crate) fn security_lake(
        folder: OutputFolder,
        prefix: &str,
        lake: &super::Lake,
        is_threaded: bool,
        rejected: Option<DataOutput>,
    ) -> Self {
        let folder = SharedFolder::new(folder);
        let encoders = parquet::security_lake(&folder, prefix, lake, is_threaded);
        Self::new(TableOutput::SecurityLake(Box::new(encoders), folder), rejected)
    }

    /// Whether something could not be written.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.is_some()
            || self.rejected.as_ref().is_some_and(DataOutput::has_failed)
            || matches!(&self.tables, TableOutput::Line(output) if output.has_failed())
    }

    /// Adds rows and rejected lines, unless something has failed before.
    pub(crate) fn add(&mut self, rows: RowsPart, rejected: &[u8], counts: Converted) {
        self.converted.add(counts);
        if self.has_failed() {
            return;
        }
        if let Some(output) = &mut self.rejected {
            output.append(rejected);
        }
        if let Err(error) = self.tables.add(rows) {
            self.failure = Some(format!("cannot write tables: {error}"));
        }
    }

    /// Writes what is still in memory. Nothing is put into place yet.
    pub(crate) fn finish(self) -> Result<FinishedOutputs, Unwritten> {
        let Self { tables, rejected, mut converted, failure } = self;
        let failed = |problem: String| Unwritten::Failed(format!("{problem}; nothing was put into place"));
        if let Some(failure) = failure {
            return Err(failed(failure));
        }
        let cannot = |error: io::Error| failed(format!("cannot write tables: {error}"));
        #[cfg(feature = "parquet")]
        let unshared = |folder: SharedFolder| {
            let folder =
                folder.into_inner().ok_or_else(|| failed("the folder is still in use".to_owned()))?;
            Ok(FinishedTables::Folder(Box::new(folder)))
        };
        let tables = match tables {
            TableOutput::CsvFolder { mut folder, files, .. } => {
                (converted.tables, converted.files) = (files.len() as u64, files.len() as u64);
                for file in files.into_values() {
                    file.sync().map_err(cannot)?;
                    folder.add(file);
                }
                converted.written_rows = converted.rows;
                FinishedTables::Folder(folder)
            }
            #[cfg(feature = "parquet")]
            TableOutput::Parquet(encoders, folder) => {
                converted.set_written(encoders.finish().map_err(cannot)?);
                unshared(folder)?
            }
            #[cfg(feature = "parquet")]
            TableOutput::SecurityLake(encoders, folder) => {
                converted.set_written(encoders.finish().map_err(cannot)?);
                unshared(folder)?
            }
            TableOutput::Line(output) => {
                converted.written_rows = converted.rows;
                (converted.tables, converted.files) = (1, 1);
                FinishedTables::Line(output)
            }
        };
        Ok(FinishedOutputs { tables, rejected, converted })
    }
}

impl TableOutput {
    fn add(&mut self, rows: RowsPart) -> io::Result<()> {
        match (self, rows) {
            (Self::Line(output), RowsPart::Csv(tables)) => {
                for lines in &tables {
                    output.append(lines);
                }
                Ok(())
            }
            (Self::Line(output), RowsPart::Lines(lines)) => {
                output.append(&lines);
                Ok(())
            }
            (Self::CsvFolder { folder, form, files }, RowsPart::Csv(tables)) => {
                for (index, lines) in tables.iter().enumerate().filter(|(_, lines)| !lines.is_empty()) {
                    let file = match files.entry(index) {
                        Entry::Occupied(file) => file.into_mut(),
                        Entry::Vacant(entry) => {
                            let table = &TABLES[index];
                            let mut file = folder.create(format!("{}.csv", table.name))?;
                            file.write_all(&form.header(table))?;
                            entry.insert(file)
                        }
                    };
                    file.write_all(lines)?;
                }
                Ok(())
            }
            #[cfg(feature = "parquet")]
            (Self::Parquet(encoders, _), RowsPart::Parquet(partitions)) => {
                partitions.into_iter().try_for_each(|partition| encoders.write(partition))
            }
            #[cfg(feature = "parquet")]
            (Self::SecurityLake(encoders, _), RowsPart::SecurityLake(parts)) => {
                parts.into_iter().try_for_each(|part| encoders.write(part))
            }
            _ => Err(io::Error::other("the output is of another format than the events")),
        }
    }
}

/// Outputs that are complete.
#[derive(Debug)]
pub(crate) struct FinishedOutputs {
    tables: FinishedTables,
    rejected: Option<DataOutput>,
    pub(crate) converted: Converted,
}

#[derive(Debug)]
enum FinishedTables {
    Line(DataOutput),
    Folder(Box<OutputFolder>),
}

impl FinishedOutputs {
    /// Puts all outputs into place. Rejected records come first: they are in no other output.
    pub(crate) fn commit(self, input: Option<InputId>) -> Result<Option<CommittedFolder>, Unwritten> {
        if let Some(rejected) = self.rejected {
            rejected.finish(true)?;
        }
        match self.tables {
            FinishedTables::Line(output) => output.finish(true).map(|()| None),
            FinishedTables::Folder(folder) => folder.commit(input).map(Some).map_err(Unwritten::Failed),
        }
    }
}
