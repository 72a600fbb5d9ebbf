//! Hashes by which events are recognized.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Returns a hash that is the same in every thread of a process.
pub(crate) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns the key that the events of a session share: a hash of its id and its tenant.
pub(crate) fn session_key(cloud: &str, session: &str) -> u128 {
    let endpoint = |number: u8| u128::from(hash(&(number, cloud, session)));
    endpoint(0) << 64 | endpoint(1)
}

/// Returns the key of a tenant.
pub(crate) fn tenant_key(cloud: &str) -> u64 {
    hash(cloud)
}
