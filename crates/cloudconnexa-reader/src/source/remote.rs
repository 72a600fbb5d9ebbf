//! Objects of buckets and web servers as sources.

use std::cmp::Ordering;
use std::io::{self, Read};
use std::sync::{Arc, OnceLock, Weak};

use cloudconnexa_remote::{Address, Client, Object, Options, Prefetcher};

use super::find::{Found, Origin};
use super::pattern::Pattern;
use super::walk::{NamedCount, is_log_name};
use super::{RemoteOptions, Source, SourceError};

/// An object of a bucket or a web server.
#[derive(Debug)]
pub struct RemoteObject {
    name: String,
    object: Object,
    client: Client,
    /// Its index among objects that are requested in advance.
    prefetch: OnceLock<(Weak<Prefetcher>, usize)>,
}

impl PartialEq for RemoteObject {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for RemoteObject {}

impl PartialOrd for RemoteObject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RemoteObject {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl RemoteObject {
    /// Its address, without anything in it that may be secret.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its size in bytes, where that is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.object.size
    }

    /// When it was written, in seconds since 1970, where that is known.
    #[must_use]
    pub fn modified(&self) -> Option<i64> {
        self.object.modified
    }

    /// Its entity tag, which changes with the content, where that is known.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.object.etag.as_deref()
    }

    /// Reads it from its start.
    pub(crate) fn open(&self) -> Box<dyn Read + Send> {
        let requested =
            self.prefetch.get().and_then(|(prefetcher, index)| prefetcher.upgrade()?.open(*index));
        Box::new(requested.unwrap_or_else(|| self.client.read(&self.object)))
    }
}

/// Whether an input is an address, and not a path.
#[must_use]
pub fn is_address(text: &str) -> bool {
    Address::parse(text).is_some()
}

/// Whether a server has no object of this name.
pub(crate) fn is_not_found(error: &io::Error) -> bool {
    has_kind(error, cloudconnexa_remote::ErrorKind::NotFound)
}

/// Whether a server refuses the object that it was asked for, or its key cannot be requested.
pub(crate) fn is_refused(error: &io::Error) -> bool {
    has_kind(error, cloudconnexa_remote::ErrorKind::Refused)
}

fn has_kind(error: &io::Error, kind: cloudconnexa_remote::ErrorKind) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<cloudconnexa_remote::Error>());
    error.is_some_and(|error| error.kind() == kind)
}

/// Requests objects before their turn comes, for as long as it lives.
#[derive(Debug)]
pub struct Prefetch {
    _prefetcher: Option<Arc<Prefetcher>>,
}

impl Prefetch {
    /// Prefetches those of `sources` that are objects, for `threads` threads that read them.
    #[must_use]
    pub fn new(sources: &[Source], threads: usize) -> Self {
        let remotes = || {
            sources.iter().filter_map(|source| match source {
                Source::Object(remote) => Some(remote),
                _ => None,
            })
        };
        let Some(first) = remotes().next() else { return Self { _prefetcher: None } };
        let objects = remotes().map(|remote| remote.object.clone()).collect();
        let prefetcher = Arc::new(Prefetcher::new(&first.client, objects, threads));
        for (index, remote) in remotes().enumerate() {
            let _ = remote.prefetch.set((Arc::downgrade(&prefetcher), index));
        }
        Self { _prefetcher: Some(prefetcher) }
    }
}

/// Finds the objects that an address stands for. The client is made for the first address.
#[derive(Debug, Default)]
pub(super) struct Remote {
    options: RemoteOptions,
    /// The name of an object is not enough: its size and time are wanted.
    pub(super) needs_metadata: bool,
    /// Objects that were stored before this time may be left out.
    pub(super) since: Option<i64>,
    client: Option<Client>,
}

impl Remote {
    pub(super) fn new(options: RemoteOptions) -> Self {
        Self { options, ..Self::default() }
    }

    pub(super) fn find(
        &mut self,
        text: &str,
        may_be_empty: bool,
        found: &mut Found,
        wants: &mut dyn FnMut(&Source) -> bool,
    ) {
        let result = match Address::parse(text) {
            Some(Ok(address)) => self.address(&address, found, wants),
            Some(Err(error)) => Err(SourceError::Address { reason: error.to_string() }),
            None => Ok(()),
        };
        match result {
            Err(SourceError::NoLogs { .. } | SourceError::NotAFolder { .. }) if may_be_empty => {}
            Err(error) => found.all.errors.push(error),
            Ok(()) => {}
        }
    }

    fn client(&mut self) -> Result<Client, SourceError> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let RemoteOptions { endpoint, region, concurrency, retries } = self.options.clone();
        let mut options = Options::default();
        if let Some(endpoint) = endpoint {
            options = options.endpoint(endpoint);
        }
        if let Some(region) = region {
            options = options.region(region);
        }
        if let Some(concurrency) = concurrency {
            options = options.concurrency(concurrency.get());
        }
        if let Some(retries) = retries {
            options = options.retries(retries);
        }
        let client =
            Client::new(options).map_err(|error| SourceError::Address { reason: error.to_string() })?;
        self.client = Some(client.clone());
        Ok(client)
    }

    fn address(
        &mut self,
        address: &Address,
        found: &mut Found,
        wants: &mut dyn FnMut(&Source) -> bool,
    ) -> Result<(), SourceError> {
        let (client, since) = (self.client()?, self.since);
        let mut take = |found: &mut Found, object: Object, origin: Origin| {
            let source = source(&client, object);
            if wants(&source) {
                found.add(source, origin);
            }
        };
        match address {
            Address::Bucket { bucket, key } if !is_one(key) || self.needs_metadata => {
                list(&client, (bucket, key), since, found, &mut take)
            }
            _ => {
                let object = client
                    .object(address)
                    .map_err(|error| SourceError::Address { reason: error.to_string() })?;
                take(found, object, Origin::Named);
                Ok(())
            }
        }
    }
}

/// Whether a key is that of a log, and not a pattern.
fn is_one(key: &str) -> bool {
    is_log_name(key.as_bytes()) && !key.contains(WILDCARDS)
}

const WILDCARDS: [char; 3] = ['*', '?', '['];

fn source(client: &Client, object: Object) -> Source {
    let name = object.name();
    let client = client.clone();
    Source::Object(Arc::new(RemoteObject { name, object, client, prefetch: OnceLock::new() }))
}

/// The logs below `key`, or those that it matches as a pattern, or the object that it names.
fn list(
    client: &Client,
    (bucket, key): (&str, &str),
    since: Option<i64>,
    found: &mut Found,
    take: &mut dyn FnMut(&mut Found, Object, Origin),
) -> Result<(), SourceError> {
    let failed = |error: cloudconnexa_remote::Error| SourceError::List {
        address: format!("s3://{bucket}/{key}"),
        reason: error.to_string(),
    };
    let pattern = key.contains(WILDCARDS).then(|| Pattern::new(key)).transpose()?;
    // Whether keys start with `key` that are not below it as a folder.
    let mut has_others = false;
    let prefix = match &pattern {
        Some(_) => key.split(WILDCARDS).next().unwrap_or_default().to_owned(),
        None if key.is_empty() || key.ends_with('/') => key.to_owned(),
        None => {
            // By the order of keys it comes first. An empty object only makes a folder visible to some programs.
            let is_page = |page: &Result<Vec<Object>, _>| page.as_ref().map_or(true, |page| !page.is_empty());
            let page = client.list(bucket, key).map_err(failed)?.find(is_page);
            let page = page.transpose().map_err(failed)?.unwrap_or_default();
            let folder = format!("{key}/");
            has_others = page.iter().any(|object| {
                is_log_name(object.key().as_bytes())
                    && object.key() != key
                    && !object.key().starts_with(&folder)
            });
            if let Some(object) =
                page.into_iter().next().filter(|first| first.key() == key && first.size != Some(0))
            {
                take(found, object, Origin::Named);
                return Ok(());
            }
            folder
        }
    };
    let (mut logs, mut others) = (0_u64, NamedCount::default());
    found.all.is_list = true;
    for page in client.list_since(bucket, &prefix, since).map_err(failed)? {
        let page = page.map_err(failed)?;
        if let Some(folder) = page.skipped {
            found.all.skipped.add(|| format!("s3://{bucket}/{folder}"));
        }
        for object in page.objects {
            if pattern.as_ref().is_some_and(|pattern| !pattern.matches(object.key())) {
                continue;
            }
            if is_log_name(object.key().as_bytes()) {
                logs += 1;
                take(found, object, Origin::Listed);
            } else if object.size != Some(0) {
                others.add(|| object.name());
            }
        }
    }
    let count = others.count;
    found.all.left_out.append(others);
    if logs == 0 {
        let input = format!("s3://{bucket}/{key}");
        if has_others && count == 0 {
            return Err(SourceError::NotAFolder { address: input });
        }
        return Err(SourceError::NoLogs { input, others: count, is_bucket: true });
    }
    Ok(())
}
