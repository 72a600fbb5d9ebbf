"""Tables that `ccxlog convert` writes, read back by databases that know nothing of it."""

import gzip
import json
import re
import subprocess
import unittest

from judges import JUDGES, python
from support import ROOT, Moto, binary, environment, fresh, run

DATABASES = {
    "athena": "s3://lake/events",
    "bigquery": "gs://lake/events",
    "clickhouse": None,
    "duckdb": None,
    "snowflake": "s3://lake/events",
    "spark": "s3://lake/events",
}


def month(path):
    """Writes a month of events, of which some are damaged, unknown, or have unknown fields."""
    for seed, more in [(1, []), (2, ["--unknown-field"]), (3, ["--escapes"])]:
        part = path.with_suffix(f".{seed}")
        run(binary(), "sample", "--seed", seed, "--events", 4000, "--span", "30d", "--invalid", "0.01", "-o", part, *more)
    parts = [path.with_suffix(f".{seed}").read_text().splitlines() for seed in [1, 2, 3]]
    lines = [line for part in parts for line in part]
    for index in range(0, len(lines), 97):
        lines[index] = lines[index].replace('"eventName":"', '"eventName":"new-', 1)
    path.write_text("\n".join(lines) + "\n")
    return lines


class Convert(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = fresh("convert")
        cls.ccxlog = binary()

    def judge(self, events, folder):
        """Has all judges read a folder, which should have these events."""
        statements = self.work / "statements"
        statements.mkdir(exist_ok=True)
        for name, location in DATABASES.items():
            text = run(self.ccxlog, "ddl", "--for", name, "--location", location or folder)
            (statements / f"{name}.sql").write_text(text)
        script = [JUDGES / "tables.py", folder, events, ROOT / "schema/columns.json", statements]
        return run(python("tables"), *script)

    def test_a_month_is_read_by_duckdb_pyarrow_and_chdb(self):
        """Problems 2 (types of times), 5 (fields that come later), 6 (a damaged record among others), 7 and 14 of others."""
        lines = month(self.work / "month.jsonl")
        lake, rejected = self.work / "lake", self.work / "rejected.jsonl"
        summary = run(
            self.ccxlog, "convert", self.work / "month.jsonl", "--to", "parquet", "-o", lake, "--rejected", rejected, code=1
        )
        damaged = {json.loads(line)["line"] for line in rejected.read_text().splitlines()}
        valid = [line for number, line in enumerate(lines, start=1) if number not in damaged]
        self.assertGreater(len(damaged), 50, summary)
        self.assertIn(f"{len(valid):,} rows of {len(lines):,} records", summary)
        events = self.work / "valid.jsonl"
        events.write_text("\n".join(valid) + "\n")
        self.assertIn(f"{len(valid)} events", self.judge(events, lake))

    def test_the_corpus_is_read_by_duckdb_pyarrow_and_chdb(self):
        valid = sorted(path for kind in ["valid", "noticed", "documented"] for path in (ROOT / f"tests/corpus/{kind}").rglob("*.json"))
        events = self.work / "corpus.jsonl"
        events.write_text("\n".join(json.dumps(json.loads(path.read_text())) for path in valid) + "\n")
        lake = self.work / "lake-of-corpus"
        run(self.ccxlog, "convert", events, "--to", "parquet", "-o", lake)
        self.assertIn(f"{len(valid)} events", self.judge(events, lake))

    def test_runs_that_add_neither_lose_nor_double(self):
        """With a state file, three runs over a growing folder give what one run over all of it gives."""
        logs, lake, state = self.work / "logs", self.work / "lake-with-state", self.work / "seen"
        logs.mkdir()
        run(self.ccxlog, "sample", "--events", 900, "--span", "2d", "-o", self.work / "all.jsonl")
        lines = (self.work / "all.jsonl").read_text().splitlines()
        for part in range(3):
            (logs / f"{part}.jsonl").write_text("\n".join(lines[300 * part : 300 * (part + 1)]) + "\n")
            for _ in range(2):
                run(self.ccxlog, "convert", logs, "--to", "parquet", "-o", lake, "--state", state)
        self.assertIn("900 events", self.judge(self.work / "all.jsonl", lake))

    def test_security_lake_has_what_ocsf_as_json_has(self):
        """Problems 2 (milliseconds), 3 (columns from the class) and 4 (empty structures) of others."""
        events, lake, lines = self.work / "for-ocsf.jsonl", self.work / "security-lake", self.work / "ocsf.jsonl"
        month(events)
        convert = [self.ccxlog, "convert", events, "--to", "ocsf", "--ocsf-version", "1.1", "-q"]
        place = ["--layout", "security-lake", "--lake-region", "eu-central-1", "--lake-account", "123456789012"]
        run(*convert, "-o", lines, code=1)
        run(*convert, "-o", lake, *place, code=1)
        count = len(lines.read_text().splitlines())
        self.assertGreater(count, 11000)
        self.assertIn(f"{count} events", run(python("tables"), JUDGES / "lake.py", lake, lines))

    def test_the_commands_of_the_guide_work(self):
        """Each command of docs/convert.md runs word for word, with a bucket on this machine, and DuckDB by its Python package."""
        work = self.work / "guide"
        tools = work / "bin"
        tools.mkdir(parents=True)
        (tools / "ccxlog").symlink_to(self.ccxlog)
        (tools / "duckdb").write_text(f"#!/bin/sh\nexec '{python('tables')}' '{JUDGES / 'duckdb_shell.py'}' \"$@\"\n")
        # What the guide copies to a bucket goes there; nothing else of the command line of AWS is needed.
        (tools / "aws").write_text("#!/bin/sh\ntest \"$1 $2 $3\" = 's3 sync lake' && test -e lake/_ccxlog.json\n")
        for name in ["duckdb", "aws"]:
            (tools / name).chmod(0o755)
        (work / "logs").mkdir()
        run(self.ccxlog, "sample", "--events", 3000, "--span", "20d", "-o", work / "logs/events.jsonl")
        body = gzip.compress((work / "logs/events.jsonl").read_bytes())
        blocks = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs/convert.md").read_text(), re.M | re.S)
        self.assertEqual(len(blocks), 6)
        with Moto() as moto:
            bucket = moto.client()
            bucket.create_bucket(Bucket="my-logs")
            bucket.put_object(Bucket="my-logs", Key="CloudConnexa/my-cloud/events.jsonl.gz", Body=body)
            env = moto.environment(PATH=f"{tools}:{environment()['PATH']}")
            printed = []
            for index, block in enumerate(blocks):
                folder = work / str(index)
                folder.mkdir()
                (folder / "logs").symlink_to(work / "logs")
                printed.append(run("bash", "-euo", "pipefail", "-c", block, cwd=folder, env=env))
        refused = printed[0].splitlines()
        self.assertTrue(any("@" in line for line in refused), refused)
        self.assertTrue((work / "0/lake/flow_established").is_dir())
        self.assertIn("projection.enabled", (work / "1/tables.sql").read_text())
        self.assertTrue((work / "2/lake.state").exists())

    def test_a_full_disk_leaves_what_was_there(self):
        events, lake = self.work / "few.jsonl", self.work / "lake-on-full-disk"
        run(self.ccxlog, "sample", "--events", 3000, "-o", events)
        run(self.ccxlog, "convert", events, "--to", "parquet", "-o", lake)
        before = {path: path.read_bytes() for path in lake.rglob("*.parquet")}
        # No file may grow beyond this, as if the disk were full there.
        limited = f"ulimit -f 8; trap '' XFSZ; exec '{self.ccxlog}' convert '{events}' --to parquet -o '{lake}'"
        done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("nothing was put into place", done.stderr)
        self.assertEqual({path: path.read_bytes() for path in lake.rglob("*.parquet")}, before)
        self.assertEqual(sorted(path.name for path in lake.iterdir() if path.name.startswith(".")), [".ccxlog-lock"])


if __name__ == "__main__":
    unittest.main()
