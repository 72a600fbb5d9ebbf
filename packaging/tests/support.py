"""Shared by the packaging tests: a clean checkout, a static binary, and a release to download it from.

Everything is built with one profile and the same flags into one folder, so that dependencies are built only once.
"""

import functools
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
from pathlib import Path

import boto3

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
WORK = TARGET / "packaging"
TOOLS = Path(sysconfig.get_path("scripts"))

WORKSPACE = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]
VERSION = WORKSPACE["package"]["version"]
REPOSITORY = WORKSPACE["package"]["repository"]

DEMO = ROOT / "tests/demo/events.jsonl"
VALID = ROOT / "tests/corpus/documented/client-disconnected-v1.json"
MUSL = f"{platform.machine().replace('arm64', 'aarch64')}-unknown-linux-musl"


def host():
    """Returns the target triple of this machine."""
    version = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return re.search(r"^host: (.+)$", version, re.M)[1]


def environment(**more):
    """Returns the environment of this process without the variables of cargo, GitHub and git, which describe this very run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARGO", "GITHUB", "GIT_"))}
    kept |= {name: os.environ[name] for name in ["CARGO_HOME", "CARGO_NET_OFFLINE"] if name in os.environ}
    kept["PATH"] = f"{TOOLS}{os.pathsep}{kept['PATH']}"
    return kept | {name: str(value) for name, value in more.items()}


def building():
    """Returns an environment in which every tool builds the same static binary, into the same folder."""
    constraints = WORK / "constraints.txt"
    constraints.parent.mkdir(parents=True, exist_ok=True)
    constraints.write_text((ROOT / "packaging/release/requirements.in").read_text())
    return environment(
        CARGO_TARGET_DIR=WORK / "build",
        CARGO_BUILD_TARGET=host(),
        CCXLOG_PROFILE="packaging",
        MATURIN_PEP517_ARGS="--profile packaging",
        # Older versions of pip use the first, newer ones the second.
        PIP_CONSTRAINT=constraints,
        PIP_BUILD_CONSTRAINT=constraints,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        RUSTFLAGS="-C target-feature=+crt-static",
    )


def run(*command, code=0, **more):
    """Runs a program that has to exit with `code`, and returns its output."""
    command = [str(word) for word in command]
    more.setdefault("env", environment())
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, check=False, **more
    )
    if done.returncode != code:
        raise AssertionError(f"{' '.join(command)} exited with {done.returncode}, not {code}:\n{done.stdout}")
    return done.stdout


def fresh(name):
    """Creates an empty folder of this name, and returns its path."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@functools.cache
def checkout():
    """Returns a repository with the current files of this one, committed, like a clone.

    The work tree itself is never built into the shared folder: cargo distinguishes sources of the same version by their
    modification times only, and those of a copy are always new.
    """
    folder = fresh("checkout")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
            shutil.copymode(ROOT / name, folder / name)
    commit(folder)
    return folder


def commit(folder):
    """Turns a folder into a repository with all its files in one commit."""
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"]
    run(*git, "init", "-q", cwd=folder)
    run(*git, "add", "-A", "-f", cwd=folder)
    run(*git, "commit", "-q", "--no-verify", "-m", "test", cwd=folder)


@functools.cache
def binary():
    """Returns a static `ccxlog`, built by the RUN line of the Dockerfile among the files that .dockerignore allows."""
    context = fresh("context")
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!") and (checkout() / line[1:]).exists():
            (context / line[1:]).parent.mkdir(parents=True, exist_ok=True)
            run("cp", "-R", checkout() / line[1:], context / line[1:])
    (line,) = re.findall(r"^RUN (.+)$", (ROOT / "Dockerfile").read_text(), re.M)
    out = fresh("image")
    run("sh", "-euc", line.replace("/out", str(out)), cwd=context, env=building())
    return out / "ccxlog"


@functools.cache
def release():
    """Returns a folder laid out like the releases page of a forge, with one release for this machine."""
    folder = fresh("releases")
    assets = folder / f"download/v{VERSION}"
    run(sys.executable, ROOT / "packaging/release/pack.py", MUSL, binary(), assets)
    sums(assets)
    (folder / "latest").mkdir()
    (folder / "latest/download").symlink_to(assets)
    return folder


def sums(assets):
    """Writes the checksums with the command of release.yml."""
    workflow = (ROOT / ".github/workflows/release.yml").read_text()
    (line,) = re.findall(r"- run: cd dist && (.+)$", workflow, re.M)
    run("sh", "-euc", line, cwd=assets)


class Moto:
    """An empty S3 server on the loopback interface, which leaves nothing behind."""

    key, secret = "AKIAEXAMPLE", "secret"

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [TOOLS / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=1).close()
                return self
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.1)
        self.__exit__()
        raise AssertionError("moto_server does not answer")

    def __exit__(self, *_):
        self.server.kill()
        self.server.wait()

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            region_name="us-east-1",
        )

    def environment(self, **more):
        kept = {name: value for name, value in environment().items() if not name.upper().startswith("AWS_")}
        kept |= {"AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret}
        return kept | {"AWS_REGION": "us-east-1", "NO_PROXY": "127.0.0.1", "CI": "true"} | more
