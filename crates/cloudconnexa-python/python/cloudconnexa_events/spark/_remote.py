"""Functions that are sent to executors.

cloudpickle sends a function by reference if it can be imported by its name, and by value if it is nested in another
function. By reference, an executor without this package would fail before any of our code runs, with
`ModuleNotFoundError` and no advice. So what is sent here is nested, uses nothing but builtins and its arguments, and
imports the package itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from cloudconnexa_events._native import VERSION

if TYPE_CHECKING:
    from pyarrow import RecordBatch

Task = dict[str, Any]
"""What a task has to do, as values that JSON has."""


def loader() -> Callable[[str], Any]:
    """Returns a function that imports a module of this package in another process, or says how to install it there."""
    wanted = VERSION

    def load(module: str) -> Any:
        import importlib
        import os
        import socket
        import sys

        where = f"{sys.executable} (Python {sys.version.split()[0]}) on {socket.gethostname()}"
        advice = (
            f"Install it there, as `pip install 'cloudconnexa-events[spark]=={wanted}'`, or set PYSPARK_PYTHON "
            f"(now {os.environ.get('PYSPARK_PYTHON', 'not set')}) to a Python that has it on every node."
        )
        try:
            found = importlib.import_module("cloudconnexa_events._native").VERSION
        except ImportError as error:
            raise RuntimeError(f"cloudconnexa_events cannot be imported by {where}: {error}. {advice}") from None
        if found != wanted:
            raise RuntimeError(f"cloudconnexa_events is {found} in {where}, but {wanted} on the driver. {advice}")
        return importlib.import_module(module)

    return load


def remote(function: str, task: Task) -> Callable[[Iterator[RecordBatch]], Iterator[RecordBatch]]:
    """Returns a function for `mapInArrow` that calls a function of `_executor` with `task` and batches."""
    load = loader()

    def run(batches: Any) -> Any:
        module = load("cloudconnexa_events.spark._executor")
        yield from getattr(module, function)(task, batches)

    return run
