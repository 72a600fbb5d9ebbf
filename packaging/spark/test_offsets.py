"""The progress of streams, the grouping of objects and the order of session events, without Spark."""

import json
import sys
import unittest
from datetime import timedelta
from unittest import mock

import pyarrow
from cloudconnexa_events import Error, InputError, ReadError
from cloudconnexa_events.spark import _datasource, _executor, _groups, _offsets, _types
from cloudconnexa_events.spark._groups import Listed

DAY = 24 * 60 * 60
NOW = 20_000 * DAY
RULES = _offsets.Rules(lateness=timedelta(days=2))


def one(number, age=0):
    """Returns an object that is some days old."""
    return Listed(f"s3://logs/{number:04}.jsonl.gz", 100 + number, NOW - int(age * DAY))


def step(start, listing, rules=RULES, most=None):
    """Returns the next offset, as it comes back from a checkpoint."""
    after = _offsets.following(start, listing, rules, most)
    return start if after is start else _offsets.Offset.from_json(json.loads(json.dumps(after.to_json())))


def names(offset):
    return [listed.name for listed in offset.added]


class Offsets(unittest.TestCase):
    def test_each_object_is_added_once_whatever_the_size_of_batches(self):
        listing = [one(number, age=10 - number // 3) for number in range(30)]
        for most in (1, 4, 30, None):
            offset, seen = _offsets.Offset(), []
            while (after := step(offset, listing, most=most)) is not offset:
                offset = after
                seen += names(offset)
            self.assertEqual(sorted(seen), sorted(listed.name for listed in listing))
            self.assertEqual(offset.horizon, NOW - DAY - RULES.lateness.days * DAY)

    def test_an_offset_is_bounded_by_what_is_not_older_than_the_horizon(self):
        offset = _offsets.Offset()
        for day in range(100, 0, -1):
            listing = [one(100 * older + number, older) for older in range(100, day - 1, -1) for number in range(5)]
            offset = step(offset, listing)
        self.assertLessEqual(len(offset.known()), 5 * (RULES.lateness.days + 1))
        self.assertEqual(sum(count for count, _ in offset.forgotten.values()), 500 - len(offset.known()))

    def test_what_comes_within_the_lateness_is_read(self):
        offset = step(_offsets.Offset(), [one(1)])
        offset = step(offset, [one(1), one(2, age=1.9)])
        self.assertEqual(names(offset), [one(2).name])

    def test_what_comes_later_is_an_error_that_names_it(self):
        old, new = [one(number, age=20) for number in range(3)], one(9)
        offset = step(_offsets.Offset(), [*old, new])
        offset = step(offset, [*old, new, one(10)])
        self.assertEqual(sum(count for count, _ in offset.forgotten.values()), 3)
        for late in (one(7, age=20), one(7, age=30)):
            with self.assertRaisesRegex(ReadError, rf"{late.name} came late.*`lateness`"):
                step(offset, [*old, late, new, one(10)])
        # As many as were read, but one of them has taken the place of another.
        with self.assertRaisesRegex(ReadError, "`lateness`"):
            step(offset, [*old[1:], one(7, age=20), new, one(10)])
        skipped = _offsets.Rules(lateness=RULES.lateness, late="skip")
        after = step(offset, [*old, one(7, age=20), new, one(10), one(11)], skipped)
        self.assertEqual(names(after), [one(11).name])
        self.assertIs(step(after, [*old, one(7, age=20), new, one(10), one(11)]), after)

    def test_deleted_objects_are_not_missed(self):
        old, new = [one(number, age=20) for number in range(3)], one(9)
        offset = step(_offsets.Offset(), [*old, new])
        offset = step(offset, [*old, new, one(10)])
        self.assertIs(step(offset, [old[0], one(10)]), offset)
        after = step(offset, [one(10), one(11)])
        self.assertEqual(after.forgotten, {})
        # The day has no count any more, so what comes back is late.
        with self.assertRaisesRegex(ReadError, old[0].name):
            step(after, [old[0], one(10), one(11)])

    def test_a_late_object_is_noticed_among_those_that_were_deleted(self):
        old, new = [one(number, age=20) for number in range(5)], one(9)
        offset = step(_offsets.Offset(), [*old, new])
        offset = step(offset, [*old, new, one(10)])
        self.assertEqual(sum(count for count, _ in offset.forgotten.values()), 5)
        # The batch after a deletion counts what is left.
        offset = step(offset, [*old[2:], one(10), one(11)])
        self.assertEqual(sum(count for count, _ in offset.forgotten.values()), 3)
        late = one(7, age=20)
        with self.assertRaisesRegex(ReadError, late.name):
            step(offset, [*old[2:], late, one(10), one(11)])

    def test_a_changed_object_is_an_error_or_skipped_or_read_again(self):
        offset = step(_offsets.Offset(), [one(1)])
        changed = Listed(one(1).name, 5, NOW + 60)
        with self.assertRaisesRegex(ReadError, "has changed since"):
            step(offset, [changed])
        self.assertIs(step(offset, [changed], _offsets.Rules(changed="skip")), offset)
        again = step(offset, [changed], _offsets.Rules(changed="read"))
        self.assertEqual(names(again), [changed.name])
        self.assertIs(step(again, [changed]), again)

    def test_objects_without_a_time_are_never_forgotten(self):
        plain = Listed("https://host/file.jsonl", None, None)
        offset = step(_offsets.Offset(), [plain, one(1, age=30)])
        offset = step(offset, [plain, one(1, age=30), one(2)])
        self.assertEqual(names(offset), [one(2).name])
        self.assertIs(step(offset, [plain, one(1, age=30), one(2)]), offset)

    def test_an_offset_of_another_version_is_refused(self):
        with self.assertRaisesRegex(InputError, "offsets of version 2"):
            _offsets.Offset.from_json({**_offsets.Offset().to_json(), "version": 2})


class Progress(unittest.TestCase):
    """What Spark asks for, in its order."""

    def progress(self):
        return _datasource.Progress(_datasource.Settings.parse({"path": "s3://logs/", "group_bytes": "1"}))

    def test_a_restart_reads_what_the_batch_was_to_read(self):
        first = self.progress()
        with mock.patch.object(_datasource.Settings, "listing", return_value=[one(1), one(2)]):
            end = first.following(first.start, None)
        start, end = json.loads(json.dumps([first.start, end]))
        # Another process, and a bucket that has more by now: what is listed does not matter.
        second = self.progress()
        self.assertEqual(second.partitions(start, end), [(0, [one(1).name]), (1, [one(2).name])])
        self.assertEqual(second.partitions(end, end), [])
        with mock.patch.object(_datasource.Settings, "listing", return_value=[one(1), one(2)]):
            self.assertEqual(json.dumps(second.following(second.start, None)), json.dumps(end))

    def test_a_batch_of_more_than_one_step_is_refused(self):
        progress = self.progress()
        with mock.patch.object(_datasource.Settings, "listing", return_value=[one(1), one(2)]):
            first = progress.following(progress.start, 1)
            second = progress.following(first, 1)
        with self.assertRaisesRegex(Exception, "more than one"):
            progress.partitions(progress.start, second)


class Options(unittest.TestCase):
    def test_options_are_read_or_refused(self):
        read = _datasource.Settings.parse
        given = {"PATHS": '["s3a://b/x", "/y"]', "Group_Bytes": "32m", "events": "a, b", "lateness": "12h"}
        settings = read(given)
        self.assertEqual(settings.paths, ("s3://b/x", "/y"))
        self.assertEqual((settings.group_bytes, settings.events), (32 << 20, ("a", "b")))
        self.assertEqual(settings.lateness, timedelta(hours=12))
        for name, value, text in [
            ("max_file_per_batch", "1", "did you mean `max_files_per_batch`"),
            ("group_bytes", "many", "32m"),
            ("threads", "0", "from 1 on"),
            ("table", "rows", "events, rejected or everything"),
            ("lateness", "7", "`7d`"),
            ("skip_unreadable", "yes", "true or false"),
        ]:
            with self.subTest(name), self.assertRaisesRegex(InputError, text):
                read({"path": "/x", name: value})
        with self.assertRaisesRegex(InputError, "nothing to read"):
            read({})


class Groups(unittest.TestCase):
    def test_groups_are_contiguous_and_bounded(self):
        sizes = [5, 5, 5, 30, None, 1, 1, 1, 1, 1]
        objects = [Listed(str(number), size, 0) for number, size in enumerate(sizes)]
        self.assertEqual(
            _groups.grouped(objects, 10, 4), [["0", "1"], ["2"], ["3"], ["4"], ["5", "6", "7", "8"], ["9"]]
        )
        self.assertEqual(len(_groups.grouped(objects, None)), 3)
        self.assertEqual(_groups.grouped([], None), [])
        names = ["a b", "ü", "s3://b/x,y"]
        self.assertEqual(_groups.decoded(_groups.encoded(names)), names)

    def test_paths_mean_the_same_everywhere(self):
        self.assertEqual(_groups.paths_of("file:///a/b"), ["/a/b"])
        self.assertTrue(_groups.paths_of("x/")[0].startswith("/"))
        self.assertTrue(_groups.paths_of("x/")[0].endswith("/x/"))
        with self.assertRaisesRegex(InputError, "standard input"):
            _groups.paths_of("-")


class Order(unittest.TestCase):
    rows = [{"bucket": n % 3, "event": n % 2, "group": n % 5, "sequence": n} for n in range(3_000)]
    ordered = sorted(rows, key=lambda row: tuple(row.values()))

    def sorted_by(self, held, given):
        """Returns rows in the order in which sessions get them, if a task holds this many bytes."""
        batches = pyarrow.Table.from_pylist(given).to_batches(max_chunksize=100)
        with mock.patch.object(_executor, "HELD_BYTES", held):
            return [row for batch in _executor.in_order(iter(batches)) for row in batch.to_pylist()]

    def test_session_events_are_sorted_if_they_are_few_or_not_sorted_yet(self):
        self.assertEqual(self.sorted_by(1 << 30, self.rows), self.ordered)
        self.assertEqual(self.sorted_by(10_000, self.rows), self.ordered)
        self.assertEqual(self.sorted_by(10_000, self.ordered), self.ordered)
        self.assertEqual(list(_executor.in_order(iter([]))), [])

    def test_an_order_that_breaks_late_is_an_error(self):
        late = [row for row in self.ordered if row["event"] == 0] + self.rows[:5]
        self.assertEqual(self.sorted_by(10_000, late), late)
        given = [{**row, "event": 0, "streamed": "[]"} for row in late]
        table = pyarrow.Table.from_pylist(given, _types.session_events())
        with mock.patch.object(_executor, "HELD_BYTES", 10_000), self.assertRaisesRegex(Error, "out of order"):
            list(_executor.sessions({}, iter(table.to_batches(max_chunksize=100))))


if __name__ == "__main__":
    sys.exit(unittest.main())
