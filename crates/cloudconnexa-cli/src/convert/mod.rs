//! What `ccxlog convert` makes of events: what each thread makes of the events that it checks, and the outputs that take that in
//! the order of the inputs.

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
use lines::Lines;
pub(crate) use manifest::InputId;
pub(crate) use outputs::{ConvertOutputs, Converted};
#[cfg(feature = "parquet")]
pub(crate) use parquet::Lake;

#[cfg(feature = "parquet")]
use cloudconnexa_convert::parquet::security_lake::LakeParts;
#[cfg(feature = "parquet")]
use cloudconnexa_convert::rows::SpareRows;
use cloudconnexa_convert::table::{self, TABLES};
use cloudconnexa_validator::EventView;

/// What events are converted to.
#[derive(Debug)]
pub(crate) enum Form {
    /// Lines of CSV, in a file for each table.
    Csv(CsvForm),
    /// A line for each event.
    Lines(LineForm),
    /// Rows of Parquet, with the columns that are wanted, in memory of rows that were written.
    #[cfg(feature = "parquet")]
    Parquet(Option<cloudconnexa_convert::table::Selection>, SpareRows),
    /// Events of OCSF for Amazon Security Lake.
    #[cfg(feature = "parquet")]
    SecurityLake(cloudconnexa_convert::ocsf::OcsfVersion),
}

/// What a thread makes of events, until it is handed over.
#[derive(Debug)]
pub(crate) enum Rows {
    /// Lines of each table.
    Csv(Vec<Vec<u8>>),
    Lines(Lines),
    #[cfg(feature = "parquet")]
    Parquet(cloudconnexa_convert::rows::PartitionedRows),
    #[cfg(feature = "parquet")]
    SecurityLake(Box<LakeParts>),
}

/// What a thread hands over.
#[derive(Debug)]
pub(crate) enum RowsPart {
    Csv(Vec<Vec<u8>>),
    Lines(Vec<u8>),
    #[cfg(feature = "parquet")]
    Parquet(Vec<cloudconnexa_convert::rows::Partition>),
    #[cfg(feature = "parquet")]
    SecurityLake(Vec<cloudconnexa_convert::parquet::security_lake::LakePart>),
}

impl Form {
    /// Starts without rows.
    pub(crate) fn rows(&self) -> Rows {
        match self {
            Self::Csv(_) => Rows::Csv(vec![Vec::new(); TABLES.len()]),
            Self::Lines(form) => Rows::Lines(form.lines()),
            #[cfg(feature = "parquet")]
            Self::Parquet(wanted, spare) => {
                let rows = cloudconnexa_convert::rows::PartitionedRows::new(wanted.as_ref());
                Rows::Parquet(rows.with_spare(spare.clone()))
            }
            #[cfg(feature = "parquet")]
            Self::SecurityLake(version) => Rows::SecurityLake(Box::new(LakeParts::new(*version))),
        }
    }

    /// Adds an event to rows of this form.
    pub(crate) fn push(&self, rows: &mut Rows, event: &EventView<'_>) {
        match (self, rows) {
            (Self::Csv(form), Rows::Csv(lines)) => {
                let index = table::index_of(event);
                form.push(&mut lines[index], &TABLES[index], event);
            }
            (Self::Lines(_), Rows::Lines(lines)) => lines.push(event),
            #[cfg(feature = "parquet")]
            (Self::Parquet(..), Rows::Parquet(rows)) => rows.push(event),
            #[cfg(feature = "parquet")]
            (Self::SecurityLake(_), Rows::SecurityLake(rows)) => rows.push(event),
            _ => unreachable!("rows are of the form that made them"),
        }
    }
}

impl Rows {
    /// Takes the rows that were added since the last call.
    pub(crate) fn take(&mut self) -> RowsPart {
        match self {
            Self::Csv(lines) => RowsPart::Csv(lines.iter_mut().map(std::mem::take).collect()),
            Self::Lines(lines) => RowsPart::Lines(lines.take()),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => RowsPart::Parquet(rows.take()),
            #[cfg(feature = "parquet")]
            Self::SecurityLake(rows) => RowsPart::SecurityLake(rows.take()),
        }
    }

    /// About how many bytes they take.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Csv(lines) => lines.iter().map(Vec::len).sum(),
            Self::Lines(lines) => lines.len(),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.bytes(),
            #[cfg(feature = "parquet")]
            Self::SecurityLake(rows) => rows.bytes(),
        }
    }
}
