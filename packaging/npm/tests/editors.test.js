// Editors offer what the schemas describe: the language service of VS Code, which others use too, with the settings and
// commands of docs/editors.md. Nothing is loaded from the network.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { CCXLOG, read, records, WORK } from "./support.js";

const { ClientCapabilities, getLanguageService, TextDocument } = createRequire(import.meta.url)("vscode-json-languageservice");

/** A project in which the commands of the page have been run. */
const PROJECT = join(WORK, "project");
mkdirSync(PROJECT, { recursive: true });
const PAGE = read("docs/editors.md");
const blocks = (kind) => [...PAGE.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, "gms"))].map((found) => found[1]);
for (const commands of blocks("sh")) {
  const env = { ...process.env, PATH: `${dirname(CCXLOG)}:${process.env.PATH}` };
  const { status, stderr } = spawnSync("sh", ["-ec", commands], { cwd: PROJECT, env, encoding: "utf8" });
  assert.equal(status, 0, `${commands}\n${stderr}`);
}

/** What was asked for from elsewhere than the project. */
const requested = [];

/** A service with the settings of the page, as VS Code passes them on. */
const [settings] = blocks("jsonc").map((text) => JSON.parse(text.replace(/^\s*\/\/.*$/gm, "")));
const service = getLanguageService({
  // Such as Markdown.
  clientCapabilities: ClientCapabilities.LATEST,
  schemaRequestService: async (uri) => {
    if (!uri.startsWith(pathToFileURL(PROJECT).href)) {
      requested.push(uri);
      throw new Error(`${uri} is not in the project`);
    }
    return readFileSync(new URL(uri), "utf8");
  },
  workspaceContext: { resolveRelativePath: (path, base) => new URL(path, base).href },
});
service.configure({
  validate: true,
  schemas: settings["json.schemas"].map(({ fileMatch, url }) => ({
    fileMatch,
    uri: pathToFileURL(join(PROJECT, url)).href,
  })),
});

/** Opens a file with this text, in which `|` is the cursor. */
function open(text, path = "fixtures/event.json") {
  const [before, after = ""] = text.split("|");
  const document = TextDocument.create(pathToFileURL(join(PROJECT, path)).href, "json", 1, before + after);
  return { document, position: document.positionAt(before.length), json: service.parseJSONDocument(document) };
}

async function complete(text, path) {
  const { document, position, json } = open(text, path);
  const { items } = await service.doComplete(document, position, json);
  return new Map(items.map((item) => [item.label, item]));
}

async function hover(text, path) {
  const { document, position, json } = open(text, path);
  const { contents } = await service.doHover(document, position, json);
  // Descriptions without marks are escaped.
  return contents.join("\n").replaceAll("\\", "");
}

async function diagnose(text, path) {
  const { document, json } = open(text, path);
  const found = await service.doValidation(document, json, { schemaValidation: "error" });
  return found.map(({ message, range }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`);
}

const EVENT = read("tests/corpus/documented/client-disconnected-v1.json");

/** Puts the cursor into the name of a field. */
const at = (name) => EVENT.replace(`"${name}"`, `"${name.slice(0, 3)}|${name.slice(3)}"`);

test("the fields of an event are offered, by its name", async () => {
  const header = await complete('{ "eventName": "client-disconnected", | }');
  for (const name of ["CloudConnexaLogVersion", "timestamp", "traceId", "log"]) {
    assert.ok(header.has(name), [...header.keys()].join());
  }
  assert.ok(!header.has("eventName"), "it is there already");
  const disconnected = await complete('{ "eventName": "client-disconnected", "log": { | } }');
  assert.ok(disconnected.has("sessionBytesIn") && !disconnected.has("domain"));
  const blocked = await complete('{ "eventName": "domain-blocked", "log": { | } }');
  assert.ok(blocked.has("domain") && !blocked.has("sessionBytesIn"));
  assert.match(disconnected.get("sessionBytesIn").insertText, /34409/, "with an example");
  assert.equal((await complete('{ "eventName": "user-created", "log": { | } }')).size, 0);
});

test("known values are offered, and others are not marked", async () => {
  const names = await complete('{ "eventName": | }');
  assert.deepEqual([...names.keys()].sort(), [
    '"client-connected"',
    '"client-disconnected"',
    '"domain-blocked"',
    '"flow-established"',
    '"log-stream-paused"',
    '"log-stream-started"',
    '"test-message"',
    '"traffic-blocked"',
  ]);
  const systems = await complete('{ "eventName": "client-connected", "log": { "clientOsType": | } }');
  assert.ok(systems.has('"macOS"') && systems.has('"Windows"'), [...systems.keys()].join());
  assert.match(JSON.stringify(systems.get('"macOS"').documentation), /Apple macOS/);
  assert.deepEqual(await diagnose(EVENT.replace("macOS", "Plan 9")), []);
});

test("hovering shows what a field is, and what its value means", async () => {
  assert.match(await hover(at("sessionBytesIn")), /Bytes that CloudConnexa sent \*\*to\*\* the client during the session\./);
  assert.match(await hover(at("sessionEndTime")), /When the session ended\./);
  assert.match(await hover(at("traceId")), /Identifies this one event\./);
  assert.match(await hover(at("clientPublicIp")), /Public address/);
  assert.match(await hover(at("log")), /session that ended, how long it lasted/);
  const system = await hover(at("clientOsType"));
  assert.match(system, /Operating system of the device\.[\s\S]*`macOS`: Apple macOS\./);
  assert.doesNotMatch(await hover(EVENT.replace('"macOS"', '"Plan| 9"')), /Any other string/);
});

test("every field has its own description", async () => {
  const schema = JSON.parse(read("schema/log-event.schema.json"));
  const { properties } = schema.$defs.ClientDisconnectedLog;
  for (const [name, { description }] of Object.entries(properties)) {
    const shown = await hover(EVENT.replace(/"log": \{[^}]*/, (log) => log.replace(`"${name}"`, `"${name}|"`)));
    assert.ok(shown.includes(description), `${name}: ${shown}`);
  }
});

test("a broken event is marked where it is broken", async () => {
  assert.deepEqual(await diagnose(EVENT), []);
  assert.deepEqual(await diagnose(EVENT.replace("34409", '"34409"')), ['17:23 Incorrect type. Expected "integer".']);
  assert.deepEqual(await diagnose(EVENT.replace("cloudId", "cloudID")), ['1:1 Missing property "cloudId".']);
  const [missing] = await diagnose(EVENT.replace("sessionBytesIn", "bytesIn"));
  assert.match(missing, /^16:\d+ Missing property "sessionBytesIn"\.$/);
  const [address] = await diagnose(EVENT.replace("100.96.1.34", "100.96.1.340"));
  assert.match(address, /String is not an IPv4 address\.$/);
  assert.deepEqual(await diagnose(EVENT, "package.json"), [], "other files are left alone");
});

test("the schema for editors accepts what the schema does", () => {
  const compile = (text) => {
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    return ajv.compile(JSON.parse(text));
  };
  const schema = compile(read("schema/log-event.schema.json"));
  const edited = compile(readFileSync(join(PROJECT, ".vscode/log-event.schema.json"), "utf8"));
  let valid = 0;
  for (const { name, bytes } of records) {
    let value;
    try {
      value = JSON.parse(bytes.toString("utf8"));
    } catch {
      continue;
    }
    assert.equal(edited(value), schema(value), name);
    valid += edited(value) ? 1 : 0;
  }
  assert.ok(valid > 1000, `${valid}`);
});

test("the settings of ccxlog.toml are offered and described", async () => {
  // TOML editors take the same schema; this service reads JSON.
  const name = ".vscode/ccxlog.schema.json";
  const schema = JSON.parse(readFileSync(join(PROJECT, name), "utf8"));
  service.configure({ validate: true, schemas: [{ fileMatch: ["ccxlog.json"], uri: "urn:test", schema }] });
  const keys = await complete("{ | }", "ccxlog.json");
  assert.ok(["inputs", "strict", "overrides"].every((key) => keys.has(key)), [...keys.keys()].join());
  const nested = await complete('{ "overrides": [{ | }] }', "ccxlog.json");
  assert.ok(["paths", "warn"].every((key) => nested.has(key)), [...nested.keys()].join());
  for (const [key, { description }] of Object.entries(schema.properties)) {
    const shown = await hover(`{ "${key}|": null }`, "ccxlog.json");
    assert.ok(description && shown.includes(description.split("\n")[0]), `${key}: ${shown}`);
  }
  assert.deepEqual(await diagnose('{ "strict": true }', "ccxlog.json"), []);
  assert.match((await diagnose('{ "strict": "yes" }', "ccxlog.json"))[0], /Expected "boolean"|Incorrect type/);
  assert.match((await diagnose('{ "strikt": true }', "ccxlog.json"))[0], /strikt is not allowed/);
});

test("the ids of all schemas are their own, and lead nowhere", () => {
  const names = ["config", "report", "coverage", "drift", "profile", "sessions", "schema-diff", "events"];
  for (const name of names) {
    const { $id } = JSON.parse(read(`schema/ccxlog/${name}.schema.json`));
    assert.equal($id, `urn:cloudconnexa-events:schema:ccxlog:${name}`);
  }
  assert.match(JSON.parse(read("schema/log-event.schema.json")).$id, /^urn:cloudconnexa-events:schema:log-event:\d/);
});

test("nothing was asked for from elsewhere", () => {
  assert.deepEqual(requested, []);
});
