"""Reads the files of a custom source of Security Lake with pyarrow, and compares every value with OCSF as JSON.

usage: lake.py FOLDER LINES

LINES is what `ccxlog convert --to ocsf` has written of the same events. Nothing of ccxlog is used here.
"""

import datetime
import json
import re
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet

FOLDER, LINES = map(Path, sys.argv[1:])
NAME = re.compile(r"ext/cloudconnexa_(\w+)/region=eu-central-1/accountId=123456789012/eventDay=(\d{8})/part-\d{5}\.parquet")


def plain(value):
    """Returns a value as JSON has it: without nulls, and times in milliseconds."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return round(value.timestamp() * 1000)
    return value


def check_type(kind):
    """Fails for a structure without fields, which Parquet cannot have."""
    if pyarrow.types.is_struct(kind):
        assert kind.num_fields > 0, kind
        for index in range(kind.num_fields):
            check_type(kind.field(index).type)
    elif pyarrow.types.is_list(kind):
        check_type(kind.value_type)


def main():
    """Compares everything."""
    expected, schemas = {}, {}
    for line in LINES.read_text().splitlines():
        event = json.loads(line)
        # Times beyond these would be in another unit.
        assert 10**12 <= event["time"] < 10**13, event["time"]
        expected.setdefault(event["raw_data"], []).append(event)
    count = 0
    for path in sorted(FOLDER.rglob("*.parquet")):
        name = NAME.fullmatch(path.relative_to(FOLDER).as_posix())
        assert name, f"{path} is not where Security Lake looks"
        file = pyarrow.parquet.ParquetFile(path)
        assert file.schema_arrow.field("time").type == pyarrow.timestamp("ms", "+00:00"), file.schema_arrow
        # The columns are those of the class, whatever the events at hand.
        assert schemas.setdefault(name[1], file.schema_arrow) == file.schema_arrow, f"{path} has other columns"
        for field in file.schema_arrow:
            check_type(field.type)
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
        times = []
        for row in file.read().to_pylist():
            event = plain(row)
            times.append(event["time"])
            day = datetime.datetime.fromtimestamp(event["time"] / 1000, datetime.timezone.utc).strftime("%Y%m%d")
            assert day == name[2], f"an event of {day} is in {path}"
            assert event["class_name"].lower().replace(" ", "_") == name[1], f"{event['class_name']} is in {path}"
            if "unmapped" in event:
                event["unmapped"] = json.loads(event["unmapped"])
            assert event in expected[event["raw_data"]], f"{event}\nshould be one of\n{expected[event['raw_data']]}"
            count += 1
        assert times == sorted(times), f"{path} is not sorted by time"
    assert count == sum(map(len, expected.values())), f"{count} events of {len(expected)}"
    assert len(schemas) == 5, list(schemas)
    print(f"{count} events")


main()
