"""Compares events with the JSON Schemas of a version of OCSF, made by `ocsf-json-schema`.

    python3 ocsf.py VERSION FILE

Each line of the file is an event. Prints how many there are, and everything that is wrong, as JSON.
"""

import collections
import json
import sys

import jsonschema_rs
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema


def main(version, path):
    definitions = get_ocsf_schema(version=version)
    # Older schemas have the base event next to the other classes.
    if base := definitions.get("base_event"):
        definitions["classes"]["base_event"] = base
    schemas, validators = OcsfJsonSchemaEmbedded(definitions), {}
    names = {node["uid"]: name for name, node in definitions["classes"].items()}
    events, problems = 0, collections.Counter()
    for line in open(path, encoding="utf-8"):
        event = json.loads(line)
        events += 1
        kind = (event.get("class_uid"), tuple(event["metadata"].get("profiles", [])))
        if kind[0] not in names:
            problems[f"no class {kind[0]}"] += 1
            continue
        if kind not in validators:
            schema = schemas.get_class_schema(names[kind[0]], list(kind[1]))
            validators[kind] = jsonschema_rs.validator_for(schema)
        for error in validators[kind].iter_errors(event):
            where = "/".join(map(str, error.instance_path))
            problems[f"{names[kind[0]]}: {where}: {error.message[:200]}"] += 1
        # What the schemas do not say.
        if not (isinstance(event["time"], int) and 10**12 <= event["time"] < 10**13):
            problems[f"{names[kind[0]]}: time: {event['time']} is not in milliseconds"] += 1
        if event["metadata"]["version"] != version:
            problems[f"{names[kind[0]]}: metadata.version: {event['metadata']['version']}"] += 1
    json.dump({"events": events, "kinds": len(validators), "problems": problems}, sys.stdout)


main(*sys.argv[1:])
