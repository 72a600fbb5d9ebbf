"""The schema, and what it says of events and their fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import _native

SCHEMA: dict[str, Any] = json.loads(_native.SCHEMA_TEXT)
"""The JSON Schema of an event, as `ccxlog schema` prints it. Change a copy of it, not this one."""


@dataclass(frozen=True)
class Column:
    """A column of the table of an event."""

    name: str
    type: str
    """`string`, `integer`, `boolean`, `timestamp` or `json`."""
    pointer: str | None
    """JSON Pointer to the field that it holds; `None` for the fields that the schema does not describe."""
    description: str


@dataclass(frozen=True)
class Event:
    """An event that the schema describes, or, without a name, the table of all others."""

    name: str | None
    table: str
    title: str
    description: str
    columns: tuple[Column, ...]


@cache
def _events() -> tuple[Event, ...]:
    described = {event["name"]: event for event in json.loads(_native.reference_json())["events"]}
    return tuple(
        Event(
            name=name,
            table=table,
            title=described[name]["title"] if name else "Other events",
            description=described[name]["description"] if name else description,
            columns=tuple(Column(*column) for column in columns),
        )
        for table, name, description, columns in _native.tables()
    )


def events() -> list[Event]:
    """Lists the events that the schema describes, each with its table and columns, and the table of all other events.

    `ccxlog events NAME` prints what is known about each field.
    """
    return list(_events())
