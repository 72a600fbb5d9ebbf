//! `cargo xtask package`: the crates build as they would be published, and a crate outside the workspace builds with them.

use std::path::PathBuf;
use std::{env, fs};

use crate::Outcome;
use crate::tools::{cargo, children, name, root, run, target};

/// The crates that are published, in the order of their dependencies.
const SHIPPED: &[&str] = &[
    "cloudconnexa-inflate",
    "cloudconnexa-events",
    "cloudconnexa-remote",
    "cloudconnexa-reader",
    "cloudconnexa-validator",
    "cloudconnexa-sample",
    "cloudconnexa-schema",
    "cloudconnexa-drift",
    "cloudconnexa-report",
    "cloudconnexa-cli",
];

pub(crate) fn run_all() -> Outcome {
    forget_earlier_packages()?;
    let mut package = cargo(&["package", "--allow-dirty", "--locked"]);
    for name in SHIPPED {
        package.args(["--package", name]);
    }
    // Unpacked crates do not have our profiles, and nobody debugs them.
    run(package.env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    downstream()
}

/// Removes packages of earlier runs. To verify one package against another, cargo serves both from a temporary registry and
/// keeps what it unpacks by name and version: a later run would be verified against an earlier package.
fn forget_earlier_packages() -> Outcome {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    for kept in ["src", "cache"] {
        let Some(folder) = home.as_ref().map(|home| home.join("registry").join(kept)) else { continue };
        for registry in children(&folder) {
            // Registries are named after their hosts; this one has none.
            if !name(&registry).starts_with('-') {
                continue;
            }
            for path in children(&registry) {
                if SHIPPED.iter().any(|shipped| name(&path).starts_with(&format!("{shipped}-"))) {
                    let removed =
                        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                    removed.map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
                }
            }
        }
    }
    Ok(())
}

/// What the crate in `tests/downstream` depends on, directly or not.
const DOWNSTREAM: &[&str] = &["cloudconnexa-inflate", "cloudconnexa-events", "cloudconnexa-reader"];

/// Builds and runs the crate in `tests/downstream`, which is not part of this workspace, with the packaged crates.
fn downstream() -> Outcome {
    let version = env!("CARGO_PKG_VERSION");
    let mut build = cargo(&["run", "--quiet"]);
    for name in DOWNSTREAM {
        let packaged = target().join("package").join(format!("{name}-{version}"));
        let path = packaged.display().to_string();
        build.args(["--config", &format!("patch.crates-io.{name}.path={path:?}")]);
    }
    build.arg("--manifest-path").arg(root().join("tests/downstream/Cargo.toml"));
    run(build.env("CARGO_TARGET_DIR", target().join("downstream")))
}
