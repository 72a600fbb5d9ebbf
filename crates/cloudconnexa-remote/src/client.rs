//! The client, and the thread that talks to servers for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc;

use crate::address::Address;
use crate::bucket::Bucket;
use crate::download::download;
use crate::error::Error;
use crate::limits::CONNECT_TIMEOUT;
use crate::object::{Location, Object};
use crate::options::Options;
use crate::pages::{Query, send_pages};
use crate::public_hosts::PublicHosts;
use crate::reader::Reader;
use crate::skip::Listed;
use crate::web::{WebClient, WebObject};

/// The number of chunks that are buffered per object. A chunk of hyper has at most 400 KiB.
const BUFFERED_CHUNKS: usize = 2;

/// A client that lists and reads objects. Clones share one thread and its connections.
///
/// # Examples
///
/// ```no_run
/// use std::io::Read;
/// use cloudconnexa_remote::{Client, Options};
///
/// let client = Client::new(Options::default())?;
/// for page in client.list("my-logs", "CloudConnexa/")? {
///     for object in page? {
///         let mut bytes = Vec::new();
///         client.read(&object).read_to_end(&mut bytes)?;
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Options,
    runtime: Handle,
    web: WebClient,
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
    /// Dropping it ends the thread.
    _alive: mpsc::Sender<()>,
}

impl Client {
    /// Starts the thread that talks to servers, without sending a request.
    ///
    /// # Errors
    ///
    /// Returns an error if the system refuses a thread or has no root certificates.
    pub fn new(options: Options) -> Result<Self, Error> {
        // Fails if the process has chosen another provider already, which works as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed =
            |error: std::io::Error| Error::permanent(format!("cannot start the network thread: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (alive, mut ended) = mpsc::channel(1);
        let run = move || {
            runtime.block_on(ended.recv());
            // Otherwise the thread would wait for host names that are still being resolved.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("network".to_owned()).spawn(run).map_err(failed)?;
        let web = WebClient::new(CONNECT_TIMEOUT, options.retries, PublicHosts::default())?;
        let buckets = Mutex::default();
        Ok(Self(Arc::new(Shared { options, runtime: handle, web, buckets, _alive: alive })))
    }

    pub(crate) fn concurrency(&self) -> usize {
        self.0.options.concurrency.max(1)
    }

    /// Returns the object at this address, without checking that it exists.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Permanent`](crate::ErrorKind::Permanent) if the URL, the endpoint or the profile is not
    /// valid.
    pub fn object(&self, address: &Address) -> Result<Object, Error> {
        let location = match address {
            Address::Bucket { bucket, key } => {
                Location::Bucket { bucket: self.bucket(bucket)?, key: key.as_str().into() }
            }
            Address::Web { url } => Location::Web(Arc::new(WebObject::new(self.0.web.clone(), url)?)),
        };
        Ok(Object::at(location))
    }

    /// Lists the objects of a bucket whose keys start with `prefix`, page by page, in the order of their keys.
    ///
    /// The next page is requested while the caller handles the current one. A page has at most 1,000 objects, and may
    /// have none.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Permanent`](crate::ErrorKind::Permanent) if the endpoint or the profile is not valid.
    /// An item of the iterator is an error if the list could not be read to its end; nothing comes after it.
    pub fn list(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Result<impl Iterator<Item = Result<Vec<Object>, Error>>, Error> {
        let pages = self.list_since(bucket, prefix, None)?;
        Ok(pages.map(|page| page.map(|page| page.objects)))
    }

    /// Lists objects as [`list`](Self::list) does, possibly without some that were stored before `since`, in seconds since
    /// 1970: if the keys of a folder are dated as CloudConnexa names them, and its objects were stored at these times, older
    /// days may be left out. [`Listed::skipped`] names the folder then. A page may come only once later ones are known.
    ///
    /// # Errors
    ///
    /// As for [`list`](Self::list).
    pub fn list_since(
        &self,
        bucket: &str,
        prefix: &str,
        since: Option<i64>,
    ) -> Result<impl Iterator<Item = Result<Listed, Error>> + use<>, Error> {
        let bucket = self.bucket(bucket)?;
        let query = Query { prefix: prefix.to_owned(), since, retries: self.0.options.retries };
        let (sender, mut pages) = mpsc::channel(1);
        self.0.runtime.spawn(send_pages(bucket, query, sender));
        Ok(std::iter::from_fn(move || pages.blocking_recv()))
    }

    /// Starts to read an object, and returns a blocking reader of its bytes.
    ///
    /// To read several objects, use [`Prefetcher`](crate::Prefetcher).
    pub fn read(&self, object: &Object) -> Reader {
        let (sender, chunks) = mpsc::channel(BUFFERED_CHUNKS);
        self.0.runtime.spawn(download(object.location.clone(), sender));
        Reader::new(chunks)
    }

    fn bucket(&self, name: &str) -> Result<Arc<Bucket>, Error> {
        let mut buckets = self.0.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(name) {
            return Ok(Arc::clone(bucket));
        }
        let bucket = Arc::new(Bucket::new(name, &self.0.options)?);
        buckets.insert(name.to_owned(), Arc::clone(&bucket));
        Ok(bucket)
    }
}
