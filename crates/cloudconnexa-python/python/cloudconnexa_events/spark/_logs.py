"""What `read` returns: tables, rejected records, counts, profiles and sessions, computed by executors on use."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyarrow

from cloudconnexa_events._api import latest, microseconds
from cloudconnexa_events._native import Error, Profile
from cloudconnexa_events._reference import events
from cloudconnexa_events.spark import _groups, _types
from cloudconnexa_events.spark._remote import Task, remote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BUCKETS = 32
"""The number of partitions that sessions are joined in, at most."""


@dataclass(frozen=True)
class Summary:
    """The counts of a job.

    `inputs` is the number of objects that were listed, `records` that of the records in them. Of these, `rows` are in a
    table, `rejected` are not valid events, and `left_out` are of events that were not chosen. `unread` has the names of
    objects that could not be read to their ends; it is empty unless they may be skipped.
    """

    inputs: int
    records: int
    rows: int
    rejected: int
    left_out: int = 0
    unread: tuple[str, ...] = ()


class Logs:
    """Log events as DataFrames.

    Objects were listed when this was made; they are read each time a DataFrame is used, by executors. To read them once
    and use several tables, persist or write `everything`.
    """

    def __init__(
        self,
        spark: SparkSession,
        objects: Sequence[_groups.Listed],
        *,
        events: Sequence[str] | None,
        columns: Sequence[str] | None,
        group_bytes: int | None,
        options: Mapping[str, Any],
    ) -> None:
        self._spark = spark
        self._objects = tuple(objects)
        self._groups = _groups.grouped(objects, group_bytes)
        self._events = None if events is None else list(events)
        self._columns = None if columns is None else list(columns)
        self._options = dict(options)
        # Names that do not exist are an error here, instead of in each task.
        _types.rows(self._events, self._columns)

    def __repr__(self) -> str:
        return f"<Logs of {len(self._objects):,} objects in {len(self._groups):,} groups>"

    @property
    def objects(self) -> tuple[_groups.Listed, ...]:
        """The objects in the order of the listing: `name`, `size` in bytes, `modified` in seconds since 1970."""
        return self._objects

    @property
    def groups(self) -> int:
        """The number of tasks of each job."""
        return len(self._groups)

    @property
    def events(self) -> DataFrame:
        """One row for each valid event of the chosen kinds, with the columns of all; `event_name` says which it is."""
        return self._table("events", self._events, self._columns)

    @property
    def rejected(self) -> DataFrame:
        """The records that are not valid events, and why.

        Columns: `source`, `line`, `column` and `offset` (of the record, the latter in bytes), `part`, `rule`, `cause`
        and `record`, its bytes. A record above the size limit has several rows, whose `part` is 1, 2, …, and only the
        last one has a cause. A row without bytes is a fault between records, or an object that could not be read to its
        end.
        """
        return self._table("rejected", self._events, None)

    @property
    def everything(self) -> DataFrame:
        """Rows and rejected records in one DataFrame, from one pass.

        The columns of `events`, and `kind`: `event`; `rejected`, with the struct `rejected`; or `group`, with the
        struct `group`, which has the counts of one task. `summary(…)` checks a persisted or written copy with them.
        """
        return self._table("everything", self._events, self._columns)

    @functools.cached_property
    def tables(self) -> Mapping[str, DataFrame]:
        """A DataFrame for each kind of event, by its table: `client_disconnected`. Using one reads all objects."""
        names = event_names() if self._events is None else self._events
        return _Tables(self, {name.replace("-", "_"): name for name in names})

    def table(self, event_name: str) -> DataFrame:
        """Returns the rows of one kind of event, such as `client-disconnected`. Raises `ValueError` without it."""
        try:
            return self.tables[event_name.replace("-", "_")]
        except KeyError:
            raise ValueError(f"no event `{event_name}`; there are {', '.join(self.tables)}") from None

    def summary(self, everything: DataFrame | None = None) -> Summary:
        """Counts, and checks that each record is a row, is rejected, or is of an event that was not chosen.

        Without an argument, this reads all objects. With one, it counts a copy of `everything`, such as a persisted or
        a written one.

        Raises `Error` if the counts do not add up, or if a group or an object is missing or there twice.
        """
        from pyspark.sql import functions

        if everything is None:
            rows = self._run("counts", {"events": self._events}, _types.COUNTS).collect()
            return self._added(rows, sum(row["rows"] for row in rows), sum(row["rejected"] for row in rows))
        rows = everything.where("kind = 'group'").select("group.*").collect()
        # Only the last part of a record has a cause, and what is between records has no bytes.
        of_kind = {
            row["kind"]: row["count"]
            for row in everything.where(
                "kind = 'event' or (kind = 'rejected' and rejected.cause is not null and rejected.record is not null)"
            )
            .groupBy("kind")
            .agg(functions.count("*").alias("count"))
            .collect()
        }
        return self._added(rows, of_kind.get("event", 0), of_kind.get("rejected", 0))

    def profile(self) -> Profile:
        """Returns the profile of all events, byte for byte that of a single run over everything.

        With `skip_unreadable`, it lacks what could not be read, which only `summary` names.

        Executors make a profile of each group and merge them, and the driver merges the rest.
        """
        frame = self._run("profiles", {}, _types.PROFILES)
        if len(self._groups) > BUCKETS:
            # A profile of every group could be more than the driver may take.
            frame = frame.repartition(math.isqrt(len(self._groups))).mapInArrow(
                remote("merge", self._task({})), _types.spark_schema(_types.PROFILES)
            )
        profiles = [Profile.from_json(bytes(row["profile"])) for row in frame.collect()]
        return profiles[0].merge(*profiles[1:]) if profiles else Profile()

    def sessions(self, horizon: timedelta = timedelta(days=30)) -> DataFrame:
        """Returns a row for each session: who was connected, from where, how long, how much, and why it ended.

        The rows are the same as those of a single run, in another order. A session whose other event is not found within
        `horizon`, by the times of events, is given up. Invalid records that do not say which session they are about are
        left out. With `skip_unreadable`, so are events that could not be read, which only `summary` names.

        Raises `ValueError` if `horizon` is not positive.
        """
        buckets = min(BUCKETS, max(1, len(self._groups)))
        more = {
            "horizon": microseconds(horizon),
            "latest": latest(),
            "buckets": buckets,
            "groups": len(self._groups),
        }
        events = self._run("session_events", more, _types.session_events())
        return (
            events.repartition(buckets, "bucket")
            .sortWithinPartitions("bucket", "event", "group", "sequence")
            .mapInArrow(remote("sessions", self._task(more)), _types.spark_schema(_types.sessions()))
        )

    def _task(self, more: Mapping[str, Any]) -> Task:
        return {"options": self._options, "events": self._events, "columns": self._columns, **more}

    def _run(self, function: str, more: Mapping[str, Any], schema: pyarrow.Schema) -> DataFrame:
        groups = _groups.frame(self._spark, self._groups)
        return groups.mapInArrow(remote(function, self._task(more)), _types.spark_schema(schema))

    def _table(self, table: str, events: Sequence[str] | None, columns: Sequence[str] | None) -> DataFrame:
        chosen = {
            "table": table,
            "events": None if events is None else list(events),
            "columns": None if columns is None else list(columns),
        }
        return self._run("table", chosen, _types.of_table(table, events, columns))

    def _columns_of(self, event: str) -> list[str] | None:
        """Returns the columns of `columns` that the table of an event has."""
        if self._columns is None:
            return None
        own = set(_types.rows([event], None).names)
        return [column for column in self._columns if column in own]

    def _added(self, rows: Sequence[Any], kept: int, rejected: int) -> Summary:
        """Checks the counts of all groups against the rows that there are."""
        numbers = sorted(row["number"] for row in rows)
        if numbers != list(range(len(self._groups))):
            raise Error(f"{len(self._groups)} groups were to be read, but there are counts of {len(numbers)}")
        unread = tuple(name for row in sorted(rows, key=lambda row: row["number"]) for name in row["unread"] or [])
        found = Summary(
            inputs=sum(row["inputs"] for row in rows),
            records=sum(row["records"] for row in rows),
            rows=kept,
            rejected=rejected,
            left_out=sum(row["left_out"] for row in rows),
            unread=unread,
        )
        if found.inputs != len(self._objects):
            raise Error(f"{len(self._objects)} objects were listed, but {found.inputs} were read")
        expected = (sum(row["rows"] for row in rows), sum(row["rejected"] for row in rows))
        if (kept, rejected) != expected:
            raise Error(
                f"tasks have made {expected[0]} rows and {expected[1]} rejected records, but there are "
                f"{kept} and {rejected}"
            )
        if found.records != kept + rejected + found.left_out:
            raise Error(
                f"{found.records} records were read, but there are {kept} rows, {rejected} rejected records and "
                f"{found.left_out} records of other events"
            )
        return found


class _Tables(Mapping[str, "DataFrame"]):
    """DataFrames by the name of their table, each made when it is asked for."""

    def __init__(self, logs: Logs, events: Mapping[str, str]) -> None:
        self._logs, self._events = logs, events

    def __getitem__(self, name: str) -> DataFrame:
        event = self._events[name]
        return self._logs._table("events", [event], self._logs._columns_of(event))

    def __iter__(self) -> Iterator[str]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)


@functools.cache
def event_names() -> tuple[str, ...]:
    """Returns the events that have a table: those of the schema, and `unknown_event` for all others."""
    return tuple(event.name or event.table for event in events())
