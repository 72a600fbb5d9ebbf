//! `cargo xtask package`: the crates build as they would be published, and a crate outside the workspace builds with them.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::tools::{cargo, root, run, target};

/// The crates that are published, in the order of their dependencies.
const SHIPPED: &[&str] = &[
    "cloudconnexa-inflate",
    "cloudconnexa-events",
    "cloudconnexa-remote",
    "cloudconnexa-reader",
    "cloudconnexa-tape",
    "cloudconnexa-validator",
    "cloudconnexa-sample",
    "cloudconnexa-schema",
    "cloudconnexa-compat",
    "cloudconnexa-convert",
    "cloudconnexa-drift",
    "cloudconnexa-report",
    "cloudconnexa-cli",
];

pub(crate) fn run_all() -> Outcome {
    // Cargo's own verification would build all dependencies again, in the combination of features of each crate.
    let mut package = cargo(&["package", "--allow-dirty", "--locked", "--no-verify"]);
    for name in SHIPPED {
        package.args(["--package", name]);
    }
    run(&mut package)?;
    let packages = target().join("package");
    for name in SHIPPED {
        unpack(&packages, name)?;
    }
    write(&packages.join("Cargo.toml"), &manifest())?;
    let lock = root().join("Cargo.lock");
    fs::copy(&lock, packages.join("Cargo.lock"))
        .map_err(|error| format!("cannot copy {}: {error}", lock.display()))?;
    // One by one: checked together, each would have the features that another asks for.
    for name in SHIPPED {
        let mut check = cargo(&["check", "--quiet", "--package", name, "--manifest-path"]);
        run(check.arg(packages.join("Cargo.toml")).env("CARGO_TARGET_DIR", target()))?;
    }
    downstream()
}

/// Unpacks the package of a crate next to it.
fn unpack(packages: &Path, name: &str) -> Outcome {
    let folder = packages.join(unpacked(name));
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot remove {}: {error}", folder.display()))?;
    }
    let archive = format!("{}.crate", unpacked(name));
    // With new modification times (`m`): cargo gives all files of all packages the same, and recognises changes by them.
    run(Command::new("tar").args(["-xzmf", &archive]).current_dir(packages))
}

/// The name of the folder of a package.
fn unpacked(name: &str) -> String {
    format!("{name}-{}", env!("CARGO_PKG_VERSION"))
}

/// Returns the manifest of a workspace in which packages find each other.
fn manifest() -> String {
    let lines =
        |line: fn(&str) -> String| SHIPPED.iter().map(|name| line(name)).collect::<Vec<_>>().join("\n");
    let members = lines(|name| format!("    \"{}\",", unpacked(name)));
    let patches = lines(|name| format!("{name} = {{ path = \"{}\" }}", unpacked(name)));
    format!("[workspace]\nresolver = \"3\"\nmembers = [\n{members}\n]\n\n[patch.crates-io]\n{patches}\n")
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// What the crate in `tests/downstream` depends on, directly or not.
const DOWNSTREAM: &[&str] = &[
    "cloudconnexa-inflate",
    "cloudconnexa-events",
    "cloudconnexa-reader",
    "cloudconnexa-tape",
    "cloudconnexa-validator",
];

/// Builds, runs and tests the crate in `tests/downstream`, which is not part of this workspace, with the packaged crates.
fn downstream() -> Outcome {
    let features = ["--test", "serde", "--features", "arbitrary_precision,preserve_order"];
    for (command, args) in [("run", &[][..]), ("test", &[]), ("test", &features)] {
        let mut cargo = cargo(&[command, "--quiet"]);
        for name in DOWNSTREAM {
            let packaged = target().join("package").join(unpacked(name));
            let path = packaged.display().to_string();
            cargo.args(["--config", &format!("patch.crates-io.{name}.path={path:?}")]);
        }
        cargo.arg("--manifest-path").arg(root().join("tests/downstream/Cargo.toml")).args(args);
        run(cargo.env("CARGO_TARGET_DIR", target()))?;
    }
    Ok(())
}
