//! Sources: what there is to read, from the inputs that a user names.

mod error;
mod expand;
mod find;
mod pattern;
#[cfg(feature = "s3")]
mod remote;
#[cfg(not(feature = "s3"))]
#[path = "no_remote.rs"]
mod remote;
#[cfg(test)]
mod testing;
mod walk;

pub(crate) use error::write_decoded;
pub use error::{SourceError, with_slashes};
pub use find::{SourceFinder, Sources, is_pattern, meant_address};
pub use pattern::Pattern;
pub use remote::{Prefetch, RemoteObject, is_address};
pub(crate) use remote::{is_not_found, is_refused};
pub use walk::{NamedCount, is_log_name};

use std::fmt;
use std::io::{self, Read};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// One thing to read from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file, or what behaves like one: a FIFO, a device.
    File(PathBuf),
    /// An object of a bucket or a web server.
    Object(Arc<RemoteObject>),
    /// Anything that can be opened; see [`Source::custom`].
    Custom(CustomSource),
}

/// Opens a stream of bytes.
type OpenFn = dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync;

/// A source that opens itself. Two of them are equal if their names are.
#[derive(Clone)]
pub struct CustomSource {
    name: Arc<str>,
    open: Arc<OpenFn>,
}

impl CustomSource {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// Whatever its function returns.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        (self.open)()
    }
}

impl fmt::Debug for CustomSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomSource({})", self.name)
    }
}

impl PartialEq for CustomSource {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for CustomSource {}

impl PartialOrd for CustomSource {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for CustomSource {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

impl Source {
    /// A source of this name that `open` opens, compressed or not, each time it is read.
    ///
    /// ```
    /// use cloudconnexa_reader::Source;
    ///
    /// let text = r#"{"eventName":"test-message"}"#;
    /// let source = Source::custom("memory", move || Ok(Box::new(text.as_bytes())));
    /// assert_eq!(source.name(), "memory");
    /// ```
    pub fn custom(
        name: &str,
        open: impl Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    ) -> Self {
        Self::Custom(CustomSource { name: name.into(), open: Arc::new(open) })
    }

    /// The name that records and errors have it by: the path, the address, or `<stdin>`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::File(path) => match path.to_str() {
                Some(path) => path.to_owned(),
                None => path.display().to_string(),
            },
            Self::Object(object) => object.name().to_owned(),
            Self::Custom(custom) => custom.name.to_string(),
        }
    }

    /// Its size in bytes as stored, where that is known in advance.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::Stdin | Self::Custom(_) => None,
            Self::File(path) => {
                std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|data| data.len())
            }
            Self::Object(object) => object.length(),
        }
    }

    /// When it was last written, in seconds since 1970, where that is known.
    #[must_use]
    pub fn modified(&self) -> Option<i64> {
        match self {
            Self::Stdin | Self::Custom(_) => None,
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

/// How objects of buckets and web servers are requested. It has no effect without the feature `s3`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RemoteOptions {
    /// The address of an S3 server other than AWS; without it, that of `AWS_ENDPOINT_URL`.
    pub endpoint: Option<String>,
    /// The region of the bucket; without it, that of the environment or the profile, or else AWS is asked.
    pub region: Option<String>,
    /// How many objects are requested at the same time; 32 by default.
    pub concurrency: Option<NonZero<usize>>,
    /// How often a request is repeated that failed for a transient reason; 5 by default.
    pub retries: Option<usize>,
}
