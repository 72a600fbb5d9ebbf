#!/usr/bin/env python3
"""Compares the Python package with others in one process, side by side, and prints Markdown tables.

Usage: python3 bench/python.py --ccxlog PATH [--site FOLDER] [--events N] [--rounds N] [--work FOLDER]

The package is in the folder of --site, or installed. Unless they are installed, too, the peers are those of bench/peers, in an
environment below --work. Contenders take turns, and the first round does not count. Time is the median of the others, of the clock and of the processors; each contender may use as
many threads as there are processors, unless the table says otherwise.
"""

import argparse
import gzip
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREADS = os.cpu_count() or 1


def measure(contenders: dict[str, Callable[[], int]], rounds: int) -> dict[str, tuple[float, float]]:
    """Runs contenders in turns. Returns the seconds of the clock and of the processors; all have to return the same number."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    results = {}
    for _ in range(rounds + 1):
        for name, contender in contenders.items():
            wall, busy = time.perf_counter(), time.process_time()
            results[name] = contender()
            times[name].append((time.perf_counter() - wall, time.process_time() - busy))
    if len(set(results.values())) != 1:
        sys.exit(f"error: the contenders do not agree: {results}")
    return {name: tuple(statistics.median(column) for column in zip(*each[1:], strict=True)) for name, each in times.items()}


def table(title: str, size: int, events: int, measured: dict[str, tuple[float, float]]) -> None:
    """Prints the times of contenders, of which the first is ours."""
    print(f"\n{title}: {events:,} events, {size / 1e6:,.1f} MB of text\n")
    print("| | wall s | CPU s | MB/s | µs per event | of ours |\n|---|---:|---:|---:|---:|---:|")
    ours = next(iter(measured.values()))[0]
    for name, (wall, busy) in measured.items():
        print(f"| {name} | {wall:.3f} | {busy:.3f} | {size / wall / 1e6:,.0f} | {wall / events * 1e6:.2f} | {wall / ours:.1f} × |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ccxlog", type=Path, required=True)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=Path("target/peers"))
    options = parser.parse_args()
    if importlib.util.find_spec("jsonschema_rs") is None:
        sys.path.insert(0, str(ROOT / "bench/peers"))
        import run

        run.install(options.work)
        python = options.work / "venv/bin/python"
        os.execv(python, [python, __file__, *sys.argv[1:]])
    if options.site is not None:
        sys.path.insert(0, str(options.site))

    import cloudconnexa_events as ccx
    import duckdb
    import jsonschema_rs
    import orjson
    import pyarrow as pa
    import pyarrow.json

    options.work.mkdir(parents=True, exist_ok=True)
    path = options.work / f"python-{options.events}.jsonl"
    subprocess.run([options.ccxlog, "sample", "--events", str(options.events), "-o", path], check=True)
    text = path.read_bytes()
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(text, 6))
    lines = text.splitlines()
    duckdb.sql(f"set threads = {THREADS}")
    pa.set_cpu_count(THREADS)

    def of_duckdb(source: Path) -> int:
        result = duckdb.sql(f"select * from read_json('{source}', format = 'newline_delimited')")
        reader = result.to_arrow_reader(32_768) if hasattr(result, "to_arrow_reader") else result.fetch_arrow_reader(32_768)
        return sum(batch.num_rows for batch in reader)

    def of_pyarrow(source: Path) -> int:
        stream = pa.input_stream(source, compression="detect")
        return pyarrow.json.read_json(stream, pyarrow.json.ReadOptions(use_threads=True)).num_rows

    def of_ours(source: Path, **more: object) -> int:
        return sum(batch.num_rows for batch in ccx.read(source, threads=THREADS, **more))

    for name, source in [("plain", path), ("gzip", packed)]:
        contenders = {
            "`read`: validated, typed columns of all events": lambda source=source: of_ours(source),
            "`pyarrow.json`: inferred types": lambda source=source: of_pyarrow(source),
            "DuckDB `read_json`: inferred types": lambda source=source: of_duckdb(source),
        }
        table(f"Events to Arrow, {name}, {THREADS} threads", len(text), options.events, measure(contenders, options.rounds))

    validator = jsonschema_rs.Draft202012Validator(json.loads(json.dumps(ccx.SCHEMA)), validate_formats=True)
    contenders = {
        "`validate(text)`, one thread": lambda: ccx.validate(text, threads=1).valid,
        "`is_valid(line)` for each line": lambda: sum(ccx.is_valid(line) for line in lines),
        "`validate(line)` for each line": lambda: sum(ccx.validate(line).valid for line in lines),
        "jsonschema-rs over orjson, for each line": lambda: sum(validator.is_valid(orjson.loads(line)) for line in lines),
    }
    table("Validation, one thread", len(text), options.events, measure(contenders, options.rounds))


if __name__ == "__main__":
    main()
