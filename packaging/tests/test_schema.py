"""The schema works with a validator of another language, as the README shows."""

import re
import shutil
import unittest

from support import ROOT, VALID, binary, environment, fresh, run

(COMMANDS,) = re.findall(r"^```sh\n(ccxlog schema --plain.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)


class Schema(unittest.TestCase):
    @unittest.skipUnless(shutil.which("npm") and shutil.which("npx"), "npm is not installed, so ajv was not run")
    def test_ajv_accepts_the_schema_in_strict_mode(self):
        work = fresh("schema")
        (work / "bin").mkdir()
        (work / "bin/ccxlog").symlink_to(binary())
        env = environment(PATH=f"{work / 'bin'}:{environment()['PATH']}", npm_config_update_notifier="false")
        shutil.copy(VALID, work / "event.json")
        printing, installing, validating = COMMANDS.splitlines()
        run("sh", "-ec", printing, cwd=work, env=env)
        run("sh", "-ec", installing, cwd=work, env=env)
        self.assertIn("event.json valid", run("sh", "-ec", validating, cwd=work, env=env))

        broken = VALID.read_text().replace("34409", '"34409"')
        self.assertNotEqual(broken, VALID.read_text())
        (work / "event.json").write_text(broken)
        self.assertIn("must be integer", run("sh", "-ec", validating, cwd=work, env=env, code=1))
        # Without `--plain`, the keywords that start with `x-` are refused.
        run("sh", "-ec", printing.replace(" --plain", ""), cwd=work, env=env)
        self.assertIn("strict mode: unknown keyword", run("sh", "-ec", validating, cwd=work, env=env, code=1))
