//! What the command line depends on, with and without its default features.

#![allow(clippy::disallowed_methods, reason = "tests run cargo")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Crates that only a network needs.
const NETWORK: &[&str] =
    &["cloudconnexa-remote", "hyper", "object_store", "reqwest", "ring", "rustls", "socket2", "tokio", "url"];

/// Returns the names of all crates in the binary.
fn dependencies(arguments: &[&str]) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut tree = Command::new(env!("CARGO"));
    tree.args([
        "tree",
        "--package=cloudconnexa-cli",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p}",
    ]);
    let output = tree.args(["--locked", "--offline"]).args(arguments).current_dir(root).output().unwrap();
    let (text, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn without_default_features_no_network_crate_is_in_the_binary() {
    let all = dependencies(&[]);
    let missing: Vec<_> = NETWORK.iter().filter(|name| !all.contains(**name)).collect();
    assert!(missing.is_empty(), "not in the binary, so not worth looking for: {missing:?}");
    let left = dependencies(&["--no-default-features"]);
    assert!(left.contains("cloudconnexa-reader") && left.len() > 50, "{left:?}");
    let network: Vec<_> = NETWORK.iter().filter(|name| left.contains(**name)).collect();
    assert!(network.is_empty(), "{network:?}");
}
