//! How objects of buckets and web servers are requested.

#[cfg(feature = "s3")]
use std::num::NonZero;

#[cfg(feature = "s3")]
use super::headings::BUCKETS;

/// Without the feature `s3` there are no such options.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct NetworkArgs {
    /// The address of an S3 server other than AWS; `http://` has to be written out
    ///
    /// By default, that of `AWS_ENDPOINT_URL`.
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "URL", help_heading = BUCKETS)]
    pub(crate) endpoint_url: Option<String>,

    /// The region of the bucket; by default, that of the environment or the AWS profile, or else AWS is asked
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "NAME", help_heading = BUCKETS)]
    pub(crate) region: Option<String>,

    /// How many objects to read at once; 32 by default
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) objects_at_once: Option<NonZero<usize>>,

    /// How often to retry a request that failed for a transient reason; 5 by default
    #[cfg(feature = "s3")]
    #[arg(long, value_name = "N", help_heading = BUCKETS)]
    pub(crate) retries: Option<usize>,
}
