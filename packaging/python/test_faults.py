"""Tests of wrong arguments, damaged inputs, interrupts, forks, exits: no crash, no hang, and nothing is lost silently."""

import gzip
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from datetime import timedelta
from pathlib import Path

import cloudconnexa_events as ccx
import pyarrow as pa
from cloudconnexa_events import _native

from support import DEMO, Case, ccxlog, fresh, python


class Arguments(unittest.TestCase):
    def refused(self, error, pattern, call):
        with self.assertRaisesRegex(error, pattern):
            call()

    def test_wrong_arguments_say_what_would_be_right(self):
        self.refused(TypeError, "a path, an address or a list of these, not int", lambda: ccx.read(3))
        self.refused(TypeError, "an input is a path or an address, not NoneType", lambda: ccx.read([None]))
        self.refused(TypeError, "only `validate` takes bytes", lambda: ccx.read(b"{}"))
        self.refused(ValueError, "no inputs", lambda: ccx.validate([]))
        self.refused(ValueError, r"validate\(text.encode\(\)\)", lambda: ccx.validate('{"eventName": "x"}'))
        self.refused(ValueError, "`threads` is 0", lambda: ccx.drift(DEMO, threads=0))
        self.refused(TypeError, "no option `thread`; did you mean `threads`", lambda: ccx.drift(DEMO, thread=1))
        self.refused(TypeError, "no option `x`; there are threads, ", lambda: ccx.drift(DEMO, x=1))
        self.refused(ValueError, "not an event of the schema; its events are ", lambda: ccx.read(DEMO, events="login"))
        self.refused(ValueError, "`events` is empty", lambda: ccx.read(DEMO, events=[]))
        self.refused(ValueError, "no table has a column `user`", lambda: ccx.read(DEMO, columns=["user"]))
        self.refused(ValueError, "none of the selected events", lambda: ccx.read(DEMO, events="test-message", columns=["session_bytes_in"]))
        self.refused(TypeError, "`threads` is '2', but must be a whole number", lambda: ccx.drift(DEMO, threads="2"))
        self.refused(ValueError, "`threads` is 5000, but must be from 1 to 1024", lambda: ccx.drift(DEMO, threads=5000))
        self.refused(ValueError, "`max_open` is 0", lambda: ccx.sessions(DEMO, max_open=0))
        self.refused(ValueError, "`horizon` is 0:00:00, but must be positive", lambda: ccx.sessions(DEMO, horizon=timedelta(0)))
        self.refused(TypeError, "`horizon` is 5, but must be a timedelta", lambda: ccx.sessions(DEMO, horizon=5))
        self.refused(ValueError, "`batch_rows` is 0", lambda: ccx.read(DEMO, batch_rows=0))
        self.refused(ValueError, "`max_findings` is -1", lambda: ccx.validate(DEMO, max_findings=-1))
        self.refused(ValueError, "is not a complete profile", lambda: ccx.Profile.from_json("{}"))
        self.refused(ValueError, "`max_record_bytes` is 0", lambda: ccx.validate(DEMO, max_record_bytes=0))

    def test_every_exception_is_one_of_the_package(self):
        for error in [ccx.InputError, ccx.ReadError, ccx.ConvertError]:
            self.assertTrue(issubclass(error, ccx.Error))
        for call in [ccx.read, ccx.validate, ccx.drift, ccx.sessions, ccx.read_rejected, ccx.find]:
            self.refused(ccx.InputError, "cannot read `/nope.jsonl`: there is no such file", lambda call=call: call("/nope.jsonl"))
            self.refused(ccx.InputError, "`/tmp/nope-\\*.jsonl`", lambda call=call: call("/tmp/nope-*.jsonl"))


class Damage(Case):
    def test_a_truncated_object_is_an_error_that_names_it(self):
        folder = fresh("truncated")
        whole = gzip.compress(DEMO.read_bytes() * 50)
        (folder / "a.jsonl.gz").write_bytes(whole)
        (folder / "b.jsonl.gz").write_bytes(whole[: len(whole) // 2])
        (folder / "c.jsonl.gz").write_bytes(whole)
        for threads in [1, 2]:
            for call in [
                lambda: ccx.read(folder, on_rejected=len, threads=threads).read_all(),
                lambda: ccx.read_rejected(folder, threads=threads).read_all(),
                lambda: ccx.sessions(folder, threads=threads).read_all(),
                lambda: ccx.validate(folder, threads=threads),
                lambda: ccx.drift(folder, threads=threads),
            ]:
                with self.assertRaisesRegex(ccx.ReadError, "b.jsonl.gz` to its end"):
                    call()
        # What comes before it is not lost.
        rows = 0
        with self.assertRaises(ccx.ReadError):
            for batch in ccx.read(folder, on_rejected=len):
                rows += batch.num_rows
        self.assertGreaterEqual(rows, 8 * 50)
        # Whoever asks again gets the same answer.
        reader = ccx.read(folder / "b.jsonl.gz", on_rejected=len)
        for _ in range(2):
            with self.assertRaises(ccx.ReadError):
                for _ in reader:
                    pass

    def test_odd_names_are_names(self):
        folder = fresh("odd [names]")
        for name in ["[ab].jsonl", "{x}.jsonl", "ü.jsonl"]:
            (folder / name).write_bytes(DEMO.read_bytes())
            self.assertEqual(ccx.validate(folder / name).records, 9)
            self.assertEqual(ccx.validate(str(folder / name)).records, 9)
        self.assertEqual([Path(source.name).name for source in ccx.find(folder)], ["[ab].jsonl", "{x}.jsonl", "ü.jsonl"])
        # A folder name that is no text in any encoding that Python knows of.
        strange = os.fsdecode(bytes(folder) + b"/bad\xff.jsonl")
        Path(strange).write_bytes(DEMO.read_bytes())
        self.assertIn(strange, [source.name for source in ccx.find(folder)])
        self.assertEqual(sum(ccx.validate(source.name).records for source in ccx.find(folder)), 36)

    def test_a_source_that_is_gone_is_not_taken_for_a_pattern(self):
        folder = fresh("gone")
        (folder / "a1.jsonl").write_bytes(DEMO.read_bytes())
        exact = _native.Options(is_exact=True)
        with self.assertRaisesRegex(ccx.InputError, r"cannot read `.*/a\[1\].jsonl`: it is no longer there"):
            _native.validate([str(folder / "a[1].jsonl")], exact, 0, False)
        with self.assertRaisesRegex(ccx.InputError, "gone`: it is no longer there"):
            _native.validate([str(folder)], exact, 0, False)
        self.assertEqual(_native.validate([str(folder / "a1.jsonl")], exact, 0, False).records, 9)

    def test_findings_can_be_compared_and_collected(self):
        findings = ccx.validate(DEMO).findings + ccx.validate(DEMO).findings
        self.assertEqual(len(set(findings)), 1)

    def test_what_is_skipped_is_told(self):
        folder = fresh("skipped")
        whole = gzip.compress(DEMO.read_bytes() * 50)
        (folder / "a.jsonl.gz").write_bytes(whole[:-200])
        (folder / "b.jsonl.gz").write_bytes(whole)
        rejected = []
        ccx.read(folder, skip_unreadable=True, on_rejected=rejected.append).read_all()
        rows = [row for row in pa.Table.from_batches(rejected).to_pylist() if row["rule"] == "unreadable-input"]
        self.assertEqual([Path(row["source"]).name for row in rows], ["a.jsonl.gz"])
        self.assertIn("to its end", rows[0]["cause"])
        with self.assertWarnsRegex(ccx.IncompleteWarning, "a.jsonl.gz"):
            ccx.drift(folder, skip_unreadable=True)
        result = ccx.validate(folder, skip_unreadable=True)
        self.assertEqual(len(result.unread), 1)
        self.assertFalse(result.is_valid)

    def test_ten_thousand_tiny_objects(self):
        folder = fresh("tiny")
        line = DEMO.read_bytes().splitlines()[0] + b"\n"
        for number in range(10_000):
            (folder / f"{number:05}.jsonl").write_bytes(line)
        self.assertEqual(ccx.read(folder).read_all().num_rows, 10_000)
        self.assertEqual(ccx.read(sorted(folder.iterdir())[:5000]).read_all().num_rows, 5000)
        self.assertEqual(ccx.validate(folder).records, 10_000)

    def test_memory_does_not_grow_with_the_input(self):
        # 2 GB of text in one file, which nobody stores: a pipe.
        code = f"""
import os, resource, threading
import cloudconnexa_events as ccx
line = [line for line in open({str(DEMO)!r}, "rb").read().splitlines() if b'client-disconnected' in line][0] + b"\\n"
chunk = line * 1000
path = {str(fresh("pipe") / "events.jsonl")!r}
os.mkfifo(path)
count = 2_000_000_000 // len(chunk)
def feed():
    with open(path, "wb") as pipe:
        for _ in range(count):
            pipe.write(chunk)
threading.Thread(target=feed, daemon=True).start()
rows = sum(batch.num_rows for batch in ccx.read(path, events="client-disconnected"))
assert rows == 1000 * count, (rows, count)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
        megabytes = int(python(code, seconds=600))
        self.assertLess(megabytes, 600)


class Life(Case):
    """What an interpreter may do while threads read."""

    LONG = "cloudconnexa_events.read(sys.argv[1], threads=2, on_rejected=len)"

    def large(self):
        """Returns a file that takes seconds to read in a debug build."""
        path = fresh("large") / "large.jsonl"
        text = DEMO.read_bytes()
        with open(path, "wb") as file:
            for _ in range(4000):
                file.write(text * 10)
        return path

    def test_an_unfinished_reader_can_be_dropped(self):
        path = self.large()
        before = threading.active_count()
        for _ in range(5):
            reader = ccx.read(path, on_rejected=len, batch_rows=100)
            next(iter(reader))
            del reader
        self.assertEqual(threading.active_count(), before)
        native = self.threads()
        deadline = time.monotonic() + 20
        while self.threads() > max(native - 5, 8) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertLessEqual(self.threads(), 12)

    @staticmethod
    def threads():
        return len(os.listdir("/proc/self/task"))

    def test_an_interpreter_may_exit_midway(self):
        path = self.large()
        code = "import cloudconnexa_events as ccx\nreader = ccx.read({!r}, batch_rows=100)\nnext(iter(reader)){}\n"
        python(code.format(str(path), ""))
        python(code.format(str(path), "\nimport sys; sys.exit(3)"), code_expected=3)

    def test_an_interrupt_ends_what_waits(self):
        path = fresh("slow") / "never.jsonl"
        os.mkfifo(path)
        for call in ["validate(path)", "drift(path)", "read(path).read_all()", "sessions(path).read_all()"]:
            with self.subTest(call):
                code = f"import cloudconnexa_events as ccx\npath = {str(path)!r}\nprint('ready', flush=True)\nccx.{call}\n"
                process = subprocess.Popen(
                    [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                )
                # A writer that writes nothing: the reader waits for its first byte.
                self.assertEqual(process.stdout.readline(), "ready\n")
                writer = os.open(path, os.O_RDWR)
                time.sleep(0.5)
                process.send_signal(signal.SIGINT)
                try:
                    _, errors = process.communicate(timeout=10)
                finally:
                    process.kill()
                    os.close(writer)
                self.assertIn("KeyboardInterrupt", errors)

    def test_an_interrupted_conversion_leaves_nothing_behind(self):
        path, folder = self.large(), fresh("interrupted")
        code = f"import cloudconnexa_events as ccx\nprint('ready', flush=True)\nccx.convert({str(path)!r}, {str(folder / 'lake')!r})\n"
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "ready\n")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        self.assertIn("KeyboardInterrupt", errors)
        self.assertEqual(list(folder.rglob("*.parquet")), [])

    def test_a_fork_reads_on_its_own(self):
        code = f"""
import os, sys, warnings
import cloudconnexa_events as ccx
warnings.simplefilter("ignore")
path = {str(self.folder)!r}
expected = ccx.read(path).read_all().num_rows
open_reader = ccx.read(path, batch_rows=10)
next(iter(open_reader))
child = os.fork()
if child == 0:
    code = 1
    try:
        assert ccx.read(path).read_all().num_rows == expected
        assert ccx.validate(path).records == 1000
        try:
            for _ in open_reader:
                pass
        except ccx.Error as error:
            code = 0 if "forked" in str(error) else 2
    finally:
        os._exit(code)
_, status = os.waitpid(child, 0)
assert status == 0, status
rows = 10 + sum(batch.num_rows for batch in open_reader)
assert rows == expected, (rows, expected)
"""
        python(code)

    def test_many_readers_at_once(self):
        results = []

        def count():
            results.append(ccx.read(self.folder, on_rejected=len).read_all().num_rows)

        threads = [threading.Thread(target=count) for _ in range(8)]
        for thread in threads:
            thread.start()
        readers = [ccx.read(self.folder, on_rejected=len, batch_rows=100) for _ in range(4)]
        for batches in zip(*readers, strict=True):
            self.assertEqual(len({batch.num_rows for batch in batches}), 1)
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(results, [len(self.valid)] * 8)

    def test_two_threads_share_a_reader(self):
        reader = ccx.read(self.folder, on_rejected=len, batch_rows=10)
        rows = []

        def consume():
            try:
                while True:
                    rows.append(reader.read_next_batch().num_rows)
            except StopIteration:
                rows.append(0)

        threads = [threading.Thread(target=consume) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(sum(rows), len(self.valid))
        self.assertEqual(rows.count(0), 2)

    def test_an_error_of_a_callback_reaches_the_caller(self):
        def refuse(_):
            raise LookupError("not today")

        with self.assertRaisesRegex(LookupError, "not today"):
            ccx.read(self.folder, on_rejected=refuse).read_all()


class CommandLine(unittest.TestCase):
    def test_it_is_ccxlog(self):
        for arguments in [["--version"], ["validate", str(DEMO), "--no-config", "--format", "json", "-q"], ["nonsense"]]:
            expected = subprocess.run([os.environ["CCX_CCXLOG"], *arguments], capture_output=True, text=True, check=False)
            program = [sys.executable, "-m", "cloudconnexa_events"]
            for command in [program, [str(Path(sys.executable).parent / "ccxlog")]]:
                done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (expected.returncode, expected.stdout, expected.stderr))
        self.assertIn("ccxlog", ccxlog("--version"))


if __name__ == "__main__":
    unittest.main()
