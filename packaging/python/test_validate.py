"""Tests of validation, of the reference, and of conversion."""

import gzip
import json
import sys
import unittest
from unittest import mock

import cloudconnexa_events as ccx
import pyarrow.parquet

from support import DEMO, ROOT, VALID, Case, ccxlog, fresh


class Validates(Case):
    def test_findings_are_those_of_the_command_line(self):
        listed = ccxlog("validate", "--format", "json", "--show-values", "--no-config", "-q", DEMO, codes=(1,))
        expected = [json.loads(line) for line in listed.splitlines()]
        expected = [line for line in expected if line["type"] == "finding"]
        names = {"id": "rule", "file": "source"}
        keys = ["id", "severity", "line", "column", "offset", "length", "event", "pointer", "message", "help"]
        for findings in [
            ccx.validate(DEMO, show_values=True).findings,
            ccx.validate(DEMO.read_bytes(), show_values=True).findings,
            ccx.validate(gzip.compress(DEMO.read_bytes()), show_values=True).findings,
        ]:
            self.assertEqual(len(findings), len(expected))
            for finding, line in zip(findings, expected, strict=True):
                for key in keys:
                    self.assertEqual(getattr(finding, names.get(key, key)), line[key])
        self.assertEqual(findings[0].source, "<bytes>")
        (finding,) = ccx.validate(DEMO).findings
        self.assertEqual(finding.source, str(DEMO))
        self.assertEqual(str(finding), f"{DEMO}:8:473: error[wrong-type]: `sessionBytesIn` is a string, but must be an integer")

    def test_values_are_shown_on_request_alone(self):
        secret = VALID.read_bytes().replace(b'"sessionBytesIn": 34409', b'"sessionBytesIn": "hunter2"')
        self.assertNotEqual(secret, VALID.read_bytes())
        self.assertNotIn("hunter2", str(ccx.validate(secret).findings))
        self.assertIn("hunter2", str(ccx.validate(secret, show_values=True).findings))

    def test_everything_is_counted_whatever_is_listed(self):
        result = ccx.validate(self.folder)
        self.assertEqual((result.records, result.valid, result.invalid), (1000, len(self.valid), len(self.damaged)))
        self.assertEqual(result.counts["syntax"], len(self.damaged))
        self.assertFalse(result.is_valid)
        few = ccx.validate(self.folder, max_findings=2)
        self.assertEqual((len(few.findings), few.counts), (2, result.counts))
        self.assertEqual(few.findings_left_out, len(result.findings) + result.findings_left_out - 2)
        self.assertEqual([str(one) for one in few.findings], [str(one) for one in result.findings[:2]])

    def test_the_corpus_has_the_verdicts_of_the_command_line(self):
        compared = 0
        for kind, is_valid in [("valid", True), ("noticed", True), ("invalid", False)]:
            for path in sorted((ROOT / "tests/corpus" / kind).rglob("*.json")):
                record = path.read_bytes()
                if path.name == "utf-16.json":
                    # Of a file as of bytes, the reader says in which encoding it is.
                    with self.assertRaisesRegex(ccx.ReadError, "UTF-16"):
                        ccx.validate(record)
                    continue
                with self.subTest(path.name):
                    self.assertEqual(ccx.validate(record).is_valid, is_valid)
                    if is_valid:
                        self.assertTrue(ccx.is_valid(record.strip()))
                    compared += 1
        self.assertGreater(compared, 100)

    def test_text_that_is_no_log_is_named(self):
        (finding,) = ccx.validate(b"time,user\n1,2\n").findings[:1]
        self.assertEqual(finding.severity, "error")
        self.assertEqual(ccx.validate(b"").records, 0)


class Reference(unittest.TestCase):
    def test_the_schema_and_its_events(self):
        self.assertEqual(ccx.SCHEMA, json.loads(ccxlog("schema")))
        events = ccx.events()
        self.assertEqual(len([event for event in events if event.name]), 8)
        (disconnected,) = [event for event in events if event.name == "client-disconnected"]
        columns = {column.name: column for column in disconnected.columns}
        self.assertEqual(columns["session_bytes_in"].pointer, "/log/sessionBytesIn")
        self.assertEqual(columns["session_bytes_in"].type, "integer")
        self.assertEqual(columns["timestamp"].pointer, "/timestamp")
        self.assertIsNone(columns["_extra"].pointer)
        self.assertTrue(all(column.description for column in disconnected.columns))

    def test_find_lists_what_would_be_read(self):
        folder = fresh("find")
        for name in ["b.jsonl", "a.jsonl.gz", "notes.txt"]:
            (folder / name).write_bytes(b"{}\n")
        found = ccx.find(folder)
        self.assertEqual([source.name for source in found], [str(folder / "a.jsonl.gz"), str(folder / "b.jsonl")])
        self.assertEqual([source.size for source in found], [3, 3])
        self.assertGreater(found[0].modified, 1_700_000_000)
        empty = fresh("empty")
        self.assertEqual(ccx.find(empty, may_be_empty=True), [])
        with self.assertRaisesRegex(ccx.InputError, "empty"):
            ccx.find(empty)


class Converts(Case):
    def test_conversion_writes_what_it_counts(self):
        output = fresh("lake") / "lake"
        rejected = output.parent / "rejected.jsonl"
        done = ccx.convert(self.folder, output, rejected=rejected)
        self.assertEqual((done.rows, done.records, done.rejected), (len(self.valid), 1000, len(self.damaged)))
        self.assertTrue(done.is_complete)
        written = sum(pyarrow.parquet.read_metadata(path).num_rows for path in output.rglob("*.parquet"))
        self.assertEqual(written, done.rows)
        self.assertEqual(len(rejected.read_text().splitlines()), done.rejected)

    def test_options_reach_the_command_line(self):
        output = fresh("csv") / "sessions.csv"
        done = ccx.convert([self.folder], output, to="csv", events="client_disconnected", columns="session_bytes_in")
        self.assertEqual(output.read_text().splitlines()[0], "session_bytes_in")
        self.assertEqual(len(output.read_text().splitlines()), 1 + done.rows)

    def test_what_cannot_be_written_is_an_error(self):
        with self.assertRaisesRegex(ccx.ConvertError, "events.jsonl"):
            ccx.convert(self.folder, DEMO / "lake")
        with self.assertRaisesRegex(ccx.ConvertError, "parquet.*csv.*ocsf.*ecs"):
            ccx.convert(self.folder, "lake", to="avro")
        for output, more in [("-", {}), ("lake", {"rejected": "-"}), ("lake", {"arguments": ["--quiet"]}), ("lake", {"events": []})]:
            with self.assertRaises(ValueError):
                ccx.convert(self.folder, output, **more)
        with self.assertRaises(ValueError):
            ccx.convert("-", "lake")
        with self.assertRaisesRegex(TypeError, "one item for each word"):
            ccx.convert(self.folder, "lake", arguments="--quiet")

    def test_a_command_line_that_does_not_run_is_an_error(self):
        with mock.patch.object(sys, "executable", "/bin/false"), self.assertRaisesRegex(ccx.ConvertError, "exit code 1"):
            ccx.convert(self.folder, fresh("nothing") / "lake")


if __name__ == "__main__":
    unittest.main()
