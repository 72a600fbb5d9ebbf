//! What there is to read: from the arguments to bytes.

#[cfg(test)]
mod faulty;
mod gather;
mod gzip;
mod open;
mod walk;

#[cfg(test)]
pub(crate) use faulty::{Fault, Faulty};
pub(crate) use gather::gather;
pub(crate) use gzip::Inflating;
pub(crate) use open::{HEAD, Inputs, ReadError, foreign};

use std::path::PathBuf;

/// One thing to read from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A file, or what behaves like one: a FIFO, a device.
    File(PathBuf),
    /// What a test makes go wrong.
    #[cfg(test)]
    Faulty(std::sync::Arc<Faulty>),
}

impl Source {
    /// What findings and problems call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::File(path) => path.display().to_string(),
            #[cfg(test)]
            Self::Faulty(_) => "faulty".to_owned(),
        }
    }

    /// Its length as it lies there, where that is known beforehand.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Stdin => None,
            #[cfg(test)]
            Self::Faulty(_) => None,
            Self::File(path) => {
                std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|data| data.len())
            }
        }
    }
}

/// All that the arguments stand for.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// In the order of the arguments, files of a folder by name.
    pub(crate) sources: Vec<Source>,
    /// How many files of walked folders are no logs by their names.
    pub(crate) left_out: u64,
    /// What was asked for and can't be had, in words.
    pub(crate) problems: Vec<String>,
    /// What is worth saying otherwise.
    pub(crate) notes: Vec<String>,
}
