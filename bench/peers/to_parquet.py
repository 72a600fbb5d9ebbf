"""Converts events to one file of Parquet as a general tool does: with a schema that it infers, and without validating.

usage: to_parquet.py ENGINE EVENTS OUTPUT
"""

import sys

engine, events, output = sys.argv[1:]
if engine == "duckdb":
    import duckdb

    database = duckdb.connect()
    database.execute("SET threads = 2")
    read = f"SELECT * FROM read_json('{events}', format = 'newline_delimited')"
    database.execute(f"COPY ({read}) TO '{output}' (FORMAT parquet, COMPRESSION zstd)")
elif engine == "pyarrow":
    import pyarrow
    import pyarrow.json
    import pyarrow.parquet

    pyarrow.set_cpu_count(2)
    pyarrow.parquet.write_table(pyarrow.json.read_json(events), output, compression="zstd")
elif engine == "polars":
    import polars

    polars.read_ndjson(events, infer_schema_length=10_000).write_parquet(output, compression="zstd")
