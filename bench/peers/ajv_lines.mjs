// Validates JSON lines with ajv: node ajv_lines.mjs NODE_MODULES SCHEMA FILE
import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, schema, file] = process.argv.slice(2);
const require = createRequire(modules + "/");
const Ajv = require("ajv/dist/2020").default;
const formats = require("ajv-formats").default;

const ajv = formats(new Ajv({ strict: false }));
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
let invalid = 0;
for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
  if (!validate(JSON.parse(line))) invalid += 1;
}
process.exit(invalid > 0 ? 1 : 0);
