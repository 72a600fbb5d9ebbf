"""A generated archive with damaged lines, and what is in it, counted with nothing but Python's own json."""

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import warnings
import zlib
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

SEED = 20261130
EVENTS = 24_000
DAYS = 3
DAMAGED_EVERY = 97

CCXLOG = Path(os.environ.get("CCX_CCXLOG", "ccxlog"))
WORK = Path(os.environ.get("CCX_WORK", "/tmp/ccx-spark"))

# Sums of microseconds since 1970 would be more than 64 bits have.
ORIGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)


def sample(folder, events=EVENTS, seed=SEED, days=DAYS, start="2026-01-05"):
    """Generates valid events into an empty folder, in one object for each hour."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    words = ["--events", events, "--seed", seed, "--span", f"{days}d", "--start", start, "--split-into", folder]
    subprocess.run(
        [CCXLOG, "sample", *map(str, words)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def damaged(line, number):
    """Returns a line as it should never be, in one of four ways."""
    event = json.loads(line)
    return [
        line[: len(line) // 2],
        json.dumps({**event, "log": "none"}).encode(),
        json.dumps({**event, "timestamp": 5}).encode(),
        b"not json " + line[:20].replace(b"{", b""),
    ][number % 4]


def make(folder):
    """Generates the archive, damages some lines, and returns what is expected of it."""
    sample(folder)
    valid, broken, number = [], 0, 0
    for path in sorted(folder.iterdir()):
        lines = gzip.decompress(path.read_bytes()).splitlines()
        written = []
        for line in lines:
            number += 1
            if number % DAMAGED_EVERY == 0:
                written.append(damaged(line, number // DAMAGED_EVERY))
                broken += 1
            else:
                written.append(line)
                valid.append(line)
        path.write_bytes(gzip.compress(b"\n".join(written) + b"\n", mtime=0))
    return expected(valid) | {"rejected": broken, "records": number, "inputs": len(list(folder.iterdir()))}


def micros(text):
    """Returns a timestamp as microseconds since the start of 2026."""
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - ORIGIN) // timedelta(microseconds=1)


def expected(lines):
    """Returns the sums of valid lines; some of them depend on the order of bytes within a value."""
    events, sums = Counter(), Counter()
    for line in lines:
        event = json.loads(line)
        events[event["eventName"]] += 1
        sums["micros"] += micros(event["timestamp"])
        sums["traces"] += zlib.crc32(event.get("traceId", "").encode())
        log = event.get("log", {})
        sums["ports"] += log.get("destinationPort") or 0
        if event["eventName"] == "client-disconnected":
            sums["bytes_in"] += log["sessionBytesIn"]
            sums["bytes_out"] += log["sessionBytesOut"]
        if event["eventName"] == "flow-established":
            sums["allowed"] += log["allowed"]
    return {"rows": sum(events.values()), "events": dict(events), "sums": dict(sums)}


def sums(frame):
    """Returns the same sums of a DataFrame with all events, of any engine that speaks Spark's protocol."""
    from pyspark.sql import functions as f

    columns = {
        "micros": f.expr("unix_micros(timestamp)") - int(ORIGIN.timestamp()) * 1_000_000,
        "traces": f.crc32(f.coalesce(f.col("trace_id"), f.lit("")).cast("binary")),
        "bytes_in": f.col("session_bytes_in"),
        "bytes_out": f.col("session_bytes_out"),
        "ports": f.col("destination_port").cast("long"),
        "allowed": f.col("allowed").cast("int").cast("long"),
    }
    totals = [f.sum(column).alias(name) for name, column in columns.items()]
    rows = frame.groupBy("event_name").agg(f.count("*").alias("count"), *totals).collect()
    added = {name: sum(row[name] or 0 for row in rows) for name in columns}
    return {
        "rows": sum(row["count"] for row in rows),
        "events": {row["event_name"]: row["count"] for row in rows},
        "sums": added,
    }


def sessions(frame):
    """Returns the sessions of a DataFrame as text, sorted."""
    return sorted([text_of(value) for value in row] for row in frame.collect())


def sessions_of_one_run(folder, horizon=None):
    """Returns the same of one run over everything: of `ccxlog sessions` or, with a horizon, of this package."""
    if horizon is not None:
        from cloudconnexa_events import IncompleteWarning
        from cloudconnexa_events import sessions as read_sessions

        with warnings.catch_warnings():
            # Damaged lines do not say which session they are about.
            warnings.simplefilter("ignore", IncompleteWarning)
            rows = read_sessions(folder, horizon=horizon).read_all().to_pylist()
        return sorted([text_of(value) for value in row.values()] for row in rows)
    command = [CCXLOG, "sessions", "--no-config", "--format", "csv", "--no-formula-guard", folder]
    done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return sorted(list(row.values()) for row in csv.DictReader(io.StringIO(done.stdout)))


def text_of(value):
    """Returns a value of a table as `ccxlog sessions` writes it; times are in UTC, like those of this process."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)
