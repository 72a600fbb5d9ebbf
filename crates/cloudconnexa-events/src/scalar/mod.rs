//! Scalars of the format: timestamps, UUIDs and addresses that keep their spelling.
//!
//! An event that is parsed and written again has to be the same. So a value whose text is not the usual one, such as a
//! UUID in upper case, remembers its text; [`Display`](std::fmt::Display) and `Serialize` give it back. Values compare
//! by what they mean, not by how they are written.

mod address;
mod spelled;
mod timestamp;
mod uuid;

pub use address::{IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address};
pub use spelled::{ParseError, Spelled, Spelling};
pub use timestamp::Timestamp;
pub use uuid::Uuid;
