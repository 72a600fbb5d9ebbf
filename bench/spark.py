#!/usr/bin/env python3
"""Measures reading on a cluster of Spark: one worker and two, the share of Rust, and what a task costs on top.

Usage: python3 bench/spark.py --ccxlog PATH --site SITE --python PYTHON [--events N] [--unbound] [--work DIR]

PYTHON has the packages of packaging/spark/requirements-spark4.txt, and SITE this package. The cluster is one of
processes on the loopback interface. Each worker is bound to a processor, unless --unbound is given: Java and Python work at
once, so a worker of one core would use two processors. The driver shares the machine with them.

- The job groups all events, with all columns, by name. Its first run starts Python in the executors and is not counted.
- The share of Rust is the time that one thread takes to read the same groups without Spark, divided by the time of all
  tasks.
- The overhead is that of tasks whose object has eleven events.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging/spark"))

import cluster

# What an object of a small tenant holds.
EVENTS_OF_A_SMALL_OBJECT = 11

def generate(ccxlog: Path, work: Path, events: int, objects: int, small_objects: int) -> tuple[Path, Path, int]:
    """Writes large objects and small ones, and returns both folders and the size of the large ones when inflated."""
    large, small = work / "large", work / "small"
    for folder in (large, small):
        folder.mkdir(parents=True)
    sample = [ccxlog, "sample", "--seed", "1", "--events", str(events // objects)]
    text = subprocess.run(sample, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    packed = gzip.compress(text, 6)
    for index in range(objects):
        (large / f"{index:06}.jsonl.gz").write_bytes(packed)
    member = gzip.compress(b"".join(text.splitlines(keepends=True)[:EVENTS_OF_A_SMALL_OBJECT]))
    for index in range(small_objects):
        (small / f"{index:06}.jsonl.gz").write_bytes(member)
    return large, small, len(text) * objects


def alone(groups: list[list[str]]) -> float:
    """Returns the seconds in which one thread reads groups into batches, without Spark."""
    import pyarrow
    from cloudconnexa_events._native import Options, read_rows
    from cloudconnexa_events.spark._executor import BATCH_ROWS

    start = time.monotonic()
    for names in groups:
        for _, batch in read_rows(names, Options(threads=1), None, None, BATCH_ROWS, True, False):
            pyarrow.record_batch(batch)
    return time.monotonic() - start


def measure(job, rounds: int) -> float:
    """Returns the median of the seconds of a job, which has run once before."""
    times = []
    for number in range(rounds + 1):
        start = time.monotonic()
        job()
        if number > 0:
            times.append(time.monotonic() - start)
    return statistics.median(times)


def task_seconds(events: Path, objects: int) -> list[float]:
    """Returns the seconds that the tasks of each stage took which reads as many objects, by the log of a session."""
    stages: dict[int, list[float]] = {}
    for path in sorted(events.rglob("*")):
        is_log = path.is_file() and not path.name.startswith((".", "appstatus"))
        for line in path.read_text().splitlines() if is_log else []:
            event = json.loads(line)
            if event.get("Event") == "SparkListenerTaskEnd" and event["Task Type"] == "ShuffleMapTask":
                stages.setdefault(event["Stage ID"], []).append(event["Task Metrics"]["Executor Run Time"] / 1000)
    return [sum(tasks) for tasks in stages.values() if len(tasks) == objects]


def main() -> None:
    """Generates inputs, measures, and prints Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccxlog", type=Path, required=True)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--events", type=int, default=800_000)
    parser.add_argument("--objects", type=int, default=32)
    parser.add_argument("--small-objects", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", type=Path, required=True)
    parser.add_argument("--unbound", action="store_true")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "spark")
    options = parser.parse_args()
    site = str(options.site.resolve())
    if os.environ.get("PYTHONPATH") != site:
        # Spark starts processes of its own, which look for the package there.
        os.execve(options.python, [options.python, __file__, *sys.argv[1:]], os.environ | {"PYTHONPATH": site})
    from cloudconnexa_events.spark import read

    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    large, small, size = generate(options.ccxlog.resolve(), options.work, options.events, options.objects, options.small_objects)
    rates, overheads, share = {}, {}, 0.0
    for workers in (1, 2):
        log = options.work / f"events-{workers}"
        log.mkdir()
        with cluster.Cluster(
            sys.executable, options.work / f"cluster-{workers}", workers, is_bound=not options.unbound
        ) as processes:
            settings = processes.settings({"PYTHONPATH": options.site.resolve()})
            # The session of the Java process that is there from the first one on would keep its own.
            settings |= {
                "spark.eventLog.enabled": "true",
                "spark.eventLog.compress": "false",
                "spark.eventLog.dir": log.as_uri(),
            }
            spark = cluster.session(settings)
            # An object for each task, so both take the same steps.
            logs = read(spark, large, group_bytes=1)
            rates[workers] = (
                size / 1e6 / measure(lambda: logs.events.groupBy("event_name").count().collect(), options.rounds)
            )
            tiny = read(spark, small, group_bytes=1)
            overheads[workers] = measure(lambda: tiny.summary(), options.rounds) * workers / tiny.groups * 1000
            spark.stop()
        if workers == 1:
            # The first round starts Python and warms up Java.
            seconds = task_seconds(log, options.objects)[1 : options.rounds + 1]
            share = alone([[str(path)] for path in sorted(large.iterdir())]) * options.rounds / sum(seconds)
    print(f"{options.events:,} events, {size / 1e6:,.0f} MB, in {options.objects} objects; {options.rounds} rounds\n")
    print("| workers | MB/s | speedup | overhead of a task, ms of a core |\n|---:|---:|---:|---:|")
    for workers, rate in rates.items():
        print(f"| {workers} | {rate:,.0f} | {rate / rates[1]:.2f} | {overheads[workers]:.0f} |")
    print(f"\nOf the time of tasks, {share:.0%} is Rust.")


if __name__ == "__main__":
    main()
