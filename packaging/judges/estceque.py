"""Checks that Elasticsearch takes an ingest pipeline, with `estceque`.

    python3 estceque.py FILE

Prints how many processors there are, as JSON. Fails if one of them, or an option, does not exist.
"""

import json
import sys

from estceque import (
    validate_ingest_pipeline_failure_processors,
    validate_ingest_pipeline_processors,
)


def main(path):
    pipeline = json.load(open(path, encoding="utf-8")) | {"name": "cloudconnexa"}
    processors = validate_ingest_pipeline_processors(pipeline)
    failure = validate_ingest_pipeline_failure_processors(pipeline)
    json.dump({"processors": len(processors), "on_failure": len(failure)}, sys.stdout)


main(*sys.argv[1:])
