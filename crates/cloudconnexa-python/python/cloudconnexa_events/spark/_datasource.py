"""The data source `cloudconnexa` of Spark 4.0 and newer.

Spark sends the classes of a data source to other processes: one that plans a query, on the driver's machine, and all
executors. They are made inside a function, so that cloudpickle sends them by value; see `_remote`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cloudconnexa_events._inputs import ReadOptions, options
from cloudconnexa_events._native import Error, InputError
from cloudconnexa_events.spark import _groups, _offsets, _types
from cloudconnexa_events.spark._remote import loader

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType

NAME = "cloudconnexa"
TABLES = ("events", "rejected", "everything")
MAX_FILES_PER_BATCH = 10_000

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Settings:
    """The options of a data source, as text, and what they mean."""

    paths: tuple[str, ...] = ()
    table: str = "events"
    events: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    group_bytes: int | None = None
    threads: int = 1
    skip_unreadable: bool = False
    endpoint_url: str | None = None
    region: str | None = None
    max_record_bytes: int | None = None
    max_inflated_bytes: int | None = None
    follow_links: bool = True
    max_files_per_batch: int | None = None
    lateness: timedelta = timedelta(days=7)
    late: str = "fail"
    changed: str = "fail"

    @staticmethod
    def parse(given_options: Mapping[str, str]) -> Settings:
        """Reads options. Raises `InputError` for wrong values and unknown options, with the nearest that exists."""
        readers = {
            "events": _names,
            "columns": _names,
            "group_bytes": _size,
            "threads": _count,
            "skip_unreadable": _boolean,
            "max_record_bytes": _size,
            "max_inflated_bytes": _size,
            "follow_links": _boolean,
            "max_files_per_batch": _count,
            "lateness": _duration,
            "table": _one_of(TABLES),
            "late": _one_of(_offsets.LATE),
            "changed": _one_of(_offsets.CHANGED),
            "endpoint_url": _text,
            "region": _text,
        }
        paths: list[str] = []
        found: dict[str, Any] = {}
        for given, value in given_options.items():
            name = given.lower()
            if name == "path":
                paths.insert(0, value)
            elif name == "paths":
                # What `load(["a", "b"])` passes on.
                paths += _names("paths", value)
            elif name in readers:
                found[name] = readers[name](name, value)
            else:
                near = difflib.get_close_matches(name.replace("-", "_"), ["path", "paths", *readers], 1, 0.5)
                advice = f"; did you mean `{near[0]}`?" if near else f"; there are path, paths, {', '.join(readers)}"
                raise InputError(f'the data source "{NAME}" has no option `{given}`{advice}')
        if not paths:
            raise InputError(
                f'nothing to read: pass a path to `load`, as in spark.read.format("{NAME}").load("s3://BUCKET/PREFIX/")'
            )
        return Settings(paths=tuple(_groups.paths_of(paths)), **found)

    def task(self) -> dict[str, Any]:
        """Returns what executors have to know."""
        names = ReadOptions.__annotations__
        columns = None if self.table == "rejected" else self.columns
        return {
            "options": {name: value for name, value in asdict(self).items() if name in names},
            "table": self.table,
            "events": None if self.events is None else list(self.events),
            "columns": None if columns is None else list(columns),
        }

    def schema(self) -> StructType:
        """Returns the columns of the table."""
        return _types.spark_schema(_types.of_table(self.table, self.events, self.columns))

    def listing(self, *, may_be_empty: bool = False) -> list[_groups.Listed]:
        """Lists the objects that there are."""
        checked = options(self.task()["options"])
        return _groups.listed(self.paths, checked, may_be_empty=may_be_empty)

    def partitions(self, objects: Sequence[_groups.Listed]) -> list[tuple[int, list[str]]]:
        """Returns the groups of objects, with their numbers."""
        return list(enumerate(_groups.grouped(objects, self.group_bytes)))


class Progress:
    """The progress of a stream, whatever the version of Spark.

    Spark 4.0 and 4.1 do not say where a batch starts when they ask for its end. But they call `partitions` before that,
    with the batch before or, after a restart, with an empty one, so the start is known.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rules = _offsets.Rules(settings.lateness, settings.late, settings.changed)
        self.start = _offsets.Offset().to_json()
        self.all: list[_groups.Listed] | None = None

    def prepare(self) -> None:
        """Lists once, for a query that ends when it has read what there is now."""
        self.all = self.settings.listing(may_be_empty=True)

    def following(self, start: Mapping[str, Any], most: int | None) -> dict[str, Any]:
        """Returns the offset after the next batch; `start` if there is nothing new."""
        listing = self.settings.listing(may_be_empty=True) if self.all is None else self.all
        before = _offsets.Offset.from_json(start)
        after = _offsets.following(before, listing, self.rules, most)
        # Spark compares texts: what has not changed has to be what it was.
        return dict(start) if after is before else after.to_json()

    def partitions(self, start: Mapping[str, Any], end: Mapping[str, Any]) -> list[tuple[int, list[str]]]:
        """Returns the groups of the objects between two offsets."""
        self.start = dict(end)
        if start == end:
            return []
        first, last = _offsets.Offset.from_json(start), _offsets.Offset.from_json(end)
        if last.batch != first.batch + 1:
            # An end says which objects its own batch adds, and those of a skipped one would be lost.
            raise Error(f"a batch from offset {first.batch} to {last.batch} is more than one; please report this")
        return self.settings.partitions(last.added)


def register(spark: SparkSession) -> None:
    """Adds the data source `cloudconnexa` to a session, for `spark.read` and `spark.readStream`.

    Options, in addition to one or several paths for `load`:

    - `table`: `events` (default), `rejected` or `everything`, as in `Logs`.
    - `events`, `columns`: separated by commas, or as a JSON array.
    - `group_bytes`, `threads`, `skip_unreadable`, `endpoint_url`, `region`, `max_record_bytes`, `max_inflated_bytes`,
      `follow_links`: as for `read`.

    For streams:

    - `max_files_per_batch`: the most objects of a batch; 10,000 by default. Spark 4.2 and newer.
    - `lateness`: for how long, such as `7d`, an object may be late: modified before others that have been read. 7 days
      by default.
    - `late`: whether the query fails (`fail`, default) when an object is later than that, or goes on without it
      (`skip`).
    - `changed`: whether it fails (`fail`, default) when an object changes after it was read, or goes on without that
      (`skip`), or reads all of it again (`read`).

    Raises `Error` on Spark before 4.0. Unknown options are an error of `load`.
    """
    try:
        from pyspark.sql import datasource  # noqa: F401
    except ImportError:
        import pyspark

        raise Error(
            f'format("{NAME}") needs Spark 4.0, and this is {pyspark.__version__}; use `cloudconnexa_events.spark.read`'
        ) from None
    spark.dataSource.register(_source())


def _source() -> type[Any]:
    """Returns the class of the data source. Each method imports what it uses, because it runs in other processes."""
    from pyspark.sql.datasource import DataSource, DataSourceReader, DataSourceStreamReader, InputPartition

    name, default_limit, load = NAME, MAX_FILES_PER_BATCH, loader()

    def module(part: str) -> Any:
        return load(f"cloudconnexa_events.spark.{part}")

    def read_partition(task: dict[str, Any], partition: Any) -> Any:
        # Spark makes one partition without a value if there would be none.
        if partition.value is not None:
            number, names = partition.value
            yield from module("_executor").read(task, number, names)

    def wrapped(groups: Any) -> Any:
        return [InputPartition(group) for group in groups]

    class Reader(DataSourceReader):
        def __init__(self, options: Mapping[str, str]) -> None:
            self.options = dict(options)
            self.task = module("_datasource").Settings.parse(options).task()

        def partitions(self) -> Any:
            settings = module("_datasource").Settings.parse(self.options)
            return wrapped(settings.partitions(settings.listing()))

        def read(self, partition: Any) -> Any:
            return read_partition(self.task, partition)

    class StreamReader(DataSourceStreamReader):
        def __init__(self, options: Mapping[str, str]) -> None:
            settings = module("_datasource").Settings.parse(options)
            self.task = settings.task()
            self.progress = module("_datasource").Progress(settings)
            self.most = settings.max_files_per_batch

        def initialOffset(self) -> Any:
            return self.progress.start

        def partitions(self, start: Any, end: Any) -> Any:
            return wrapped(self.progress.partitions(start, end))

        def read(self, partition: Any) -> Any:
            return read_partition(self.task, partition)

        def __getstate__(self) -> dict[str, Any]:
            # Executors only read. And a class of this package would be sent by reference.
            return {"task": self.task}

    stream_reader: type[Any]
    try:
        from pyspark.sql.streaming.datasource import ReadMaxFiles, SupportsTriggerAvailableNow
    except ImportError:

        class UnlimitedStreamReader(StreamReader):
            """Of Spark 4.0 and 4.1."""

            def __init__(self, options: Mapping[str, str]) -> None:
                super().__init__(options)
                if self.most is not None:
                    # With `availableNow`, these versions would run one batch, and end without the rest.
                    raise ValueError("`max_files_per_batch` needs Spark 4.2: older versions do not say when it applies")

            def latestOffset(self) -> Any:  # type: ignore[override]
                return self.progress.following(self.progress.start, None)

        stream_reader = UnlimitedStreamReader
    else:

        class LimitedStreamReader(StreamReader, SupportsTriggerAvailableNow):
            """Of Spark 4.2 and newer, which says where a batch starts, and whether it may have a limit."""

            def getDefaultReadLimit(self) -> Any:
                return ReadMaxFiles(self.most or default_limit)

            def prepareForTriggerAvailableNow(self) -> None:
                self.progress.prepare()

            def latestOffset(self, start: Any, limit: Any) -> Any:
                return self.progress.following(start, limit.max_files if isinstance(limit, ReadMaxFiles) else None)

        stream_reader = LimitedStreamReader

    class Source(DataSource):
        @classmethod
        def name(cls) -> str:
            return name

        def schema(self) -> Any:
            return module("_datasource").Settings.parse(self.options).schema()

        def reader(self, schema: Any) -> Any:
            return Reader(self.options)

        def streamReader(self, schema: Any) -> Any:
            return stream_reader(self.options)

    return Source


def _text(_name: str, value: str) -> str:
    return value


def _names(name: str, value: str) -> tuple[str, ...]:
    """Reads names that are separated by commas, or a JSON array of them."""
    if value.lstrip().startswith("["):
        try:
            return tuple(str(one) for one in json.loads(value))
        except ValueError as error:
            raise InputError(f"`{name}` is `{value}`, which starts as JSON and is not: {error}") from None
    return tuple(one.strip() for one in value.split(",") if one.strip())


def _count(name: str, value: str) -> int:
    """Reads a number that is at least 1."""
    if not (value.isascii() and value.isdigit() and int(value) >= 1):
        raise InputError(f"`{name}` is `{value}`, but must be a whole number from 1 on")
    return int(value)


def _size(name: str, value: str) -> int:
    """Reads a number of bytes: `33554432` or `32m`."""
    match = re.fullmatch(r"(\d+)\s*([kmg]?)(?:i?b)?", value.strip().lower())
    if not match or int(match[1]) == 0:
        raise InputError(f"`{name}` is `{value}`, but must be a number of bytes, such as `33554432` or `32m`")
    return int(match[1]) << {"": 0, "k": 10, "m": 20, "g": 30}[match[2]]


def _boolean(name: str, value: str) -> bool:
    """Reads `true` or `false`."""
    if value.lower() not in ("true", "false"):
        raise InputError(f"`{name}` is `{value}`, but must be true or false")
    return value.lower() == "true"


def _duration(name: str, value: str) -> timedelta:
    """Reads a time such as `7d`."""
    match = re.fullmatch(r"(\d+)\s*([smhdw])", value.strip().lower())
    if not match:
        raise InputError(f"`{name}` is `{value}`, but must be a time such as `12h` or `7d`")
    try:
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError:
        raise InputError(f"`{name}` is `{value}`, which is too long") from None


def _one_of(words: Sequence[str]) -> Any:
    """Returns a function that reads one of some words."""

    def read(name: str, value: str) -> str:
        if value not in words:
            raise InputError(f"`{name}` is `{value}`, but must be {', '.join(words[:-1])} or {words[-1]}")
        return value

    return read
