//! What there is to read: from the arguments to bytes.

#[cfg(any(test, fuzzing))]
mod faulty;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod gather;
mod gzip;
mod open;
#[cfg(feature = "s3")]
mod remote;
#[cfg(not(feature = "s3"))]
#[path = "no_remote.rs"]
mod remote;
mod walk;

#[cfg(any(test, fuzzing))]
pub(crate) use faulty::{Fault, Faulty};
pub(crate) use gather::{gather, is_pattern};
pub(crate) use gzip::Inflating;
pub(crate) use open::{HEAD, Inputs, ReadError, foreign};
pub(crate) use remote::{Finder, NetworkOptions, Remote, is_address, line_up};

use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// One thing to read from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A file, or what behaves like one: a FIFO, a device.
    File(PathBuf),
    /// What a test makes go wrong.
    #[cfg(any(test, fuzzing))]
    Faulty(std::sync::Arc<Faulty>),
    /// An object of a bucket or of a web server.
    #[cfg_attr(not(feature = "s3"), expect(dead_code, reason = "there are none"))]
    Object(Arc<Remote>),
}

impl Source {
    /// What findings and problems call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::File(path) => path.display().to_string(),
            #[cfg(any(test, fuzzing))]
            Self::Faulty(_) => "faulty".to_owned(),
            Self::Object(object) => object.name().to_owned(),
        }
    }

    /// Its length as it lies there, where that is known beforehand.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Stdin => None,
            #[cfg(any(test, fuzzing))]
            Self::Faulty(_) => None,
            Self::File(path) => {
                std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|data| data.len())
            }
            Self::Object(object) => object.length(),
        }
    }

    /// When it was last written, in seconds since 1970, where that is known.
    pub(crate) fn modified(&self) -> Option<i64> {
        match self {
            Self::Stdin => None,
            #[cfg(any(test, fuzzing))]
            Self::Faulty(_) => None,
            Self::File(path) => {
                let time =
                    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.modified().ok()?;
                match time.duration_since(UNIX_EPOCH) {
                    Ok(since) => i64::try_from(since.as_secs()).ok(),
                    Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
                }
            }
            Self::Object(object) => object.modified(),
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
    /// Some argument stands for whatever lies in a folder or below a prefix, or matches a pattern.
    pub(crate) is_list: bool,
}
