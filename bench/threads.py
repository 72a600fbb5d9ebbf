#!/usr/bin/env python3
"""Measures commands of ccxlog with more threads than processors.

Usage: python3 bench/threads.py --ccxlog PATH [--events N] [--files N] [--rounds N] [--work DIR]

The inputs are one file, one gzipped file, and many small gzipped files. Each figure is the median of the rounds, in which all
numbers of threads take turns.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What a file of the bucket holds of a small tenant.
EVENTS_OF_A_FILE = 11
COMMANDS = {
    "validate": ["validate", "--quiet"],
    "split": ["split", "--accepted", "valid.jsonl", "--rejected", "rejected.jsonl"],
    "drift": ["drift"],
}


def measure(command: list, folder: Path) -> tuple[float, float]:
    """Returns the wall and the CPU seconds of a command."""
    start = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return wall, usage.ru_utime + usage.ru_stime


def main() -> None:
    """Generates inputs, measures, and prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccxlog", type=Path, required=True)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "threads")
    options = parser.parse_args()
    work, ccxlog = options.work.resolve(), options.ccxlog.resolve()
    shutil.rmtree(work, ignore_errors=True)
    (work / "small").mkdir(parents=True)

    plain = work / "events.jsonl"
    subprocess.run([ccxlog, "sample", "--events", str(options.events), "--seed", "1", "-o", plain], check=True)
    subprocess.run(["gzip", "--keep", "-1", plain], check=True)
    member = subprocess.run(
        ["gzip", "-c", "-1"], input=b"".join(plain.open("rb").readlines()[:EVENTS_OF_A_FILE]), check=True, stdout=subprocess.PIPE
    ).stdout
    for index in range(options.files):
        (work / "small" / f"{index:06}.jsonl.gz").write_bytes(member)

    processors = len(os.sched_getaffinity(0))
    counts = [processors * factor for factor in [1, 2, 4, 8]]
    print(f"{options.events:,} events, {options.files:,} small files, {processors} processors; {options.rounds} rounds\n")
    print("| input | command | " + " | ".join(f"{count} threads, s (CPU)" for count in counts) + " |")
    print("|---|---|" + "---:|" * len(counts))
    for name, source in {"one file": plain, "gzip": f"{plain}.gz", "small files": work / "small"}.items():
        for command, words in COMMANDS.items():
            times = {count: [] for count in counts}
            for _ in range(options.rounds):
                for count in counts:
                    words_of_all = [ccxlog, *words, "--no-config", "--threads", count, source]
                    times[count].append(measure(words_of_all, work))
            median = [[statistics.median(column) for column in zip(*times[count])] for count in counts]
            cells = [f"{wall:.3f} ({cpu:.3f})" for wall, cpu in median]
            print(f"| {name} | {command} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
