//! Scalar types: timestamps, UUIDs and addresses that keep their spelling.
//!
//! An event that is parsed and written again has to be the same. So a value whose text is not the usual one, such as a
//! UUID in upper case, keeps its text, and [`Display`](std::fmt::Display) and `Serialize` write it. Values compare by what
//! they mean, not by how they are spelled.

mod address;
mod date;
mod spelled;
mod timestamp;
mod utc_micros;
mod uuid;

pub use address::{IpAddress, IpAddressOrEmpty, Ipv4Address, Ipv6Address};
pub use date::Date;
pub use spelled::{ParseError, Scalar, Spelled};
pub use timestamp::Timestamp;
pub use utc_micros::UtcMicros;
pub use uuid::Uuid;
