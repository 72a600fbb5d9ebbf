"""The functions that read inputs."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from . import _native
from ._inputs import Inputs, ReadOptions, names, options

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Unpack

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class IncompleteWarning(UserWarning):
    """Not everything that was read is in the result: records were rejected, or inputs skipped."""


def find(
    inputs: Inputs,
    *,
    may_be_empty: bool = False,
    **read: Unpack[ReadOptions],
) -> list[_native.Source]:
    """Lists the files and objects that inputs stand for, without reading them.

    Args:
        inputs: Files, folders, glob patterns or addresses.
        may_be_empty: Whether a folder, pattern or prefix may stand for nothing, which is an error otherwise.
        read: See :class:`ReadOptions`.

    Returns:
        The sources in the order in which they are read, each with `name`, `size` in bytes as stored, and `modified`, in
        seconds since 1970.

    Raises:
        InputError: An input stands for nothing that can be read, or a bucket cannot be listed.
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
        max_findings: How many findings are listed. All are counted.
        show_values: Whether messages have values of events, such as names and addresses.
        read: See :class:`ReadOptions`.

    Returns:
        The findings, each with `source`, `line`, `column`, `pointer`, `rule`, `message` and `help`, and how many records are
        valid and invalid. `is_valid` says whether nothing is wrong.

    Raises:
        InputError: An input stands for nothing that can be read.
        ReadError: An input cannot be read to its end.
    """
    if max_findings < 0:
        raise ValueError(f"`max_findings` is {max_findings}, but must be at least 0")
    if isinstance(inputs, (bytes, bytearray, memoryview)):
        return _native.validate_bytes(bytes(inputs), options(read), max_findings, show_values)
    return _native.validate(names(inputs), options(read), max_findings, show_values)


def read(
    inputs: Inputs,
    *,
    events: str | Iterable[str] | None = None,
    columns: Iterable[str] | None = None,
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
        batch_rows: The greatest number of rows of a batch. Batches have less if their values take more than 16 MiB.
        on_rejected: Is called with each batch of rejected records, in the form of :func:`read_rejected`. Without it, an
            :class:`IncompleteWarning` at the end says how many there are.
        read: See :class:`ReadOptions`.

    Returns:
        A reader that pandas, Polars, DuckDB and others consume without copying. It reads as it is consumed; deleting it ends
        the threads. Texts are `utf8`, integers `int64`, times `timestamp[us, tz=UTC]`, and every column may be null.

    Raises:
        InputError: An input stands for nothing that can be read.
        ReadError: While the reader is consumed: an input cannot be read to its end. What it holds before that was returned.
        ValueError: There is no event or column of such a name.
        ImportError: pyarrow is not installed.
    """
    arrow = _pyarrow()
    stream = _native.read_rows(
        names(inputs),
        options(read),
        _event_names(events),
        None if columns is None else list(columns),
        batch_rows,
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
        InputError: An input stands for nothing that can be read.
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
        InputError: An input stands for nothing that can be read.
        ReadError: While the reader is consumed: an input cannot be read to its end.
        ImportError: pyarrow is not installed.
    """
    if horizon <= timedelta(0):
        raise ValueError(f"`horizon` is {horizon}, but must be longer than nothing")
    if max_open < 1:
        raise ValueError(f"`max_open` is {max_open}, but must be at least 1")
    arrow = _pyarrow()
    stream = _native.read_sessions(names(inputs), options(read), horizon // _MICROSECOND, max_open, latest())

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
        InputError: An input stands for nothing that can be read.
        ReadError: An input cannot be read to its end.
    """
    profile, unread = _native.profile(names(inputs), options(read))
    if unread:
        _warn_unread(unread)
    return profile


def latest() -> int:
    """Returns the time after which one of an event counts as a mistake, in microseconds since 1970: a day from now."""
    return (time.time_ns() // 1000) + _DAY // _MICROSECOND


def _event_names(events: str | Iterable[str] | None) -> list[str] | None:
    if events is None:
        return None
    return [events] if isinstance(events, str) else list(events)


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
        _warn_unread(stream.unread)


def _warn_unread(unread: list[str]) -> None:
    listed = "; ".join(unread[:10]) + ("; …" if len(unread) > 10 else "")
    warnings.warn(f"{len(unread):,} inputs could not be read to their ends: {listed}", IncompleteWarning, stacklevel=4)


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
