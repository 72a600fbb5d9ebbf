//! Timeouts and retries, the same for all requests.

use std::time::Duration;

use object_store::{BackoffConfig, ClientOptions, RetryConfig};

/// The time without any data after which a connection is given up.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The time that a server may take to accept a connection.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time for a page of a list, with the retries that the S3 client makes on its own.
pub(crate) const PAGE_TIMEOUT: Duration = Duration::from_secs(4 * READ_TIMEOUT.as_secs());

const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// Returns the settings of connections. A response may take any time, as long as data keeps coming.
pub(crate) fn connections(allow_http: bool) -> ClientOptions {
    ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_allow_http(allow_http)
}

/// Returns when the S3 client retries a request.
pub(crate) fn retry(retries: usize) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_BACKOFF, max_backoff: MAX_BACKOFF, base: 2.0 },
        max_retries: retries,
        retry_timeout: Duration::from_secs(180),
    }
}

/// Returns how long to wait after this many failures.
pub(crate) fn backoff(failures: usize) -> Duration {
    let doubled = u32::try_from(failures.saturating_sub(1).min(16)).unwrap_or(16);
    FIRST_BACKOFF.saturating_mul(1 << doubled).min(MAX_BACKOFF)
}
