"""Groups of objects: the unit of work of a task.

A gzipped object cannot be split, so a task reads whole objects. A group is a contiguous run of the order in which the
driver has listed them, because sessions depend on that order.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloudconnexa_events._native import InputError, Options, find

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

GROUP_BYTES = 32 * 1024 * 1024
"""The largest size of a group by default, in bytes as stored: about 2 s of work, to which a task adds a sixteenth."""

SMALL_GROUP_BYTES = 4 * 1024 * 1024
"""The size of a group by default if there is little to read, so that all cores have some of it."""

GROUPS = 64
"""The number of groups up to which groups stay small."""

GROUP_OBJECTS = 2_000
"""The most objects of a group: beyond that, the time of requests counts more than the bytes."""

GROUP_SCHEMA = "number bigint, names binary"


@dataclass(frozen=True)
class Listed:
    """An object as it was listed: its name, its size in bytes, and when it was modified, in seconds since 1970."""

    name: str
    size: int | None
    modified: int | None


def absolute(path: str | os.PathLike[str]) -> str:
    """Returns a path that means the same in every process: an absolute one, with `s3://` in place of `s3a://`.

    Raises `InputError` for `-`, because executors have no standard input.
    """
    text = os.fspath(path)
    if text == "-":
        raise InputError("`-` cannot be read on a cluster: executors have no standard input")
    for scheme in ("s3a://", "s3n://"):
        if text.startswith(scheme):
            return "s3://" + text[len(scheme) :]
    if text.startswith("file:"):
        text = "/" + text[len("file:") :].lstrip("/")
    if text.startswith("dbfs:"):
        # Where Databricks mounts it; volumes are at the root.
        path = "/" + text[len("dbfs:") :].lstrip("/")
        text = path if path.startswith("/Volumes/") else "/dbfs" + path
    if "://" in text:
        return text
    # A slash at the end is kept: it says that a folder is meant.
    return os.path.abspath(text) + ("/" if text.endswith("/") and text.strip("/") else "")


def paths_of(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[str]:
    """Returns one or several paths as a list of paths that mean the same in every process."""
    several = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not several:
        raise InputError("no paths to read")
    return [absolute(path) for path in several]


def listed(paths: Sequence[str], options: Options, *, may_be_empty: bool = False) -> list[Listed]:
    """Lists the objects of `paths`, in the order in which one process would read them."""
    return [Listed(source.name, source.size, source.modified) for source in find(paths, options, may_be_empty)]


def grouped(objects: Sequence[Listed], group_bytes: int | None, group_objects: int = GROUP_OBJECTS) -> list[list[str]]:
    """Splits objects into contiguous groups of at most `group_bytes` and `group_objects`.

    An object that is larger, or whose size is unknown, is a group of its own. Without `group_bytes`, it depends on what
    there is to read.
    """
    if group_bytes is None:
        whole = sum(one.size or 0 for one in objects)
        group_bytes = min(max(whole // GROUPS, SMALL_GROUP_BYTES), GROUP_BYTES)
    if group_bytes < 1:
        raise ValueError(f"`group_bytes` is {group_bytes}, but must be at least 1")
    groups: list[list[str]] = []
    names: list[str] = []
    held = 0
    for one in objects:
        size = group_bytes if one.size is None else one.size
        if names and (held + size > group_bytes or len(names) >= group_objects):
            groups.append(names)
            names, held = [], 0
        names.append(one.name)
        held += size
    if names:
        groups.append(names)
    return groups


def encoded(names: Sequence[str]) -> bytes:
    """Returns the names of a group as the bytes that a task gets."""
    return json.dumps(list(names)).encode()


def decoded(text: bytes) -> list[str]:
    """Returns the names that `encoded` was called with."""
    return [str(name) for name in json.loads(text)]


def frame(spark: SparkSession, groups: Sequence[Sequence[str]]) -> DataFrame:
    """Returns a DataFrame with a row for each group, `number` and `names`, each in a partition of its own."""
    from pyspark.sql import functions

    rows = [(number, bytearray(encoded(names))) for number, names in enumerate(groups)]
    names = functions.broadcast(spark.createDataFrame(rows, GROUP_SCHEMA))
    # The only way that is also in Spark Connect to get exactly one row for each task: `repartition` puts several rows into one
    # partition and none into another, as each of its inputs starts anywhere.
    return spark.range(0, len(rows), 1, max(len(rows), 1)).withColumnRenamed("id", "number").join(names, "number")
