//! Settings for reading inputs.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use crate::args::{FilterArgs, NetworkArgs, ReadingArgs, SkipArgs};
use crate::config::Config;
use crate::globs;
use crate::inputs::{Excluder, FilterOptions, NamedInputs};
use crate::outputs::InputAccess;
use crate::paths::PathRoot;
use crate::unreadable::OnUnreadable;
use cloudconnexa_reader::{Limits as InflateLimits, RemoteOptions};
use cloudconnexa_validator::unwrap::Unwrapper;

/// The longest record by default, in bytes.
const MAX_RECORD_BYTES: usize = 16 << 20;

/// More threads than this are never useful.
const MAX_THREADS: usize = 256;

/// Which inputs are read, and how.
#[derive(Debug)]
pub(crate) struct ReadSettings {
    pub(crate) inputs: Vec<PathBuf>,
    /// The command line names them, not the config file.
    pub(crate) inputs_are_arguments: bool,
    pub(crate) excluder: Excluder,
    /// Whether links in folders are left out.
    pub(crate) no_follow_links: bool,
    /// The config file.
    pub(crate) config: Option<PathBuf>,
    /// The folder of the config file, or else the working directory.
    pub(crate) folder: PathBuf,
    pub(crate) max_record_bytes: usize,
    pub(crate) inflating: InflateLimits,
    pub(crate) threads: usize,
    pub(crate) on_unreadable: OnUnreadable,
    /// Finds the events inside records, if that is wanted.
    pub(crate) unwrapper: Option<Unwrapper>,
    /// How many events have to be read; by default, any input has to have content.
    pub(crate) min_events: Option<u64>,
    /// Who may read the inputs, for outputs that show values of them.
    pub(crate) access: InputAccess,
}

impl ReadSettings {
    /// The settings of a test, in one thread.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn for_test(max_record_bytes: usize) -> Self {
        Self {
            inputs: Vec::new(),
            inputs_are_arguments: true,
            excluder: Excluder::new(Path::new("."), Vec::new(), Vec::new()),
            no_follow_links: false,
            config: None,
            folder: PathBuf::from("."),
            max_record_bytes,
            inflating: InflateLimits::default(),
            threads: 1,
            on_unreadable: OnUnreadable::Fail,
            unwrapper: None,
            min_events: None,
            access: InputAccess::default(),
        }
    }

    /// Takes `inputs` and `exclude` as given on the command line.
    pub(crate) fn new(
        inputs: &[PathBuf],
        exclude: &[String],
        args: &ReadingArgs,
        config: &Config,
    ) -> Result<Self, String> {
        let exclude = exclude.iter().map(|text| globs::parse(text)).collect::<Result<Vec<_>, _>>()?;
        let folder = config_folder(config);
        let default = InflateLimits::default();
        Ok(Self {
            inputs: match inputs {
                [] => config.inputs.clone().unwrap_or_default(),
                inputs => inputs.to_vec(),
            },
            inputs_are_arguments: !inputs.is_empty(),
            excluder: Excluder::new(folder, config.exclude.clone(), exclude)
                .with_config(config.path.as_deref()),
            no_follow_links: args.links.no_follow_links,
            config: config.path.clone(),
            folder: folder.to_owned(),
            max_record_bytes: args.max_record_bytes.or(config.max_record_bytes).unwrap_or(MAX_RECORD_BYTES),
            inflating: default
                .with_max_bytes(
                    args.max_inflated_bytes
                        .or(config.max_inflated_bytes)
                        .map_or(default.max_bytes, |bytes| bytes as u64),
                )
                .with_max_ratio(args.max_ratio.or(config.max_ratio).map_or(default.max_ratio, NonZero::get)),
            threads: threads(args.threads.or(config.threads)),
            on_unreadable: OnUnreadable::Fail,
            unwrapper: args.unwrap.unwrap.clone().or_else(|| config.unwrap.clone()),
            min_events: args.min_events,
            access: InputAccess::default(),
        })
    }
}

impl ReadSettings {
    /// Skips inputs that cannot be read to their ends, if the command line or the config file says so.
    pub(crate) fn skipping(mut self, args: &SkipArgs, config: &Config) -> Self {
        if args.skip_unreadable || config.skip_unreadable {
            self.on_unreadable = OnUnreadable::Skip;
        }
        self
    }

    /// Returns the inputs, and where they are named.
    pub(crate) fn named_inputs(&self) -> NamedInputs<'_> {
        NamedInputs { inputs: &self.inputs, are_arguments: self.inputs_are_arguments }
    }

    /// Returns what reports call the config file: its path from `root`, or as it was given if it is elsewhere.
    pub(crate) fn config_name(&self, root: &PathRoot) -> Option<String> {
        let given = self.config.as_deref()?.to_string_lossy();
        let name = root.path(&given);
        Some(if Path::new(&name).is_absolute() { given.into_owned() } else { name })
    }
}

/// Returns the folder that patterns of the config file are relative to.
pub(super) fn config_folder(config: &Config) -> &Path {
    if config.folder.as_os_str().is_empty() { Path::new(".") } else { &config.folder }
}

/// Returns the wanted number of threads, or else the number of cores.
fn threads(wanted: Option<NonZero<usize>>) -> usize {
    let cores = || thread::available_parallelism().ok();
    wanted.or_else(cores).map_or(1, NonZero::get).min(MAX_THREADS)
}

/// Returns which inputs are wanted.
pub(crate) fn filter_options(args: &FilterArgs, state: Option<&Path>) -> FilterOptions {
    FilterOptions {
        since: args.since,
        lists_all: lists_all(args),
        until: args.until,
        include: args.include.clone(),
        state: state.map(Path::to_owned),
        skipping: None,
    }
}

/// Whether all keys of buckets are listed, whatever time they say.
fn lists_all(args: &FilterArgs) -> bool {
    #[cfg(feature = "s3")]
    return args.list_all;
    #[cfg(not(feature = "s3"))]
    return args.since.is_none();
}

/// Returns how objects are requested.
#[cfg(feature = "s3")]
pub(crate) fn network_options(args: &NetworkArgs) -> RemoteOptions {
    let mut options = RemoteOptions::default();
    options.endpoint.clone_from(&args.endpoint_url);
    options.region.clone_from(&args.region);
    (options.concurrency, options.retries) = (args.objects_at_once, args.retries);
    options
}

/// Returns how objects are requested: not at all.
#[cfg(not(feature = "s3"))]
pub(crate) fn network_options(_: &NetworkArgs) -> RemoteOptions {
    RemoteOptions::default()
}
