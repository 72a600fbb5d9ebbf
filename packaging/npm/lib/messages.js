// The wording of findings, which is that of `ccxlog`: the value, the rule, and what would be right.

/** The most characters of a value that a message shows. */
const LONGEST = 60;

/** Characters that would break a line, or change the direction of text. */
const ODD = /[\p{Cc}\p{White_Space}\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u;

/** Quotes a text in backticks, shortened and on one line. */
export function quote(raw) {
  let quoted = "`";
  let count = 0;
  for (const character of raw) {
    if (count === LONGEST) {
      quoted += "…";
      break;
    }
    const isOdd = character !== " " && ODD.test(character);
    quoted += isOdd ? `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}` : character;
    count += 1;
  }
  return `${quoted}\``;
}

/** Names the value at a JSON Pointer. */
export function subject(pointer) {
  if (pointer === "") {
    return "the event";
  }
  const key = pointer.slice(pointer.lastIndexOf("/") + 1);
  return quote(key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Joins alternatives with commas and «or». */
function either(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} or ${names.at(-1)}` : names[0];
}

const TYPES = {
  string: "a string",
  integer: "an integer",
  boolean: "`true` or `false`",
  object: "an object",
};

/** Describes a value as it is written. */
function describe(node, raw) {
  switch (node.type) {
    case "null":
      return "null";
    case "array":
    case "object":
      return `an ${node.type}`;
    case "boolean":
      return quote(raw);
    case "number":
      return `the number ${quote(raw)}`;
    default:
      return raw === '""' ? "an empty string" : `the string ${quote(raw)}`;
  }
}

/** Describes a value that violates the schema. */
export function wrongKind(code, node, raw, pointer, kind, required) {
  switch (code) {
    case "wrong-type":
      return wrongType(node, raw, pointer, kind, required);
    case "wrong-format":
      return wrongFormat(node, raw, pointer, kind);
    case "wrong-value":
      return wrongValue(node, raw, pointer, kind);
    default:
      return outOfRange(raw, pointer, kind);
  }
}

function wrongType(node, raw, pointer, kind, required) {
  const found = describe(node, raw);
  if (pointer === "") {
    const help = node.type === "array" ? "put each event on a line of its own" : undefined;
    return { message: `an event is a JSON object, but this is ${found}`, help };
  }
  const expected = TYPES[kind.type] + (kind.nullable ? " or null" : "");
  return {
    message: `${subject(pointer)} is ${found}, but must be ${expected}`,
    help: typeHelp(node, raw, kind, required),
  };
}

function typeHelp(node, raw, kind, required) {
  const text = node.type === "string" ? node.value.trim() : "";
  switch (node.type) {
    case "string":
      if (kind.type === "boolean" && /^(true|false)$/i.test(text)) {
        return `write it without quotes: \`${text.toLowerCase()}\``;
      }
      if (kind.type === "integer" && /^-?(0|[1-9]\d*)$/.test(text)) {
        return `write it without quotes: ${quote(text)}`;
      }
      if (kind.type === "object" && text.startsWith("{")) {
        return "this is an object written into a string: put the object itself here";
      }
      return undefined;
    case "number":
    case "boolean":
      if (kind.type === "string") {
        if (kind.formats?.includes("date-time")) {
          return 'write it by RFC 3339, as in `"2023-12-20T10:45:14Z"`';
        }
        return kind.formats || kind.values ? undefined : `write it in quotes: ${quote(`"${raw}"`)}`;
      }
      if (node.type === "number" && kind.type === "boolean") {
        return "write `true` or `false`";
      }
      return node.type === "number" && kind.type === "integer" ? "write a whole number" : undefined;
    case "null":
      return required
        ? "the field is required, and must have a value"
        : "leave the field out if it has no value";
    default:
      return undefined;
  }
}

const FORMATS = {
  "date-time": "a date-time by RFC 3339",
  uuid: "a UUID",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
};

const EXAMPLES = {
  "date-time": "`2023-12-20T10:45:14Z`",
  uuid: "`693bbbde-626d-4940-ac2b-4e75efb49bf7`",
  ipv4: "`203.0.113.7`",
  ipv6: "`2001:db8::1`",
};

function wrongFormat(node, raw, pointer, { formats, orEmpty }) {
  const isAddress = formats.length === 2 && formats.every((format) => format.startsWith("ipv"));
  const names = isAddress ? ["an IPv4 or IPv6 address"] : formats.map((format) => FORMATS[format]);
  const expected = either(orEmpty ? [...names, "empty"] : names);
  return {
    message: `${subject(pointer)} is ${describe(node, raw)}, but must be ${expected}`,
    help: `write it as in ${either(formats.map((format) => EXAMPLES[format]))}`,
  };
}

function wrongValue(node, raw, pointer, { values }) {
  const expected = either(values.map((value) => quote(JSON.stringify(value))));
  return { message: `${subject(pointer)} is ${describe(node, raw)}, but must be ${expected}`, help: `write ${expected}` };
}

function outOfRange(raw, pointer, { minimum, maximum }) {
  return {
    message: `${subject(pointer)} is ${quote(raw)}, but must be from ${minimum} to ${maximum}`,
    help: raw.startsWith("-") && minimum === 0n ? "this is a count: it is never negative" : undefined,
  };
}

export function missingField(name, pointer) {
  return { message: `${subject(pointer)} has no ${quote(name)}, which is required`, help: `add ${quote(name)}` };
}

export function duplicateField(pointer, first, line) {
  const place = first.line === line ? "" : `line ${first.line}, `;
  return {
    message: `${subject(pointer)} occurs more than once in this object, first in ${place}column ${first.column}`,
    help: "keep only one of them: readers disagree about which one counts",
  };
}

export function numberOverflow(raw, pointer) {
  return { message: `${subject(pointer)} is ${quote(raw)}, beyond what a 64-bit float can hold` };
}

export function tooLong(record, most) {
  const unit = typeof record === "string" ? "characters" : "bytes";
  return { message: `the record has ${record.length} ${unit}, but at most ${most} are read` };
}

export function notUtf8(bytes, isCutOff) {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const found = bytes.length === 1 ? `the byte \`${hex}\` is` : `the bytes \`${hex}\` are`;
  return {
    message: isCutOff ? "the record ends in the middle of a character" : `${found} not UTF-8`,
    help: "convert the file to UTF-8, or get it from its source again",
  };
}

export function loneSurrogate(unit) {
  const code = unit.charCodeAt(0).toString(16);
  return {
    message: `the string has \`\\u${code}\`, half of a character, and cannot be written as UTF-8`,
    help: "pass the bytes of the record, or find out where the string was cut",
  };
}

const CUT_OFF = "it may have been cut off: get the file from its source again";

const EXPECTED = {
  "expected-record": "a JSON object",
  "expected-value": "a value",
  "expected-element-or-end": "a value or `]`",
  "expected-key-or-end": "a field name in double quotes or `}`",
  "expected-key": "a field name in double quotes",
  "expected-colon": "`:`",
  "expected-comma-or-object-end": "`,` or `}`",
  "expected-comma-or-array-end": "`,` or `]`",
  "expected-end": "the end of the record",
};

export function syntax(kind, found) {
  switch (kind) {
    case "trailing-comma":
      return {
        message: "a comma must be between two values, but nothing follows this one",
        help: "remove the comma",
      };
    case "string-unclosed":
      return { message: 'the record ends within a string: expected `"`', help: CUT_OFF };
    case "string-control":
      if (found === "\n" || found === "\r") {
        return {
          message: "a line ends within a string",
          help: 'close the string with `"`, or write the line feed in it as `\\n`',
        };
      }
      return {
        message: `the control character ${quote(found)} is not escaped in a string`,
        help: "escape it, a tab as `\\t` and any other as `\\u` with four hexadecimal digits",
      };
    case "string-escape":
      if (found === "\\u") {
        return { message: "four hexadecimal digits must follow `\\u`" };
      }
      return { message: `${quote(found)} is not an escape of JSON`, help: "write a backslash itself as `\\\\`" };
    case "string-lone-surrogate":
      return {
        message: `${quote(found)} is half of a character: the other half is missing`,
        help: "escape a character beyond U+FFFF as a pair of surrogates",
      };
    case "number-leading-zero":
      return {
        message: "a number starts with a zero followed by another digit",
        help: "remove the zero, or put the number in double quotes if it is a string",
      };
    case "number-no-digit":
      return found === ""
        ? { message: "the record ends within a number: expected a digit", help: CUT_OFF }
        : { message: "a number is cut short: expected a digit" };
    case "expected-record":
      if (found === "") {
        return { message: "the record is empty" };
      }
  }
  const expected = EXPECTED[kind];
  return found === ""
    ? { message: `the record ends too early: expected ${expected}`, help: CUT_OFF }
    : { message: `found ${quote(found)}, but expected ${expected}` };
}

export function tooDeep(most) {
  return { message: `nested ${most + 1} levels deep, but at most ${most} are allowed` };
}
