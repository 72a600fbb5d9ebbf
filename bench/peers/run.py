#!/usr/bin/env python3
"""Compares ccxlog with other validators as whole processes, side by side in one run, and prints a Markdown table.

Usage: python3 bench/peers/run.py [--events N] [--files N] [--rounds N] [--ccxlog PATH] [--work DIR]

It generates events with `ccxlog sample`, installs the peers below DIR (default: target/peers) from the package
registries that pip and npm are set up for, and runs each contender once a round. A figure is the median of the rounds:
wall-clock and CPU seconds and peak memory as the operating system accounts for them.
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

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCHEMA = ROOT / "schema" / "log-event.schema.json"

PIP = [
    "check-jsonschema==0.39.0",
    "duckdb==2.0.1",
    "jsonschema-rs==0.60.3",
    "orjson==3.13.0",
    "polars==2.1.0",
    "pyarrow==26.0.1",
]
NPM = ["@sourcemeta/jsonschema@16.11.0", "ajv@8.20.0", "ajv-formats@3.0.1"]

# What a file of the bucket holds of a small tenant.
EVENTS_OF_A_FILE = 11


def install(work: Path) -> None:
    """Installs the peers where they are not installed yet; a peer that cannot be had ends the run."""
    work.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps([PIP, NPM])
    stamp = work / "installed.json"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    venv = work / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    subprocess.run([venv / "bin" / "pip", "install", "--quiet", *PIP], check=True)
    (work / "package.json").write_text('{"private": true}')
    subprocess.run(["npm", "install", "--silent", "--prefix", str(work), *NPM], check=True)
    stamp.write_text(wanted)


def measure(command: list, log: Path, folder: Path) -> tuple[float, float, float]:
    """Runs a command once: wall seconds, CPU seconds, peak memory in MB. It has to find everything valid."""
    with log.open("wb") as output:
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], stdout=subprocess.DEVNULL, stderr=output, cwd=folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command[0]} did not find everything valid; see {log}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def contenders(work: Path, ccxlog: Path, data: Path, singles: list) -> list:
    """Name, command, events it reads, bytes it reads."""
    modules = work / "node_modules"
    python = work / "venv" / "bin" / "python"
    size = data.stat().st_size
    few = sum(path.stat().st_size for path in singles)
    events = sum(1 for _ in data.open("rb"))
    return [
        ("ccxlog", [ccxlog, "validate", data], events, size),
        ("ccxlog, one thread", [ccxlog, "validate", "--threads", "1", data], events, size),
        ("jsonschema-rs with orjson (Python)", [python, HERE / "jsonschema_rs_lines.py", SCHEMA, data], events, size),
        ("ajv (Node)", ["node", HERE / "ajv_lines.mjs", modules, SCHEMA, data], events, size),
        (
            "sourcemeta jsonschema",
            [modules / ".bin" / "jsonschema", "validate", "--fast", SCHEMA, data],
            events,
            size,
        ),
        (
            "check-jsonschema (Python), one file an event",
            [work / "venv" / "bin" / "check-jsonschema", "--schemafile", SCHEMA, *singles],
            len(singles),
            few,
        ),
    ]


def gzip_contenders(ccxlog: Path, archive: Path, size: int, events: int) -> list:
    """Inflating alone, as a floor for reading an archive."""
    found = [
        ("ccxlog on gzip", [ccxlog, "validate", archive], events, size),
        ("ccxlog on gzip, one thread", [ccxlog, "validate", "--threads", "1", archive], events, size),
        ("gzip -dc", ["gzip", "-dc", archive], events, size),
    ]
    if shutil.which("libdeflate-gunzip"):
        found.append(("libdeflate-gunzip -c", ["libdeflate-gunzip", "-c", archive], events, size))
    else:
        print("libdeflate-gunzip is not installed (Debian: libdeflate-tools): left out", file=sys.stderr)
    return found


def many_contenders(ccxlog: Path, folder: Path, files: int) -> list:
    """An archive as the bucket has it, of many small files, beside the same events in one."""
    events = files * EVENTS_OF_A_FILE
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "many").mkdir(parents=True)
    text = folder / "one.jsonl"
    subprocess.run([ccxlog, "sample", "--events", str(events), "--seed", "2", "-o", text], check=True)
    with text.open("rb") as lines:
        for index in range(files):
            part = b"".join(next(lines) for _ in range(EVENTS_OF_A_FILE))
            path = folder / "many" / f"{index:05}.jsonl.gz"
            path.write_bytes(gzip.compress(part, 6, mtime=0))
    with (folder / "one.jsonl.gz").open("wb") as output:
        subprocess.run(["gzip", "-c", str(text)], stdout=output, check=True)
    size = text.stat().st_size
    text.unlink()
    names = sorted(f"many/{path.name}" for path in (folder / "many").iterdir())
    found = [
        ("ccxlog on one file", [ccxlog, "validate", "one.jsonl.gz"], events, size),
        (f"ccxlog on {files:,} files", [ccxlog, "validate", "many"], events, size),
        ("ccxlog on one file, one thread", [ccxlog, "validate", "--threads=1", "one.jsonl.gz"], events, size),
        (f"ccxlog on {files:,} files, one thread", [ccxlog, "validate", "--threads=1", "many"], events, size),
    ]
    if shutil.which("libdeflate-gunzip"):
        found += [
            ("libdeflate-gunzip -c on one file", ["libdeflate-gunzip", "-c", "one.jsonl.gz"], events, size),
            (f"libdeflate-gunzip -c on {files:,} files", ["libdeflate-gunzip", "-c", *names], events, size),
        ]
    return found


def parquet_contenders(work: Path, ccxlog: Path, data: Path, archive: Path, events: int) -> list:
    """Converting to Parquet on two threads. The general tools infer a schema and validate nothing."""
    python, script = work / "venv" / "bin" / "python", HERE / "to_parquet.py"
    size = data.stat().st_size
    ours, solo = ([ccxlog, "convert", "--threads", threads, "--quiet", "--output"] for threads in "21")

    def engine(name: str, source: Path) -> list:
        return [python, script, name, source, work / f"{name}.parquet"]

    return [
        ("ccxlog convert --to parquet", [*ours, work / "lake", "--to", "parquet", data], events, size),
        ("DuckDB", engine("duckdb", data), events, size),
        ("pyarrow", engine("pyarrow", data), events, size),
        ("Polars", engine("polars", data), events, size),
        ("ccxlog convert --to parquet, gzip", [*ours, work / "lake", "--to", "parquet", archive], events, size),
        ("DuckDB, gzip", engine("duckdb", archive), events, size),
        ("ccxlog validate, one thread", [ccxlog, "validate", "--threads", "1", data], events, size),
        *[
            (f"ccxlog convert --to {form}, one thread", [*solo, "/dev/null", "--to", form, data], events, size)
            for form in ["ocsf", "ecs"]
        ],
    ]


def table(rows: list, rounds: int, log: Path, folder: Path) -> None:
    """Runs the rows in turn, round by round, and prints them, the first as the measure of the others."""
    figures = [[] for _ in rows]
    for _ in range(rounds):
        for runs, (_, command, _, _) in zip(figures, rows):
            runs.append(measure(command, log, folder))
    print("| | events | wall s | CPU s | peak MB | MB/s (wall) | wall of an event, relative |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    first = None
    for runs, (name, _, events, size) in zip(figures, rows):
        wall, cpu, peak = (statistics.median(figure) for figure in zip(*runs))
        first = first or wall / events
        print(
            f"| {name} | {events:,} | {wall:.3f} | {cpu:.3f} | {peak:.0f} | {size / wall / 1e6:.0f} "
            f"| {wall / events / first:.1f} |"
        )
    print(flush=True)


def main() -> None:
    """Generates, installs, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=20_000, help="how many small files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ccxlog", type=Path, default=ROOT / "target" / "release" / "ccxlog")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "peers")
    options = parser.parse_args()
    work, ccxlog = options.work.resolve(), options.ccxlog.resolve()
    install(work)

    data = work / f"events-{options.events}.jsonl"
    subprocess.run(
        [ccxlog, "sample", "--events", str(options.events), "--seed", "1", "-o", data], check=True
    )
    archive = data.with_suffix(".jsonl.gz")
    with archive.open("wb") as output:
        subprocess.run(["gzip", "-c", str(data)], stdout=output, check=True)
    folder = work / "singles"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    singles = []
    with data.open("rb") as lines:
        for index, line in zip(range(500), lines):
            path = folder / f"{index}.json"
            path.write_bytes(line)
            singles.append(path)

    size = data.stat().st_size
    print(f"{options.events:,} events, {size / 1e6:.0f} MB; median of {options.rounds} rounds\n")
    log = work / "output.log"
    table(contenders(work, ccxlog, data, singles), options.rounds, log, work)
    table(gzip_contenders(ccxlog, archive, size, options.events), options.rounds, log, work)
    table(parquet_contenders(work, ccxlog, data, archive, options.events), options.rounds, log, work)
    table(many_contenders(ccxlog, work / "archive", options.files), options.rounds, log, work / "archive")


if __name__ == "__main__":
    main()
