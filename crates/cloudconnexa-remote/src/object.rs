//! Objects, as they were listed or named.

use std::sync::Arc;

use crate::bucket::Bucket;
use crate::error::Error;
use crate::response::Response;
use crate::web::WebObject;

/// One object of a bucket or of a web server.
///
/// It comes from [`Client::list`](crate::Client::list), or from [`Client::object`](crate::Client::object) with nothing
/// known but its name.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    pub(crate) location: Location,
    /// The size in bytes, if known.
    pub size: Option<u64>,
    /// The entity tag, if known: it changes whenever the content does.
    pub etag: Option<Arc<str>>,
    /// The time of the last change, in seconds since 1970-01-01T00:00:00Z, if known.
    pub modified: Option<i64>,
}

/// The location that an object is read from.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    Bucket { bucket: Arc<Bucket>, key: Arc<str> },
    Web(Arc<WebObject>),
}

impl Object {
    /// Creates an object of which only the location is known.
    pub(crate) fn at(location: Location) -> Self {
        Self { location, size: None, etag: None, modified: None }
    }

    /// Returns the address: `s3://BUCKET/KEY`, or the URL without user, password, query and fragment.
    pub fn name(&self) -> String {
        match &self.location {
            Location::Bucket { bucket, key } => format!("s3://{}/{key}", bucket.name),
            Location::Web(object) => object.name.clone(),
        }
    }

    /// Returns the key in the bucket, or the name of an object on a web server.
    pub fn key(&self) -> &str {
        match &self.location {
            Location::Bucket { key, .. } => key,
            Location::Web(object) => &object.name,
        }
    }
}

impl Location {
    /// Requests the object from byte `offset` on, and only if it still has this `etag`.
    pub(crate) async fn get(&self, offset: u64, etag: Option<&str>) -> Result<Response, Error> {
        match self {
            Self::Bucket { bucket, key } => bucket.get(key, offset, etag).await,
            Self::Web(object) => object.get(offset, etag).await,
        }
    }
}
