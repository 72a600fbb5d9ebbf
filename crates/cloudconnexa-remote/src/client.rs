//! The thread that talks to servers, and what all requests have in common.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::address::Address;
use crate::body;
use crate::bucket::{Bucket, Mark, Unlisted};
use crate::error::Error;
use crate::web::{Page, Web};
use crate::{Object, Place, Reader};

/// How long nothing may come before the connection is given up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Chunks that are held for one object; hyper makes them of 400 KiB at most.
const CHUNKS: usize = 2;

/// What the environment does not say, or says otherwise.
#[derive(Clone)]
pub struct Options {
    /// The address of a server that speaks S3, instead of that of AWS.
    pub endpoint: Option<String>,
    /// The region of the bucket.
    pub region: Option<String>,
    /// How many objects are asked for at once, those that are read included.
    pub at_once: usize,
    /// How often a request is made again that failed for a reason that may pass.
    pub retries: usize,
    /// Access key and secret key; with them nothing of the environment and of profiles is looked at.
    pub keys: Option<(String, String)>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys are secret.
        let Self { endpoint, region, at_once, retries, keys: _ } = self;
        write!(f, "Options({endpoint:?}, {region:?}, {at_once}, {retries})")
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { endpoint: None, region: None, at_once: 16, retries: 5, keys: None }
    }
}

/// What lists and reads objects.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: Options,
    runtime: Handle,
    web: Web,
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
    /// The thread ends when this does.
    _alive: mpsc::Sender<()>,
}

impl Client {
    /// Starts the thread that talks to servers. Nothing is asked of any server yet.
    pub fn new(options: Options) -> Result<Self, Error> {
        // Whoever was first may have made another choice, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed =
            |error: std::io::Error| Error::new(format!("cannot start to read from the network: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (alive, mut ended) = mpsc::channel(1);
        let run = move || {
            runtime.block_on(ended.recv());
            // A name that is being looked up is not waited for.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("network".to_owned()).spawn(run).map_err(failed)?;
        let web = Web::new(CONNECT, options.retries)?;
        let buckets = Mutex::default();
        Ok(Self(Arc::new(Shared { options, runtime: handle, web, buckets, _alive: alive })))
    }

    pub(crate) fn at_once(&self) -> usize {
        self.0.options.at_once.max(1)
    }

    /// The one object of this address, without a look whether it exists.
    pub fn object(&self, address: &Address) -> Result<Object, Error> {
        let place = match address {
            Address::Bucket { bucket, key } => {
                Place::Bucket { bucket: self.bucket(bucket)?, key: key.as_str().into() }
            }
            Address::Web { url } => Place::Web(Arc::new(Page::new(self.0.web.clone(), url)?)),
        };
        Ok(Object { place, size: None, etag: None, modified: None })
    }

    /// The objects of a bucket whose keys begin with `prefix`, page by page, by key.
    pub fn list(
        &self,
        bucket: &str,
        prefix: &str,
    ) -> Result<impl Iterator<Item = Result<Vec<Object>, Error>>, Error> {
        let bucket = self.bucket(bucket)?;
        let (prefix, retries) = (prefix.to_owned(), self.0.options.retries);
        // One page is asked for while another is looked at.
        let (sender, mut pages) = mpsc::channel(1);
        self.0.runtime.spawn(send_pages(bucket, prefix, retries, sender));
        Ok(std::iter::from_fn(move || pages.blocking_recv()))
    }

    /// Begins to read an object.
    pub fn read(&self, object: &Object) -> Reader {
        let (sender, parts) = mpsc::channel(CHUNKS);
        self.0.runtime.spawn(body::pump(object.place.clone(), sender));
        Reader::new(parts)
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

/// Sends the pages of a list, one after another, and what went wrong behind the last.
pub(crate) async fn send_pages(
    bucket: Arc<Bucket>,
    prefix: String,
    retries: usize,
    sender: mpsc::Sender<Result<Vec<Object>, Error>>,
) {
    let listed = pages_to(&bucket, &prefix, retries, &sender).await;
    // A slash in front of a key is not told by the list of all: those are listed for themselves.
    if matches!(listed, Ok(true)) && prefix.is_empty() {
        let _ = pages_to(&bucket, "/", retries, &sender).await;
    }
}

/// Sends all pages, and what goes wrong; tells whether it came to the end.
async fn pages_to(
    bucket: &Arc<Bucket>,
    prefix: &str,
    retries: usize,
    sender: &mpsc::Sender<Result<Vec<Object>, Error>>,
) -> Result<bool, mpsc::error::SendError<Result<Vec<Object>, Error>>> {
    let mut mark = Mark::Start;
    let mut last = String::new();
    loop {
        let (page, next) = match bucket.page(prefix, &mark, retries).await {
            Ok((objects, next)) => {
                if let Some(object) = objects.last() {
                    object.key().clone_into(&mut last);
                }
                (objects, next.map(|token| mark.next(token, &last)))
            }
            Err(Unlisted::Odd(key)) => {
                if prefix.is_empty()
                    && !matches!(bucket.page("/", &Mark::Start, retries).await, Ok((none, _)) if none.is_empty())
                {
                    let error = format!(
                        "there are keys such as `{key}` and keys that begin with `/`, which can't be told apart; name a prefix"
                    );
                    sender.send(Err(Error::new(error))).await?;
                    return Ok(false);
                }
                if let Some(smaller) = mark.before(&last) {
                    (Vec::new(), Some(smaller))
                } else {
                    // It is the only one on its page. To ask for it says why it can't be read.
                    last.clone_from(&key);
                    (vec![bucket.object(&key)], Some(Mark::After(key, 1)))
                }
            }
            Err(Unlisted::Failed(error)) => {
                sender.send(Err(error)).await?;
                return Ok(false);
            }
        };
        sender.send(Ok(page)).await?;
        let Some(next) = next else { return Ok(true) };
        if next == mark {
            let error = "the server sends the same page of the list again and again";
            sender.send(Err(Error::new(error))).await?;
            return Ok(false);
        }
        mark = next;
    }
}

/// Keys that a page has at most.
const PAGE: usize = 1000;

impl Mark {
    /// Where the next page begins, behind one whose last key is `last`.
    fn next(&self, token: String, last: &str) -> Self {
        match self {
            // What is listed of a key that ends with a slash lacks that.
            Self::After(before, most) if before == last => Self::After(format!("{last}/"), *most),
            Self::After(before, _) if last < before.as_str() => self.clone(),
            Self::After(_, most) => Self::After(last.to_owned(), (2 * most).min(PAGE)),
            Self::Start | Self::Token(_) => Self::Token(token),
        }
    }

    /// Fewer keys from the same place on, behind `last`; none if there is but one.
    fn before(&self, last: &str) -> Option<Self> {
        match self {
            Self::After(_, 1) => None,
            Self::After(from, most) => Some(Self::After(from.clone(), most / 2)),
            Self::Start | Self::Token(_) => Some(Self::After(last.to_owned(), PAGE / 2)),
        }
    }
}

/// How connections are made. There is no limit to how long an answer may take, as long as something comes.
pub(crate) fn connections(allow_http: bool) -> ClientOptions {
    ClientOptions::new().with_timeout_disabled().with_connect_timeout(CONNECT).with_allow_http(allow_http)
}

/// When a request is made again.
pub(crate) fn retry(retries: usize) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 },
        max_retries: retries,
        retry_timeout: Duration::from_secs(180),
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long to wait before the attempt after this many failures.
pub(crate) fn pause(failures: usize) -> Duration {
    let doubled = u32::try_from(failures.saturating_sub(1).min(16)).unwrap_or(16);
    FIRST_PAUSE.saturating_mul(1 << doubled).min(LONGEST_PAUSE)
}
