"""Read, validate and convert the log events that OpenVPN CloudConnexa streams to S3.

The same engine as the command line ``ccxlog``, which is in this package too: ``python -m cloudconnexa_events``.

=====================================  =========================================================
to                                     use
=====================================  =========================================================
learn what is wrong with events        :func:`validate`, :func:`is_valid`
load events into pandas, Polars, …     :func:`read`, a reader of typed Arrow batches
get the records that are not events    :func:`read_rejected`
see who was connected, and how long    :func:`sessions`
learn what the vendor has changed      :func:`drift`
write Parquet, CSV, OCSF or ECS        :func:`convert`
list the files that inputs match       :func:`find`
look up events and their fields        :func:`events`, ``SCHEMA``
read more than one machine can         :mod:`cloudconnexa_events.spark`
=====================================  =========================================================

**Inputs** are files, folders with logs below them, glob patterns, ``s3://BUCKET/PREFIX`` and ``https://HOST/FILE``, as on
the command line; gzip is recognized by its content. **Nothing is lost**: a record is a row, is rejected with its cause, or
is of an event that was not asked for; an input that cannot be read to its end raises :class:`ReadError`.

Work is done on threads without the lock of the interpreter, in bounded memory, and Ctrl-C ends it.
"""

from __future__ import annotations

from ._api import IncompleteWarning, drift, find, read, read_rejected, sessions, validate
from ._convert import Conversion, convert
from ._native import (
    ConvertError,
    Difference,
    Error,
    Finding,
    InputError,
    Profile,
    ReadError,
    Source,
    Validation,
    is_valid,
)
from ._native import VERSION as __version__
from ._reference import SCHEMA, Column, Event, events

__all__ = [
    "SCHEMA",
    "Column",
    "Conversion",
    "ConvertError",
    "Difference",
    "Error",
    "Event",
    "Finding",
    "IncompleteWarning",
    "InputError",
    "Profile",
    "ReadError",
    "Source",
    "Validation",
    "__version__",
    "convert",
    "drift",
    "events",
    "find",
    "is_valid",
    "read",
    "read_rejected",
    "sessions",
    "validate",
]
