//! `cargo xtask features`: what is left without default features builds, and passes its tests.

use crate::Outcome;
use crate::tools::{cargo, run};

/// The crates with default features. Without them, the first does no I/O, and the second has no network.
const PACKAGES: &[&str] = &["cloudconnexa-reader", "cloudconnexa-cli"];

/// Lints and tests each of the crates on its own, as features of one are switched on by others in the workspace.
pub(crate) fn run_all() -> Outcome {
    for package in PACKAGES {
        let chosen = ["--locked", "--package", package, "--no-default-features"];
        run(cargo(&["clippy"]).args(chosen).args(["--all-targets", "--", "-D", "warnings"]))?;
        run(cargo(&["test"]).args(chosen).env("INSTA_UPDATE", "no"))?;
    }
    Ok(())
}
