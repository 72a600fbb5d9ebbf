"""No network unless an input asks for it: the kernel kills `ccxlog` if it opens a socket."""

import ctypes
import gzip
import platform
import re
import shutil
import signal
import sys
import unittest

from support import DEMO, VALID, binary, environment, fresh, run

# By architecture: how the kernel calls it, and the numbers of socket, connect and io_uring_setup.
SYSTEM_CALLS = {"x86_64": (0xC000003E, [41, 42, 425]), "aarch64": (0xC00000B7, [198, 203, 425])}

# Settings for buckets and proxies, which are no reason to connect.
TEMPTATIONS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
}


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction))]


def without_sockets():
    """Returns a function that makes the kernel kill this process, and any program that it becomes, for opening a socket."""
    architecture, forbidden = SYSTEM_CALLS[platform.machine()]
    load, equal, at_least, end = 0x20, 0x15, 0x35, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    # Each number has a jump to the last instruction, which kills.
    tests = [(at_least, 0x40000000), *((equal, number) for number in forbidden)]
    instructions = [Instruction(load, 0, 0, 4), Instruction(equal, 1, 0, architecture), Instruction(end, 0, 0, kill)]
    instructions.append(Instruction(load, 0, 0, 0))
    instructions += [Instruction(code, len(tests) - index, 0, k) for index, (code, k) in enumerate(tests)]
    instructions += [Instruction(end, 0, 0, allow), Instruction(end, 0, 0, kill)]
    program = Program(len(instructions), (Instruction * len(instructions))(*instructions))
    libc = ctypes.CDLL(None, use_errno=True)

    def prctl(*arguments):
        if libc.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refuses a filter of system calls")

    def install():
        no_new_privileges, set_filter, filter_mode = 38, 22, 2
        prctl(no_new_privileges, 1, 0, 0, 0)
        prctl(set_filter, filter_mode, ctypes.byref(program), 0, 0)

    return install


@unittest.skipUnless(
    sys.platform == "linux" and platform.machine() in SYSTEM_CALLS,
    "filters of system calls are a feature of Linux, and this test knows x86-64 and AArch64",
)
class Network(unittest.TestCase):
    def setUp(self):
        self.work = fresh(f"network/{self.id().rsplit('.', 1)[1]}")
        # Keeps ccxlog from finding the config file of this repository.
        (self.work / "ccxlog.toml").touch()
        self.environment = environment(**TEMPTATIONS)

    def ccxlog(self, *arguments, code=0, **more):
        return run(binary(), *arguments, cwd=self.work, env=self.environment, code=code, **more)

    def without_sockets(self, *arguments, code=0):
        return self.ccxlog(*arguments, code=code, preexec_fn=without_sockets())

    def test_local_inputs_open_no_socket(self):
        logs = self.work / "logs"
        (logs / "valid").mkdir(parents=True)
        shutil.copy(VALID, logs / "valid/event.json")
        shutil.copy(DEMO, logs / "demo.jsonl")
        (logs / "demo.jsonl.gz").write_bytes(gzip.compress(DEMO.read_bytes()))
        outputs = ["--accepted", "good.jsonl.gz", "--rejected", "bad.jsonl"]
        everything = ["--semantic", "--stateful", "--state", "x.state", "--report", "page.html", "--format", "sarif"]
        profile = ["--write-profile", "profile.json"]
        commands = [
            (1, ["validate", "logs", "logs/d*.gz", "logs/demo.jsonl", *everything]),
            (0, ["test", "logs/valid"]),
            (1, ["split", *outputs, "logs"]),
            (1, ["replay", "--accepted", "good-2.jsonl", "--rejected", "bad-2.jsonl", "bad.jsonl"]),
            (1, ["drift", "logs"]),
            (0, ["drift", *profile, "logs/valid"]),
            (0, ["drift", "--merge", "profile.json"]),
            (0, ["validate", "logs/valid", "--against", "profile.json", "--report", "page.html"]),
            (0, ["sessions", "logs/valid"]),
            (0, ["find", "logs", "--ip", "203.0.113.0/24", "--count", "--state", "find.state"]),
            (0, ["top", "logs", "--by", "userId,userName", "--per", "day"]),
            (1, ["coverage", "--min", "100%", "logs/valid"]),
            (1, ["convert", "logs", "--to", "parquet", "--output", "lake", "--rejected", "bad-3.jsonl", "--state", "lake.state"]),
            (0, ["convert", "logs/valid", "--to", "ecs", "--output", "ecs.jsonl"]),
            (0, ["ddl", "--for", "duckdb", "--location", "lake"]),
            (0, ["sample", "--events", "100", "-o", "sample.jsonl"]),
            (0, ["schema"]),
            (0, ["events", "client-disconnected"]),
            (0, ["explain", "wrong-type"]),
            (0, ["completions", "bash"]),
            (0, ["man"]),
            (0, ["help"]),
            (0, ["--version"]),
        ]
        for code, command in commands:
            with self.subTest(command):
                self.without_sockets(*command, code=code)
        listed = re.findall(r"^  (\w+)  ", self.ccxlog("--help").split("Commands:")[1].split("Options:")[0], re.M)
        self.assertEqual({command[0] for _, command in commands}, {*listed, "--version"})

    def test_standard_input_and_growing_files_open_no_socket(self):
        for command in [
            f"{binary()} validate - <{VALID}",
            f"timeout --preserve-status --signal=TERM 5 {binary()} validate --follow {VALID}",
        ]:
            with self.subTest(command):
                run("sh", "-c", command, cwd=self.work, env=self.environment, preexec_fn=without_sockets())

    def test_addresses_open_sockets_and_are_killed_for_it(self):
        # As a control: otherwise, the tests above could not fail.
        for address in ["https://127.0.0.1:1/a.json", "http://localhost:1/a.json", "s3://logs/a.json", "s3://logs/"]:
            with self.subTest(address):
                self.without_sockets("validate", address, code=-signal.SIGSYS)
        self.assertIn("refused", self.ccxlog("validate", "--retries", "0", "https://127.0.0.1:1/a.json", code=2))
