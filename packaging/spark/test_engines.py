"""The package on other engines: the oldest Spark that is maintained, in one process, and Sail, which has no Java."""

import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import archive

HERE = Path(__file__).resolve().parent
WORK = archive.WORK / "engines"
ARCHIVE = WORK / "archive"


def setUpModule():
    global expected, sessions
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    expected = archive.make(ARCHIVE)
    sessions = archive.sessions_of_one_run(ARCHIVE)


class Engines(unittest.TestCase):
    def found(self, engine, python):
        """Returns what fronts.py prints with the Python of an engine."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.environ["CCX_WHEEL_SITE"],
            "TZ": "UTC",
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        command = [python, HERE / "fronts.py", engine, ARCHIVE, WORK / engine]
        done = subprocess.run(
            [*map(str, command)], check=False, capture_output=True, text=True, env=environment, timeout=240
        )
        self.assertEqual(done.returncode, 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def check(self, found):
        self.assertGreater(found["groups"], 8)
        self.assertEqual(found["sums"], {name: expected[name] for name in found["sums"]})
        self.assertEqual(found["summary"], {name: expected[name] for name in found["summary"]})
        counts = {"event": expected["rows"], "rejected": expected["rejected"], "group": found["groups"]}
        self.assertEqual(found["everything"], counts)
        self.assertEqual(found["rejected"], expected["rejected"])
        self.assertEqual(found["table"], expected["events"]["client-disconnected"])
        self.assertEqual(found["profile"], one_profile())
        self.assertEqual(found["sessions"], sessions)
        self.assertIn("vanishing.jsonl.gz", found["vanished"])

    def test_spark_3_5(self):
        found = self.found("spark", os.environ["CCX_PYTHON_SPARK3"])
        self.assertTrue(found["version"].startswith("3.5."), found["version"])
        self.check(found)
        self.assertIn("needs Spark 4.0, and this is 3.5", found["registered"])

    def test_sail(self):
        found = self.found("sail", os.environ["CCX_PYTHON_SAIL"])
        self.check(found)
        self.assertEqual(found["source"], [expected["rows"], expected["sums"]["bytes_in"]])
        # As soon as this fails, docs/spark.md may say that the data source works.
        self.assertIn("timezone is not None", found["timestamps"])


def one_profile():
    """Returns the profile of one run over everything."""
    from cloudconnexa_events import drift

    return drift(ARCHIVE).to_json()


if __name__ == "__main__":
    sys.exit(unittest.main())
