"""Inputs, and the options of every function that reads them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from typing import TypedDict, Union

from . import _native

StrPath = Union[str, "os.PathLike[str]"]
Inputs = Union[StrPath, Iterable[StrPath]]
"""A file, folder, glob pattern or address, or several of them."""


class ReadOptions(TypedDict, total=False):
    """How inputs are found and read.

    threads
        The number of threads, from 1 to 1024; by default one per processor.
    max_record_bytes
        Longer records are rejected; 16 MiB by default, at most 1 GiB.
    max_inflated_bytes
        A gzip member that inflates to more is an error; unlimited by default.
    skip_unreadable
        Inputs that cannot be read to their ends are skipped instead of raising :class:`ReadError`, and reported: by a warning, in
        `Validation.unread`, or as a row of :func:`read_rejected`. What was read of them is kept.
    follow_links
        Whether symbolic links in folders are followed; they are by default.
    endpoint_url, region
        The endpoint and the region of the bucket. By default, those that the AWS command line would use.
    """

    threads: int | None
    max_record_bytes: int | None
    max_inflated_bytes: int | None
    skip_unreadable: bool
    follow_links: bool
    endpoint_url: str | None
    region: str | None


def names(inputs: Inputs) -> list[str]:
    """Returns inputs as a list of names.

    Raises:
        TypeError: One of them is neither text nor a path.
        ValueError: There are none, or one is JSON text rather than a name.
    """
    if isinstance(inputs, (str, os.PathLike)):
        inputs = [inputs]
    elif isinstance(inputs, (bytes, bytearray, memoryview)):
        raise TypeError("inputs are names of files, not bytes; only `validate` takes bytes")
    elif not isinstance(inputs, Iterable):
        raise TypeError(f"inputs are a path, an address or a list of these, not {type(inputs).__name__}")
    found = [name(one) for one in inputs]
    if not found:
        raise ValueError("there are no inputs; name at least one file, folder, pattern or address")
    return found


def name(one: StrPath) -> str:
    """Returns an input as a name."""
    path = os.fspath(one) if isinstance(one, (str, os.PathLike)) else one
    if not isinstance(path, str):
        raise TypeError(f"an input is a path or an address, not {type(one).__name__}")
    if isinstance(one, str) and path.lstrip()[:1] in ("{", "[") and ('"' in path or "\n" in path):
        raise ValueError("an input is the name of a file, and this is JSON; `validate(text.encode())` checks text")
    return path


def options(given: ReadOptions) -> _native.Options:
    """Returns the options of the native part.

    Raises:
        TypeError: An option has an unknown name or a wrong type.
        ValueError: A number is out of range.
    """
    if not given:
        return _DEFAULT
    for option in given:
        if option not in ReadOptions.__annotations__:
            near = difflib.get_close_matches(option, ReadOptions.__annotations__, n=1)
            known = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(ReadOptions.__annotations__)}"
            raise TypeError(f"there is no option `{option}`; {known}")
    for option, limit in (("threads", 1024), ("max_record_bytes", 1 << 30), ("max_inflated_bytes", 1 << 63)):
        number = given.get(option)
        if number is not None:
            in_range(option, number, 1, limit)
    return _native.Options(**given)


def in_range(option: str, number: object, minimum: int, maximum: int) -> int:
    """Returns a number.

    Raises:
        TypeError: It is not a whole number.
        ValueError: It is not in the range.
    """
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"`{option}` is {number!r}, but must be a whole number")
    if not minimum <= number <= maximum:
        raise ValueError(f"`{option}` is {number}, but must be from {minimum} to {maximum}")
    return number


def selected(option: str, names_given: str | Iterable[str] | None) -> list[str] | None:
    """Returns the names of events or columns, of which one may be given as text; `None` for all.

    Raises:
        ValueError: There are none.
    """
    if names_given is None:
        return None
    found = [names_given] if isinstance(names_given, str) else list(names_given)
    if not found:
        raise ValueError(f"`{option}` is empty; leave it out to get all")
    return found


_DEFAULT = _native.Options()
