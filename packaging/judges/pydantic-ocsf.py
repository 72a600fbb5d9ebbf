"""Reads events into the models of `pydantic-ocsf`.

    python3 pydantic-ocsf.py VERSION FILE

Each line of the file is an event. Prints how many there are, and everything that is wrong, as JSON. The newest version that
the package has models for is 1.7.0: events of 1.8.0 are read as such, as the attributes that they have are the same.
"""

import collections
import importlib
import json
import sys
import typing

import pydantic


def main(version, path):
    newest = "1.7.0"
    module = "v" + min(version, newest).replace(".", "_")
    events = importlib.import_module(f"ocsf.{module}.events")
    objects = importlib.import_module(f"ocsf.{module}.objects")
    models, count, problems = {}, 0, collections.Counter()
    for line in open(path, encoding="utf-8"):
        event = json.loads(line)
        count += 1
        event["metadata"]["version"] = min(version, newest)
        name = event["class_name"].replace(" ", "").replace("DNS", "Dns")
        if name not in models:
            models[name] = getattr(events, name)
            if not models[name].__pydantic_complete__:
                # The package leaves references of the base event unresolved.
                named = {key: getattr(objects, key, None) for key in dir(objects)}
                models[name].model_rebuild(_types_namespace=vars(typing) | vars(pydantic) | named)
        try:
            models[name].model_validate(event)
        except ValueError as error:
            problems[f"{name}: {str(error)[:400]}"] += 1
    json.dump({"events": count, "kinds": len(models), "problems": problems}, sys.stdout)


main(*sys.argv[1:])
