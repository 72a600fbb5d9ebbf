"""Progress of a stream: which objects of a changing listing have been read.

An offset is JSON, and says everything that a restarted query has to know:

- `added`: name, size and time of each object of the batch that ends here. So a batch that has to be run again, reads
  the same objects.
- `read`: size and time of the objects that earlier batches have read and that are not older than `horizon`, by a digest
  of their names. They are listed again each time, and are left out.
- `horizon`: the time, in seconds since 1970, up to which names are forgotten: that of the newest object read, minus
  `lateness`.
- `forgotten`: for each day, how many objects that are older than `horizon` were read, and the sum of the digests of
  their names.

Objects get older than the horizon only by being read. So if a listing has more old objects of a day than were read, or
as many with another sum, some of them were not read, and the query fails. Objects that were deleted are not missed: the
next batch counts what is left. An object that comes too late goes unnoticed only if, since the last batch, at least as
many objects of its day were deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

from cloudconnexa_events._native import InputError, ReadError
from cloudconnexa_events.spark._groups import Listed

VERSION = 1

LATE = ("fail", "skip")
CHANGED = ("fail", "skip", "read")

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_DAY = 24 * 60 * 60
_MODULUS = 1 << 64

Seen = tuple[Optional[int], Optional[int]]
"""The size of an object and when it was modified."""


@dataclass(frozen=True)
class Rules:
    """How a stream takes objects that do not come in order."""

    lateness: timedelta = timedelta(days=7)
    late: str = "fail"
    changed: str = "fail"


@dataclass(frozen=True)
class Offset:
    """A place in a stream; see the module."""

    added: tuple[Listed, ...] = ()
    read: Mapping[str, Seen] = field(default_factory=dict)
    horizon: int | None = None
    forgotten: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    batch: int = 0

    def to_json(self) -> dict[str, Any]:
        """Returns what Spark writes into its checkpoint."""
        return {
            "version": VERSION,
            "batch": self.batch,
            "horizon": self.horizon,
            "added": [[one.name, one.size, one.modified] for one in self.added],
            "read": {name: list(seen) for name, seen in self.read.items()},
            "forgotten": {day: list(count) for day, count in self.forgotten.items()},
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Offset:
        """Reads what `to_json` has returned. Raises `InputError` for the offset of another version."""
        if value.get("version") != VERSION:
            raise InputError(
                f"the checkpoint has offsets of version {value.get('version')}, and this package reads {VERSION}"
            )
        return Offset(
            added=tuple(Listed(name, size, modified) for name, size, modified in value["added"]),
            read={name: (size, modified) for name, (size, modified) in value["read"].items()},
            horizon=value["horizon"],
            forgotten={day: (count, digest) for day, (count, digest) in value["forgotten"].items()},
            batch=value["batch"],
        )

    def known(self) -> dict[str, Seen]:
        """Returns the objects that have been read and are not forgotten."""
        return {**self.read, **{_key(one.name): (one.size, one.modified) for one in self.added}}


def following(start: Offset, listing: Sequence[Listed], rules: Rules, most: int | None = None) -> Offset:
    """Returns the offset after the next batch, or `start` itself if there is nothing new.

    A batch has at most `most` objects, the oldest first. Raises `ReadError` for objects that came too late, or that
    have changed since they were read.
    """
    known = start.known()
    new: list[Listed] = []
    old: list[Listed] = []
    for one in listing:
        seen = known.get(_key(one.name))
        if seen is not None:
            if seen != (one.size, one.modified) and _is_read_again(one, seen, rules):
                new.append(one)
        elif start.horizon is not None and one.modified is not None and one.modified < start.horizon:
            old.append(one)
        else:
            new.append(one)
    forgotten = _checked(start, old, rules)
    if not new:
        return start
    # Stable: objects of one time stay in the order of the listing.
    new.sort(key=lambda one: -1 if one.modified is None else one.modified)
    added = new[:most]
    times = [one.modified for one in added if one.modified is not None]
    horizon = max([time - rules.lateness // timedelta(seconds=1) for time in times], default=start.horizon)
    if start.horizon is not None and horizon is not None:
        horizon = max(horizon, start.horizon)
    return _forgetting(start, known, added, horizon, forgotten)


def _forgetting(
    start: Offset,
    known: Mapping[str, Seen],
    added: Sequence[Listed],
    horizon: int | None,
    forgotten: dict[str, tuple[int, int]],
) -> Offset:
    """Returns an offset that remembers what is not older than `horizon`, and counts the rest."""
    again = {_key(one.name) for one in added}
    read: dict[str, Seen] = {}
    for name, seen in known.items():
        if name in again:
            continue
        if horizon is None or seen[1] is None or seen[1] >= horizon:
            read[name] = seen
        else:
            day = _day(seen[1])
            count, digest = forgotten.get(day, (0, 0))
            forgotten[day] = (count + 1, (digest + int(name, 16)) % _MODULUS)
    return Offset(tuple(added), read, horizon, forgotten, start.batch + 1)


def _is_read_again(one: Listed, seen: Seen, rules: Rules) -> bool:
    """Says what to do with an object that is not what it was when it was read."""
    if rules.changed == "fail":
        raise ReadError(
            f"{one.name} has changed since the stream read it: it had {seen[0]} bytes of {_time(seen[1])}, and has "
            f"{one.size} of {_time(one.modified)}. With the option changed=skip it is not read again, and with "
            "changed=read all of it is"
        )
    return rules.changed == "read"


def _checked(start: Offset, old: Iterable[Listed], rules: Rules) -> dict[str, tuple[int, int]]:
    """Compares the old objects of a listing with those that were read, and returns the counts to go on with."""
    listed: dict[str, list[Listed]] = {}
    for one in old:
        listed.setdefault(_day(one.modified or 0), []).append(one)
    # A day without any object needs no count: whatever comes of it later is late.
    kept = {day: count for day, count in start.forgotten.items() if day in listed}
    for day, objects in listed.items():
        count, digest = kept.get(day, (0, 0))
        found = sum(int(_key(one.name), 16) for one in objects) % _MODULUS
        if (len(objects), found) == (count, digest):
            continue
        if rules.late == "skip" or len(objects) < count:
            kept[day] = (len(objects), found)
            continue
        extra = (found - digest) % _MODULUS
        named = [
            one.name
            for one in objects
            if count == 0 or (len(objects) == count + 1 and int(_key(one.name), 16) == extra)
        ]
        raise ReadError(
            f"of {day}, {len(objects)} listed objects are older than {_time(start.horizon)}, but the stream has "
            f"read {count} such: {', '.join(named[:3]) or 'some'} came late, or were renamed. The option `lateness` is "
            f"{rules.lateness} now; start again with more and a new checkpoint. Or read what came late with "
            "`cloudconnexa_events.spark.read`, and continue with the option late=skip"
        )
    return kept


def _key(name: str) -> str:
    """Returns what stands for a name: 64 bits of a digest, in hexadecimal digits."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def _day(time: int) -> str:
    """Returns the day of a time, in UTC, as `YYYY-MM-DD`."""
    return (_EPOCH + timedelta(days=time // _DAY)).date().isoformat()


def _time(time: int | None) -> str:
    """Returns a time as people read it."""
    return "an unknown time" if time is None else (_EPOCH + timedelta(seconds=time)).isoformat()
