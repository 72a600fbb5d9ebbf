"""Installs the Python package as pre-commit does from a clone, and as pip does from a source distribution."""

import shutil
import sys
import unittest

import yaml

from support import DEMO, ROOT, TOOLS, VALID, VERSION, WORK, building, checkout, commit, fresh, run


class Wheel(unittest.TestCase):
    def test_pre_commit_builds_and_runs_the_hook(self):
        work = fresh("hook")
        shutil.copy(DEMO, work / "broken.jsonl")
        shutil.copy(VALID, work / "valid.json")
        (work / "notes.txt").write_text("no events\n")
        revision = run("git", "rev-parse", "HEAD", cwd=checkout()).strip()
        hook = {"repo": str(checkout()), "rev": revision, "hooks": [{"id": "ccxlog"}]}
        (work / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}))
        commit(work)
        env = building() | {"PRE_COMMIT_HOME": str(fresh("pre-commit"))}
        log = run(TOOLS / "pre-commit", "run", "--all-files", code=1, cwd=work, env=env)
        self.assertIn("broken.jsonl:8:473", log)
        self.assertIn("1 error", log)
        run("git", "rm", "-q", "broken.jsonl", cwd=work)
        log = run(TOOLS / "pre-commit", "run", "--all-files", cwd=work, env=env)
        self.assertIn("Passed", log)
        log = run(TOOLS / "pre-commit", "run", "--files", "notes.txt", cwd=work, env=env)
        self.assertIn("Skipped", log)

    def test_a_source_distribution_installs(self):
        folder = fresh("sdist")
        run(TOOLS / "maturin", "sdist", "--out", folder, cwd=checkout(), env=building())
        run("tar", "-xzf", folder / f"ccxlog-{VERSION}.tar.gz", cwd=folder)
        source = folder / f"ccxlog-{VERSION}"
        # The archive sets modification times of its own; see `checkout`.
        for path in source.rglob("*"):
            path.touch()
        run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
        python = folder / "venv/bin/python"
        run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", source, env=building())
        installed = folder / "venv/bin/ccxlog"
        self.assertEqual(run(installed, "--version"), f"ccxlog {VERSION}\n")
        run(installed, "validate", VALID)
        (packages,) = (folder / "venv/lib").glob("python3*/site-packages")
        self.assertEqual(list(packages.rglob("*.py")), [], "the wheel contains Python code")
