//! Sessions: what client-connected and client-disconnected tell of one, put together.
//!
//! [`SessionEvent::read`] takes what an event tells of a session; [`Sessions`] joins sightings by the id of the session, in
//! whatever order they come. Nothing is read or written here, and there is no clock.
//!
//! ```
//! use cloudconnexa_validator::Validator;
//! use cloudconnexa_validator::sessions::{Limits, Sessions, SessionEvent};
//!
//! # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let mut sessions = Sessions::new(Limits { horizon: 86_400_000_000, max_open: 1000, latest: i64::MAX });
//! let mut told = Vec::new();
//!
//! let outline = checker.outline(record).expect("it is an object");
//! if let Some(Ok(event)) = SessionEvent::read(&outline, true) {
//!     sessions.observe(event, &mut |session| told.push(session));
//! }
//! sessions.finish(&mut |session| told.push(session));
//!
//! let session = &told[0];
//! assert_eq!(session.fields.user.as_deref(), Some("My User"));
//! assert_eq!(session.fields.duration_seconds, Some(4));
//! // The event that ends a session tells the whole of it.
//! assert!(session.is_complete() && !session.connected);
//! ```

mod event;
mod joiner;
pub(crate) mod recent;
mod tracker;

pub(crate) use event::integer;
pub use event::{SessionEvent, SessionFields, Unreadable, is_refusal};
pub use joiner::{Counts, Gap, Session, Sessions};
pub use tracker::{Endpoint, Limits, Pairing, Role, Tracker, UnmatchedReason};

use std::hash::{DefaultHasher, Hash, Hasher};

/// A hash that is the same in every thread.
pub(crate) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a session is joined by: its id, within the tenant.
pub(crate) fn key(cloud: &str, session: &str) -> u128 {
    let endpoint = |number: u8| u128::from(hash(&(number, cloud, session)));
    endpoint(0) << 64 | endpoint(1)
}
