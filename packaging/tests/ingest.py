"""Runs an ingest pipeline of Elasticsearch, as far as packaging/elastic/ingest-pipeline.json uses what such a pipeline can do.

It is written from the documentation of the processors, and knows nothing of how the pipeline is generated. What it does not know
is an error. Elasticsearch itself is not run.
"""

import datetime
import json
import re

TOKEN = re.compile(
    r"\s*(?:(?P<path>ctx(?:\??\.[A-Za-z_]\w*)+(?:\(\))?)|(?P<string>'(?:[^'\\]|\\.)*')|(?P<number>\d+L?)"
    r"|(?P<word>null|true|false)|(?P<operator>&&|\|\||==|!=|<=|\(|\)))"
)


def tokens(text):
    at, found = 0, []
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"not understood: {text[at:]}")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class Condition:
    """A condition in the part of Painless that compares fields with constants."""

    def __init__(self, text):
        self.text, self.tokens, self.at = text, tokens(text), 0
        self.tree = self.either()
        if self.at != len(self.tokens):
            raise ValueError(f"not understood: {text}")

    def take(self, *operators):
        if self.at < len(self.tokens) and self.tokens[self.at] in [("operator", one) for one in operators]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def either(self):
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return lambda document: any(part(document) for part in parts)

    def both(self):
        parts = [self.comparison()]
        while self.take("&&"):
            parts.append(self.comparison())
        return lambda document: all(part(document) for part in parts)

    def comparison(self):
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise ValueError(f"a bracket is open: {self.text}")
            return inner
        left = self.value()
        operator = self.take("==", "!=", "<=")
        if operator is None:
            return left
        right = self.value()
        return {
            "==": lambda document: left(document) == right(document),
            "!=": lambda document: left(document) != right(document),
            "<=": lambda document: left(document) <= right(document),
        }[operator]

    def value(self):
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "path":
            return lambda document: resolve(document, text)
        if kind == "string":
            value = re.sub(r"\\(.)", r"\1", text[1:-1])
        elif kind == "number":
            value = int(text.rstrip("L"))
        elif kind == "word":
            value = {"null": None, "true": True, "false": False}[text]
        else:
            raise ValueError(f"not understood: {self.text}")
        return lambda _: value


def resolve(document, path):
    """Returns the value of `ctx.a?.b`. A dot without a question mark fails where there is nothing."""
    value = document
    for operator, name, call in re.findall(r"(\??)\.(\w+)(\(\))?", path):
        if value is None:
            if operator:
                return None
            raise ValueError(f"null pointer: {path}")
        if call:
            if name != "isEmpty":
                raise ValueError(f"not understood: {path}")
            value = len(value) == 0
        else:
            value = value.get(name)
    return value


MISSING = object()


def get(document, path):
    """Returns a value by its path, or MISSING."""
    for name in path.split("."):
        if not isinstance(document, dict) or name not in document:
            return MISSING
        document = document[name]
    return document


def put(document, path, value):
    *parents, last = path.split(".")
    for name in parents:
        document = document.setdefault(name, {})
    document[last] = value


def drop(document, path):
    *parents, last = path.split(".")
    for name in parents:
        document = document[name]
    return document.pop(last)


def set_(document, options):
    if "copy_from" in options:
        value = get(document, options["copy_from"])
        if value is MISSING:
            raise ValueError(f"set: no {options['copy_from']}")
    else:
        value = options["value"]
    put(document, options["field"], json.loads(json.dumps(value)))


def rename(document, options):
    if get(document, options["field"]) is MISSING:
        raise ValueError(f"rename: no {options['field']}")
    if get(document, options["target_field"]) is not MISSING:
        raise ValueError(f"rename: {options['target_field']} exists")
    put(document, options["target_field"], drop(document, options["field"]))


def remove(document, options):
    if get(document, options["field"]) is not MISSING:
        drop(document, options["field"])
    elif not options.get("ignore_missing"):
        raise ValueError(f"remove: no {options['field']}")


def append(document, options):
    (path,) = re.fullmatch(r"\{\{\{([\w.]+)\}\}\}", options["value"]).groups()
    value = get(document, path)
    if not isinstance(value, str):
        raise ValueError(f"append: {path} is {value!r}")
    found = get(document, options["field"])
    values = [] if found is MISSING else found
    if value not in values or options.get("allow_duplicates", True):
        put(document, options["field"], values + [value])


def lowercase(document, options):
    value = get(document, options["field"])
    if value is not MISSING:
        put(document, options["field"], value.lower())
    elif not options.get("ignore_missing"):
        raise ValueError(f"lowercase: no {options['field']}")


def parse_json(document, options):
    put(document, options["target_field"], json.loads(get(document, options["field"])))


def date(document, options):
    """Parses what Java's ISO_ZONED_DATE_TIME takes, and writes six decimals."""
    assert options["formats"] == ["ISO8601"] and options["output_format"] == "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"
    text = get(document, options["field"])
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    if not match:
        raise ValueError(f"date: {text}")
    time = datetime.datetime.fromisoformat(match[1] + "." + (match[2] or "").ljust(6, "0")[:6] + match[3].replace("Z", "+00:00"))
    time = time.astimezone(datetime.timezone.utc)
    put(document, options["target_field"], time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def script(document, options):
    source = options["source"]
    if "params" in options:
        return drop_absent(document, source, options["params"])
    target, origin, factor = re.fullmatch(r"ctx\.([\w.]+) = ctx\.([\w.]+) \* (\d+)L", source).groups()
    value = get(document, origin) * int(factor)
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"script: {value} does not fit into a long")
    put(document, target, value)


def drop_absent(document, source, params):
    """The one script with a loop, statement by statement."""
    statements = re.sub(r"\s+", " ", source)
    expected = (
        "def drop(Map object, List names) { if (object == null) { return; } "
        "object.entrySet().removeIf(entry -> names.contains(entry.getKey()) && "
        "(entry.getValue() == null || entry.getValue() == '' || entry.getValue() == 'null')); } "
        "drop(ctx.cloudconnexa, params.header); "
        "if (params.log.containsKey(ctx.event.action)) { drop(ctx.cloudconnexa.log, params.log[ctx.event.action]); }"
    )
    if statements != expected:
        raise ValueError(f"not understood: {statements}")
    pairs = [(document["cloudconnexa"], params["header"])]
    if document["event"]["action"] in params["log"]:
        pairs.append((document["cloudconnexa"].get("log"), params["log"][document["event"]["action"]]))
    for found, names in pairs:
        for name in names if found is not None else []:
            if name in found and found[name] in (None, "", "null"):
                del found[name]


PROCESSORS = {
    "append": append,
    "date": date,
    "json": parse_json,
    "lowercase": lowercase,
    "remove": remove,
    "rename": rename,
    "script": script,
    "set": set_,
}


class Pipeline:
    """A pipeline, ready to run."""

    def __init__(self, pipeline):
        self.steps = []
        for processor in pipeline["processors"]:
            ((kind, options),) = processor.items()
            condition = Condition(options["if"]) if "if" in options else None
            self.steps.append((PROCESSORS[kind], options, condition))
        self.used = [0] * len(self.steps)

    def run(self, message, **more):
        """Returns what becomes of a document with this message, and with what a shipper has added."""
        document = {"message": message} | more
        for index, (process, options, condition) in enumerate(self.steps):
            if condition is None or condition.tree(document):
                process(document, options)
                self.used[index] += 1
        return document
