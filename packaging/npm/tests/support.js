// Shared by the tests: the repository, and the records that the validator of the repository has checked.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that the tests run in, with the package and the tools installed. */
export const WORK = dirname(fileURLToPath(import.meta.url));

/** The root of the repository, and the file with records and verdicts; `cargo xtask test-npm` sets them. */
export const ROOT = setting("CCX_ROOT");
const VERDICTS = setting("CCX_VERDICTS");

/** The `ccxlog` that is built with them. */
export const CCXLOG = setting("CCX_CCXLOG");

function setting(name) {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: run the tests with \`cargo xtask test-npm\``);
  }
  return value;
}

export function read(path) {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The records of `tests/examples/verdicts.rs`, with their bytes. */
export const records = readFileSync(VERDICTS, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line))
  .map((record) => ({ ...record, bytes: Buffer.from(record.record, "hex") }));

/** The root of a tool that is installed for the tests. */
export function tool(name) {
  for (let folder = WORK; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(found)) {
      return found;
    }
    if (folder === dirname(folder)) {
      throw new Error(`${name} is not installed: run the tests with \`cargo xtask test-npm\``);
    }
  }
}

/** Runs a script of Node, and returns its exit code and output. */
export function node(script, ...options) {
  const done = spawnSync(process.execPath, [script, ...options], { cwd: WORK, encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Returns whether parsing hides an error, so that no program that is given the value can see it. */
export function isHidden({ code, message }) {
  const isRounded = code === "out-of-range" && message.includes("to 9223372036854775807");
  // JSON.parse takes half of a surrogate pair.
  const isHalf = code === "syntax" && message.includes("half of a character");
  return ["duplicate-field", "number-overflow", "too-deep", "not-utf8"].includes(code) || isRounded || isHalf;
}
