"""Runs the recipes of docs/ci.md, and lints those that need a forge. A block that can be neither run nor linted fails."""

import gzip
import re
import shutil
import unittest
import xml.etree.ElementTree

import yaml

from support import DEMO, ROOT, TOOLS, VALID, Moto, binary, environment, fresh, run

BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / "docs/ci.md").read_text(), re.M | re.S)


class Docs(unittest.TestCase):
    def setUp(self):
        self.work = fresh(f"docs/{self.id().rsplit('.', 1)[1]}")
        tools = self.work / "bin"
        tools.mkdir()
        (tools / "ccxlog").symlink_to(binary())
        moto = self.enterContext(Moto())
        self.bucket = moto.client()
        self.bucket.create_bucket(Bucket="my-bucket")
        self.env = moto.environment(PATH=f"{tools}:{environment()['PATH']}")

    def folder(self, name, sample=VALID):
        """Creates a folder with what the recipes assume: fixtures, settings, a bucket."""
        folder = self.work / name
        (folder / "fixtures").mkdir(parents=True)
        shutil.copy(sample, folder / "fixtures")
        body = gzip.compress(sample.read_bytes())
        self.bucket.put_object(Bucket="my-bucket", Key="CloudConnexa/my-cloud/events.jsonl.gz", Body=body)
        # All blocks are parts of one file.
        (folder / "ccxlog.toml").write_text("\n".join(blocks("toml")))
        return folder

    def test_every_block_is_of_a_tested_language(self):
        self.assertEqual({kind for kind, _ in BLOCKS}, {"sh", "yaml", "toml", "groovy"})

    def test_shell_recipes_work(self):
        self.assertGreater(len(blocks("sh")), 4)
        for index, text in enumerate(blocks("sh")):
            with self.subTest(text):
                command = ["bash", "-euo", "pipefail", "-c", text]
                folder = self.folder(f"valid-{index}")
                if "ccxlog coverage" in text:
                    # One event does not exercise the schema.
                    for kind in ["valid", "noticed"]:
                        shutil.copytree(ROOT / "tests/corpus" / kind, folder / "fixtures" / kind)
                run(*command, cwd=folder, env=self.env)
                if "lcov" in text:
                    self.assertIn("SF:schema/log-event.schema.json\n", (folder / "schema.lcov").read_text())
                    self.assertTrue((folder / "schema/log-event.schema.json").is_file())
                # Neither known findings of a baseline nor expected findings of a fixture fail.
                code = 0 if "--baseline" in text or "--update" in text else 1
                run(*command, cwd=self.folder(f"broken-{index}", DEMO), env=self.env, code=code)

    def test_settings_replace_arguments(self):
        folder = self.folder("settings")
        run("ccxlog", "validate", cwd=folder, env=self.env)
        run("ccxlog", "schema", "--config", cwd=folder, env=self.env)
        run("ccxlog", "test", "--help", cwd=folder, env=self.env)

    def test_the_jenkins_recipe_reports_findings_as_junit(self):
        (text,) = blocks("groovy")
        (command,) = re.findall(r"sh '(.+)'", text)
        (report,) = re.findall(r"junit '(.+)'", text)
        for name, sample, code, failures in [("valid", VALID, 0, 0), ("broken", DEMO, 1, 1)]:
            folder = self.folder(name, sample)
            run("sh", "-xe", "-c", command, cwd=folder, env=self.env, code=code)
            suites = xml.etree.ElementTree.parse(folder / report)
            self.assertEqual(len(suites.findall(".//failure")), failures)

    def test_yaml_recipes_pass_their_linters(self):
        kinds = set()
        for index, text in enumerate(blocks("yaml")):
            name = re.match(r"# (\S+)\n", text)[1]
            kinds.add(name.rsplit("/", 1)[0])
            folder = self.work / str(index)
            file = folder / name
            file.parent.mkdir(parents=True)
            file.write_text(text)
            schema = [TOOLS / "check-jsonschema", "--builtin-schema"]
            if name.startswith(".github/workflows/"):
                run(*schema, "vendor.github-workflows", file)
                run(TOOLS / "actionlint", "-shellcheck", TOOLS / "shellcheck", file, cwd=folder)
                # Recipes name versions instead of hashes, to stay readable.
                (folder / "zizmor.yml").write_text('rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n')
                run(TOOLS / "zizmor", "--offline", "--config", folder / "zizmor.yml", file)
                self.check_inputs(text)
            elif name == ".gitlab-ci.yml":
                run(*schema, "vendor.gitlab-ci", file)
                self.check_variables(text)
            elif name == ".pre-commit-config.yaml":
                run(TOOLS / "pre-commit", "validate-config", file)
            else:
                self.fail(f"no linter for {name}")
        self.assertEqual(kinds, {".github/workflows", ".gitlab-ci.yml", ".pre-commit-config.yaml"})

    def check_inputs(self, text):
        """Checks the inputs of our own action, which linters cannot find until it is published."""
        known = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
        for step in steps(text):
            if "/cloudconnexa-events@" in step.get("uses", ""):
                self.assertLessEqual(set(step.get("with", {})), set(known))

    def test_workflow_recipes_read_a_bucket(self):
        ran = 0
        for text in blocks("yaml"):
            if not text.startswith("# .github/workflows/"):
                continue
            for step in steps(text):
                self.assertNotIn("run", step)
                inputs = step.get("with", {})
                if "s3://" in inputs.get("paths", ""):
                    paths = inputs.pop("paths").replace("${{ vars.LOG_BUCKET }}", "my-bucket")
                    settings = {f"CCXLOG_{name.upper().replace('-', '_')}": str(value).lower() for name, value in inputs.items()}
                    settings.setdefault("CCXLOG_FAIL_ON_FINDINGS", "true")
                    for name, sample, code in [("valid", VALID, 0), ("broken", DEMO, 1)]:
                        folder = self.folder(f"bucket-{name}", sample)
                        env = self.env | settings | {"CCXLOG_PATHS": paths, "GITHUB_OUTPUT": str(folder / "output")}
                        run("bash", ROOT / "packaging/action/validate.sh", cwd=folder, env=env, code=code)
                        self.assertEqual((folder / "output").read_text(), f"exit-code={code}\n")
                        ran += 1
        self.assertEqual(ran, 2)

    def check_variables(self, text):
        template = yaml.safe_load((ROOT / "packaging/gitlab/ccxlog.gitlab-ci.yml").read_text())
        recipe = yaml.safe_load(text)
        for name, job in recipe.items():
            if name != "include":
                self.assertLessEqual(set(job["variables"]), set(template[name]["variables"]))
        self.assertTrue(recipe["include"][0]["remote"].endswith("/packaging/gitlab/ccxlog.gitlab-ci.yml"))


def blocks(kind):
    return [text for found, text in BLOCKS if found == kind]


def steps(workflow):
    return [step for job in yaml.safe_load(workflow)["jobs"].values() for step in job["steps"]]
