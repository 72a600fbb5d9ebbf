// The examples of the README run, and print what it says.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { node, read, tool, WORK } from "./support.js";

const BLOCKS = [...read("packaging/npm/README.md").matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, kind, text]) => ({ kind, text }));
const FOLDER = join(WORK, "readme");
mkdirSync(FOLDER, { recursive: true });

/** Writes the block of this kind that contains `part`, and returns its path and text. */
function example(kind, part, name) {
  const found = BLOCKS.filter((block) => block.kind === kind && block.text.includes(part));
  assert.equal(found.length, 1, `${kind} ${part}`);
  const path = join(FOLDER, name);
  writeFileSync(path, found[0].text);
  return path;
}

const event = JSON.parse(read("tests/corpus/documented/client-disconnected-v1.json"));

test("every block is one that is tested", () => {
  assert.deepEqual(BLOCKS.map((block) => block.kind), ["sh", "js", "text", "ts", "js", "js"]);
});

test("the file to install is the one that is packed", () => {
  const { version } = JSON.parse(read("packaging/npm/package.json"));
  assert.ok(BLOCKS[0].text.includes(`npm install ./cloudconnexa-events-${version}.tgz\n`), BLOCKS[0].text);
});

test("a log is read, and what is broken in it is reported", () => {
  const script = example("js", "readLines", "read.mjs");
  const log = Buffer.from(read("tests/demo/events.jsonl"));
  writeFileSync(join(FOLDER, "events.jsonl.gz"), gzipSync(log));
  // The example names a file in the folder that it runs in.
  const started = join(FOLDER, "start.mjs");
  writeFileSync(started, `process.chdir(${JSON.stringify(FOLDER)});\nawait import(${JSON.stringify(pathToFileURL(script).href)});\n`);
  const { code, out, err } = node(started);
  const [{ text: expected }] = BLOCKS.filter((block) => block.kind === "text");
  assert.deepEqual({ code, err }, { code: 0, err: expected });
  assert.match(out, /^Map\(\d+\) \{/);
});

test("the example in TypeScript compiles and works", () => {
  const path = example("ts", "describe", "describe.ts");
  writeFileSync(join(FOLDER, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(FOLDER, "tsconfig.json"), '{ "compilerOptions": { "types": [] }, "files": ["describe.ts"] }\n');
  const options = ["--strict", "--module", "nodenext", "--target", "es2022", "--noUncheckedIndexedAccess", "--noFallthroughCasesInSwitch"];
  const { code, out } = node(join(tool("typescript"), "bin/tsc"), "--project", FOLDER, ...options);
  assert.deepEqual({ code, out }, { code: 0, out: "" });
  assert.ok(readFileSync(path.replace(/ts$/, "js"), "utf8").includes("describe"));
});

test("the compiled example describes events", async () => {
  const { describe } = await import(pathToFileURL(join(FOLDER, "describe.js")).href);
  assert.equal(describe(event), "disconnected after 4 s: User Disconnected");
  assert.equal(describe({ ...event, eventName: "user-created" }), "user-created");
});

test("a parsed value is checked", async () => {
  const { receive } = await import(pathToFileURL(example("js", "isLogEvent", "receive.mjs")).href);
  assert.equal(receive(event), "client-disconnected");
  assert.equal(receive({ ...event, eventName: "user-created" }), "new: user-created");
  assert.throws(() => receive({ ...event, cloudId: 7 }), /not a log event/);
});

test("the schema compiles with ajv", async () => {
  const { isValid } = await import(pathToFileURL(example("js", "ajv", "schema.mjs")).href);
  assert.equal(isValid(event), true);
  assert.equal(isValid({ ...event, cloudId: 7 }), false);
});
