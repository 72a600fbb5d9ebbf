//! What `ccxlog convert` makes of events: what each thread makes of the events that it checks, and the outputs that take that in
//! the order of the inputs.

mod csv;
mod folder;
mod manifest;
mod outputs;
#[cfg(feature = "parquet")]
mod parquet;

pub(crate) use csv::CsvForm;
pub(crate) use folder::{CommittedFolder, OutputFolder};
pub(crate) use manifest::InputId;
pub(crate) use outputs::{ConvertOutputs, Converted};

use cloudconnexa_convert::table::{self, TABLES};
use cloudconnexa_validator::EventView;

/// What events are converted to.
#[derive(Debug)]
pub(crate) enum Form {
    /// Lines of CSV, in a file for each table.
    Csv(CsvForm),
    /// Rows of Parquet, with the columns that are wanted.
    #[cfg(feature = "parquet")]
    Parquet(Option<cloudconnexa_convert::table::Selection>),
}

/// What a thread makes of events, until it is handed over.
#[derive(Debug)]
pub(crate) enum Rows {
    /// Lines of each table.
    Csv(Vec<Vec<u8>>),
    #[cfg(feature = "parquet")]
    Parquet(cloudconnexa_convert::rows::PartitionedRows),
}

/// What a thread hands over.
#[derive(Debug)]
pub(crate) enum RowsPart {
    Csv(Vec<Vec<u8>>),
    #[cfg(feature = "parquet")]
    Parquet(Vec<cloudconnexa_convert::rows::Partition>),
}

impl Form {
    /// Starts without rows.
    pub(crate) fn rows(&self) -> Rows {
        match self {
            Self::Csv(_) => Rows::Csv(vec![Vec::new(); TABLES.len()]),
            #[cfg(feature = "parquet")]
            Self::Parquet(wanted) => {
                Rows::Parquet(cloudconnexa_convert::rows::PartitionedRows::new(wanted.as_ref()))
            }
        }
    }

    /// Adds an event to rows of this form.
    pub(crate) fn push(&self, rows: &mut Rows, event: &EventView<'_>) {
        match (self, rows) {
            (Self::Csv(form), Rows::Csv(lines)) => {
                let index = table::index_of(event);
                form.push(&mut lines[index], &TABLES[index], event);
            }
            #[cfg(feature = "parquet")]
            (Self::Parquet(_), Rows::Parquet(rows)) => rows.push(event),
            #[cfg(feature = "parquet")]
            _ => unreachable!("rows are of the form that made them"),
        }
    }
}

impl Rows {
    /// Takes the rows that were added since the last call.
    pub(crate) fn take(&mut self) -> RowsPart {
        match self {
            Self::Csv(lines) => RowsPart::Csv(lines.iter_mut().map(std::mem::take).collect()),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => RowsPart::Parquet(rows.take()),
        }
    }

    /// About how many bytes they take.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Csv(lines) => lines.iter().map(Vec::len).sum(),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.bytes(),
        }
    }
}
