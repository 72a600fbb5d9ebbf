// The validator gives the verdicts of `ccxlog`, and the same findings in the same words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isLogEvent, validate } from "cloudconnexa-events";
import { isHidden, records } from "./support.js";

/** The ids of findings that this validator has. `ccxlog` sees more: that a record is of another log, say. */
const CODES = new Set([
  "missing-field",
  "wrong-type",
  "wrong-format",
  "wrong-value",
  "out-of-range",
  "duplicate-field",
  "number-overflow",
  "syntax",
  "too-deep",
  "not-utf8",
]);

const kind = ({ name }) => name.split("/")[0];

test("there are valid and invalid records of every kind", () => {
  const counts = {};
  for (const record of records) {
    const verdict = record.valid ? "valid" : "invalid";
    counts[kind(record)] ??= { valid: 0, invalid: 0 };
    counts[kind(record)][verdict] += 1;
  }
  assert.ok(counts.valid.valid > 50 && counts.invalid.invalid > 150, JSON.stringify(counts));
  for (const made of ["mutated", "number", "date-time", "address"]) {
    assert.ok(counts[made].valid > 300 && counts[made].invalid > 300, JSON.stringify(counts));
  }
});

test("every verdict is that of ccxlog", () => {
  for (const { name, bytes, valid } of records) {
    const result = validate(bytes);
    assert.equal(result.valid, valid, `${name}: ${JSON.stringify(result.errors)}\n${bytes}`);
    assert.equal(result.valid, result.errors === undefined && result.event !== undefined, name);
  }
});

test("every finding that both have is the same, in the same place and words", () => {
  const shown = ({ line, column, code, pointer, message }) => `${line}:${column} ${code} ${pointer} ${message}`;
  let compared = 0;
  const seen = new Set();
  for (const { name, bytes, errors } of records) {
    // ccxlog also looks for a misspelling of a field that is missing, and then points at that.
    const isMisspelt = errors.some((error) => error.message.includes(", but must have "));
    if (errors.length === 0 || isMisspelt || !errors.every((error) => CODES.has(error.code))) {
      continue;
    }
    const found = validate(bytes).errors;
    assert.deepEqual(found.map(shown).sort(), errors.map(shown).sort(), name);
    assert.deepEqual(
      found.map(({ line, column }) => [line, column]),
      errors.map(({ line, column }) => [line, column]),
      `${name}: the order`,
    );
    compared += 1;
    errors.forEach((error) => seen.add(error.code));
  }
  assert.ok(compared > 5000, `${compared}`);
  assert.deepEqual([...seen].sort(), [...CODES].sort());
});

test("a folder of the corpus has the findings that it is named after", () => {
  let compared = 0;
  for (const { name, bytes } of records) {
    const [top, code] = name.split("/");
    if (top === "invalid" && CODES.has(code)) {
      const found = new Set(validate(bytes).errors.map((error) => error.code));
      assert.deepEqual([...found], [code], name);
      compared += 1;
    }
  }
  assert.ok(compared > 100, `${compared}`);
});

test("a string has the verdict of its bytes", () => {
  for (const { name, bytes, valid } of records) {
    const text = bytes.toString("utf8");
    if (Buffer.from(text).equals(bytes)) {
      assert.deepEqual(validate(text), validate(bytes), name);
    } else {
      assert.equal(valid, false, name);
    }
  }
});

test("the event is what JSON.parse returns", () => {
  for (const { bytes, valid } of records) {
    if (valid) {
      assert.deepEqual(validate(bytes).event, JSON.parse(bytes.toString("utf8")));
    }
  }
});

test("the type guard agrees about parsed values, but for what parsing hides", () => {
  let [compared, hidden] = [0, 0];
  for (const { name, bytes, valid, errors } of records) {
    let value;
    try {
      value = JSON.parse(bytes.toString("utf8"));
    } catch {
      continue;
    }
    if (errors.some(isHidden)) {
      hidden += 1;
      continue;
    }
    assert.equal(isLogEvent(value), valid, `${name}: ${JSON.stringify(errors)}`);
    compared += 1;
  }
  assert.ok(compared > 8000 && hidden > 20, `${compared} ${hidden}`);
});
