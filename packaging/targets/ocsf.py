"""Extracts the OCSF classes and objects that mappings use from the schemas that `ocsf-json-schema` packages.

    python3 -P ocsf.py VERSION

writes the extract of a version to standard output. `schema/targets/ocsf-*.json` are its output, and packaging/tests/test_ocsf.py
checks that they still are.
"""

import json
import sys

from ocsf_json_schema import get_ocsf_schema

CLASSES = [
    "base_event",
    "detection_finding",
    "dns_activity",
    "entity_management",
    "network_activity",
    "tunnel_activity",
]
OBJECTS = [
    "actor",
    "analytic",
    "device",
    "dns_query",
    "evidences",
    "finding_info",
    "firewall_rule",
    "group",
    "http_request",
    "location",
    "managed_entity",
    "metadata",
    "network_connection_info",
    "network_endpoint",
    "network_interface",
    "network_traffic",
    "organization",
    "os",
    "product",
    "session",
    "user",
]


def attribute(found, types):
    """Returns what a mapping has to know of an attribute."""
    kind = found["type"]
    short = {"type": kind}
    if kind == "object_t":
        short["object"] = found["object_type"]
    elif base := types[kind].get("type"):
        short["base"] = base
    if found.get("is_array"):
        short["array"] = True
    if found.get("requirement") == "required":
        short["required"] = True
    # Newer schemas list the profiles of an attribute; older ones name one.
    if profiles := found.get("profiles") or [name for name in [found.get("profile")] if name]:
        short["profiles"] = sorted(profiles)
    if sibling := found.get("sibling"):
        short["sibling"] = sibling
    if enum := found.get("enum"):
        order = sorted(enum, key=lambda value: (not value.isdigit(), int(value) if value.isdigit() else value))
        short["enum"] = {value: enum[value]["caption"] for value in order}
    return short


def attributes(node, types):
    """Returns the attributes of a class or an object, without those that lead to objects that no mapping uses."""
    kept = {}
    for name, found in sorted(node["attributes"].items()):
        if found["type"] != "object_t" or found["object_type"] in OBJECTS or name == "unmapped":
            kept[name] = attribute(found, types)
    return kept


def extract(version):
    """Returns the extract of a version, as the text of the file."""
    schema = get_ocsf_schema(version=version)
    types = schema["types"] if "types" in schema else schema["dictionary"]["types"]["attributes"]
    classes = dict(schema["classes"])
    classes.setdefault("base_event", schema.get("base_event"))
    out = {"version": version, "classes": {}, "objects": {}}
    for name in CLASSES:
        if node := classes.get(name):
            short = {"uid": node["uid"], "caption": node["caption"]}
            (category,) = node["attributes"]["category_uid"]["enum"].items()
            short |= {"category_uid": int(category[0]), "category": category[1]["caption"]}
            if one_of := (node.get("constraints") or {}).get("at_least_one"):
                short["at_least_one"] = sorted(one_of)
            out["classes"][name] = short | {"attributes": attributes(node, types)}
    for name in OBJECTS:
        if node := schema["objects"].get(name):
            short = {}
            if one_of := (node.get("constraints") or {}).get("at_least_one"):
                short["at_least_one"] = sorted(one_of)
            out["objects"][name] = short | {"attributes": attributes(node, types)}
    return json.dumps(out, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(extract(sys.argv[1]))
