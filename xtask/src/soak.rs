//! `cargo xtask soak`: ten hours of a busy log, and how much memory they take.

use crate::Outcome;
use crate::tools::{cargo, run};

/// Runs the long tests of `soak.rs`, one after another, in a release build.
pub(crate) fn run_all() -> Outcome {
    let soak = ["test", "--release", "--locked", "--package", "cloudconnexa-cli", "--test", "soak"];
    run(cargo(&soak).args(["--", "--ignored", "--nocapture", "--test-threads", "1"]))
}
