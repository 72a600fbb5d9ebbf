"""Checks what GitHub reads from .github: each file against its schema, and the update bot against the manifests."""

import re
import tomllib
import unittest

import yaml

from support import ROOT, TOOLS, WORKSPACE, run

GITHUB = ROOT / ".github"
# The first pattern that matches a path below .github decides.
SCHEMAS = [
    (r"workflows/.+\.yml", "vendor.github-workflows"),
    (r"ISSUE_TEMPLATE/config\.yml", "vendor.github-issue-config"),
    (r"ISSUE_TEMPLATE/.+\.yml", "vendor.github-issue-forms"),
    (r"dependabot\.yml", "vendor.dependabot"),
]
UPDATES = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]
(CARGO,) = [update for update in UPDATES if update["package-ecosystem"] == "cargo"]


class GitHub(unittest.TestCase):
    def test_every_yaml_file_matches_its_schema(self):
        files = [path for path in GITHUB.rglob("*") if path.suffix in {".yml", ".yaml"}]
        self.assertGreater(len(files), 5)
        for path in files:
            name = path.relative_to(GITHUB).as_posix()
            with self.subTest(name):
                schema = next((schema for pattern, schema in SCHEMAS if re.fullmatch(pattern, name)), None)
                self.assertIsNotNone(schema, "no schema for this file")
                run(TOOLS / "check-jsonschema", "--builtin-schema", schema, path)

    def test_the_update_bot_knows_every_lock_file(self):
        listed = run("git", "ls-files", "--", "Cargo.lock", "*/Cargo.lock", cwd=ROOT).split()
        folders = {"/" + name.removesuffix("Cargo.lock").rstrip("/") for name in listed}
        self.assertEqual(set(CARGO["directories"]), folders)

    def test_the_update_bot_ignores_every_pinned_dependency(self):
        pinned = {name for name, dependency in WORKSPACE["dependencies"].items() if version(dependency).startswith("=")}
        self.assertGreater(len(pinned), 0)
        ignored = {rule["dependency-name"] for rule in CARGO["ignore"] if set(rule) == {"dependency-name"}}
        self.assertEqual(ignored, pinned)

    def test_the_benchmarks_pin_the_same_versions_as_the_workspace(self):
        bench = tomllib.loads((ROOT / "bench/Cargo.toml").read_text())["dependencies"]
        self.assertEqual(bench["jsonschema"]["version"], WORKSPACE["dependencies"]["jsonschema"]["version"])


def version(dependency):
    """Returns the version requirement of a dependency, or nothing if it is only a path."""
    return dependency if isinstance(dependency, str) else dependency.get("version", "")
