"""Judges that nobody here wrote: packages that know a standard, each in an environment of its own, and what they judge."""

import functools
import hashlib
import json
import shutil

from support import ROOT, TARGET, WORK, binary, environment, fresh, run

JUDGES = ROOT / "packaging/judges"


@functools.cache
def python(name):
    """Returns the Python of an environment with the packages that packaging/judges/NAME.txt locks.

    Some of their packages exclude each other, and none is needed elsewhere.
    """
    home, lock = TARGET / "tools" / f"judges-{name}", JUDGES / f"{name}.txt"
    program, installed = home / "bin/python", home / "lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not installed.exists() or installed.read_text() != wanted:
        run("python3", "-m", "venv", "--clear", home)
        pip = [program, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run(*pip, "--require-hashes", "--requirement", lock)
        installed.write_text(wanted)
    return program


@functools.cache
def node(name):
    """Returns a folder in which the packages that packaging/judges/NAME/package-lock.json locks are installed."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise AssertionError("node and npm are needed to judge events; install them (on Debian: apt-get install nodejs npm)")
    home, installed = TARGET / "tools" / f"judges-{name}", TARGET / "tools" / f"judges-{name}/lock"
    lock = JUDGES / name / "package-lock.json"
    if not installed.exists() or installed.read_text() != lock.read_text():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for file in ["package.json", "package-lock.json"]:
            shutil.copy(JUDGES / name / file, home)
        env = environment(npm_config_update_notifier="false")
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=home, env=env)
        installed.write_text(lock.read_text())
    return home


def judged(name, *arguments):
    """Returns what the judge packaging/judges/NAME.py says."""
    # Without the folder of the script among those of modules: it is named after its package.
    return json.loads(run(python(name), "-I", JUDGES / f"{name}.py", *arguments))


@functools.cache
def records():
    """Returns a file with the valid records of the corpus and 10,000 generated ones, one per line."""
    path = fresh("judged") / "records.jsonl"
    lines = []
    for folder in ["documented", "noticed", "valid", "valid-but-odd"]:
        for file in sorted((ROOT / "tests/corpus" / folder).rglob("*.json")):
            # No string has a line end, so what is between them may be anything.
            lines.append(file.read_text().replace("\r", " ").replace("\n", " ").strip())
    assert len(lines) > 90, len(lines)
    # The only field of the header that no recorded flow has.
    flow = (ROOT / "tests/corpus/valid/flow-established/as-recorded.json").read_text().replace("\n", " ").strip()
    lines.append(flow.replace('"publicIp"', '"clientPublicIp"'))
    for seed, options in [(18, []), (19, ["--unknown-field"]), (20, ["--escapes"])]:
        part = path.with_suffix(f".{seed}")
        count = 8000 if seed == 18 else 1000
        command = [binary(), "sample", "--seed", seed, "--events", count, *options]
        run("sh", "-ec", '"$@" >"$0" 2>"$0.log"', part, *command)
        lines += part.read_text().splitlines()
    assert len(lines) > 10_090, len(lines)
    path.write_text("\n".join(lines) + "\n")
    return path


@functools.cache
def converted(form, *options):
    """Returns a file with what the records become."""
    path = WORK / "judged" / f"{'-'.join([form, *options]).replace('/', '-')}.jsonl"
    run(binary(), "convert", records(), "--to", form, *options, "--output", path, env=environment(CI="false"))
    return path


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]
