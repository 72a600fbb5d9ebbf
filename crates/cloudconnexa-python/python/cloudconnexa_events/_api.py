"""The functions that read inputs."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import _native
from ._inputs import Inputs, ReadOptions, in_range, names, options, selected

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Unpack

_DAY = timedelta(days=1)
_MOST = 1 << 48
_MICROSECOND = timedelta(microseconds=1)


class IncompleteWarning(UserWarning):
    """Not everything that was read is in the result: records were rejected, or inputs skipped."""


def find(
    inputs: Inputs,
    *,
    may_be_empty: bool = False,
    **read: Unpack[ReadOptions],
) -> list[_native.Source]:
    """Lists the files and objects that inputs match, without reading them.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        may_be_empty: Whether a folder, pattern or prefix may match nothing, which is an error by default.
        read: See :class:`ReadOptions`.

    Returns:
        The sources in the order in which they are read, each with `name`, `size` in bytes as stored, and `modified`, in
        seconds since 1970.

    Raises:
        InputError: An input matches nothing that can be read, or a bucket cannot be listed.
    """
    return _native.find(names(inputs), options(read), may_be_empty)


def validate(
    inputs: Inputs | bytes,
    *,
    max_findings: int = 1000,
    show_values: bool = False,
    **read: Unpack[ReadOptions],
) -> _native.Validation:
    """Checks every record against the schema.

    Args:
        inputs: Files, folders, glob patterns or addresses; or the text of records as bytes, which may be compressed.
        max_findings: The maximum number of findings to list. All are counted.
        show_values: Whether messages include values from events, such as names and addresses.
        read: See :class:`ReadOptions`.

    Returns:
        The findings, each with `source`, `line`, `column`, `pointer`, `rule`, `message` and `help`, and how many records are
        valid and invalid. `is_valid` says whether nothing is wrong, which it is not with an empty input either: look at
        `records` as well.

    Raises:
        InputError: An input matches nothing that can be read.
        ReadError: An input cannot be read to its end.
    """
    in_range("max_findings", max_findings, 0, _MOST)
    if isinstance(inputs, (bytes, bytearray, memoryview)):
        return _native.validate_bytes(bytes(inputs), options(read), max_findings, show_values)
    return _native.validate(names(inputs), options(read), max_findings, show_values)


def read(
    inputs: Inputs,
    *,
    events: str | Iterable[str] | None = None,
    columns: str | Iterable[str] | None = None,
    batch_rows: int = 8_192,
    on_rejected: Callable[[pa.RecordBatch], object] | None = None,
    **read: Unpack[ReadOptions],
) -> pa.RecordBatchReader:
    """Reads valid events as typed rows.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        events: The names of the wanted events. With one, the reader has the columns of its table; with several, or without,
            those of all their tables, where a row is null in the columns that its event does not have. Events that the schema
            does not describe are in the table `unknown_event`.
        columns: The names of the wanted columns; all by default. :func:`events` lists them.
        batch_rows: The maximum number of rows of a batch. Most batches have fewer: they end where putting more rows into them would
            only copy them, and at 16 MiB of events.
        on_rejected: Is called with each batch of rejected records, in the form of :func:`read_rejected`. Without it, an
            :class:`IncompleteWarning` at the end says how many there are.
        read: See :class:`ReadOptions`.

    Returns:
        A reader that Polars, DuckDB and others consume without copying. It reads as it is consumed; deleting it stops the threads,
        and closing it does not. Texts are `utf8`, integers `int64`, times `timestamp[us, tz=UTC]`, and every column may be null.

    Raises:
        InputError: An input matches nothing that can be read.
        ReadError: While the reader is consumed: an input cannot be read to its end. What it holds before that was returned.
            Polars and DuckDB raise exceptions of their own, with the same message.
        ValueError: No event or column has that name.
        ImportError: pyarrow is not installed.
    """
    arrow = _pyarrow()
    stream = _native.read_rows(
        names(inputs),
        options(read),
        selected("events", events),
        selected("columns", columns),
        in_range("batch_rows", batch_rows, 1, _MOST),
        True,
        on_rejected is not None,
    )

    def rejected(batch: pa.RecordBatch) -> None:
        if on_rejected is not None:
            on_rejected(batch)

    what = None if on_rejected else "records were rejected; `read_rejected` returns them with their causes"
    batches = _Batches(stream, arrow.record_batch, {"rejected": rejected}, what)
    return arrow.RecordBatchReader.from_batches(arrow.schema(stream.schema()), batches)


def read_rejected(inputs: Inputs, **read: Unpack[ReadOptions]) -> pa.RecordBatchReader:
    """Reads the records that are not valid events.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        read: See :class:`ReadOptions`.

    Returns:
        A reader with these columns:

        ===========  ========================================================================================
        `source`     the name of the input
        `line`       the line of the first byte, from 1
        `column`     its column, from 1, in Unicode code points
        `offset`     its offset in the decompressed text, from 0
        `part`       of a record over `max_record_bytes`, the number of this piece, from 1; else null
        `rule`       the id of the rule; null for all pieces but the last
        `cause`      what is wrong; contains values of the event
        `record`     its bytes; null if something is wrong between two records
        ===========  ========================================================================================

        With `skip_unreadable`, an input that could not be read to its end is a row whose rule is `unreadable-input`.

    Raises:
        InputError: An input matches nothing that can be read.
        ReadError: While the reader is consumed: an input cannot be read to its end.
        ImportError: pyarrow is not installed.
    """
    arrow = _pyarrow()
    stream = _native.read_rows(names(inputs), options(read), None, None, 1, False, True)
    batches = _Batches(stream, arrow.record_batch, {}, None)
    return arrow.RecordBatchReader.from_batches(arrow.schema(_native.rejected_schema()), batches)


def sessions(
    inputs: Inputs,
    *,
    horizon: timedelta = 30 * _DAY,
    max_open: int = 100_000,
    **read: Unpack[ReadOptions],
) -> pa.RecordBatchReader:
    """Joins the events at the start and the end of each session, as `ccxlog sessions` does.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        horizon: A session whose other event is not found within this time, measured by the events, is given up.
        max_open: How many sessions may wait for their other event before the oldest is given up.
        read: See :class:`ReadOptions`.

    Returns:
        A reader with one row per session, in the columns of `ccxlog sessions`, in snake case: `user_id`, `public_ip`,
        `start` and `end` (`timestamp[us, tz=UTC]`), `duration_seconds`, `bytes_in` and `bytes_out`, `refused` and so on.

    Raises:
        InputError: An input matches nothing that can be read.
        ReadError: While the reader is consumed: an input cannot be read to its end.
        ImportError: pyarrow is not installed.
    """
    in_range("max_open", max_open, 1, _MOST)
    arrow = _pyarrow()
    stream = _native.read_sessions(names(inputs), options(read), microseconds(horizon), max_open, latest())

    what = "records were left out, as they are invalid and do not say which session they are about"
    batches = _Batches(stream, arrow.record_batch, {}, what)
    return arrow.RecordBatchReader.from_batches(arrow.schema(stream.schema()), batches)


def drift(inputs: Inputs, **read: Unpack[ReadOptions]) -> _native.Profile:
    """Observes which events, fields and values occur, to learn what the vendor has changed.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        read: See :class:`ReadOptions`.

    Returns:
        The profile of the events. `findings()` lists what differs from the schema, or from an earlier profile; `to_json()`
        keeps it, in the format of `ccxlog drift --write-profile`; `merge()` adds others. It contains values of events unless
        it is masked with `mask()`.

    Raises:
        InputError: An input matches nothing that can be read.
        ReadError: An input cannot be read to its end.
    """
    profile, unread = _native.profile(names(inputs), options(read))
    if unread:
        _warn_unread(unread, 3)
    return profile


def microseconds(horizon: timedelta) -> int:
    """Returns a horizon in microseconds.

    Raises:
        TypeError: It is not a time.
        ValueError: It is not positive, or longer than the native part can count.
    """
    if not isinstance(horizon, timedelta):
        raise TypeError(f"`horizon` is {horizon!r}, but must be a timedelta")
    if not timedelta(0) < horizon <= 100_000 * _DAY:
        raise ValueError(f"`horizon` is {horizon}, but must be positive, and at most 100,000 days")
    return horizon // _MICROSECOND


def latest() -> int:
    """Returns the time after which one of an event counts as a mistake, in microseconds since 1970: a day from now."""
    return (time.time_ns() // 1000) + _DAY // _MICROSECOND


class _Batches:
    """The batches of a stream. Unlike a generator, several threads may take turns with it."""

    def __init__(
        self,
        stream: _native.BatchStream,
        convert: Callable[[_native.Batch], pa.RecordBatch],
        others: dict[str, Callable[[pa.RecordBatch], None]],
        what_is_rejected: str | None,
    ) -> None:
        self._stream = stream
        self._convert = convert
        # What else takes batches, by what they hold.
        self._others = others
        self._what_is_rejected = what_is_rejected

    def __iter__(self) -> _Batches:
        return self

    def __next__(self) -> pa.RecordBatch:
        for kind, batch in self._stream:
            converted = self._convert(batch)
            if kind not in self._others:
                return converted
            self._others[kind](converted)
        what, self._what_is_rejected = self._what_is_rejected, None
        if what is not None:
            _warn(self._stream, what)
        raise StopIteration


def _warn(stream: _native.BatchStream, what: str) -> None:
    if stream.rejected:
        warnings.warn(f"{stream.rejected:,} of {stream.records:,} {what}", IncompleteWarning, stacklevel=3)
    if stream.unread:
        _warn_unread(stream.unread, 4)


def _warn_unread(unread: list[str], level: int) -> None:
    listed = "; ".join(unread[:10]) + ("; …" if len(unread) > 10 else "")
    inputs = "1 input" if len(unread) == 1 else f"{len(unread):,} inputs"
    warnings.warn(f"{inputs} could not be read to the end: {listed}", IncompleteWarning, stacklevel=level)


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ImportError(
            "pyarrow is not installed, and tables are returned as its batches; "
            "type: pip install 'cloudconnexa-events[arrow]'"
        ) from error
    return pyarrow


__all__ = ["IncompleteWarning", "drift", "find", "read", "read_rejected", "sessions", "validate"]
