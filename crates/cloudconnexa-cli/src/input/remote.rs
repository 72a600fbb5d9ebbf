//! How objects are requested, as the command line says it.

use cloudconnexa_reader::RemoteOptions;
#[cfg(feature = "s3")]
use std::num::NonZero;

/// Under which these options stand in the help.
#[cfg(feature = "s3")]
const BUCKETS: &str = "Buckets";

/// How objects are asked for.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Network {
    /// The address of the S3 server, if it is not AWS; `http://` only if that is what you write
    ///
    /// Without it, that of `AWS_ENDPOINT_URL`.
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "URL", help_heading = BUCKETS)]
    pub(crate) endpoint_url: Option<String>,

    /// The region of the bucket; without it that of the environment or the profile, or else AWS is asked
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "NAME", help_heading = BUCKETS)]
    pub(crate) region: Option<String>,

    /// How many objects are read at once; 16 without it
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) objects_at_once: Option<NonZero<usize>>,

    /// How often a request is made again that failed for a reason that may pass; 5 without it
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) retries: Option<usize>,
}

impl Network {
    /// The options as the reader takes them.
    pub(crate) fn options(&self) -> RemoteOptions {
        #[cfg_attr(not(feature = "s3"), expect(unused_mut, reason = "there are none"))]
        let mut options = RemoteOptions::default();
        #[cfg(feature = "s3")]
        {
            options.endpoint.clone_from(&self.endpoint_url);
            options.region.clone_from(&self.region);
            (options.concurrency, options.retries) = (self.objects_at_once, self.retries);
        }
        options
    }
}
