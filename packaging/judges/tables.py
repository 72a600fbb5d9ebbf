"""Reads the tables of `ccxlog convert` with DuckDB, pyarrow and chDB, and compares every value with the JSON of the events.

usage: tables.py FOLDER EVENTS COLUMNS STATEMENTS

FOLDER is what was written, EVENTS the records that should be in it, one per line, COLUMNS is schema/columns.json, and STATEMENTS
a folder with the output of `ccxlog ddl` for each database. Nothing of ccxlog is used here.
"""

import collections
import datetime
import json
import re
import sys
from pathlib import Path

import duckdb
import pyarrow.dataset
import pyarrow.types
import sqlglot
from chdb.session import Session

FOLDER, EVENTS, COLUMNS, STATEMENTS = map(Path, sys.argv[1:])
REFUSALS = {"Authentication failed", "Certificate Revoked", "Subscription Limit Exceeded"}
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
CHECKED = collections.Counter()


def check(what, found, expected):
    """Fails unless both are the same, and shows where they differ."""
    CHECKED[what] += 1
    if found == expected:
        return
    if isinstance(found, list) and isinstance(expected, list):
        for index, (one, other) in enumerate(zip(found, expected)):
            if one != other:
                raise AssertionError(f"{what}: row {index} is\n{one}\nand should be\n{other}")
    raise AssertionError(f"{what}: {str(found)[:2000]}\nshould be\n{str(expected)[:2000]}")


def micros(text):
    """Returns a time in microseconds since 1970."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)


def canonical(value):
    """Returns JSON in one form."""
    return json.dumps(value, sort_keys=True)


def find(event, pointer):
    """Returns the value at a JSON Pointer, and removes it."""
    *parents, name = pointer.split("/")[1:]
    for parent in parents:
        event = event.get(parent, {})
    return event.pop(name, None)


def row(event, columns):
    """Returns the cells of an event."""
    rest = json.loads(json.dumps(event))
    cells = {}
    for column in columns:
        if column["holds"] == "unknown fields":
            continue
        value = find(rest, column["holds"])
        if value is not None:
            if column["kind"] == "timestamp":
                value = micros(value)
            elif column["kind"] == "integer":
                value = int(value)  # 4.0 is an integer, too
            elif column["kind"] == "json":
                value = canonical(value)
            elif column["kind"] == "string" and value == "" and column["name"].endswith("_ip"):
                value = None
        cells[column["name"]] = value
    # Each field of a `log` that the schema describes was found.
    if not rest.get("log", True) and any(column["holds"].startswith("/log/") for column in columns):
        del rest["log"]
    cells["_extra"] = canonical(rest) if rest else None
    return cells


def ordered(rows):
    """Returns rows in one order: engines read files in any."""
    return sorted(rows, key=canonical)


def read_json():
    """Returns the columns of each table, and its rows as the JSON has them."""
    tables = {table["name"]: table for table in json.loads(COLUMNS.read_text())["tables"]}
    by_event = {table["event"]: name for name, table in tables.items()}
    rows = {name: [] for name in tables}
    events = [json.loads(line) for line in EVENTS.read_text().splitlines()]
    for event in events:
        name = by_event.get(event["eventName"], "unknown_event")
        cells = row(event, tables[name]["columns"])
        cells["event_day"] = (EPOCH + datetime.timedelta(microseconds=cells["timestamp"])).date().isoformat()
        rows[name].append(cells)
    return tables, {name: ordered(found) for name, found in rows.items()}, events


def normal(names, kinds, values):
    """Returns cells as an engine has read them, in the form of `row`."""
    cells = {}
    for name, value in zip(names, values):
        if value is not None and kinds.get(name) == "json":
            value = canonical(json.loads(value))
        cells[name] = value.isoformat() if isinstance(value, datetime.date) else value
    return cells


def execute(database, statements):
    """Has a database execute statements."""
    for statement in re.split(r";\n", statements):
        if statement.strip():
            database(statement)


def with_duckdb(tables, expected, events):
    """DuckDB executes its statements, and reads every value; its answers over the JSON are the same."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute((STATEMENTS / "duckdb.sql").read_text())
    for name, table in tables.items():
        kinds = {column["name"]: column["kind"] for column in table["columns"]}
        cells = [f'epoch_us("{column}")' if kind == "timestamp" else f'"{column}"' for column, kind in kinds.items()]
        found = database.execute(f'SELECT {", ".join(cells)}, event_day FROM "{name}"').fetchall()
        found = [normal([*kinds, "event_day"], kinds, values) for values in found]
        check(f"{name} by DuckDB", ordered(found), expected[name])
        types = dict(database.execute(f'SELECT column_name, column_type FROM (DESCRIBE "{name}")').fetchall())
        named = {"timestamp": "TIMESTAMP WITH TIME ZONE", "integer": "BIGINT", "boolean": "BOOLEAN"}
        check(f"types of {name}", types, {c: named.get(kind, "VARCHAR") for c, kind in kinds.items()} | {"event_day": "DATE"})
    database.execute("CREATE TABLE events AS SELECT json FROM read_ndjson_objects(?)", [str(EVENTS)])
    for over_json, over_tables in [
        ("SELECT count(*) FROM events WHERE json->>'eventName' = 'flow-established' AND NOT (json->'log'->'allowed')::BOOLEAN",
         "SELECT count(*) FROM flow_established WHERE NOT allowed"),
        ("SELECT sum((json->'log'->>'sessionBytesIn')::BIGINT) FROM events WHERE json->>'eventName' = 'client-disconnected'",
         "SELECT sum(session_bytes_in) FROM client_disconnected"),
        ("SELECT json->>'cloudId', count(*), min(json->>'traceId') FROM events GROUP BY 1 ORDER BY 1",
         "SELECT cloud_id, count(*), min(trace_id) FROM ("
         + " UNION ALL ".join(f'SELECT cloud_id, trace_id FROM "{name}"' for name in tables) + ") GROUP BY 1 ORDER BY 1"),
        ("SELECT (json->>'timestamp')[:10], count(*) FROM events WHERE json->>'eventName' = 'domain-blocked' GROUP BY 1 ORDER BY 1",
         "SELECT event_day::VARCHAR, count(*) FROM domain_blocked GROUP BY 1 ORDER BY 1"),
    ]:
        check("answers over JSON and tables", database.execute(over_tables).fetchall(), database.execute(over_json).fetchall())
    with_views(lambda query: [list(found) for found in database.execute(query).fetchall()], events)


def with_views(query, events):
    """The views give what the events say."""
    of = collections.defaultdict(list)
    for event in events:
        of[event["eventName"]].append(event)
    ends = of["client-disconnected"]
    reasons = [event["log"].get("sessionDisconnectReason") for event in ends]
    refused = [reason for reason in reasons if reason in REFUSALS]
    check("refused logins", query("SELECT count(*) FROM refused_logins"), [[len(refused)]])
    blocked = [event for event in of["flow-established"] if not event["log"]["allowed"]]
    check("blocked flows", query("SELECT sum(flows) FROM blocked_flows_by_hour"), [[len(blocked)]])
    users = collections.Counter(event["initiator"] for event in blocked if event["initiatorType"] == "User")
    user, flows = max(users.items(), key=lambda item: (item[1], item[0]))
    check("blocked flows of a user", query(f"SELECT sum(flows) FROM blocked_flows_by_hour WHERE user_id = '{user}'"), [[flows]])

    def session(event):
        return event["cloudId"], event["log"]["clientSessionId"]

    starts = collections.Counter(session(event) for event in of["client-connected"])
    stops = collections.Counter(session(event) for event, reason in zip(ends, reasons) if reason not in REFUSALS)
    stopped = set(map(session, ends))
    open_sessions = sum(count for key, count in starts.items() if key not in stopped)
    joined = sum(count * max(starts[key], 1) for key, count in stops.items())
    check("sessions", query("SELECT count(*) FROM sessions"), [[open_sessions + joined]])
    check("open sessions", query("SELECT count(*) FROM sessions WHERE session_end_time IS NULL"), [[open_sessions]])


def with_pyarrow(tables, expected):
    """pyarrow reads every value, and the types of the files."""
    for name, table in tables.items():
        if not expected[name]:
            check(f"no files of {name}", (FOLDER / name).exists(), False)
            continue
        kinds = {column["name"]: column["kind"] for column in table["columns"]}
        day = pyarrow.schema([("event_day", pyarrow.string())])
        partitioning = pyarrow.dataset.partitioning(day, flavor="hive")
        dataset = pyarrow.dataset.dataset(FOLDER / name, format="parquet", partitioning=partitioning)
        read = dataset.to_table()
        for index, field in enumerate(dataset.schema):
            kind = kinds.get(field.name)
            wanted = {
                "timestamp": pyarrow.timestamp("us", "UTC"), "integer": pyarrow.int64(), "boolean": pyarrow.bool_()
            }
            check("types by pyarrow", field.type, wanted.get(kind, pyarrow.string()))
            check("every column may be null", field.nullable, True)
            if kind == "timestamp":
                read = read.set_column(index, field.name, read.column(index).cast(pyarrow.int64()))
        names = read.column_names
        check(f"order of the columns of {name}", names, [*kinds, "event_day"])
        columns = [read.column(index).to_pylist() for index in range(len(names))]
        check(f"{name} by pyarrow", ordered(normal(names, kinds, values) for values in zip(*columns)), expected[name])


def with_chdb(tables, expected, events):
    """chDB executes its statements, and reads every value."""
    session = Session()
    session.query("CREATE DATABASE lake")
    session.query("USE lake")
    execute(session.query, (STATEMENTS / "clickhouse.sql").read_text())
    settings = "SETTINGS output_format_json_quote_64bit_integers = 0"

    def query(text):
        return [json.loads(line) for line in str(session.query(f"{text} {settings}", "JSONCompactEachRow")).splitlines()]

    for name, table in tables.items():
        kinds = {column["name"]: column["kind"] for column in table["columns"]}
        cells = [
            f"toUnixTimestamp64Micro(`{column}`)" if kind == "timestamp" else f"`{column}`" for column, kind in kinds.items()
        ]
        found = query(f"SELECT {', '.join(cells)}, event_day FROM `{name}`")
        check(f"{name} by chDB", ordered(normal([*kinds, "event_day"], kinds, values) for values in found), expected[name])
    with_views(query, events)
    session.close()


def with_sqlglot():
    """Each statement is one that its dialect knows."""
    dialects = ["athena", "duckdb", "clickhouse", "snowflake", "bigquery", "spark"]
    check("dialects", sorted(path.stem for path in STATEMENTS.iterdir()), sorted(dialects))
    for dialect in dialects:
        text = (STATEMENTS / f"{dialect}.sql").read_text()
        # sqlglot does not know these two: a clause of BigQuery, and a statement of Spark.
        text = re.sub(r"\nWITH PARTITION COLUMNS \([^)]*\)", "", text)
        text = re.sub(r"\nMSCK REPAIR TABLE `\w+`;", "", text)
        parsed = collections.Counter(type(tree).__name__ for tree in sqlglot.parse(text, dialect=dialect) if tree)
        parsed.pop("Comment", None)
        check(f"statements for {dialect}", set(parsed), {"Create"})
        check(f"number of statements for {dialect}", parsed["Create"] >= 12, True)


def main():
    """Compares everything."""
    tables, expected, events = read_json()
    with_duckdb(tables, expected, events)
    with_pyarrow(tables, expected)
    with_chdb(tables, expected, events)
    with_sqlglot()
    print(f"{len(events)} events, {sum(CHECKED.values())} comparisons")


main()
