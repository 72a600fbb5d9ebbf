#!/usr/bin/env python3
"""Runs commands of ccxlog over streams that are unusual in one way each, and compares them with the usual stream and with
what a naive program takes: serde_json into a tree, and jsonschema answering yes or no.

Usage: python3 bench/streams.py --ccxlog PATH --naive PATH [--events N] [--rounds N] [--stream PART]
                               [--command PART] [--work DIR]

Each figure is the CPU time of a process with one thread, as the median of the rounds; contenders take turns in each round.
Columns of commands are relative to `validate` on the same stream, by default on the same number of events.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "crates/cloudconnexa-events/examples/client-disconnected.json"

# The words after `ccxlog`; `--no-config --threads 1 FILE` follow. Outputs go to the folder of the run.
REPORTS = ["--format", "human", *(f"--format={name}=out.{name}" for name in ["json", "sarif", "github", "gitlab", "junit"])]
COMMANDS = {
    "validate": ["validate", "--quiet"],
    "all reports": ["validate", *REPORTS, "--report", "out.html"],
    "semantic": ["validate", "--quiet", "--semantic"],
    "stateful": ["validate", "--quiet", "--stateful"],
    "split": ["split", "--accepted", "valid.jsonl", "--rejected", "rejected.jsonl"],
    "sessions": ["sessions", "--output", "sessions.jsonl"],
    "drift": ["drift"],
    "coverage": ["coverage"],
    "find": ["find", "--user", "nobody@example.com", "--output", "found.jsonl"],
    "top": ["top", "--by", "eventName"],
    "convert": ["convert", "--to", "ecs", "--output", "converted.jsonl"],
}


def lines(events: list, change) -> bytes:
    """Returns events as JSON lines, each changed by its number."""
    out = []
    for number, event in enumerate(events):
        event = json.loads(event)
        changed = change(number, event)
        out.append(changed if isinstance(changed, bytes) else json.dumps(event, separators=(",", ":")).encode())
    return b"\n".join(out) + b"\n"


def member(number: int, event: dict, path: list, value) -> None:
    """Sets a member of an event, if it has the object that the member is in."""
    *path, last = path
    for key in path:
        event = event.get(key, {})
    event[last] = value


def escaped_keys(_: int, event: dict) -> bytes:
    """Writes the first letter of each key as an escape."""

    def key(name: str) -> str:
        return f'"\\u{ord(name[0]):04x}{name[1:]}"'

    def write(value) -> str:
        if isinstance(value, dict):
            return "{" + ",".join(f"{key(name)}:{write(member)}" for name, member in value.items()) + "}"
        return json.dumps(value)

    return write(event).encode()


def beyond_ascii(event: dict) -> bytes:
    event["initiatorName"] = event["parentEntityName"] = event["log"]["gatewayRegionName"] = "Zürich – 東京 – São Paulo"
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def duplicate_key(_: int, event: dict) -> bytes:
    text = json.dumps(event, separators=(",", ":"))
    return (text[:-1] + f',"cloudId":{json.dumps(event["cloudId"])}}}').encode()


def streams(sample) -> dict:
    """Returns the streams by name. `sample` returns the lines that `ccxlog sample` writes with some options."""
    events = sample()
    sessions = sample("--mix", "client-disconnected=1")
    plain = b"\n".join(sessions) + b"\n"
    count = len(sessions)

    def of(change) -> bytes:
        return lines(sessions, change)

    example = json.dumps(json.loads(EXAMPLE.read_text()), separators=(",", ":")).encode()
    return {
        "plain": plain,
        "mixed events": b"\n".join(events) + b"\n",
        "the same event": (example + b"\n") * count,
        "newest first": b"\n".join(reversed(sessions)) + b"\n",
        "CRLF": plain.replace(b"\n", b"\r\n"),
        "pretty-printed": lines(sessions, lambda _, event: json.dumps(event, indent=2).encode()),
        "one array": b"[" + b",\n".join(sessions) + b"]\n",
        "keys with escapes": of(escaped_keys),
        "strings with escapes": b"\n".join(sample("--mix", "client-disconnected=1", "--escapes")) + b"\n",
        "texts beyond ASCII": lines(sessions, lambda _, event: beyond_ascii(event)),
        "keys shuffled": b"\n".join(sample("--mix", "client-disconnected=1", "--shuffle-keys")) + b"\n",
        "a tenant per event": of(lambda n, event: member(n, event, ["cloudId"], f"tenant-{n}")),
        "a new listed value per event": of(lambda n, event: member(n, event, ["log", "sessionDisconnectReason"], f"Reason {n}")),
        "one unknown field": of(lambda n, event: member(n, event, ["log", "riskScore"], n)),
        "a new unknown field per event": of(lambda n, event: member(n, event, ["log", f"field{n}"], n)),
        "one unknown event": of(lambda n, event: member(n, event, ["eventName"], "client-renamed")),
        "a new unknown event per event": of(lambda n, event: member(n, event, ["eventName"], f"client-renamed-{n}")),
        "a duplicate key": of(duplicate_key),
        "a wrong type": of(lambda n, event: member(n, event, ["log", "sessionBytesIn"], str(n))),
        "every field wrong": lines(sessions, lambda _, event: json.dumps({**event, "log": dict.fromkeys(event["log"], [])}).encode()),
        '{"a":1}': b'{"a":1}\n' * (3 * count),
        "not JSON": b"2026-03-01T00:00:00Z connection refused by 10.0.0.1\n" * (3 * count),
    }


def cpu(command: list, folder: Path) -> float:
    """Returns the CPU seconds of a command, which has to do its job: to find everything valid, or not."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=log, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} failed:\n{(folder / 'log').read_text(errors='replace')}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ccxlog", type=Path, required=True)
    parser.add_argument("--naive", type=Path, required=True, help="the program of bench/, which has the naive pair")
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stream", default="", help="only streams whose names contain this")
    parser.add_argument("--command", default="", help="only commands whose names contain this, and validate")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "streams")
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    ccxlog, naive = options.ccxlog.resolve(), options.naive.resolve()

    def sample(*more: str) -> list:
        command = [ccxlog, "sample", "--events", str(options.events), "--seed", "7", *more]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()

    commands = {name: words for name, words in COMMANDS.items() if name == "validate" or options.command in name}
    print(f"{options.events:,} events, {options.rounds} rounds, CPU time of one thread\n")
    others = [name for name in commands if name != "validate"]
    own = "| stream | MB | validate, s | ns per byte | of plain | naive pair, s | all errors, s | "
    print(own + " | ".join(others) + " |")
    print("|---|" + "---:|" * (6 + len(others)))
    plain = None
    for name, data in streams(sample).items():
        if options.stream not in name and name != "plain":
            continue
        path = work / "stream.jsonl"
        path.write_bytes(data)
        rows = {command: [ccxlog, *words, "--no-config", "--threads", "1", path] for command, words in commands.items()}
        rows["naive"] = [naive, "--naive", path]
        rows["naive errors"] = [naive, "--naive-errors", path]
        times = {row: [] for row in rows}
        for _ in range(options.rounds):
            for row, command in rows.items():
                times[row].append(cpu(command, work))
        median = {row: statistics.median(values) for row, values in times.items()}
        validate, size = median["validate"], len(data)
        plain = plain or validate / size
        cells = [f"{size / 1e6:.0f}", f"{validate:.2f}", f"{validate / size * 1e9:.2f}", f"{validate / size / plain:.1f} ×"]
        cells += [f"{median[row]:.2f}" for row in ["naive", "naive errors"]]
        cells += [*(f"{median[other] / validate:.2f} ×" for other in others)]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
