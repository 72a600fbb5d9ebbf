"""Uses the package as a typed program would: mypy checks it, and nothing runs it."""

from datetime import timedelta
from pathlib import Path

import cloudconnexa_events as ccx
import pyarrow as pa


def invalid(folder: Path) -> list[tuple[str, int, str | None]]:
    """Returns where errors are."""
    result: ccx.Validation = ccx.validate([folder, "s3://bucket/prefix"], max_findings=10, threads=2)
    return [(finding.source, finding.line, finding.event) for finding in result.findings]


def rows(folder: Path) -> pa.RecordBatchReader:
    """Returns rows, and prints what is rejected."""
    return ccx.read(folder, events=["client-connected"], on_rejected=print, skip_unreadable=True)


def changes(folder: Path, before: ccx.Profile) -> list[str]:
    """Returns what has changed."""
    differences: list[ccx.Difference] = ccx.drift(folder).merge(before).findings(against=before)
    return [difference.message for difference in differences]


def long(folder: Path) -> pa.Table:
    """Returns sessions."""
    return ccx.sessions(folder, horizon=timedelta(days=3)).read_all()


def sizes(folder: Path) -> int:
    """Returns the size of what would be read."""
    return sum(source.size or 0 for source in ccx.find(folder))


def columns() -> dict[str, list[str]]:
    """Returns the columns of each table."""
    return {event.table: [column.name for column in event.columns] for event in ccx.events()}


def lake(folder: Path) -> int:
    """Converts, and returns how many rows there are."""
    done: ccx.Conversion = ccx.convert(folder, "lake", to="parquet", rejected="rejected.jsonl")
    return done.rows


# Each of these has to be an error; mypy reports an ignore that is not needed.
ccx.validate("logs", thread=2)  # type: ignore[call-arg]
ccx.validate("logs").rows  # type: ignore[attr-defined]
ccx.read(3)  # type: ignore[arg-type]
ccx.drift("logs").findings(against="before.json")  # type: ignore[arg-type]
