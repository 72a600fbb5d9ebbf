// Checks one record against the schema, and gives the verdict that `ccxlog validate` gives.

import { hasFormat } from "./formats.js";
import { HEADER, LOGS } from "./generated/tables.js";
import { child, Fault, MAX_DEPTH, parse } from "./json.js";
import * as messages from "./messages.js";
import { isInteger, toNumber } from "./numbers.js";
import { Locator } from "./position.js";
import { decode } from "./utf8.js";

/** The longest record, in bytes or characters: what every engine can hold as a string. */
const MAX_LENGTH = 2 ** 28;

const OBJECT = { type: "object" };
const EVENT_NAME = { of: { type: "string" }, required: true };

export function validate(record) {
  if (typeof record !== "string" && !isBytes(record)) {
    const found = record === null ? "null" : typeof record;
    throw new TypeError(
      `validate takes a record as a string or as bytes (Uint8Array), but this is ${found}; use isLogEvent for parsed values`,
    );
  }
  if (record.length > MAX_LENGTH) {
    return invalid([{ code: "too-long", pointer: "", ...messages.tooLong(record, MAX_LENGTH), line: 1, column: 1 }]);
  }
  const { text, fault } = decode(record);
  const locator = new Locator(text);
  const findings = fault === undefined ? check(text, locator) : [{ ...fault, start: text.length, pointer: "" }];
  if (findings.length === 0) {
    return { valid: true, event: JSON.parse(text) };
  }
  findings.sort((a, b) => a.start - b.start);
  return invalid(
    findings.map(({ code, pointer, message, help, start }) => {
      return { code, pointer, message, ...(help !== undefined && { help }), ...locator.at(start) };
    }),
  );
}

/** Returns whether a value is a `Uint8Array`, be it of another realm, as in some test runners. */
function isBytes(value) {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

function invalid(errors) {
  return { valid: false, errors };
}

/** Returns the findings in a text, each with the offset that it `start`s at. */
function check(text, locator) {
  try {
    return new Check(text, locator, parse(text)).run();
  } catch (fault) {
    if (!(fault instanceof Fault)) {
      throw fault;
    }
    const { kind, start, end, pointer } = fault;
    return kind === "too-deep"
      ? [{ code: "too-deep", pointer, start, ...messages.tooDeep(MAX_DEPTH) }]
      : [{ code: "syntax", pointer, start, ...messages.syntax(kind, text.slice(start, end)) }];
  }
}

class Check {
  constructor(text, locator, { root, repeated, huge }) {
    this.text = text;
    this.locator = locator;
    this.root = root;
    this.repeated = repeated;
    this.huge = huge;
    this.findings = [];
  }

  run() {
    for (const { start, first, pointer } of this.repeated) {
      const { line } = this.locator.at(start);
      this.add("duplicate-field", pointer, start, messages.duplicateField(pointer, this.locator.at(first), line));
    }
    for (const { start, end, pointer } of this.huge) {
      this.add("number-overflow", pointer, start, messages.numberOverflow(this.text.slice(start, end), pointer));
    }
    this.event();
    return this.findings;
  }

  event() {
    if (!this.isOfKind(this.root, "", null, OBJECT, true)) {
      return;
    }
    const name = this.field(this.root, "", "eventName", EVENT_NAME)?.value;
    this.fields(this.root, "", HEADER);
    const known = LOGS.get(name);
    const log = this.field(this.root, "", "log", { of: OBJECT, required: Boolean(known) });
    if (known && log !== undefined) {
      this.fields(log, "/log", known);
    }
  }

  /** Checks the fields that the schema describes for an object. */
  fields(object, pointer, specs) {
    for (const [name, spec] of specs) {
      this.field(object, pointer, name, spec);
    }
  }

  /** Checks a field, and returns its value if it is one that the field may have. */
  field(object, pointer, name, { of, required }) {
    const member = object.members.get(name);
    if (member !== undefined) {
      return this.isOfKind(member.value, pointer, name, of, required) ? member.value : undefined;
    }
    if (required) {
      this.add("missing-field", pointer, object.start, messages.missingField(name, pointer));
    }
    return undefined;
  }

  /** Checks the value of a field, or of none, which is the record itself. */
  isOfKind(node, parent, name, kind, required) {
    const code = this.violation(node, kind);
    if (code !== null && !node.isHuge) {
      const pointer = name === null ? parent : child(parent, name);
      this.add(code, pointer, node.start, messages.wrongKind(code, node, this.raw(node), pointer, kind, required));
    }
    return code === null;
  }

  /** Returns how a value violates the schema, or null. */
  violation(node, kind) {
    if (kind.type === "integer") {
      const value = node.type === "number" ? toNumber(this.raw(node)) : undefined;
      if (!isInteger(value)) {
        return "wrong-type";
      }
      return value < kind.minimum || value > kind.maximum ? "out-of-range" : null;
    }
    if (node.type !== kind.type) {
      return kind.nullable === true && node.type === "null" ? null : "wrong-type";
    }
    if (kind.formats !== undefined) {
      const isValid =
        kind.formats.some((format) => hasFormat(format, node.value)) || (kind.orEmpty === true && node.value === "");
      return isValid ? null : "wrong-format";
    }
    return kind.values === undefined || kind.values.includes(node.value) ? null : "wrong-value";
  }

  /** Returns a value as it is written. */
  raw(node) {
    return this.text.slice(node.start, node.end);
  }

  add(code, pointer, start, text) {
    this.findings.push({ code, pointer, start, ...text });
  }
}
