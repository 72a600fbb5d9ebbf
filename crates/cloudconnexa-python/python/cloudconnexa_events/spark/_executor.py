"""What executors run. Nothing here writes anything, or keeps state from one task to the next.

Each function takes a task and the batches of a partition, and yields batches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow
import pyarrow.compute

from cloudconnexa_events._native import (
    BatchStream,
    Error,
    Options,
    Profile,
    SessionJoiner,
    profile,
    read_rows,
    read_session_events,
)
from cloudconnexa_events.spark import _groups, _types

Batches = Iterator[pyarrow.RecordBatch]

BATCH_ROWS = 8_192
"""The most rows of a batch; with all columns, about 10 MB."""

HELD_BYTES = 64 * 1024 * 1024
"""How many bytes of session events a task sorts itself."""

ORDER = ("bucket", "event", "group", "sequence")
"""The order of session events: first what each group did to the clock, then events in the order of the inputs."""


def options(task: dict[str, Any]) -> Options:
    """Returns how a task reads its inputs: those that the driver has listed, and nothing else that has their names."""
    return Options(**task["options"], is_exact=True)


def groups(batches: Batches) -> Iterator[tuple[int, list[str]]]:
    """Yields the groups of a partition: their numbers and names."""
    for batch in batches:
        for number, names in zip(batch.column("number").to_pylist(), batch.column("names").to_pylist()):
            yield number, _groups.decoded(names)


def table(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields the rows of the table that `task` names: `events`, `rejected` or `everything`."""
    for number, names in groups(batches):
        yield from read(task, number, names)


def read(task: dict[str, Any], number: int, names: list[str]) -> Batches:
    """Yields the rows of a group. Fails if they are fewer than the records that were read."""
    kind = task["table"]
    with_rows, with_rejected = kind != "rejected", kind != "events"
    stream = read_rows(names, options(task), task["events"], task["columns"], BATCH_ROWS, with_rows, with_rejected)
    rows = 0
    schema = _types.everything(task["events"], task["columns"]) if kind == "everything" else None
    for found, native in stream:
        batch = pyarrow.record_batch(native)
        rows += batch.num_rows if found == "rows" else 0
        if schema is None:
            yield batch
        else:
            yield widened(batch, found, schema)
    if with_rows:
        check(stream, rows, names)
    if schema is not None:
        yield widened(
            pyarrow.RecordBatch.from_pylist([counted(stream, number, rows, names)], _types.COUNTS), "group", schema
        )


def widened(batch: pyarrow.RecordBatch, found: str, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """Returns a batch as rows of `everything`: in columns of its own, or inside a struct."""
    count = batch.num_rows
    arrays = {name: batch.column(name) for name in batch.schema.names} if found == "rows" else {}
    if found != "rows":
        arrays[found] = pyarrow.StructArray.from_arrays(batch.columns, fields=list(batch.schema))
    arrays["kind"] = pyarrow.array(["event" if found == "rows" else found] * count, pyarrow.string())
    columns = [arrays[field.name] if field.name in arrays else pyarrow.nulls(count, field.type) for field in schema]
    return pyarrow.RecordBatch.from_arrays(columns, schema=schema)


def check(stream: BatchStream, rows: int, names: list[str]) -> None:
    """Fails if records are missing from the rows of a group."""
    if rows + stream.rejected + stream.left_out != stream.records:
        raise Error(
            f"{stream.records} records became {rows} rows, {stream.rejected} are rejected, and {stream.left_out} are "
            f"of other events, in {len(names)} inputs from {names[0]}; please report this"
        )


def counted(stream: BatchStream, number: int, rows: int, names: list[str]) -> dict[str, Any]:
    """Returns what a group has held."""
    unread = list(stream.unread)
    return {
        "number": number,
        "inputs": len(names),
        "records": stream.records,
        "rows": rows,
        "rejected": stream.rejected,
        "left_out": stream.left_out,
        "unread": unread,
    }


def counts(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields a row for each group, with its counts."""
    for number, names in groups(batches):
        # The cheapest column: the number of rows is what counts.
        stream = read_rows(names, options(task), task["events"], ["cloud_connexa_log_version"], BATCH_ROWS, True, False)
        rows = sum(pyarrow.record_batch(native).num_rows for _, native in stream)
        yield pyarrow.RecordBatch.from_pylist([counted(stream, number, rows, names)], _types.COUNTS)


def profiles(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields the profile of a partition."""
    yield from merged(task, (profile(names, options(task))[0] for _, names in groups(batches)))


def merge(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields the one profile of the profiles of a partition."""
    texts = (text for batch in batches for text in batch.column("profile").to_pylist())
    yield from merged(task, (Profile.from_json(text) for text in texts))


def merged(_task: dict[str, Any], several: Iterable[Profile]) -> Batches:
    """Yields one row with the profile of all, or none without any."""
    whole: Profile | None = None
    for one in several:
        whole = one if whole is None else whole.merge(one)
    if whole is not None:
        yield pyarrow.RecordBatch.from_pydict({"profile": [whole.to_json().encode()]}, _types.PROFILES)


def session_events(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields the events of sessions, each for the bucket of its shard, and for every bucket what a group did to the
    clock.

    With rows about all groups, a bucket knows the clock of each of its events without another job that reads everything
    again.
    """
    buckets, schema = int(task["buckets"]), _types.session_events()
    for number, names in groups(batches):
        first = last = None
        streamed: set[tuple[str, str]] = set()
        sequence = 0
        for _, native in read_session_events(names, options(task), task["latest"]):
            batch = pyarrow.record_batch(native)
            count = batch.num_rows
            streamed.update(
                (cloud or "", role)
                for cloud, role in zip(batch.column("cloud_id").to_pylist(), batch.column("role").to_pylist())
            )
            clocks = batch.column("clock").drop_null()
            if len(clocks):
                first = clocks[0].as_py() if first is None else first
                # Within a group, the clock never goes back.
                last = clocks[-1].as_py()
            shards = batch.column("shard").to_pylist()
            columns = {
                "bucket": pyarrow.array([shard % buckets for shard in shards], pyarrow.int64()),
                "event": pyarrow.array([1] * count, pyarrow.int64()),
                "group": pyarrow.array([number] * count, pyarrow.int64()),
                "sequence": pyarrow.array(range(sequence, sequence + count), pyarrow.int64()),
                "first": pyarrow.nulls(count, pyarrow.int64()),
                "streamed": pyarrow.nulls(count, pyarrow.string()),
                **{name: batch.column(name) for name in ("clock", "record")},
            }
            sequence += count
            yield pyarrow.RecordBatch.from_arrays([columns[field.name] for field in schema], schema=schema)
        about = {
            "event": 0,
            "group": number,
            "sequence": -1,
            "first": first,
            "clock": last,
            "streamed": json.dumps(sorted(streamed)),
        }
        yield pyarrow.RecordBatch.from_pylist([{"bucket": bucket, **about} for bucket in range(buckets)], schema)


def in_order(batches: Batches) -> Batches:
    """Yields the rows of session events sorted by `ORDER`.

    Spark has sorted them, on disk if they are many. Sail 0.7 drops a sort before `mapInArrow`, so up to `HELD_BYTES`
    are sorted here anyway, and more only if they are not sorted.
    """
    held, size, is_checked = [], 0, False
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size > HELD_BYTES and not is_checked:
            is_checked = True
            if indices(pyarrow.Table.from_batches(held)).equals(
                pyarrow.array(range(sum(map(len, held))), pyarrow.uint64())
            ):
                yield from held
                yield from batches
                return
    if held:
        table = pyarrow.Table.from_batches(held)
        yield from table.take(indices(table)).to_batches(max_chunksize=BATCH_ROWS)


def indices(table: pyarrow.Table) -> pyarrow.Array:
    """Returns the indices of rows in order."""
    return pyarrow.compute.sort_indices(table, [(name, "ascending") for name in ORDER])


def sessions(task: dict[str, Any], batches: Batches) -> Batches:
    """Yields the sessions of the buckets of a partition."""
    joined: _Bucket | None = None
    last: tuple[int, ...] = ()
    for batch in in_order(batches):
        columns = [batch.column(name).to_pylist() for name in (*ORDER, "first", "streamed", "clock", "record")]
        for bucket, event, group, sequence, first, streamed, clock, record in zip(*columns):
            place = (bucket, event, group, sequence)
            if place <= last:
                raise Error(
                    f"events of sessions are out of order: {place} after {last}; please report this, with the "
                    "version of your engine"
                )
            last = place
            if joined is None or joined.bucket != bucket:
                if joined is not None:
                    yield from joined.finish()
                joined = _Bucket(task, bucket)
            if event:
                joined.push(group, clock, record)
            else:
                joined.group(group, first, clock, streamed)
        if joined is not None:
            yield from joined.take()
    if joined is not None:
        yield from joined.finish()


class _Bucket:
    """The sessions of some shards: first what each group did to the clock, then the events of these shards."""

    def __init__(self, task: dict[str, Any], bucket: int) -> None:
        self.task, self.bucket = task, bucket
        self.origin: int | None = None
        # The clock before a group: the latest time of all groups before it.
        self.before: dict[int, int | None] = {}
        self.clock: int | None = None
        self.streamed: set[tuple[str, str]] = set()
        self.joiner: SessionJoiner | None = None

    def group(self, group: int, first: int | None, last: int | None, streamed: str) -> None:
        """Takes what a group did to the clock."""
        self.before[group] = self.clock
        self.origin = first if self.origin is None else self.origin
        self.clock = _latest(self.clock, last)
        self.streamed.update((cloud, role) for cloud, role in json.loads(streamed))

    def started(self) -> SessionJoiner:
        """Returns the joiner, which needs to know about all groups."""
        if self.joiner is None:
            if len(self.before) != self.task["groups"]:
                raise Error(
                    f"of {self.task['groups']} groups, {len(self.before)} have arrived where sessions are joined; "
                    "please report this"
                )
            horizon, latest = self.task["horizon"], self.task["latest"]
            self.joiner = SessionJoiner(horizon, latest, self.origin, self.clock, sorted(self.streamed))
        return self.joiner

    def push(self, group: int, clock: int | None, record: bytes) -> None:
        """Takes an event."""
        self.started().push(_latest(self.before[group], clock), record)

    def take(self) -> Batches:
        """Yields the sessions that are complete so far."""
        if self.joiner is not None and (native := self.joiner.take()) is not None:
            yield pyarrow.record_batch(native)

    def finish(self) -> Batches:
        """Yields the rest of the sessions."""
        if self.joiner is not None:
            self.joiner.finish()
            yield from self.take()


def _latest(one: int | None, other: int | None) -> int | None:
    """Returns the later of two times."""
    return max((time for time in (one, other) if time is not None), default=None)
