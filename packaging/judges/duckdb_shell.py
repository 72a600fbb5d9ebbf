"""What is needed of the command line of DuckDB: executes statements, of an argument or of standard input, and prints rows.

usage: duckdb_shell.py DATABASE [STATEMENTS]
"""

import sys

import duckdb

database = duckdb.connect(sys.argv[1])
database.execute(sys.argv[2] if len(sys.argv) > 2 else sys.stdin.read())
for row in database.fetchall() if len(sys.argv) > 2 else []:
    print(*row, sep=",")
