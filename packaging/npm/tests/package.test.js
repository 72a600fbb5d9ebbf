// The package is what its manifest says, and nothing more.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import * as exported from "cloudconnexa-events";
import { read } from "./support.js";

const require = createRequire(import.meta.url);
const FOLDER = dirname(require.resolve("cloudconnexa-events/package.json"));
const manifest = require("cloudconnexa-events/package.json");

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [relative(FOLDER, path)];
  });
}

test("it contains what users need, and no tests", () => {
  const [top, lib] = [files(FOLDER).filter((name) => !name.startsWith("lib/")), files(join(FOLDER, "lib"))];
  assert.deepEqual(top.sort(), ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "schema.json"]);
  assert.ok(lib.length > 5 && lib.every((name) => /\.(js|d\.ts)$/.test(name)), lib.join());
});

test("its version, licence and repository are those of the workspace", () => {
  const workspace = read("Cargo.toml");
  const value = (key) => new RegExp(`^${key} = "(.+)"$`, "m").exec(workspace)[1];
  assert.equal(manifest.version, value("version"));
  assert.equal(manifest.license, `(${value("license")})`);
  assert.equal(manifest.repository.url, `git+${value("repository")}.git`);
  assert.ok(readFileSync(join(FOLDER, "README.md"), "utf8").includes(value("repository")));
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"]) {
    assert.equal(readFileSync(join(FOLDER, name), "utf8"), read(name));
  }
});

test("it has no dependencies, no scripts and no side effects", () => {
  const used = Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key));
  assert.deepEqual(used, []);
  assert.equal(manifest.sideEffects, false);
  for (const name of files(join(FOLDER, "lib")).filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join(FOLDER, name), "utf8");
    for (const [, from] of text.matchAll(/\bfrom "(.+?)"|\bimport\("(.+?)"\)|\brequire\(/g)) {
      // It runs in browsers, so it imports nothing of Node either.
      assert.match(from, /^\.\//, name);
    }
  }
});

test("the declarations name what the module exports", () => {
  const declared = [...readFileSync(join(FOLDER, "lib/index.d.ts"), "utf8").matchAll(/^export (?:declare )?function (\w+)/gm)];
  assert.deepEqual(declared.map(([, name]) => name).sort(), Object.keys(exported).sort());
});

test("every path that it exports exists", () => {
  for (const [path, target] of Object.entries(manifest.exports)) {
    const targets = typeof target === "string" ? [target] : Object.values(target);
    assert.ok(targets.length > 0, path);
    targets.forEach((file) => assert.ok(files(FOLDER).includes(file.slice(2)), `${path}: ${file}`));
  }
});
