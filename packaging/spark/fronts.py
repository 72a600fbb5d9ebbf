"""Reads an archive with whatever engine this Python has, and prints what it finds as JSON.

usage: fronts.py spark|sail ARCHIVE WORK

`spark` runs in this process and its threads, and `sail` in a server that this process starts.
"""

import json
import os
import sys
from pathlib import Path

import archive
import cluster

GROUP_BYTES = 250_000


def session(engine, work):
    """Starts a session, and returns it with what has to be kept for as long."""
    if engine == "spark":
        return cluster.session({"spark.master": "local[2]", **cluster.local_settings(work)}), None
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    _, port = server.listening_address
    return SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate(), server


def failure(job):
    """Returns the text of the error with which a job has to fail."""
    try:
        return f"no error, but {job()}"
    except Exception as error:
        return str(error)


def main():
    """Prints the result of each way to read."""
    engine, folder, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    spark, server = session(engine, work)
    from cloudconnexa_events.spark import read, register

    logs = read(spark, folder, group_bytes=GROUP_BYTES)
    summary = logs.summary()
    everything = {row["kind"]: row["count"] for row in logs.everything.groupBy("kind").count().collect()}
    found = {
        "version": spark.version,
        "groups": logs.groups,
        "sums": archive.sums(logs.events),
        "summary": {
            "inputs": summary.inputs,
            "records": summary.records,
            "rows": summary.rows,
            "rejected": summary.rejected,
        },
        "everything": everything,
        "rejected": logs.rejected.count(),
        "table": logs.table("client-disconnected").count(),
        "profile": logs.profile().to_json(),
        "sessions": archive.sessions(logs.sessions()),
        "registered": failure(lambda: register(spark)),
    }
    if "no error" in found["registered"]:
        # Sail 0.7 has no times with a zone in a data source of Python, and refuses the rest of the columns.
        columns = {"columns": "event_name,session_bytes_in", "group_bytes": str(GROUP_BYTES)}
        source = spark.read.format("cloudconnexa").options(**columns).load(str(folder))
        found["source"] = list(source.selectExpr("count(*)", "sum(session_bytes_in)").collect()[0])
        found["timestamps"] = failure(spark.read.format("cloudconnexa").load(str(folder)).count)
    # A file that is gone by the time it is read.
    late = read(spark, str(gone(folder, work)))
    late.objects and os.unlink(late.objects[0].name)
    found["vanished"] = failure(late.events.count)
    print(json.dumps(found))
    spark.stop()
    if server is not None:
        server.stop()


def gone(folder, work):
    """Returns a copy of one object."""
    copy = work / "vanishing.jsonl.gz"
    copy.write_bytes(min(folder.iterdir()).read_bytes())
    return copy


if __name__ == "__main__":
    main()
