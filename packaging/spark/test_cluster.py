"""Reads a generated archive on a cluster of processes, from disk and from an S3 server, and breaks what can break.

One cluster and one archive serve all tests; the classes whose executors lack something come last, because there can be
only one session at a time. The environment has to say where things are:

- CCX_WHEEL_SITE: a folder with the installed package, which is also on PYTHONPATH;
- CCX_CCXLOG: a `ccxlog` with Parquet;
- CCX_WORK: a folder that the tests may use.

Run it with the Python that has the packages of requirements-spark4.txt, as `python -m unittest test_cluster`.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest
from datetime import timedelta
from pathlib import Path
from unittest import mock

import archive
import cluster
from bucket import BUCKET, Moto, credentials, fill, strict_user

SITE = os.environ["CCX_WHEEL_SITE"]
WORK = archive.WORK / "spark4"
ARCHIVE = WORK / "archive"
# Small enough for many tasks.
GROUP_BYTES = 250_000
CORES = 2


def setUpModule():
    global cluster_, moto, expected, spark
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    # What the driver, and the processes that plan queries, see of it.
    for name in [name for name in os.environ if name.upper().startswith("AWS_")]:
        del os.environ[name]
    moto = unittest.enterModuleContext(Moto())
    os.environ |= credentials(moto)
    expected = archive.make(ARCHIVE)
    fill(moto, ARCHIVE, "logs/")
    cluster_ = unittest.enterModuleContext(cluster.Cluster(sys.executable, WORK / "cluster"))
    spark = None


def tearDownModule():
    stop()


def start(**more):
    """Starts a session whose executors have the package and the credentials, unless `more` says otherwise."""
    global spark
    stop()
    # The Java process remembers the settings of its first session, so what is not wanted has to be empty.
    spark = cluster.session(cluster_.settings({"PYTHONPATH": SITE, **credentials(moto), **more}))
    return spark


def stop():
    """Stops the session, so that another one gets the workers."""
    global spark
    if spark is not None:
        spark.stop()
    spark = None


def failure(job):
    """Returns the text of the error with which a job has to fail."""
    try:
        result = job()
    except Exception as error:
        return str(error)
    raise AssertionError(f"no error, but {result}")


class Session(unittest.TestCase):
    """Tests whose executors have everything they need. They share a session."""

    @classmethod
    def setUpClass(cls):
        from cloudconnexa_events import spark as front

        cls.spark = start() if spark is None else spark
        cls.front = front
        front.register(cls.spark)

    def read(self, paths=ARCHIVE, **more):
        return self.front.read(self.spark, paths, **{"group_bytes": GROUP_BYTES, **more})

    def source(self, path, **options):
        return self.spark.read.format("cloudconnexa").options(group_bytes=GROUP_BYTES, **options).load(str(path))

    def check(self, sums):
        self.assertEqual(sums, {name: expected[name] for name in sums})

    def copy(self, name, prefix="2026-01-05-0"):
        """Returns a folder with some objects of the archive."""
        folder = WORK / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in ARCHIVE.glob(f"{prefix}*"):
            shutil.copy(path, folder)
        return folder


class Reading(Session):
    """Tables, counts, profiles and sessions."""

    def test_each_group_is_a_task_of_its_own(self):
        from cloudconnexa_events.spark import _groups
        from pyspark.sql import functions

        groups = [[f"{number}.jsonl.gz"] for number in range(50)]
        frame = _groups.frame(self.spark, groups).withColumn("partition", functions.spark_partition_id())
        rows = frame.collect()
        self.assertEqual(sorted(row["number"] for row in rows), list(range(50)))
        self.assertEqual(len({row["partition"] for row in rows}), 50)
        self.assertEqual({row["number"]: _groups.decoded(row["names"]) for row in rows}, dict(enumerate(groups)))

    def test_sums_of_an_archive_on_disk_are_exact(self):
        logs = self.read()
        self.assertGreater(logs.groups, 4 * CORES)
        self.check(archive.sums(logs.events))
        disconnected = logs.table("client-disconnected")
        self.assertEqual(disconnected.columns[:2], ["event_name", "cloud_connexa_log_version"])
        total = disconnected.groupBy().sum("session_bytes_in").first()[0]
        self.assertEqual(total, expected["sums"]["bytes_in"])
        self.assertEqual(set(logs.tables), {name.replace("-", "_") for name in expected["events"]} | {"unknown_event"})

    def test_sums_of_a_bucket_are_exact(self):
        logs = self.read(f"s3a://{BUCKET}/logs/", endpoint_url=moto.url)
        self.check(archive.sums(logs.events))
        summary = logs.summary()
        self.check(
            {"records": summary.records, "rows": summary.rows, "rejected": summary.rejected, "inputs": summary.inputs}
        )
        self.check(archive.sums(self.source(f"s3://{BUCKET}/logs/")))

    def test_a_written_copy_of_everything_adds_up(self):
        logs = self.read()
        logs.everything.write.mode("overwrite").parquet(str(WORK / "everything"))
        written = self.spark.read.parquet(str(WORK / "everything"))
        summary = logs.summary(written)
        self.check(
            {"records": summary.records, "rows": summary.rows, "rejected": summary.rejected, "inputs": summary.inputs}
        )
        self.check(archive.sums(written.where("kind = 'event'")))
        self.assertIn(
            "there are", failure(lambda: logs.summary(written.where("event_name is null or allowed is null")))
        )
        self.assertIn(
            "groups were to be read",
            failure(lambda: logs.summary(written.where("group.number is null or group.number > 0"))),
        )

    def test_rejected_records_keep_their_bytes(self):
        logs = self.read()
        lines = {
            (str(path), number): line
            for path in ARCHIVE.iterdir()
            for number, line in enumerate(gzip.decompress(path.read_bytes()).splitlines(), 1)
        }
        rows = logs.rejected.collect()
        self.assertEqual(len(rows), expected["rejected"])
        for row in rows:
            self.assertEqual(bytes(row["record"]), lines[row["source"], row["line"]])
        self.assertEqual(self.source(ARCHIVE, table="rejected").count(), expected["rejected"])

    def test_chosen_events_and_columns(self):
        logs = self.read(events=["client-connected", "client-disconnected"], columns=["event_name", "session_bytes_in"])
        self.assertEqual(logs.events.columns, ["event_name", "session_bytes_in"])
        summary = logs.summary()
        rows = expected["events"]["client-connected"] + expected["events"]["client-disconnected"]
        self.assertEqual((summary.rows, summary.left_out), (rows, expected["rows"] - rows))
        self.assertIn("did you mean `group_bytes`", failure(lambda: self.source(ARCHIVE, group_byte="5")))
        self.assertIn("flow-established", failure(lambda: self.read(events=["flow"])))
        self.assertIn("no event `flow`", failure(lambda: self.read().table("flow")))

    def test_the_data_source_reads_the_same(self):
        self.check(archive.sums(self.source(ARCHIVE)))
        kinds = {
            row["kind"]: row["count"]
            for row in self.source(ARCHIVE, table="everything").groupBy("kind").count().collect()
        }
        self.check({"rows": kinds["event"], "rejected": kinds["rejected"]})

    def test_a_profile_is_that_of_one_run(self):
        text = self.read().profile().to_json()
        one = WORK / "profile.json"
        command = [archive.CCXLOG, "drift", "--no-config", "--quiet", "--write-profile", one, "--show-values", ARCHIVE]
        done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(json.loads(text), json.loads(one.read_text()))
        from cloudconnexa_events import drift

        self.assertEqual(text, drift(ARCHIVE).to_json())
        # With so many groups that executors merge them as well.
        self.assertEqual(text, self.read(group_bytes=1).profile().to_json())

    def test_sessions_are_those_of_one_run(self):
        single = archive.sessions_of_one_run(ARCHIVE)
        self.assertGreater(len(single), 2_000)
        for group_bytes in (GROUP_BYTES, 1):
            self.assertEqual(archive.sessions(self.read(group_bytes=group_bytes).sessions()), single)
        # So short that many are given up, by the clock of the whole archive.
        horizon = timedelta(minutes=5)
        short = archive.sessions_of_one_run(ARCHIVE, horizon)
        self.assertNotEqual(short, single)
        self.assertEqual(archive.sessions(self.read().sessions(horizon)), short)

    def test_a_vanished_object_is_named(self):
        folder = self.copy("vanished")
        logs = self.read(folder)
        gone = sorted(folder.iterdir())[3]
        gone.unlink()
        for job in (logs.events.count, logs.summary, logs.profile, logs.sessions().count):
            self.assertIn(gone.name, failure(job))
        fill(moto, self.copy("vanished", "2026-01-05-1"), "vanished/")
        logs = self.read(f"s3://{BUCKET}/vanished/")
        gone = logs.objects[2].name
        moto.client().delete_object(Bucket=BUCKET, Key=gone.removeprefix(f"s3://{BUCKET}/"))
        self.assertIn(gone, failure(logs.events.count))
        self.assertIn("s3://my-logs/none/", failure(lambda: self.read(f"s3://{BUCKET}/none/")))

    def test_a_truncated_object_is_named(self):
        folder = self.copy("truncated")
        cut = sorted(folder.iterdir())[2]
        cut.write_bytes(cut.read_bytes()[:-2000])
        logs = self.read(folder)
        for job in (logs.events.count, logs.summary, logs.rejected.count, self.source(folder).count):
            self.assertIn(cut.name, failure(job))
        logs = self.read(folder, skip_unreadable=True)
        summary = logs.summary()
        self.assertEqual([Path(name).name for name in summary.unread], [cut.name])
        self.assertEqual(summary.records, summary.rows + summary.rejected)
        self.assertEqual(logs.rejected.where("rule = 'unreadable-input'").count(), 1)
        copy = logs.everything.persist()
        self.assertEqual(logs.summary(copy), summary)
        copy.unpersist()

    def test_another_version_on_executors_is_an_error(self):
        with mock.patch("cloudconnexa_events.spark._remote.VERSION", "9.9.9"):
            text = failure(self.read().events.count)
        self.assertRegex(text, r"cloudconnexa_events is \S+ in .*, but 9\.9\.9 on the driver")

    def test_a_killed_worker_changes_nothing(self):
        # An object for each task.
        logs = self.read(group_bytes=1)
        self.assertGreater(logs.groups, 50)
        result, tracker = {}, self.spark.sparkContext.statusTracker()
        self.spark.sparkContext.setJobGroup("killed", "", False)
        job = threading.Thread(target=lambda: result.update(archive.sums(logs.events)))
        job.start()

        def completed():
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            return max(
                [stage.numCompletedTasks for stage in stages if stage and stage.numTasks == logs.groups], default=0
            )

        end = time.monotonic() + 60
        while completed() < 5 and job.is_alive() and time.monotonic() < end:
            time.sleep(0.01)
        done = completed()
        cluster_.replace(cluster_.workers[0])
        job.join(timeout=120)
        self.assertTrue(5 <= done < logs.groups - 5, f"{done} tasks were done when the worker was killed")
        self.check(result)

    def test_statements_for_tables_are_understood(self):
        lake = WORK / "lake"
        shutil.rmtree(lake, ignore_errors=True)
        command = [
            archive.CCXLOG,
            "convert",
            "--no-config",
            "--to",
            "parquet",
            "--output",
            lake,
            "--rejected",
            WORK / "r",
            ARCHIVE,
        ]
        done = subprocess.run([*map(str, command)], check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        for statement in statements("spark", lake):
            found = re.match(r"MSCK REPAIR TABLE `?(\w+)", statement)
            if found and not (lake / found[1]).exists():
                # There is no such event, so there are no partitions to find.
                self.assertIn(found[1], failure(lambda: self.spark.sql(statement)))
            else:
                self.spark.sql(statement)
        for name, count in expected["events"].items():
            self.assertEqual(self.spark.table(name.replace("-", "_")).count(), count, name)
        total = self.spark.sql("SELECT sum(session_bytes_in) FROM client_disconnected").first()[0]
        self.assertEqual(total, expected["sums"]["bytes_in"])
        for view in ("sessions", "refused_logins", "blocked_flows_by_hour"):
            self.assertGreater(self.spark.table(view).count(), 0, view)
        parser = self.spark._jsparkSession.sessionState().sqlParser()
        # Identifiers in views of Athena are quoted as in the standard.
        for setting in ("spark.sql.ansi.enabled", "spark.sql.ansi.doubleQuotedIdentifiers"):
            self.spark.conf.set(setting, "true")
        try:
            parsed = [
                parser.parsePlan(statement).getClass().getSimpleName()
                for statement in statements("athena", "s3://lake/x")
            ]
        finally:
            self.spark.conf.unset("spark.sql.ansi.doubleQuotedIdentifiers")
        self.assertEqual(parsed.count("CreateView"), 3)
        self.assertEqual(parsed.count("CreateTable"), 9)


def statements(database, location):
    """Returns the statements of `ccxlog ddl`."""
    command = [archive.CCXLOG, "ddl", "--for", database, "--location", location]
    text = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout
    text = re.sub(r"(?m)^--.*\n", "", text)
    return [statement for statement in re.split(r";\s*(?:\n|$)", text) if statement.strip()]


class Streaming(Session):
    """A stream of a folder into Parquet, whose sink knows which batches it has."""

    def setUp(self):
        self.folder, self.sink, self.checkpoint = (WORK / "stream" / name for name in ("logs", "sink", "checkpoint"))
        shutil.rmtree(WORK / "stream", ignore_errors=True)
        self.folder.mkdir(parents=True)

    def add(self, pattern):
        for path in ARCHIVE.glob(pattern):
            shutil.copyfile(path, self.folder / path.name)

    def run_stream(self, **options):
        """Reads what there is, and returns how many batches that took."""
        options = {"group_bytes": GROUP_BYTES, "table": "everything", **options}
        frame = self.spark.readStream.format("cloudconnexa").options(**options).load(str(self.folder))
        writer = frame.writeStream.format("parquet").option("checkpointLocation", str(self.checkpoint))
        query = writer.trigger(availableNow=True).start(str(self.sink))
        query.awaitTermination()
        return len(query.recentProgress)

    def written(self):
        return self.spark.read.parquet(str(self.sink))

    def check_written(self):
        self.check(archive.sums(self.written().where("kind = 'event'")))
        self.assertEqual(self.written().where("kind = 'rejected'").count(), expected["rejected"])

    def test_each_object_is_read_once(self):
        self.add("2026-01-05-*")
        self.assertGreater(self.run_stream(max_files_per_batch=10), 2)
        half = self.written().count()
        self.run_stream(max_files_per_batch=10)
        self.assertEqual(self.written().count(), half)
        self.add("2026-01-0[67]-*")
        self.run_stream()
        self.check_written()
        # As if the last batch had been written, but its end not noted: it runs again.
        last = max((self.checkpoint / "commits").glob("[0-9]*"), key=lambda path: int(path.name))
        last.unlink()
        (last.parent / f".{last.name}.crc").unlink(missing_ok=True)
        self.run_stream()
        self.assertTrue(last.exists())
        self.check_written()

    def test_a_query_that_goes_on_reads_what_is_added(self):
        self.add("2026-01-05-*")
        options = {"group_bytes": GROUP_BYTES, "table": "everything"}
        frame = self.spark.readStream.format("cloudconnexa").options(**options).load(str(self.folder))
        writer = frame.writeStream.format("parquet").option("checkpointLocation", str(self.checkpoint))
        query = writer.trigger(processingTime="100 milliseconds").start(str(self.sink))
        try:
            for pattern in ("2026-01-06-*", "2026-01-07-*"):
                query.processAllAvailable()
                self.add(pattern)
            query.processAllAvailable()
        finally:
            query.stop()
        self.check_written()

    def test_what_comes_too_late_or_changes_is_an_error(self):
        self.add("2026-01-05-*")
        self.run_stream(lateness="1h")
        first = min(self.folder.iterdir())
        first.write_bytes(first.read_bytes() + gzip.compress(b"{}\n"))
        text = failure(lambda: self.run_stream(lateness="1h"))
        self.assertRegex(text, rf"{re.escape(first.name)} has changed since")
        self.run_stream(lateness="1h", changed="skip")
        self.add("2026-01-06-00*")
        (late,) = self.folder.glob("2026-01-06-00*")
        old = time.time() - 2 * 3600
        os.utime(late, (old, old))
        text = failure(lambda: self.run_stream(lateness="1h", changed="skip"))
        self.assertIn(late.name, text)
        self.assertIn("`lateness`", text)
        self.run_stream(lateness="1h", changed="skip", late="skip")


class WithoutThePackage(unittest.TestCase):
    def test_executors_say_how_to_install_it(self):
        from cloudconnexa_events import spark as front

        session = start(PYTHONPATH="")
        front.register(session)
        logs = front.read(session, ARCHIVE)
        loaded = session.read.format("cloudconnexa").load(str(ARCHIVE))
        for job in (logs.events.count, logs.summary, logs.profile, loaded.count):
            text = failure(job)
            self.assertIn("cloudconnexa_events cannot be imported by", text)
            self.assertIn("pip install 'cloudconnexa-events[spark]==", text)
            self.assertIn("PYSPARK_PYTHON", text)


class WrongCredentials(unittest.TestCase):
    def test_the_object_is_named(self):
        from cloudconnexa_events import spark as front

        with Moto() as strict:
            fill(strict, ARCHIVE, "logs/")
            key = strict_user(strict)
            right = credentials(
                strict, AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"]
            )
            with mock.patch.dict(os.environ, right):
                # The driver can list the objects, and executors cannot read them.
                logs = front.read(start(**right | {"AWS_SECRET_ACCESS_KEY": "wrong"}), f"s3://{BUCKET}/logs/")
                text = failure(logs.events.count)
                self.assertRegex(text, rf"s3://{BUCKET}/logs/2026-01-0\S+\.jsonl\.gz")
                self.assertRegex(text, "(?i)403|credential|access|signature")


if __name__ == "__main__":
    unittest.main()
