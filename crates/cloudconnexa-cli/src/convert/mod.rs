//! `ccxlog convert`: each thread converts the events that it checks, and the outputs take the results in input order.

mod csv;
#[cfg(feature = "parquet")]
mod encoders;
mod folder;
mod lines;
mod manifest;
mod outputs;
#[cfg(feature = "parquet")]
mod parquet;

pub(crate) use csv::CsvForm;
pub(crate) use folder::{CommittedFolder, OutputFolder};
pub(crate) use lines::LineForm;
pub(crate) use manifest::InputId;
pub(crate) use outputs::{ConvertOutputs, Converted};
#[cfg(feature = "parquet")]
pub(crate) use parquet::Lake;

#[cfg(feature = "parquet")]
use cloudconnexa_convert::ocsf::OcsfVersion;
#[cfg(feature = "parquet")]
use cloudconnexa_convert::parquet::security_lake::{LakePart, LakeParts};
#[cfg(feature = "parquet")]
use cloudconnexa_convert::rows::{Partition, PartitionedRows, SpareRows};
#[cfg(feature = "parquet")]
use cloudconnexa_convert::table::Selection;
use cloudconnexa_validator::EventView;
use csv::CsvLines;
use lines::Lines;

/// The format that events are converted to.
#[derive(Debug)]
pub(crate) enum Form {
    /// Lines of CSV, in one file per table.
    Csv(CsvForm),
    /// Lines of OCSF or ECS.
    Lines(LineForm),
    /// Parquet, with the selected columns. Buffers of rows are reused once the rows are written.
    #[cfg(feature = "parquet")]
    Parquet(Option<Selection>, SpareRows),
    /// OCSF as Parquet, for Amazon Security Lake.
    #[cfg(feature = "parquet")]
    SecurityLake(OcsfVersion),
}

/// The events that one thread has converted since the last [`take`](Rows::take).
#[derive(Debug)]
pub(crate) enum Rows {
    Csv(CsvLines),
    Lines(Lines),
    #[cfg(feature = "parquet")]
    Parquet(PartitionedRows),
    #[cfg(feature = "parquet")]
    SecurityLake(Box<LakeParts>),
}

/// Converted events on their way to an output.
#[derive(Debug)]
pub(crate) enum RowsPart {
    /// The lines of each table.
    Csv(Vec<Vec<u8>>),
    Lines(Vec<u8>),
    #[cfg(feature = "parquet")]
    Parquet(Vec<Partition>),
    #[cfg(feature = "parquet")]
    SecurityLake(Vec<LakePart>),
}

impl Form {
    /// Creates an empty buffer for the converted events of one thread.
    pub(crate) fn rows(&self) -> Rows {
        match self {
            Self::Csv(form) => Rows::Csv(form.lines()),
            Self::Lines(form) => Rows::Lines(form.lines()),
            #[cfg(feature = "parquet")]
            Self::Parquet(wanted, spare) => {
                Rows::Parquet(PartitionedRows::new(wanted.as_ref()).with_spare(spare.clone()))
            }
            #[cfg(feature = "parquet")]
            Self::SecurityLake(version) => Rows::SecurityLake(Box::new(LakeParts::new(*version))),
        }
    }
}

impl Rows {
    /// Converts an event.
    pub(crate) fn push(&mut self, event: &EventView<'_>) {
        match self {
            Self::Csv(lines) => lines.push(event),
            Self::Lines(lines) => lines.push(event),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.push(event),
            #[cfg(feature = "parquet")]
            Self::SecurityLake(rows) => rows.push(event),
        }
    }

    /// Takes the events that were converted since the last call.
    pub(crate) fn take(&mut self) -> RowsPart {
        match self {
            Self::Csv(lines) => RowsPart::Csv(lines.take()),
            Self::Lines(lines) => RowsPart::Lines(lines.take()),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => RowsPart::Parquet(rows.take()),
            #[cfg(feature = "parquet")]
            Self::SecurityLake(rows) => RowsPart::SecurityLake(rows.take()),
        }
    }

    /// Returns their approximate size in bytes.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Csv(lines) => lines.len(),
            Self::Lines(lines) => lines.len(),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.bytes(),
            #[cfg(feature = "parquet")]
            Self::SecurityLake(rows) => rows.bytes(),
        }
    }
}
