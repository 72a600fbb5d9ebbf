//! The tables of the fast tier, generated from the schema (`cargo xtask codegen`).

#[rustfmt::skip]
#[allow(clippy::unreadable_literal, reason = "nobody reads masks and multipliers")]
#[path = "../generated/acceptor.rs"]
mod generated;

pub(crate) use generated::{EVENTS, HEADER, LOGS};
