//! `cargo xtask package`: what would be published builds, and a stranger can build against it.

use crate::Outcome;
use crate::tools::{cargo, root, run, target};

/// The crates that ship, in the order of their dependencies.
const SHIPPED: &[&str] = &["cloudconnexa-events", "cloudconnexa-validator", "cloudconnexa-cli"];

pub(crate) fn run_all() -> Outcome {
    let mut package = cargo(&["package", "--allow-dirty", "--locked"]);
    for name in SHIPPED {
        package.args(["--package", name]);
    }
    run(&mut package)?;
    downstream()
}

/// Builds and runs the crate in `tests/downstream` against the packaged types: it knows nothing of this workspace.
fn downstream() -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    let packaged = target().join("package").join(format!("cloudconnexa-events-{version}"));
    let patch = format!("patch.crates-io.cloudconnexa-events.path={:?}", packaged.display().to_string());
    let manifest = root().join("tests/downstream/Cargo.toml");
    let mut build = cargo(&["run", "--quiet", "--config", &patch, "--manifest-path"]);
    build.arg(manifest).env("CARGO_TARGET_DIR", target().join("downstream"));
    run(&mut build)
}
