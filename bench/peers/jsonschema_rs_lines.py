"""Validates JSON lines with jsonschema-rs over what orjson parses: python jsonschema_rs_lines.py SCHEMA FILE"""

import sys

import jsonschema_rs
import orjson

with open(sys.argv[1], "rb") as file:
    validator = jsonschema_rs.Draft202012Validator(orjson.loads(file.read()), validate_formats=True)
with open(sys.argv[2], "rb") as lines:
    invalid = sum(not validator.is_valid(orjson.loads(line)) for line in lines)
sys.exit(invalid > 0)
