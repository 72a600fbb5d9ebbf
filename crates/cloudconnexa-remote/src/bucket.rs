//! Buckets of S3, and of what speaks like it.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;

use std::sync::Arc;

use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, resolve_bucket_region};
use object_store::list::{PaginatedListOptions, PaginatedListStore as _};
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore as _};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::body::Answer;
use crate::client::{Options, PATIENCE, connections, pause, retry};
use crate::error::{Error, Kind};
use crate::listing::Looking;
use crate::{Object, Place, profile};

/// A bucket, and how to get at it.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    builder: AmazonS3Builder,
    /// Whether its region has to be asked for.
    is_region_unknown: bool,
    store: OnceCell<AmazonS3>,
}

impl Bucket {
    /// Puts options, environment and profile together.
    pub(crate) fn new(name: &str, options: &Options) -> Result<Self, Error> {
        let mut builder = match &options.keys {
            Some((key, secret)) => {
                AmazonS3Builder::new().with_access_key_id(key).with_secret_access_key(secret)
            }
            None => profile::fill(AmazonS3Builder::from_env())?,
        };
        builder = builder.with_bucket_name(name);
        if let Some(region) = &options.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &options.endpoint {
            // It wins over both variables of the environment.
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
                return Err(Error::new(format!(
                    "the endpoint `{}` is no address; expected one such as `https://s3.example.com`",
                    endpoint.unwrap_or_default()
                )));
            }
        };
        // The wildcard of the certificate of AWS stands for a name without dots.
        if endpoint.is_none() && !name.contains('.') {
            builder = builder.with_virtual_hosted_style_request(true);
        }
        let builder = builder
            .with_client_options(connections(is_http))
            .with_retry(retry(options.retries))
            .with_http_connector(Looking::over_http());
        Ok(Self { name: name.to_owned(), builder, is_region_unknown, store: OnceCell::new() })
    }

    async fn store(&self) -> Result<&AmazonS3, Error> {
        let connect = async || {
            let mut builder = self.builder.clone();
            if self.is_region_unknown {
                let region =
                    resolve_bucket_region(&self.name, &connections(false)).await.map_err(|error| {
                        Error::from(error)
                            .with("; the region of the bucket is not known, `--region` names it")
                    })?;
                builder = builder.with_region(region);
            }
            builder.build().map_err(Error::from)
        };
        self.store.get_or_try_init(connect).await
    }

    /// One page of a list, and the token of the next.
    pub(crate) async fn page(
        self: &Arc<Self>,
        prefix: &str,
        from: &Mark,
        retries: usize,
    ) -> Result<(Vec<Object>, Option<String>), Unlisted> {
        let mut failures = 0;
        loop {
            let asked = async {
                let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
                let store = self.store().await.map_err(Unlisted::Failed)?;
                store.list_paginated(prefix, from.options()).await.map_err(Unlisted::of)
            };
            let error = match timeout(4 * PATIENCE, asked).await {
                Ok(Ok(page)) => {
                    // It was taken off.
                    let slash = if prefix.starts_with('/') { "/" } else { "" };
                    let objects = page.result.objects.into_iter().map(|meta| Object {
                        size: Some(meta.size),
                        etag: meta.e_tag.map(Into::into),
                        modified: Some(meta.last_modified.timestamp()),
                        ..self.object(&format!("{slash}{}", meta.location))
                    });
                    return Ok((objects.collect(), page.page_token));
                }
                Ok(Err(Unlisted::Failed(error))) => error,
                Ok(Err(odd)) => return Err(odd),
                Err(_) => Error::new("no answer for a long time; try again later"),
            };
            if error.kind() != Kind::Passing || failures >= retries {
                return Err(Unlisted::Failed(error));
            }
            failures += 1;
            tokio::time::sleep(pause(failures)).await;
        }
    }

    /// An object of which the key alone is known.
    pub(crate) fn object(self: &Arc<Self>, key: &str) -> Object {
        let place = Place::Bucket { bucket: Arc::clone(self), key: key.into() };
        Object { place, size: None, etag: None, modified: None }
    }

    /// Asks for what is behind the first `from` bytes.
    pub(crate) async fn get(&self, key: &str, from: u64, etag: Option<&str>) -> Result<Answer, Error> {
        let odd = |why: &str| {
            Error::new(format!("the key cannot be asked for: {why}; copy the object to another key"))
        };
        let path = Path::parse(key).map_err(|error| odd(&error.to_string()))?;
        if path.as_ref() != key {
            // What would be asked for is the object without it, if there is one.
            return Err(odd("it begins or ends with `/`"));
        }
        let options = GetOptions {
            range: (from > 0).then_some(GetRange::Offset(from)),
            if_match: etag.filter(|_| from > 0).map(str::to_owned),
            ..GetOptions::default()
        };
        let got = self.store().await?.get_opts(&path, options).await?;
        let (size, etag) = (Some(got.meta.size), got.meta.e_tag.clone());
        let chunks = got.into_stream().map(|chunk| chunk.map_err(Error::from)).boxed();
        Ok(Answer { size, etag, chunks })
    }
}

/// Where a page of a list begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Start,
    /// As the server has it.
    Token(String),
    /// Behind this key, and with so many keys at most.
    After(String, usize),
}

impl Mark {
    fn options(&self) -> PaginatedListOptions {
        let usual = PaginatedListOptions::default();
        match self {
            Self::Start => usual,
            Self::Token(token) => PaginatedListOptions { page_token: Some(token.clone()), ..usual },
            Self::After(key, most) => PaginatedListOptions {
                offset: Some(key.clone()).filter(|key| !key.is_empty()),
                max_keys: Some(*most),
                ..usual
            },
        }
    }
}

/// Why there is no page.
pub(crate) enum Unlisted {
    Failed(Error),
    /// This key is among those on it, which no path can have: one with an empty segment, or with `.` or `..` as one.
    Odd(String),
}

impl Unlisted {
    fn of(error: object_store::Error) -> Self {
        use object_store::path::Error as Odd;
        match error {
            object_store::Error::InvalidPath {
                source: Odd::EmptySegment { path } | Odd::BadSegment { path, .. },
            } => Self::Odd(path),
            error => Self::Failed(error.into()),
        }
    }
}
