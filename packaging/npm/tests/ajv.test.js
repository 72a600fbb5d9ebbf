// Ajv, which reads the schema itself, agrees with the validator, but for what the README names.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import addFormats from "ajv-formats";
import Ajv from "ajv/dist/2020.js";
import { isHidden, read, records } from "./support.js";

const file = createRequire(import.meta.url).resolve("cloudconnexa-events/schema.json");
const ajv = new Ajv({ strict: false });
addFormats(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(file, "utf8")));

/** Whether a string is one that `ajv-formats` takes and the schema's formats do not allow. */
function isLenient({ code, message }) {
  if (code !== "wrong-format") {
    return false;
  }
  const hasSpace = /`"\d{4}-\d\d-\d\d\s\d/.test(message);
  const hasShortOffset = /\d[+-]\d\d(\d\d)?"`/.test(message);
  const isUrn = /`"urn:uuid:/i.test(message);
  return hasSpace || hasShortOffset || isUrn;
}

test("the schema in the package is the one in the repository", () => {
  assert.equal(readFileSync(file, "utf8"), read("schema/log-event.schema.json"));
});

test("ajv agrees on every record that it can be given", () => {
  const disagreements = [];
  let [compared, hidden, lenient] = [0, 0, 0];
  for (const { name, bytes, valid, errors } of records) {
    let value;
    try {
      value = JSON.parse(bytes.toString("utf8"));
    } catch {
      assert.equal(valid, false, name);
      continue;
    }
    compared += 1;
    if (isValid(value) === valid) {
      continue;
    }
    if (errors.some(isHidden)) {
      hidden += 1;
    } else if (errors.length > 0 && errors.every(isLenient)) {
      lenient += 1;
    } else {
      disagreements.push({ name, errors, ajv: isValid.errors });
    }
  }
  assert.deepEqual(disagreements, []);
  assert.ok(compared > 8000 && hidden > 20 && lenient > 20, `${compared} ${hidden} ${lenient}`);
});
