"""Shared by the tests of the Python package."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = Path(os.environ["CCX_WORK"])
CCXLOG = os.environ["CCX_CCXLOG"]
WHEEL = Path(os.environ["CCX_WHEEL"])
DEMO = ROOT / "tests/demo/events.jsonl"
VALID = ROOT / "tests/corpus/documented/client-disconnected-v1.json"


def fresh(name):
    """Creates an empty folder of this name, and returns its path."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def ccxlog(*arguments, codes=(0,)):
    """Runs the binary, and returns its standard output."""
    done = subprocess.run([CCXLOG, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        raise AssertionError(f"ccxlog {arguments} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def python(code, *, code_expected=0, seconds=60, **more):
    """Runs a program in an interpreter of its own, which has to end in time, and returns its output."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=seconds, **more
    )
    if done.returncode != code_expected:
        raise AssertionError(f"exited with {done.returncode}, not {code_expected}:\n{done.stdout}{done.stderr}")
    return done.stdout


def archive(folder, objects=20, events=50, damaged=7):
    """Writes a small archive of gzipped lines, some of them damaged. Returns its records, and the damaged lines, as text."""
    text = ccxlog("sample", "--events", objects * events, "--seed", 7)
    lines = text.splitlines()
    assert len(lines) == objects * events
    damaged_lines = []
    for number in range(damaged):
        index = (number * 37 + 11) % len(lines)
        lines[index] = lines[index][: len(lines[index]) // 2]
        damaged_lines.append(lines[index])
    for number in range(objects):
        part = lines[number * events : (number + 1) * events]
        with gzip.open(folder / f"2026-11-28-00-{number:02}-ABCD.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(part) + "\n")
    return [json.loads(line) for line in lines if line not in damaged_lines], damaged_lines


class Case(unittest.TestCase):
    """A test that reads the same archive as others."""

    folder: Path
    valid: list
    damaged: list

    @classmethod
    def setUpClass(cls):
        cls.folder = fresh(f"archive-{cls.__name__}")
        cls.valid, cls.damaged = archive(cls.folder)
