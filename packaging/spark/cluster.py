"""A cluster of Spark on the loopback interface: a master and workers as processes, from the wheel of PyPI.

Each process is ended by its PID. Executors are children of their worker; they get Python and its path from the session.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MEMORY = "768m"
EXECUTOR_MEMORY = "512m"
JAVA = "-XX:+UseSerialGC -Dspark.ui.enabled=false"
START = 120


def children(pid):
    """Returns the processes that a process has started, and those that these have started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name of a program may contain spaces and parentheses; what follows it cannot.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            if parent == pid:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def kill(pids):
    """Kills processes, some of which may have ended."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Cluster:
    """A master and workers of one core each, in which sessions run one after the other.

    Spark counts cores, and lets a task use as many as it likes: Java and Python work at once. With `is_bound`, a worker and
    its executors have one processor.
    """

    def __init__(self, python, work, workers=2, is_bound=False):
        self.python, self.work, self.count, self.is_bound = Path(python), Path(work), workers, is_bound
        self.master, self.workers, self.url, self.started = None, [], None, 0

    def __enter__(self):
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        try:
            self.master = self.launch(
                "master", "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0"
            )
            self.url = self.wait("master", r"Starting Spark master at (spark://\S+)")
            for _ in range(self.count):
                self.add_worker()
            for number in range(self.count):
                self.wait(f"worker-{number}", r"Successfully registered with master")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in [*self.workers, *filter(None, [self.master])]:
            below = children(process.pid)
            process.kill()
            process.wait()
            kill(below)

    def home(self):
        """Returns where the wheel has put Spark."""
        code = "import os, pyspark; print(os.path.dirname(pyspark.__file__))"
        return subprocess.run([self.python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    def environment(self):
        """Returns the environment of a daemon: nothing of it reaches Python by accident."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR") if name in os.environ
        }
        return kept | {
            "SPARK_HOME": self.home(),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": JAVA,
            "SPARK_CONF_DIR": str(self.work),
        }

    def launch(self, name, main, *arguments, processors=None):
        """Starts a daemon, whose log goes to a file of this name, on some of the processors."""
        # It replaces itself with Java, which so has this PID.
        command = [f"{self.home()}/bin/spark-class", main, "--host", "127.0.0.1", *arguments]
        with (self.work / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                cwd=self.work,
                preexec_fn=None if processors is None else lambda: os.sched_setaffinity(0, processors),
            )

    def add_worker(self):
        """Starts a worker, and returns its name; `wait` says when it is there."""
        name = f"worker-{self.started}"
        self.started += 1
        folder = self.work / name
        main = "org.apache.spark.deploy.worker.Worker"
        words = [
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            "1",
            "--memory",
            MEMORY,
            "--work-dir",
            str(folder),
            self.url,
        ]
        all_processors = sorted(os.sched_getaffinity(0))
        processors = {all_processors[len(self.workers) % len(all_processors)]} if self.is_bound else None
        self.workers.append(self.launch(name, main, *words, processors=processors))
        return name

    def replace(self, process):
        """Kills a worker and its executors with SIGKILL, and starts another one."""
        # The executors first: once their worker is gone, they are nobody's children.
        kill([*children(process.pid), process.pid])
        process.wait()
        self.workers.remove(process)
        self.wait(self.add_worker(), r"Successfully registered with master")

    def wait(self, name, pattern):
        """Waits for a line in the log of a daemon, and returns its first group, if it has one."""
        path, end = self.work / f"{name}.log", time.monotonic() + START
        while time.monotonic() < end:
            found = re.search(pattern, path.read_text(errors="replace"))
            if found:
                return found[found.re.groups]
            if any(process.poll() is not None for process in [self.master, *self.workers] if process is not None):
                break
            time.sleep(0.05)
        raise AssertionError(f"{name} does not start:\n{path.read_text(errors='replace')}")

    def settings(self, executor_environment):
        """Returns the settings of a session that uses all workers."""
        return {
            "spark.master": self.url,
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": EXECUTOR_MEMORY,
            "spark.executor.extraJavaOptions": "-XX:+UseSerialGC",
            "spark.local.dir": str(self.work / "local"),
            **local_settings(self.work),
            **{f"spark.executorEnv.{name}": str(value) for name, value in executor_environment.items()},
        }


def local_settings(work):
    """Returns the settings of any session."""
    return {
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": f"-XX:+UseSerialGC -Dderby.system.home={work}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(Path(work) / "warehouse"),
        # A failure is looked for, not retried: nothing here gets better by itself.
        "spark.task.maxFailures": "2",
        # The shuffle files of a killed worker do not come back.
        "spark.shuffle.io.maxRetries": "1",
        "spark.shuffle.io.retryWait": "1s",
    }


def session(settings):
    """Starts a session with exactly these settings; one at a time, in this process."""
    from pyspark.sql import SparkSession

    # The driver says which Python executors start, whatever is in their own environment.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("cloudconnexa")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    # Failures are expected, and arrive as exceptions with the same text.
    spark.sparkContext.setLogLevel("OFF")
    return spark
