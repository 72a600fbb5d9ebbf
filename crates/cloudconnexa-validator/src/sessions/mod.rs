//! Sessions: joins the client-connected and client-disconnected events of each.
//!
//! [`SessionEvent::read`] reads what an event says about a session. [`Sessions`] joins these events by the id of the session,
//! in whatever order they come. [`ActiveSessions`] and [`Connections`] answer who was connected at one time, and how many at
//! once. There is no I/O and no clock.
//!
//! ```
//! use cloudconnexa_validator::Validator;
//! use cloudconnexa_validator::sessions::{Limits, Sessions, SessionEvent};
//!
//! # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
//! let validator = Validator::new();
//! let mut checker = validator.checker();
//! let mut sessions = Sessions::new(Limits { horizon: 86_400_000_000, max_open: 1000, latest: i64::MAX });
//! let mut joined = Vec::new();
//!
//! let outline = checker.outline(record).expect("it is an object");
//! if let Some(Ok(event)) = SessionEvent::read(&outline, true) {
//!     sessions.observe(event, &mut |session| joined.push(session));
//! }
//! sessions.finish(&mut |session| joined.push(session));
//!
//! let session = &joined[0];
//! assert_eq!(session.fields.user_id.as_deref(), Some("new@gmail.com"));
//! assert_eq!(session.fields.duration_seconds, Some(4));
//! // The event that ends a session describes all of it.
//! assert!(session.is_complete() && !session.connected);
//! ```

mod active;
mod connections;
pub(crate) mod event;
pub(crate) mod hash;
mod joiner;
mod raw;
pub(crate) mod recent;
pub(crate) mod streamed;
pub(crate) mod tracker;

pub use active::ActiveSessions;
pub use connections::{
    ActiveUser, ConnectedUser, ConnectionLimits, ConnectionSpans, Connections, DEAD_AFTER, FrequentUser,
    OFTEN, Peak, Period, TooManyConnections,
};
pub use event::{SessionEvent, SessionFields, Unreadable, is_refusal};
pub use joiner::{Counts, Gap, Session, Sessions};
pub use tracker::{Endpoint, Limits, Pairing, Role, Tracker, UnmatchedReason};
