"""Checks that facts written in several places agree: archive names, the repository, the version, the crates."""

import re
import tarfile
import tomllib
import unittest
import zipfile
from pathlib import Path

import yaml

from support import REPOSITORY, ROOT, VERSION, fresh, run

RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
BUILT = {row["target"] for row in RELEASE["jobs"]["build"]["strategy"]["matrix"]["include"]}


def text(name):
    return (ROOT / name).read_text()


class Names(unittest.TestCase):
    def test_every_downloaded_archive_is_one_that_a_release_builds(self):
        self.assertEqual(len(BUILT), 5)
        action = set(re.findall(r"target=([\w-]+)", text("packaging/action/install.sh")))
        self.assertEqual(action, BUILT)
        template = text("packaging/gitlab/ccxlog.gitlab-ci.yml")
        for machine in ["x86_64", "aarch64"]:
            self.assertIn('ccxlog-$(uname -m)-unknown-linux-musl.tar.gz', template)
            self.assertIn(f"{machine}-unknown-linux-musl", BUILT)

    def test_binstall_finds_the_archives(self):
        package = tomllib.loads(text("crates/cloudconnexa-cli/Cargo.toml"))
        binstall = package["package"]["metadata"]["binstall"]
        folder = fresh("archives")
        (folder / "binary").write_bytes(b"a binary")
        suffixes = {"tgz": [".tgz", ".tar.gz"], "zip": [".zip"]}
        for target in BUILT:
            form = (binstall | binstall.get("overrides", {}).get(target, {}))["pkg-fmt"]
            known = {"repo": REPOSITORY, "version": VERSION, "target": target, "bin": package["bin"][0]["name"]}
            known["binary-ext"] = ".exe" if "windows" in target else ""
            packed = Path(run("python3", ROOT / "packaging/release/pack.py", target, folder / "binary", folder).strip())

            def fill(template, **more):
                return re.sub(r"\{ ([\w-]+) \}", lambda found: (known | more)[found[1]], template)

            urls = [fill(binstall["pkg-url"], **{"archive-suffix": suffix}) for suffix in suffixes[form]]
            self.assertIn(f"{REPOSITORY}/releases/download/v{VERSION}/{packed.name}", urls)
            names = zipfile.ZipFile(packed).namelist() if form == "zip" else tarfile.open(packed).getnames()
            self.assertIn(fill(binstall["bin-dir"]), names)

    def test_archives_are_reproducible(self):
        folder = fresh("archives-again")
        (folder / "binary").write_bytes(b"a binary")
        for target in BUILT:
            twice = [
                Path(run("python3", ROOT / "packaging/release/pack.py", target, folder / "binary", folder / name).strip())
                for name in "ab"
            ]
            self.assertEqual(twice[0].read_bytes(), twice[1].read_bytes())

    def test_every_mention_names_this_repository_and_this_version(self):
        slug = REPOSITORY.removeprefix("https://github.com/")
        mentions = 0
        files = ["README.md", "SECURITY.md", "docs/ci.md", "docs/releasing.md", "packaging/gitlab/ccxlog.gitlab-ci.yml", "pyproject.toml"]
        for folder, pattern in [("crates", "*/README.md"), (".github", "ISSUE_TEMPLATE/*.yml")]:
            files += sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).glob(pattern))
        for name in files:
            with self.subTest(name):
                for place in re.finditer(r"([\w.-]+/cloudconnexa-events)\b(?:@v([\d.]+\d)|/v([\d.]+\d)/)?", text(name)):
                    if place[1].split("/")[0] in {"crates", "vendor"}:
                        continue
                    self.assertEqual(place[1].lower(), slug.lower(), "this is not the repository in Cargo.toml")
                    version = place[2] or place[3]
                    self.assertIn(version, [None, VERSION], "this is not the version in Cargo.toml")
                    mentions += 1
        self.assertGreater(mentions, 5)
        (revision,) = re.findall(r"^ +rev: v(.+)$", text("docs/ci.md"), re.M)
        (template,) = re.findall(r'^ +CCXLOG_VERSION: "(.+)"$', text("packaging/gitlab/ccxlog.gitlab-ci.yml"), re.M)
        self.assertEqual([revision, template], [VERSION, VERSION])
        owner = slug.split("/")[0]
        if owner != "OWNER":
            self.assertNotIn("OWNER", text("docs/ci.md"))

    def test_crates_are_published_in_dependency_order(self):
        (shipped,) = re.findall(r"const SHIPPED: &\[&str\] = &\[(.+?)\];", text("xtask/src/package.rs"), re.S)
        (published,) = re.findall(r"for crate in (.+?); do", text(".github/workflows/release.yml"))
        self.assertEqual(published.split(), re.findall(r'"(.+?)"', shipped))

    def test_every_pin_of_maturin_is_the_same(self):
        pins = [re.findall(r"^maturin==([\d.]+)", text(f"packaging/{name}"), re.M) for name in
                ["release/requirements.in", "release/requirements.txt", "requirements.txt"]]
        self.assertEqual(pins, [pins[0]] * 3)

    def test_the_image_and_all_workflows_use_the_same_rust(self):
        (image,) = re.findall(r"^FROM rust:([\d.]+)-", text("Dockerfile"), re.M)
        self.assertTrue(RELEASE["env"]["RUST"].startswith(f"{image}."), (image, RELEASE["env"]["RUST"]))
        installs = 0
        for path in sorted((ROOT / ".github/workflows").glob("*.yml")):
            workflow = yaml.safe_load(path.read_text())
            self.assertEqual(workflow["env"]["RUST"], RELEASE["env"]["RUST"], path.name)
            for name, job in workflow["jobs"].items():
                with self.subTest(f"{path.name}: {name}"):
                    commands = [step.get("run", "") for step in job["steps"]]
                    uses_rust = [at for at, run in enumerate(commands) if re.search(r"\bcargo\b|\.ci/run", run)]
                    pins = [at for at, run in enumerate(commands) if 'rustup default "$RUST"' in run]
                    # `cargo +VERSION` names another one.
                    if uses_rust and "cargo \"+$msrv\"" not in commands[uses_rust[0]]:
                        self.assertTrue(pins and pins[0] <= uses_rust[0], "an unpinned Rust")
                        installs += 1
        self.assertGreater(installs, 8)
