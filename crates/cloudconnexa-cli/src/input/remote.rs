//! Objects of buckets and of web servers as inputs.

use std::cmp::Ordering;
use std::io::Read;
use std::num::NonZero;
use std::sync::{Arc, OnceLock, Weak};

use cloudconnexa_remote::{Address, Client, Object, Options, Prefetcher};

use super::walk::is_log_name;
use super::{Gathered, Source};
use crate::{config, levels, size};

/// Under which these options stand in the help.
const BUCKETS: &str = "Buckets";

/// How objects are asked for.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Network {
    /// The address of the S3 server, if it is not AWS; `http://` only if that is what you write
    ///
    /// Without it, that of `AWS_ENDPOINT_URL`.
    #[arg(long, value_name = "URL", help_heading = BUCKETS)]
    pub(crate) endpoint_url: Option<String>,

    /// The region of the bucket; without it that of the environment or the profile, or else AWS is asked
    #[arg(long, value_name = "NAME", help_heading = BUCKETS)]
    pub(crate) region: Option<String>,

    /// How many objects are read at once; 16 without it
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) objects_at_once: Option<NonZero<usize>>,

    /// How often a request is made again that failed for a reason that may pass; 5 without it
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) retries: Option<usize>,
}

/// An object, to be read when its turn comes.
#[derive(Debug)]
pub(crate) struct Remote {
    name: String,
    object: Object,
    client: Client,
    /// Where it has its place among others that are read ahead.
    line: OnceLock<(Weak<Prefetcher>, usize)>,
}

impl PartialEq for Remote {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Remote {}

impl PartialOrd for Remote {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Remote {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl Remote {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.object.size
    }

    pub(crate) fn modified(&self) -> Option<i64> {
        self.object.modified
    }

    /// What the content is known by, as it was listed.
    pub(crate) fn etag(&self) -> Option<&str> {
        self.object.etag.as_deref()
    }

    /// Reads it from its start.
    pub(crate) fn open(&self) -> Box<dyn Read + Send> {
        let in_line = self.line.get().and_then(|(line, place)| line.upgrade()?.open(*place));
        Box::new(in_line.unwrap_or_else(|| self.client.read(&self.object)))
    }
}

/// Whether an input is an address, and no path.
pub(crate) fn is_address(text: &str) -> bool {
    Address::parse(text).is_some()
}

/// Makes those of `sources` that are objects be asked for before their turn comes, as long as what is returned lives.
pub(crate) fn line_up(sources: &[Source], readers: usize) -> Option<Arc<Prefetcher>> {
    let remotes = || {
        sources.iter().filter_map(|source| match source {
            Source::Object(remote) => Some(remote),
            _ => None,
        })
    };
    let client = &remotes().next()?.client;
    let line =
        Arc::new(Prefetcher::new(client, remotes().map(|remote| remote.object.clone()).collect(), readers));
    for (place, remote) in remotes().enumerate() {
        let _ = remote.line.set((Arc::downgrade(&line), place));
    }
    Some(line)
}

/// Finds the objects that an address stands for. Nothing of a network is touched before there is one.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    network: Network,
    /// Something has to be known of each object: a name is not enough.
    looks: bool,
    /// Prefixes, folders and patterns may stand for nothing.
    pub(super) may_be_empty: bool,
    client: Option<Client>,
}

/// Takes in an object; the last argument says whether it was named.
type Take<'a> = dyn FnMut(&mut Gathered, Source, bool) + 'a;

impl Finder {
    pub(crate) fn new(network: Network, looks: bool) -> Self {
        Self { network, looks, may_be_empty: false, client: None }
    }

    /// From now on it is fine if there is nothing yet.
    pub(crate) fn let_be_empty(&mut self) {
        (self.may_be_empty, self.looks) = (true, true);
    }

    pub(super) fn find(&mut self, text: &str, gathered: &mut Gathered, take: &mut Take<'_>) {
        let found = match Address::parse(text) {
            Some(Ok(address)) => self.address(&address, gathered, take),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok(()),
        };
        if let Err(problem) = found {
            gathered.problems.push(problem);
        }
    }

    fn client(&mut self) -> Result<Client, String> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let usual = Options::default();
        let (concurrency, retries) = (usual.concurrency, usual.retries);
        let options = usual
            .endpoint(self.network.endpoint_url.clone())
            .region(self.network.region.clone())
            .concurrency(self.network.objects_at_once.map_or(concurrency, NonZero::get))
            .retries(self.network.retries.unwrap_or(retries));
        let client = Client::new(options).map_err(|error| error.to_string())?;
        self.client = Some(client.clone());
        Ok(client)
    }

    fn address(
        &mut self,
        address: &Address,
        gathered: &mut Gathered,
        take: &mut Take<'_>,
    ) -> Result<(), String> {
        let client = self.client()?;
        match address {
            Address::Bucket { bucket, key } if !is_one(key) || self.looks => {
                let name = format!("s3://{bucket}/{key}");
                match list(&client, bucket, key, gathered, take) {
                    Err(Trouble::Empty(_)) if self.may_be_empty => Ok(()),
                    Err(Trouble::Store(error)) => Err(format!("cannot list `{name}`: {error}")),
                    Err(Trouble::Empty(problem) | Trouble::Told(problem)) => Err(problem),
                    Ok(()) => Ok(()),
                }
            }
            _ => {
                let object = client.object(address).map_err(|error| error.to_string())?;
                take(gathered, source(&client, object), true);
                Ok(())
            }
        }
    }
}

/// Whether a key is that of a log, and no pattern.
fn is_one(key: &str) -> bool {
    is_log_name(key) && !key.contains(WILD)
}

const WILD: [char; 3] = ['*', '?', '['];

fn source(client: &Client, object: Object) -> Source {
    let name = object.name();
    Source::Object(Arc::new(Remote { name, object, client: client.clone(), line: OnceLock::new() }))
}

/// Why a list could not be had.
enum Trouble {
    Store(cloudconnexa_remote::Error),
    /// In words.
    Told(String),
    /// There is nothing, in words.
    Empty(String),
}

impl From<cloudconnexa_remote::Error> for Trouble {
    fn from(error: cloudconnexa_remote::Error) -> Self {
        Self::Store(error)
    }
}

/// The logs below `key`, or those that it matches as a pattern, or the object that it names.
fn list(
    client: &Client,
    bucket: &str,
    key: &str,
    gathered: &mut Gathered,
    take: &mut Take<'_>,
) -> Result<(), Trouble> {
    let pattern = key.contains(WILD).then(|| config::pattern(key)).transpose().map_err(Trouble::Told)?;
    let prefix = match &pattern {
        Some(_) => key.split(WILD).next().unwrap_or_default().to_owned(),
        None if key.is_empty() || key.ends_with('/') => key.to_owned(),
        None => {
            // By the order of keys it comes first. What makes a folder visible to some programs is empty.
            let first =
                client.list(bucket, key)?.next().transpose()?.and_then(|page| page.into_iter().next());
            if let Some(object) = first.filter(|first| first.key() == key && first.size != Some(0)) {
                take(gathered, source(client, object), true);
                return Ok(());
            }
            format!("{key}/")
        }
    };
    let (mut logs, mut others) = (0_u64, 0_u64);
    gathered.is_list = true;
    for page in client.list(bucket, &prefix)? {
        for object in page? {
            if pattern.as_ref().is_some_and(|pattern| !levels::matches(pattern, object.key())) {
                continue;
            }
            if is_log_name(object.key()) {
                logs += 1;
                take(gathered, source(client, object), false);
            } else if object.size != Some(0) {
                others += 1;
            }
        }
    }
    gathered.left_out += others;
    if logs == 0 {
        let others = match others {
            0 => "there are no objects".to_owned(),
            others => format!("{} left out", size::counted(others, "other object")),
        };
        return Err(Trouble::Empty(format!(
            "no logs in `s3://{bucket}/{key}`: looked for .json, .jsonl and .ndjson, each also with .gz; {others}"
        )));
    }
    Ok(())
}
