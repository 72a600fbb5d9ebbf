//! Buckets of AWS S3, and of other servers that speak its protocol.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::sync::Arc;

use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::list::PaginatedListStore as _;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore as _};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::error::{Error, ErrorKind};
use crate::failure::from_s3;
use crate::limits::{PAGE_TIMEOUT, backoff, connections, retry};
use crate::list_check::CheckedConnector;
use crate::object::{Location, Object};
use crate::options::Options;
use crate::page_token::PageToken;
use crate::profile;
use crate::region::resolve_region;
use crate::response::Response;

/// A bucket with the settings to reach it. The first request connects.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    builder: AmazonS3Builder,
    /// Whether AWS has to be asked for the region.
    is_region_unknown: bool,
    store: OnceCell<AmazonS3>,
}

impl Bucket {
    /// Combines options, environment and profile, in this order of precedence.
    pub(crate) fn new(name: &str, options: &Options) -> Result<Self, Error> {
        let mut builder = match &options.credentials {
            Some(credentials) => AmazonS3Builder::new()
                .with_access_key_id(&credentials.access_key_id)
                .with_secret_access_key(&credentials.secret_access_key),
            None => profile::fill(AmazonS3Builder::from_env())?,
        };
        builder = builder.with_bucket_name(name);
        if let Some(region) = &options.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &options.endpoint {
            // This key overrides both variables of the environment.
            builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, endpoint);
        }
        let config = |key| builder.get_config_value(&key).filter(|value| !value.is_empty());
        let endpoint = config(AmazonS3ConfigKey::S3Endpoint).or_else(|| config(AmazonS3ConfigKey::Endpoint));
        let is_region_unknown = endpoint.is_none() && config(AmazonS3ConfigKey::Region).is_none();
        let is_http = match endpoint.as_deref().and_then(|endpoint| endpoint.split_once("://")) {
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") => true,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("https") => false,
            None if endpoint.is_none() => false,
            _ => {
                return Err(Error::permanent(format!(
                    "the endpoint `{}` is not an `https` or `http` URL; expected one such as `https://s3.example.com`",
                    endpoint.unwrap_or_default()
                )));
            }
        };
        // The wildcard certificate of AWS covers only bucket names without dots.
        if endpoint.is_none() && !name.contains('.') {
            builder = builder.with_virtual_hosted_style_request(true);
        }
        let builder = builder
            .with_client_options(connections(is_http))
            .with_retry(retry(options.retries))
            .with_http_connector(CheckedConnector::over_http());
        Ok(Self { name: name.to_owned(), builder, is_region_unknown, store: OnceCell::new() })
    }

    /// A bucket that is never connected to.
    #[cfg(test)]
    pub(crate) fn unconnected(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            builder: AmazonS3Builder::new(),
            is_region_unknown: false,
            store: OnceCell::new(),
        }
    }

    async fn store(&self) -> Result<&AmazonS3, Error> {
        let connect = async || {
            let mut builder = self.builder.clone();
            if self.is_region_unknown {
                builder = builder.with_region(resolve_region(&self.name).await?);
            }
            builder.build().map_err(from_s3)
        };
        self.store.get_or_try_init(connect).await
    }

    /// Returns one page of a list, and the server's token of the next page, if there is one.
    pub(crate) async fn page(
        self: &Arc<Self>,
        prefix: &str,
        token: &PageToken,
        retries: usize,
    ) -> Result<(Vec<Object>, Option<String>), ListError> {
        let mut failures = 0;
        loop {
            let request = async {
                let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
                let store = self.store().await.map_err(ListError::Failed)?;
                store.list_paginated(prefix, token.options()).await.map_err(ListError::from_s3)
            };
            let error = match timeout(PAGE_TIMEOUT, request).await {
                Ok(Ok(page)) => {
                    // The S3 client has dropped a leading slash.
                    let slash = if prefix.starts_with('/') { "/" } else { "" };
                    let objects = page.result.objects.into_iter().map(|meta| Object {
                        size: Some(meta.size),
                        etag: meta.e_tag.map(Into::into),
                        modified: Some(meta.last_modified.timestamp()),
                        ..self.object(&format!("{slash}{}", meta.location))
                    });
                    return Ok((objects.collect(), page.page_token));
                }
                Ok(Err(ListError::Failed(error))) => error,
                Ok(Err(invalid)) => return Err(invalid),
                Err(_) => {
                    let seconds = PAGE_TIMEOUT.as_secs();
                    Error::permanent(format!("no response for {seconds} s; try again later"))
                }
            };
            if error.kind() != ErrorKind::Transient || failures >= retries {
                return Err(ListError::Failed(error));
            }
            failures += 1;
            tokio::time::sleep(backoff(failures)).await;
        }
    }

    /// Returns an object of which only the key is known.
    pub(crate) fn object(self: &Arc<Self>, key: &str) -> Object {
        Object::at(Location::Bucket { bucket: Arc::clone(self), key: key.into() })
    }

    /// Requests an object from byte `offset` on.
    pub(crate) async fn get(&self, key: &str, offset: u64, etag: Option<&str>) -> Result<Response, Error> {
        let invalid = |why: &str| {
            Error::new(
                ErrorKind::Refused,
                format!("the key cannot be requested: {why}; copy the object to another key"),
            )
        };
        let path = Path::parse(key).map_err(|error| invalid(&error.to_string()))?;
        if path.as_ref() != key {
            // The S3 client would request the key without the slash, which may be another object.
            return Err(invalid("it starts or ends with `/`"));
        }
        let options = GetOptions {
            range: (offset > 0).then_some(GetRange::Offset(offset)),
            if_match: etag.filter(|_| offset > 0).map(str::to_owned),
            ..GetOptions::default()
        };
        let got = self.store().await?.get_opts(&path, options).await.map_err(from_s3)?;
        let (size, etag) = (Some(got.meta.size), got.meta.e_tag.clone());
        let chunks = got.into_stream().map(|chunk| chunk.map_err(from_s3)).boxed();
        Ok(Response { size, etag, chunks })
    }
}

/// The reason that there is no page.
pub(crate) enum ListError {
    Failed(Error),
    /// The page has this key, which the S3 client does not accept: one with a segment that is empty, `.` or `..`.
    InvalidKey(String),
}

impl ListError {
    fn from_s3(error: object_store::Error) -> Self {
        use object_store::path::Error as PathError;
        match error {
            object_store::Error::InvalidPath {
                source: PathError::EmptySegment { path } | PathError::BadSegment { path, .. },
            } => Self::InvalidKey(path),
            error => Self::Failed(from_s3(error)),
        }
    }
}
