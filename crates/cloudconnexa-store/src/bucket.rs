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
use tokio::sync::mpsc::Sender;
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
        token: Option<String>,
        retries: usize,
    ) -> Result<(Vec<Object>, Option<String>), Error> {
        let mut failures = 0;
        loop {
            let asked = async {
                let options =
                    PaginatedListOptions { page_token: token.clone(), ..PaginatedListOptions::default() };
                let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
                Ok(self.store().await?.list_paginated(prefix, options).await?)
            };
            let error = match timeout(4 * PATIENCE, asked).await {
                Ok(Ok(page)) => {
                    let objects = page.result.objects.into_iter().map(|meta| Object {
                        place: Place::Bucket { bucket: Arc::clone(self), key: meta.location.as_ref().into() },
                        size: Some(meta.size),
                        etag: meta.e_tag.map(Into::into),
                        modified: Some(meta.last_modified.timestamp()),
                    });
                    return Ok((objects.collect(), page.page_token));
                }
                Ok(Err(error)) => error,
                Err(_) => Error::new("no answer for a long time; try again later"),
            };
            if error.kind() != Kind::Passing || failures >= retries {
                return Err(error);
            }
            failures += 1;
            tokio::time::sleep(pause(failures)).await;
        }
    }

    /// Asks for what is behind the first `from` bytes.
    pub(crate) async fn get(&self, key: &str, from: u64, etag: Option<&str>) -> Result<Answer, Error> {
        let path = Path::parse(key).map_err(|error| {
            Error::new(format!("the key cannot be asked for: {error}; copy the object to another key"))
        })?;
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

/// Sends the pages of a list, one after another, and what went wrong behind the last.
pub(crate) async fn send_pages(
    bucket: Arc<Bucket>,
    prefix: String,
    retries: usize,
    sender: Sender<Result<Vec<Object>, Error>>,
) {
    let mut token = None;
    loop {
        let page = bucket.page(&prefix, token.clone(), retries).await;
        let next = page.as_ref().ok().and_then(|(_, next)| next.clone());
        let is_stuck = next.is_some() && next == token;
        token = next;
        if sender.send(page.map(|(objects, _)| objects)).await.is_err() || token.is_none() {
            return;
        }
        if is_stuck {
            let stuck = "the server sends the same page of the list again and again";
            let _ = sender.send(Err(Error::new(stuck))).await;
            return;
        }
    }
}
