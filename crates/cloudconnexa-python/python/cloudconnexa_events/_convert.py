"""Conversion to files, by the command line: it replaces outputs as a whole, and leaves nothing behind if it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import _native
from ._inputs import Inputs, ReadOptions, StrPath, name, names, options, selected
from ._reference import events as events_known

if TYPE_CHECKING:
    from typing_extensions import Unpack

_SUMMARY = re.compile(r"^([\d,]+) (?:rows?|events?) of ([\d,]+) records?", re.MULTILINE)
_NOTHING_NEW = re.compile(r"^note: nothing is new", re.MULTILINE)
_REJECTED = re.compile(r"^ +([\d,]+) invalid", re.MULTILINE)
_FLAGS = {
    "threads": "--threads",
    "max_record_bytes": "--max-record-bytes",
    "max_inflated_bytes": "--max-inflated-bytes",
    "endpoint_url": "--endpoint-url",
    "region": "--region",
}


@dataclass(frozen=True)
class Conversion:
    """The result of a conversion."""

    rows: int
    """The number of events that were written."""
    records: int
    """The number of records that were read."""
    rejected: int
    """The number of invalid records."""
    is_complete: bool
    """Whether every input was read to its end."""
    summary: str
    """What the command line printed."""


def convert(
    inputs: Inputs,
    output: StrPath,
    *,
    to: str = "parquet",
    events: str | Iterable[str] | None = None,
    columns: str | Iterable[str] | None = None,
    rejected: StrPath | None = None,
    state: StrPath | None = None,
    arguments: Iterable[str] = (),
    **read: Unpack[ReadOptions],
) -> Conversion:
    """Writes valid events to files, as `ccxlog convert` does, in a process of its own.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        output: A folder for `parquet` and, unless there is one event, for `csv`; else a file.
        to: `parquet`, `csv`, `ocsf` or `ecs`.
        events: The names of the wanted events; all by default.
        columns: The names of the wanted columns; all by default.
        rejected: A file for the invalid records, with their causes.
        state: A file that remembers which inputs were read: the next run reads only what is new, and adds to `output`.
        arguments: Further arguments of the command line, such as `["--layout", "bulk"]`.
        read: See :class:`ReadOptions`.

    Returns:
        How many records were read and written.

    Raises:
        ConvertError: Something could not be read or written; the message is that of the command line.
        ValueError: `-` is an input or an output, or `--quiet` an argument.
    """
    # Wrong options are errors of Python, not of the command line.
    options(read)
    if isinstance(arguments, str):
        raise TypeError("`arguments` is text, but must be a list, with one item for each word")
    arguments = list(arguments)
    if any(word in ("-q", "--quiet") for word in arguments):
        raise ValueError("`--quiet` would hide how many records were converted")
    inputs_given = names(inputs)
    files = {"output": output, "rejected": rejected, "state": state}
    paths = {option: name(path) for option, path in files.items() if path is not None}
    for path in (*inputs_given, *paths.values()):
        if path == "-":
            raise ValueError("`-` is standard input or output, which `convert` does not use; name a file")
    command = [sys.executable, "-m", "cloudconnexa_events", "convert", "--no-config", "--color", "never", "--to", to]
    for option, path in paths.items():
        command += [f"--{option}", path]
    for flag, values in [("--event", _event_names(events)), ("--columns", selected("columns", columns))]:
        if values is not None:
            command += [flag, ",".join(values)]
    for option, value in read.items():
        if option in _FLAGS and value is not None:
            command += [_FLAGS[option], str(value)]
    if read.get("skip_unreadable"):
        command.append("--skip-unreadable")
    if not read.get("follow_links", True):
        command.append("--no-follow-links")
    code, text = _run([*command, *arguments, "--", *inputs_given])
    written, rejected_records = _SUMMARY.search(text), _REJECTED.search(text)
    # An interpreter that cannot start also ends with 1.
    if code not in (0, 1, 3) or not (written or _NOTHING_NEW.search(text)):
        raise _native.ConvertError(text.strip() or f"the conversion ended with exit code {code}")
    return Conversion(
        rows=_number(written, 1),
        records=_number(written, 2),
        rejected=_number(rejected_records, 1),
        is_complete=code != 3,
        summary=text,
    )


def _event_names(given: str | Iterable[str] | None) -> list[str] | None:
    """Returns the names of events, which may be given as those of their tables."""
    by_table = {event.table: event.name for event in events_known()}
    found = selected("events", given)
    return None if found is None else [by_table.get(one) or one for one in found]


def _number(found: re.Match[str] | None, group: int) -> int:
    return int(found[group].replace(",", "")) if found else 0


def _run(command: list[str]) -> tuple[int, str]:
    """Runs a command that removes its unfinished files when it is interrupted, so it is given the time for that."""
    # The package may be on the path of this process alone.
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": path},
    ) as process:
        try:
            _, text = process.communicate()
        except BaseException:
            process.send_signal(signal.SIGTERM)
            process.wait()
            raise
    return process.returncode, text
