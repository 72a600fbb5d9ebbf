//! `cargo xtask soak`: hours of a busy log, and what memory they take.

use crate::Outcome;
use crate::tools::{cargo, run};

/// The long tests of `soak.rs`, one after another, as fast as the release is.
pub(crate) fn run_all() -> Outcome {
    let soak = ["test", "--release", "--locked", "--package", "cloudconnexa-cli", "--test", "soak"];
    run(cargo(&soak).args(["--", "--ignored", "--nocapture", "--test-threads", "1"]))
}
