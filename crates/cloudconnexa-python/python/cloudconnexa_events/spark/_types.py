"""Schemas: what an executor sends, as Arrow and as Spark call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow

from cloudconnexa_events._native import InputError, rejected_schema, rows_schema, session_events_schema, sessions_schema

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType

GROUP = pyarrow.struct(
    [
        pyarrow.field("number", pyarrow.int64()),
        pyarrow.field("inputs", pyarrow.int64()),
        pyarrow.field("records", pyarrow.int64()),
        pyarrow.field("rows", pyarrow.int64()),
        pyarrow.field("rejected", pyarrow.int64()),
        pyarrow.field("left_out", pyarrow.int64()),
        pyarrow.field("unread", pyarrow.list_(pyarrow.field("element", pyarrow.string()))),
    ]
)
"""What a task has read.

Its number, inputs, records, rows, rejected records, records of events that were not chosen, and the names of inputs
that it has skipped.
"""

COUNTS = pyarrow.schema(list(GROUP))
PROFILES = pyarrow.schema([("profile", pyarrow.binary())])


def rows(events: Sequence[str] | None, columns: Sequence[str] | None) -> pyarrow.Schema:
    """Returns the columns of events. Raises `ValueError` for names that do not exist."""
    return pyarrow.schema(rows_schema(events, columns))


def rejected() -> pyarrow.Schema:
    """Returns the columns of rejected records."""
    return pyarrow.schema(rejected_schema())


def everything(events: Sequence[str] | None, columns: Sequence[str] | None) -> pyarrow.Schema:
    """Returns the columns of events, followed by those that say what a row is.

    `kind` is `event`, `rejected` or `group`. `rejected` is a struct with the columns of a rejected record, and `group`
    one with the counts of a task; each is null in rows of another kind.
    """
    more = [
        pyarrow.field("kind", pyarrow.string()),
        pyarrow.field("rejected", pyarrow.struct(list(rejected()))),
        pyarrow.field("group", GROUP),
    ]
    return pyarrow.schema([*rows(events, columns), *more])


def session_events() -> pyarrow.Schema:
    """Returns the columns that bring events to the task that joins their sessions.

    Rows with `event` 0 are a group's own: `clock` is its last one, `first` its first, and `streamed` is JSON.
    """
    more = [
        ("bucket", pyarrow.int64()),
        ("event", pyarrow.int64()),
        ("group", pyarrow.int64()),
        ("sequence", pyarrow.int64()),
        ("first", pyarrow.int64()),
        ("streamed", pyarrow.string()),
    ]
    # A group's own rows have no record.
    kept = [
        field.with_nullable(True)
        for field in pyarrow.schema(session_events_schema())
        if field.name in ("clock", "record")
    ]
    return pyarrow.schema([*(pyarrow.field(name, kind) for name, kind in more), *kept])


def sessions() -> pyarrow.Schema:
    """Returns the columns of sessions."""
    return pyarrow.schema(sessions_schema())


def of_table(table: str, events: Sequence[str] | None, columns: Sequence[str] | None) -> pyarrow.Schema:
    """Returns the columns of `events`, `rejected` or `everything`."""
    if table == "rejected":
        return rejected()
    return everything(events, columns) if table == "everything" else rows(events, columns)


def spark_schema(schema: pyarrow.Schema) -> StructType:
    """Returns an Arrow schema as Spark writes it."""
    from pyspark.sql.types import StructField, StructType

    return StructType([StructField(field.name, spark_type(field.type), True) for field in schema])


def spark_type(kind: pyarrow.DataType) -> DataType:
    """Returns an Arrow type as Spark writes it.

    `pyspark.sql.pandas.types` has the same, but is not public, and moved between versions.
    """
    from pyspark.sql import types

    if pyarrow.types.is_struct(kind):
        return types.StructType([types.StructField(field.name, spark_type(field.type), True) for field in kind])
    if pyarrow.types.is_list(kind):
        return types.ArrayType(spark_type(kind.value_type), True)
    if pyarrow.types.is_timestamp(kind) and kind.unit == "us":
        return types.TimestampType() if kind.tz else types.TimestampNTZType()
    simple: dict[pyarrow.DataType, type[DataType]] = {
        pyarrow.string(): types.StringType,
        pyarrow.binary(): types.BinaryType,
        pyarrow.bool_(): types.BooleanType,
        pyarrow.int64(): types.LongType,
        pyarrow.int32(): types.IntegerType,
        pyarrow.float64(): types.DoubleType,
        pyarrow.date32(): types.DateType,
    }
    if kind not in simple:
        raise InputError(f"Spark has no type for {kind}")
    return simple[kind]()
