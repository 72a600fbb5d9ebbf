// Compares events with the definitions of Elastic Common Schema in `@elastic/ecs`.
//
//     node judge.js FILE
//
// Each line of the file is an event. Prints how many there are, and everything that is wrong, as JSON. Fields below
// `cloudconnexa` are the source's own, as ECS allows.

"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { isIP } = require("node:net");
const { join } = require("node:path");

// The packages are installed in the folder that the test runs this in.
const { EcsFlat, EcsVersion } = createRequire(join(process.cwd(), "judge.js"))("@elastic/ecs");

const OWN = "cloudconnexa";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

const problems = {};
let events = 0;
const seen = new Set();

function problem(text) {
  problems[text] = (problems[text] ?? 0) + 1;
}

function fits(type, value) {
  switch (type) {
    case "keyword":
    case "constant_keyword":
    case "wildcard":
    case "match_only_text":
      return typeof value === "string" && value !== "";
    case "ip":
      return typeof value === "string" && isIP(value) !== 0;
    case "date":
      return typeof value === "string" && TIME.test(value) && !Number.isNaN(Date.parse(value));
    case "long":
      return Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    default:
      return false;
  }
}

function leaf(path, value) {
  const field = EcsFlat[path];
  if (!field) return problem(`${path} is not a field of ECS`);
  seen.add(path);
  const isArray = field.normalize.includes("array");
  if (isArray !== Array.isArray(value)) return problem(`${path} should ${isArray ? "" : "not "}be an array`);
  for (const one of isArray ? value : [value]) {
    if (!fits(field.type, one)) problem(`${path} is of type ${field.type}, not ${JSON.stringify(one)}`);
    const allowed = field.allowed_values?.map(({ name }) => name) ?? field.expected_values;
    if (allowed && !allowed.includes(one)) problem(`${path} does not allow ${one}`);
  }
  if (isArray && new Set(value).size !== value.length) problem(`${path} has a value twice`);
}

function walk(path, value) {
  if (path === OWN) return;
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    if (Object.keys(value).length === 0) problem(`${path} is empty`);
    for (const [key, inner] of Object.entries(value)) walk(path ? `${path}.${key}` : key, inner);
  } else {
    leaf(path, value);
  }
}

for (const line of readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)) {
  const event = JSON.parse(line);
  events += 1;
  walk("", event);
  if (event.ecs?.version !== EcsVersion) problem(`ecs.version is not ${EcsVersion}`);
  for (const path of ["@timestamp"]) if (!(path in event)) problem(`${path} is missing`);
  const categories = EcsFlat["event.category"].allowed_values.filter(({ name }) => event.event?.category?.includes(name));
  for (const type of categories.length ? event.event.type : []) {
    if (!categories.some(({ expected_event_types: types }) => types.includes(type))) {
      problem(`event.type ${type} is not expected with ${event.event.category}`);
    }
  }
  const { start, end, duration } = event.event ?? {};
  if (start && end && duration !== undefined) {
    const between = BigInt(Date.parse(end) - Date.parse(start)) * 1000000n;
    // Events say the duration themselves, and not all agree with their times; a thousandth of it is another unit.
    if (BigInt(duration) * 1000n < between) problem("event.duration is far less than the time from start to end, in nanoseconds");
  }
}
process.stdout.write(JSON.stringify({ events, fields: seen.size, problems }));
