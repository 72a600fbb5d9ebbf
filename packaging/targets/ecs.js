// Extracts the fields of Elastic Common Schema that mappings may use from `@elastic/ecs`.
//
//     node ecs.js
//
// writes the extract to standard output. `schema/targets/ecs-*.json` is its output, and packaging/tests/test_ecs.py checks
// that it still is.

"use strict";

const { EcsFlat, EcsVersion } = require("@elastic/ecs");

const SETS = [
  "", "destination", "device", "dns", "ecs", "event", "group", "host", "network", "observer", "organization", "related",
  "rule", "source", "user", "user_agent",
];

const fields = {};
for (const [name, field] of Object.entries(EcsFlat).sort(([a], [b]) => (a < b ? -1 : 1))) {
  const set = name.includes(".") ? name.slice(0, name.indexOf(".")) : "";
  if (!SETS.includes(set)) continue;
  const short = { type: field.type };
  if (field.normalize.includes("array")) short.array = true;
  if (field.allowed_values) {
    short.allowed = {};
    for (const { name: value, expected_event_types: types } of field.allowed_values) short.allowed[value] = types ?? [];
  }
  fields[name] = short;
}
process.stdout.write(`${JSON.stringify({ version: EcsVersion, fields }, null, 1)}\n`);
