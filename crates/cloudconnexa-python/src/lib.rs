//! The native part of the Python package `cloudconnexa-events`: `cloudconnexa_events._native`.
//!
//! It turns Python values into calls of the other crates and back. Rules are theirs; documentation for users is in
//! `python/cloudconnexa_events/`, next to the functions that they call.
//!
//! Work is done on threads that know nothing of Python (`job.rs`). A caller waits for them without the lock of the
//! interpreter, and looks for signals ten times a second.

#![allow(clippy::disallowed_methods, reason = "this crate starts threads, and has to notice a fork")]
#![expect(clippy::needless_pass_by_value, reason = "arguments from Python are owned")]
#![expect(clippy::doc_markdown, reason = "documentation of functions is that of Python")]

mod capsule;
mod command_line;
mod error;
mod findings;
mod job;
mod options;
mod profile;
mod rejected;
mod rows;
mod session_events;
mod session_reader;
mod sessions;
mod single;
mod stream;

use std::sync::LazyLock;

use cloudconnexa_validator::Validator;
use pyo3::pymodule;

/// The system allocator accounts for a fifth of the time of a read, as a batch has hundreds of large buffers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The built-in schema, which is compiled once per process.
static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

#[pymodule]
mod _native {
    #[pymodule_export]
    const SCHEMA_TEXT: &str = cloudconnexa_events::SCHEMA;
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_export]
    use crate::{
        capsule::{Batch, Schema},
        command_line::{main, reference_json, tables},
        error::{ConvertError, Error, InputError, ReadError},
        findings::{Finding, Validation, validate},
        options::{Options, Source, find},
        profile::{Difference, Profile, profile},
        rejected::rejected_schema,
        rows::{read_rows, rows_schema},
        session_events::{SessionJoiner, read_session_events, session_events_schema},
        sessions::{read_sessions, sessions_schema},
        single::{is_valid, validate_bytes},
        stream::BatchStream,
    };
}
