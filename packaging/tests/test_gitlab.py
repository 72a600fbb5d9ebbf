"""Runs the script of the GitLab template as a runner would, against a release on the local disk."""

import json
import shutil
import unittest

import yaml

from support import DEMO, ROOT, VALID, VERSION, environment, fresh, release, run

TEMPLATE = yaml.safe_load((ROOT / "packaging/gitlab/ccxlog.gitlab-ci.yml").read_text())


class GitLab(unittest.TestCase):
    def setUp(self):
        self.work = fresh(f"gitlab/{self.id().rsplit('.', 1)[1]}")
        run("git", "init", "-q", cwd=self.work)

    def job(self, code=0, **variables):
        """Runs the job, with both scripts joined as a runner does, and returns its log."""
        job = TEMPLATE["ccxlog"]
        variables = job["variables"] | {"CCXLOG_RELEASES": release().as_uri(), "CI": "true"} | variables
        return run(
            "bash", "-eo", "pipefail", "-c", "\n".join([*job["before_script"], *job["script"]]),
            code=code, cwd=self.work, env=environment(**variables),
        )

    def test_findings_appear_in_both_reports(self):
        shutil.copy(DEMO, self.work / "broken.jsonl")
        shutil.copy(VALID, self.work / "valid.json")
        log = self.job(code=1, CCXLOG_INPUTS="broken.jsonl valid.json", CCXLOG_ARGS="--strict")
        self.assertIn("broken.jsonl:8:473", log)
        reports = TEMPLATE["ccxlog"]["artifacts"]["reports"]
        (issue,) = json.loads((self.work / reports["codequality"]).read_text())
        self.assertEqual(issue["location"]["path"], "broken.jsonl")
        self.assertIn("wrong-type", (self.work / reports["junit"]).read_text())

    def test_a_wrong_checksum_fails_the_job(self):
        assets = self.work / f"releases/download/v{VERSION}"
        shutil.copytree(release() / f"download/v{VERSION}", assets)
        (archive,) = assets.glob("*.tar.gz")
        archive.write_bytes(archive.read_bytes() + b"!")
        log = self.job(code=1, CCXLOG_RELEASES=(self.work / "releases").as_uri(), CCXLOG_INPUTS="broken.jsonl")
        self.assertIn("FAILED", log)
        self.assertFalse((self.work / "gl-code-quality-report.json").exists(), "ran")
