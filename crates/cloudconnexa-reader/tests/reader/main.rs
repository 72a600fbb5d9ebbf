//! What a program that reads events relies on: order, completeness, errors, and an early end.

#![allow(clippy::disallowed_methods, reason = "tests write files and look at the clock")]

mod accounting;
mod broken;
mod events;
mod held;
mod inputs;
mod long;
mod order;
mod sharing;
mod stopping;
mod tail;
mod unfinished;
