// The declarations say what is right and what is wrong, in the oldest TypeScript that is promised and in the newest.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { node, tool, WORK } from "./support.js";

const COMPILERS = ["typescript", "typescript-5"];
const OPTIONS = [
  "--strict",
  "--noEmit",
  "--exactOptionalPropertyTypes",
  "--noUncheckedIndexedAccess",
  "--target",
  "es2022",
  "--module",
  "nodenext",
  "--pretty",
  "false",
];
const SOURCE = readFileSync(join(WORK, "types.ts"), "utf8");

/** Compiles a file, and returns the lines of its errors. */
function compile(compiler, name, source, ...options) {
  const folder = join(WORK, `types-${compiler}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, name), source);
  // Only what the package brings: no types of Node, which users may not have either.
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { types: [] }, files: [name] }));
  const { code, out, err } = node(join(tool(compiler), "bin/tsc"), "--project", folder, ...OPTIONS, ...options);
  const lines = [...out.matchAll(/\((\d+),\d+\): error TS/g)].map((found) => Number(found[1]));
  assert.equal(code === 0, lines.length === 0, out + err);
  return { lines, out };
}

for (const compiler of COMPILERS) {
  test(`${compiler}: everything right compiles, and nothing wrong does`, () => {
    // A `@ts-expect-error` without an error is an error itself.
    assert.equal(compile(compiler, "as-is.ts", SOURCE).out, "");
  });

  test(`${compiler}: each wrong line is the only reason for its mark`, () => {
    const marked = SOURCE.split("\n");
    const wrong = marked.flatMap((line, index) => (line.includes("// @ts-expect-error") ? [index + 2] : []));
    assert.ok(wrong.length >= 20, `${wrong.length}`);
    const { lines } = compile(compiler, "unmarked.ts", SOURCE.replaceAll("@ts-expect-error", "wrong:"));
    assert.deepEqual([...new Set(lines)], wrong);
  });

  test(`${compiler}: the declarations need no other library, and hold without skipLibCheck`, () => {
    const source = 'export type { LogEvent } from "cloudconnexa-events";\n';
    assert.equal(compile(compiler, "library.ts", source, "--skipLibCheck", "false", "--lib", "es2020").out, "");
  });

  test(`${compiler}: bundlers find them too`, () => {
    const source = 'import { validate } from "cloudconnexa-events";\nvalidate("");\n';
    assert.equal(compile(compiler, "bundled.ts", source, "--module", "esnext", "--moduleResolution", "bundler").out, "");
  });

  test(`${compiler}: with noPropertyAccessFromIndexSignature, a misspelt field is an error`, () => {
    const source = `import type { LogEvent } from "cloudconnexa-events";
export const cloud = (event: LogEvent) => event.cloudId;
export const misspelt = (event: LogEvent) => event.cloudID;
`;
    assert.deepEqual(compile(compiler, "misspelt.ts", source, "--noPropertyAccessFromIndexSignature").lines, [3]);
  });
}

test("editors suggest known values and fields, and show what they mean", () => {
  // TypeScript 7 has no service for editors that a script can call.
  const ts = createRequire(import.meta.url)("typescript-5");
  const file = join(WORK, "editor.ts");
  const source = `import type { ClientDisconnectedEvent } from "cloudconnexa-events";
export function read(event: ClientDisconnectedEvent) {
  event.log.clientOsType === "";
  return event.publicIp;
}
`;
  const host = {
    getCompilationSettings: () => ({ strict: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === file ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => WORK,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    realpath: ts.sys.realpath,
  };
  const service = ts.createLanguageService(host);
  const names = (at) => service.getCompletionsAtPosition(file, at, {}).entries.map((entry) => entry.name);
  const values = names(source.indexOf('""') + 1);
  assert.ok(["macOS", "Windows", "iOS"].every((value) => values.includes(value)), values.join());
  const fields = names(source.indexOf("clientOsType"));
  assert.ok(["sessionBytesIn", "gatewayId"].every((field) => fields.includes(field)), fields.join());
  const about = service.getQuickInfoAtPosition(file, source.indexOf("clientOsType"));
  assert.match(ts.displayPartsToString(about.documentation), /^Operating system of the device\./);
  const struck = service.getSuggestionDiagnostics(file).filter((found) => found.reportsDeprecated);
  assert.deepEqual(
    struck.map((found) => source.slice(found.start, found.start + found.length)),
    ["publicIp"],
  );
});
