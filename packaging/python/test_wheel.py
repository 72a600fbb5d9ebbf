"""Installs the wheel as a user would, and runs what the documentation says."""

import re
import shutil
import subprocess
import sys
import unittest
import zipfile

from support import DEMO, ROOT, WHEEL, fresh


def blocks(path, language="python"):
    """Returns the code blocks of a page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / path).read_text(), re.M | re.S)


def logs(folder):
    """Makes the folders that the examples read, and returns the folder that they are in."""
    for name in ["CloudConnexa", "logs", "logs/2026-11", "fixtures"]:
        (folder / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(DEMO, folder / name / "events.jsonl")
    return folder


class Wheel(unittest.TestCase):
    def test_it_installs_into_an_empty_environment(self):
        folder = fresh("empty-environment")
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        python = folder / "venv/bin/python"
        pinned = (ROOT / "packaging/python/requirements.in").read_text()
        (folder / "constraints.txt").write_text("\n".join(re.findall(r"^\w[^ ]*", pinned, re.M)))
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]

        # On its own: what returns no table works, and what does says what to type.
        subprocess.run([*pip, WHEEL], check=True)
        code = "import cloudconnexa_events as ccx; print(ccx.validate('CloudConnexa').invalid); ccx.read('CloudConnexa')"
        done = subprocess.run([python, "-c", code], cwd=logs(folder), capture_output=True, text=True, check=False)
        self.assertEqual((done.stdout, done.returncode), ("1\n", 1))
        self.assertIn("ImportError: pyarrow is not installed", done.stderr)
        self.assertIn("pip install 'cloudconnexa-events[arrow]'", done.stderr)

        subprocess.run([*pip, "--constraint", folder / "constraints.txt", f"{WHEEL}[arrow]"], check=True)
        (example,) = blocks("crates/cloudconnexa-python/README.md")
        (expected,) = blocks("crates/cloudconnexa-python/README.md", "text")
        done = subprocess.run([python, "-c", example], cwd=folder, capture_output=True, text=True, check=True)
        self.assertTrue(done.stdout.startswith(expected), done.stdout)
        self.assertIn("34409", done.stdout)
        done = subprocess.run([folder / "venv/bin/ccxlog", "--version"], capture_output=True, text=True, check=True)
        self.assertTrue(done.stdout.startswith("ccxlog "))

    def test_it_contains_what_is_needed_and_nothing_else(self):
        names = zipfile.ZipFile(WHEEL).namelist()
        for name in ["py.typed", "_native.pyi", "_native.abi3.so", "__main__.py", "spark/__init__.py"]:
            self.assertIn(f"cloudconnexa_events/{name}", names)
        others = [name for name in names if not name.startswith(("cloudconnexa_events/", "cloudconnexa_events-"))]
        self.assertEqual(others, [])

    def test_the_examples_of_the_documentation_run(self):
        folder = logs(fresh("examples"))
        code = "import warnings\nwarnings.simplefilter('ignore')\nimport cloudconnexa_events as ccx\n"
        code += "open('october.profile.json', 'w').write(ccx.drift('logs').to_json())\n"
        found = blocks("docs/python.md") + blocks("README.md")
        self.assertGreater(len(found), 6)
        for block in found:
            code += block.replace("s3://my-logs/", "").replace("import cloudconnexa_events as ccx\n", "")
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((folder / "lake").is_dir())
        self.assertTrue((folder / "november.profile.json").exists())


if __name__ == "__main__":
    unittest.main()
