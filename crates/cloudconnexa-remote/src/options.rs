//! The options of a client.

use std::fmt;

/// Settings that the environment does not give, or that override it.
///
/// The defaults take everything from the environment and the profiles of the AWS command line.
///
/// ```
/// use cloudconnexa_remote::Options;
///
/// let options = Options::default().region("eu-central-1".to_owned()).retries(2);
/// assert_eq!(options.concurrency, 32);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The URL of a server that speaks S3, instead of AWS. Default: `AWS_ENDPOINT_URL`, else AWS.
    pub endpoint: Option<String>,
    /// The region of the bucket. Default: that of the environment or the profile, else AWS is asked for it.
    pub region: Option<String>,
    /// The maximum number of objects that are requested at the same time, including those being read. 0 means 1.
    /// Default: 32.
    pub concurrency: usize,
    /// The maximum number of retries of a request that failed for a transient reason. Default: 5.
    pub retries: usize,
    /// Credentials to use instead of those of the environment and of profiles.
    pub credentials: Option<Credentials>,
}

/// An access key. Its `Debug` output does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

impl Credentials {
    /// Takes the identifier and the secret of an access key.
    pub fn new(access_key_id: String, secret_access_key: String) -> Self {
        Self { access_key_id, secret_access_key }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { endpoint: None, region: None, concurrency: 32, retries: 5, credentials: None }
    }
}

impl Options {
    /// Sets [`endpoint`](Self::endpoint).
    #[must_use]
    pub fn endpoint(self, endpoint: impl Into<Option<String>>) -> Self {
        Self { endpoint: endpoint.into(), ..self }
    }

    /// Sets [`region`](Self::region).
    #[must_use]
    pub fn region(self, region: impl Into<Option<String>>) -> Self {
        Self { region: region.into(), ..self }
    }

    /// Sets [`concurrency`](Self::concurrency).
    #[must_use]
    pub fn concurrency(self, concurrency: usize) -> Self {
        Self { concurrency, ..self }
    }

    /// Sets [`retries`](Self::retries).
    #[must_use]
    pub fn retries(self, retries: usize) -> Self {
        Self { retries, ..self }
    }

    /// Sets [`credentials`](Self::credentials).
    #[must_use]
    pub fn credentials(self, credentials: impl Into<Option<Credentials>>) -> Self {
        Self { credentials: credentials.into(), ..self }
    }
}
