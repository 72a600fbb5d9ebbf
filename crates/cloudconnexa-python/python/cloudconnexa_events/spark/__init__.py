"""CloudConnexa log events in Apache Spark, and in engines that speak its protocol.

`read(spark, paths)` works with Spark 3.3 and newer. `register(spark)` adds `spark.read.format("cloudconnexa")` and
`spark.readStream.format("cloudconnexa")` to Spark 4.0 and newer. The driver lists objects and puts them into groups;
executors read, inflate, validate and convert them, and need this package in their Python.

    from cloudconnexa_events.spark import read

    logs = read(spark, "s3://my-logs/CloudConnexa/")
    logs.table("client-disconnected").groupBy("parent_entity_name").sum("session_bytes_in").show()
    print(logs.summary())
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cloudconnexa_events._inputs import ReadOptions, options, selected
from cloudconnexa_events.spark._datasource import register
from cloudconnexa_events.spark._groups import Listed, listed, paths_of
from cloudconnexa_events.spark._logs import Logs, Summary

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["Listed", "Logs", "Summary", "read", "register"]


def read(
    spark: SparkSession,
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    events: str | Sequence[str] | None = None,
    columns: str | Sequence[str] | None = None,
    group_bytes: int | None = None,
    threads: int = 1,
    skip_unreadable: bool = False,
    endpoint_url: str | None = None,
    region: str | None = None,
    max_record_bytes: int | None = None,
    max_inflated_bytes: int | None = None,
    follow_links: bool = True,
) -> Logs:
    """Lists the objects of `paths`, and returns their events as DataFrames.

    `paths` are files, folders, glob patterns and `s3://BUCKET/PREFIX`. Files must be at the same place on all nodes.

    - `events`: only these kinds, such as `client-disconnected`. By default all.
    - `columns`: only these columns, in the order of the tables.
    - `group_bytes`: how many bytes, as stored, a task reads; from 4 to 32 MiB by default. An object is never split, so
      a larger one is a task of its own.
    - `threads`: how many threads a task uses. Spark counts on one, unless `spark.task.cpus` is more.
    - `skip_unreadable`: an object that cannot be read to its end becomes a rejected record with the rule
      `unreadable-input`, instead of an error.
    - `endpoint_url`, `region`: of the S3 server. Credentials are those of each executor: its role or its environment.
    - `max_record_bytes`: reject records longer than this; 16 MiB by default.
    - `max_inflated_bytes`: fail if a gzip member inflates to more than this; unlimited by default.
    - `follow_links`: whether symbolic links in folders are followed; they are by default.

    Raises `InputError` if a path names nothing, and `ValueError` if there is no such event or column. An object that an
    executor cannot read to its end fails the job, with the name of the object.
    """
    given: ReadOptions = {
        "threads": threads,
        "max_record_bytes": max_record_bytes,
        "max_inflated_bytes": max_inflated_bytes,
        "skip_unreadable": skip_unreadable,
        "follow_links": follow_links,
        "endpoint_url": endpoint_url,
        "region": region,
    }
    # What is wrong here would be wrong in each task.
    checked = options(given)
    return Logs(
        spark,
        listed(paths_of(paths), checked),
        events=selected("events", events),
        columns=selected("columns", columns),
        group_bytes=group_bytes,
        options=given,
    )
