"""Checks `ccxlog.toml` as the editors of docs/editors.md do, with Taplo. The npm package tests the rest of the page."""

import re
import unittest

from support import ROOT, TOOLS, binary, environment, fresh, run

PAGE = (ROOT / "docs/editors.md").read_text()


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.M | re.S)


class Editors(unittest.TestCase):
    def setUp(self):
        self.work = fresh("editors")
        (self.work / "bin").mkdir()
        (self.work / "bin/ccxlog").symlink_to(binary())
        # Whatever Taplo wanted to load would have to come through this.
        nowhere = {name: "http://127.0.0.1:9" for name in ["http_proxy", "https_proxy", "all_proxy"]}
        self.env = environment(PATH=f"{self.work / 'bin'}:{environment()['PATH']}", **nowhere)
        (commands,) = blocks("sh")
        run("sh", "-ec", commands, cwd=self.work, env=self.env)

    def lint(self, text, code=0):
        (self.work / "ccxlog.toml").write_text(text)
        return run(TOOLS / "taplo", "lint", "ccxlog.toml", cwd=self.work, env=self.env, code=code)

    def test_settings_are_checked_by_the_schema_that_their_first_line_names(self):
        config, _ = blocks("toml")
        self.lint(config)
        self.assertIn('"yes" is not of type "boolean"', self.lint(config.replace("strict = true", 'strict = "yes"'), code=1))
        self.assertIn("strikt", self.lint(config.replace("strict", "strikt"), code=1))

    def test_settings_are_checked_by_the_schema_that_a_rule_names(self):
        config, rule = blocks("toml")
        plain = "".join(line for line in config.splitlines(True) if not line.startswith("#:schema"))
        self.assertNotEqual(plain, config)
        wrong = plain.replace("strict = true", 'strict = "yes"')
        self.lint(wrong)
        (self.work / ".taplo.toml").write_text(rule)
        self.lint(plain)
        self.assertIn('"yes" is not of type "boolean"', self.lint(wrong, code=1))
