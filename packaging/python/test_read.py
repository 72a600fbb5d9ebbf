"""Tests that reading loses nothing, and that others take over what is read."""

import collections
import json
import os
import unittest
import warnings

import cloudconnexa_events as ccx
import duckdb
import pandas
import polars
import pyarrow as pa

from support import DEMO, Case, ccxlog, fresh


def micros(text):
    """Returns a time in microseconds since 1970, as pandas reads it."""
    return pandas.Timestamp(text).value // 1000


class Reads(Case):
    def test_every_record_is_a_row_or_rejected(self):
        rejected = []
        rows = ccx.read(self.folder, on_rejected=rejected.append).read_all()
        self.assertEqual(rows.num_rows, len(self.valid))
        self.assertEqual(rows["trace_id"].to_pylist(), [event["traceId"] for event in self.valid])
        rejected = pa.Table.from_batches(rejected)
        self.assertEqual(sorted(rejected["record"].to_pylist()), sorted(text.encode() for text in self.damaged))
        self.assertTrue(rejected.equals(ccx.read_rejected(self.folder).read_all()))
        self.assertEqual(set(rejected["rule"].to_pylist()), {"syntax"})
        self.assertTrue(all(".jsonl.gz" in source for source in rejected["source"].to_pylist()))
        # The place is the one that the command line reports.
        listed = ccxlog("split", self.folder, "--accepted", os.devnull, "--rejected", "-", "-q", "--no-config", "--show-values", codes=(0, 1))
        places = [(row["source"], row["line"], row["offset"]) for row in map(json.loads, listed.splitlines())]
        self.assertEqual(
            places, list(zip(*(rejected[name].to_pylist() for name in ["source", "line", "offset"]), strict=True))
        )

    def test_values_are_those_of_the_events(self):
        rows = ccx.read(self.folder, events="client-disconnected", on_rejected=len).read_all().to_pylist()
        events = [event for event in self.valid if event["eventName"] == "client-disconnected"]
        self.assertEqual(len(rows), len(events))
        self.assertGreater(len(rows), 20)
        for row, event in zip(rows, events, strict=True):
            log = event["log"]
            self.assertEqual(row["session_bytes_in"], log["sessionBytesIn"])
            self.assertEqual(row["client_session_id"], log.get("clientSessionId"))
            self.assertEqual(micros(row["timestamp"]), micros(event["timestamp"]))
            self.assertEqual(row["parent_entity"], event.get("parentEntity"))

    def test_a_table_has_the_columns_of_its_event(self):
        described = {event.table: event for event in ccx.events()}
        for name in ["client-disconnected", "flow-established", "unknown_event"]:
            schema = ccx.read(self.folder, events=name, on_rejected=len).schema
            columns = described[name.replace("-", "_")].columns
            self.assertEqual(schema.names, [column.name for column in columns])
            types = {"string": pa.utf8(), "json": pa.utf8(), "integer": pa.int64(), "boolean": pa.bool_()}
            for column in columns:
                expected = types.get(column.type, pa.timestamp("us", tz="UTC"))
                self.assertEqual(schema.field(column.name).type, expected)

    def test_several_events_share_columns_and_keep_their_order(self):
        names = ["client-connected", "domain-blocked"]
        columns = ["domain_name", "timestamp", "client_os_type", "event_name"]
        known = {column.name for event in ccx.events() for column in event.columns}
        columns = [column for column in columns if column in known]
        rows = ccx.read(self.folder, events=names, columns=columns, on_rejected=len).read_all()
        self.assertEqual(set(rows.schema.names), set(columns))
        expected = [event["eventName"] for event in self.valid if event["eventName"] in names]
        self.assertEqual(rows["event_name"].to_pylist(), expected)
        operating = [event["log"].get("clientOsType") for event in self.valid if event["eventName"] in names]
        self.assertEqual(rows["client_os_type"].to_pylist(), operating)

    def test_the_result_depends_neither_on_threads_nor_on_batches(self):
        whole = ccx.read(self.folder, threads=1, on_rejected=len).read_all()
        for threads in [2, 5]:
            self.assertTrue(whole.equals(ccx.read(self.folder, threads=threads, on_rejected=len).read_all()))
        reader = ccx.read(self.folder, batch_rows=100, on_rejected=len)
        lengths = [batch.num_rows for batch in reader]
        self.assertEqual(sum(lengths), whole.num_rows)
        self.assertLessEqual(max(lengths), 100)

    def test_others_take_over_the_reader(self):
        events = collections.Counter(event["eventName"] for event in self.valid)

        def reader():
            return ccx.read(self.folder, on_rejected=len)

        self.assertEqual(reader().read_pandas()["event_name"].value_counts().to_dict(), events)
        frame = polars.DataFrame(reader())
        self.assertEqual(dict(frame["event_name"].value_counts().iter_rows()), events)
        rows = reader()  # noqa: F841 - DuckDB finds it by its name
        self.assertEqual(dict(duckdb.sql("select event_name, count(*) from rows group by all").fetchall()), events)

    def test_rejected_records_are_told_even_if_nobody_asks(self):
        with self.assertWarnsRegex(ccx.IncompleteWarning, "7 of 1,000 records were rejected; `read_rejected`"):
            ccx.read(self.folder).read_all()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            ccx.read(self.folder, on_rejected=len).read_all()

    def test_a_record_over_the_limit_comes_in_pieces(self):
        folder = fresh("long")
        long = b'{"eventName":"' + b"x" * 200_000 + b'"}'
        (folder / "long.jsonl").write_bytes(long + b"\n" + DEMO.read_bytes())
        rejected = ccx.read_rejected(folder, max_record_bytes=100_000).read_all().to_pylist()
        pieces = rejected[:-1]
        self.assertEqual([piece["part"] for piece in pieces], list(range(1, len(pieces) + 1)))
        self.assertEqual(b"".join(piece["record"] for piece in pieces).strip(), long)
        self.assertEqual([piece["rule"] for piece in pieces], [None] * (len(pieces) - 1) + ["too-long"])
        self.assertEqual((rejected[-1]["part"], rejected[-1]["rule"]), (None, "wrong-type"))

    def test_sessions_are_those_of_the_command_line(self):
        listed = [json.loads(line) for line in ccxlog("sessions", self.folder, "-q", "--no-config", codes=(0, 1)).splitlines()]
        with self.assertWarns(ccx.IncompleteWarning):
            rows = ccx.sessions(self.folder).read_all().to_pylist()
        self.assertEqual(len(rows), len(listed))
        self.assertGreater(len(rows), 20)
        for row, line in zip(rows, listed, strict=True):
            for (column, value), (name, expected) in zip(row.items(), line.items(), strict=True):
                self.assertEqual(column.replace("_", ""), name.lower())
                if column in ("start", "end"):
                    value, expected = value and micros(value), expected and micros(expected)
                self.assertEqual(value, expected)


class Profiles(Case):
    def test_a_profile_is_that_of_the_command_line(self):
        path = fresh("profile") / "profile.json"
        ccxlog("drift", self.folder, "--write-profile", path, "-q", "--no-config", "--show-values", codes=(0, 1))
        for threads in [1, 2]:
            self.assertEqual(ccx.drift(self.folder, threads=threads).to_json(), path.read_text())
        self.assertEqual(ccx.Profile.from_json(path.read_bytes()), ccx.drift(self.folder))

    def test_profiles_merge_in_any_order(self):
        parts = [ccx.drift(file) for file in sorted(self.folder.iterdir())]
        whole = ccx.drift(self.folder)
        self.assertEqual(ccx.Profile().merge(*parts).to_json(), whole.to_json())
        self.assertEqual(parts[-1].merge(*reversed(parts[:-1])).to_json(), whole.to_json())
        self.assertEqual(whole.records, len(self.valid))

    def test_differences_say_what_to_do(self):
        folder = fresh("drifted")
        event = json.loads(DEMO.read_text().splitlines()[0])
        event["region"] = "eu"
        (folder / "new.jsonl").write_text(json.dumps(event) + "\n")
        (difference,) = ccx.drift(folder).findings()
        self.assertEqual((difference.kind, difference.pointer, difference.count), ("new-field", "/region", 1))
        self.assertIn("`/region`", difference.message)
        self.assertTrue(difference.remedy)
        self.assertEqual(ccx.drift(folder).findings(against=ccx.drift(folder)), [])
        self.assertIn("eu", ccx.drift(folder).to_json())
        self.assertNotIn('"eu"', ccx.drift(folder).mask().to_json())


if __name__ == "__main__":
    unittest.main()
