//! Tests of paths.

use std::path::Path;

use super::PathRoot;

#[test]
fn paths_are_relative_to_the_root() {
    let root = PathRoot::new(Path::new("/repo"), "/repo/logs");
    assert_eq!(root.path("a.json"), "logs/a.json");
    assert_eq!(root.path("./x/../a.json"), "logs/a.json");
    assert_eq!(root.path("../b/a.json"), "b/a.json");
    assert_eq!(root.path("/repo/a.json"), "a.json");
    assert_eq!(root.path("../../a.json"), "/a.json");
    assert_eq!(root.path("/elsewhere/a.json"), "/elsewhere/a.json");
    assert_eq!(root.path("<stdin>"), "<stdin>");
    assert_eq!(root.path("s3://bucket/a.json"), "s3://bucket/a.json");
    assert_eq!(root.path("HTTPS://host/a.json"), "HTTPS://host/a.json");
    assert_eq!(root.path("gs://bucket/a.json"), "logs/gs:/bucket/a.json");
}

#[test]
fn names_stay_as_they_are_without_a_root() {
    let root = PathRoot::default();
    assert_eq!(root.path("logs/./a.json"), "logs/a.json");
    assert_eq!(root.path("/logs/a.json"), "/logs/a.json");
}

#[test]
fn a_climbing_root_names_what_is_elsewhere_by_its_way_there() {
    let root = PathRoot::new(Path::new("/w/ci/known"), "/w").climbing();
    for (name, expected) in [
        ("ci/known/a.json", "a.json"),
        ("logs/a.json", "../../logs/a.json"),
        ("/w/ci/b.json", "../b.json"),
        ("/tmp/c.json", "../../../tmp/c.json"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("<stdin>", "<stdin>"),
    ] {
        assert_eq!(root.path(name), expected, "{name}");
    }
    assert_eq!(root.full_path("../../logs/a.json"), Path::new("/w/logs/a.json"));
}
