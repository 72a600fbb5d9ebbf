// Type guards for values that are parsed already.

import { hasFormat } from "./formats.js";
import { HEADER, LOGS } from "./generated/tables.js";

export function isLogEvent(value) {
  if (!isObject(value) || !hasFields(value, HEADER) || typeof own(value, "eventName") !== "string") {
    return false;
  }
  const log = own(value, "log");
  const known = LOGS.get(value.eventName);
  if (log === undefined) {
    return !known;
  }
  return isObject(log) && (!known || hasFields(log, known));
}

export function isKnownEvent(event) {
  return LOGS.has(event.eventName);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value of a field. One that is undefined is absent from the JSON. */
function own(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function hasFields(object, specs) {
  for (const [name, { of, required }] of specs) {
    const value = own(object, name);
    if (value === undefined ? required : !isOfKind(value, of)) {
      return false;
    }
  }
  return true;
}

function isOfKind(value, kind) {
  if (kind.type === "integer") {
    // As numbers: parsing has rounded the greatest integers up.
    return Number.isInteger(value) && value >= Number(kind.minimum) && value <= Number(kind.maximum);
  }
  if (typeof value !== kind.type) {
    return kind.nullable === true && value === null;
  }
  if (kind.formats !== undefined) {
    return kind.formats.some((format) => hasFormat(format, value)) || (kind.orEmpty === true && value === "");
  }
  return kind.values === undefined || kind.values.includes(value);
}
