"""The command line: `python -m cloudconnexa_events` is `ccxlog`."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from . import _native


def main() -> NoReturn:
    """Runs `ccxlog` with the arguments of this process."""
    # Exit without unwinding Python: the command line has written and closed everything, and may have threads that still read.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_native.main(["ccxlog", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
