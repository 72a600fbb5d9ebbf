// What `validate`, `isLogEvent` and `readLines` do with input that no corpus has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { isBlank, isKnownEvent, isLogEvent, readLines, validate } from "cloudconnexa-events";
import { read } from "./support.js";

const TEXT = read("tests/corpus/documented/client-disconnected-v1.json");

test("only a string or bytes can be validated", () => {
  for (const value of [null, undefined, 7, {}, [], new ArrayBuffer(2)]) {
    assert.throws(() => validate(value), { name: "TypeError", message: /use isLogEvent for parsed values/ });
  }
});

test("bytes may be part of a larger buffer", () => {
  const buffer = Buffer.from(`x${TEXT}x`);
  assert.ok(validate(buffer.subarray(1, -1)).valid);
  assert.ok(validate(new Uint8Array(buffer.buffer, buffer.byteOffset + 1, buffer.length - 2)).valid);
  assert.equal(validate(buffer).valid, false);
});

test("bytes may be of another realm", () => {
  const foreign = runInNewContext("new Uint8Array(length)", { length: TEXT.length });
  foreign.set(Buffer.from(TEXT));
  assert.equal(foreign instanceof Uint8Array, false);
  assert.ok(validate(foreign).valid);
});

test("a string that cannot be written as UTF-8 is invalid", () => {
  const text = TEXT.replace("macOS", "💻\ud83d");
  const at = text.indexOf("\ud83d", text.indexOf("💻") + 2);
  const before = text.slice(0, at).split("\n");
  assert.deepEqual(validate(text).errors, [
    {
      code: "not-utf8",
      pointer: "",
      message: "the string has `\\ud83d`, half of a character, and cannot be written as UTF-8",
      help: "pass the bytes of the record, or find out where the string was cut",
      line: before.length,
      column: [...before.at(-1)].length + 1,
    },
  ]);
});

test("a byte order mark is not part of JSON", () => {
  const { errors } = validate(Buffer.from(`\ufeff${TEXT}`));
  assert.deepEqual([errors.length, errors[0].code, errors[0].column], [1, "syntax", 1]);
});

test("a record that is too long is not read", () => {
  assert.match(validate("x".repeat(2 ** 28 + 1)).errors[0].message, /^the record has 268435457 characters,/);
  const { errors } = validate(new Uint8Array(2 ** 28 + 1));
  assert.deepEqual(errors, [
    {
      code: "too-long",
      pointer: "",
      message: "the record has 268435457 bytes, but at most 268435456 are read",
      line: 1,
      column: 1,
    },
  ]);
});

test("names that every object inherits are fields like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const text = TEXT.replace("{", `{"${name}": 1, `);
    const result = validate(text);
    assert.ok(result.valid, JSON.stringify(result.errors));
    assert.ok(Object.hasOwn(result.event, name));
    const twice = validate(TEXT.replace("{", `{"${name}": 1, "${name}": 2, `));
    assert.equal(twice.errors[0].code, "duplicate-field");
    const event = JSON.parse(TEXT);
    assert.ok(validate(JSON.stringify({ ...event, eventName: name })).valid, name);
    assert.ok(isLogEvent({ ...event, eventName: name }), name);
  }
  assert.equal(isLogEvent(Object.create(JSON.parse(TEXT))), false, "inherited fields are not in the JSON");
});

test("a hostile record takes little time and gets a bounded answer", () => {
  const keys = Array.from({ length: 100_000 }, (_, key) => `"k${key % 10}":1e999`);
  const started = performance.now();
  const { errors } = validate(`{${keys.join(",")}}`);
  assert.ok(performance.now() - started < 10_000);
  const count = (code) => errors.filter((error) => error.code === code).length;
  assert.deepEqual([count("duplicate-field"), count("number-overflow")], [1000, 1000]);
  for (const bomb of ["[", '{"a":', "[[],"]) {
    assert.equal(validate(bomb.repeat(1_000_000)).errors[0].code, "too-deep");
  }
});

test("a record with long texts takes little time and memory", () => {
  const started = performance.now();
  const address = TEXT.replaceAll(/"clientPublicIp": "[^"]*"/g, `"clientPublicIp": "${"a:".repeat(20_000_000)}a"`);
  assert.ok(validate(address).errors.every(({ code }) => code === "wrong-format"));
  const key = "k".repeat(3_000_000);
  for (const inside of [`[${"1e999,".repeat(1000)}1]`, `{${'"a":1,'.repeat(1000)}"b":1}`]) {
    const { errors } = validate(`{"${key}":${inside}}`);
    const listed = errors.reduce((length, { pointer }) => length + pointer.length, 0);
    assert.ok(errors.some(({ pointer }) => pointer.length > key.length) && listed < 2 * key.length, `${listed}`);
  }
  assert.ok(performance.now() - started < 10_000);
});

test("the first byte that is not UTF-8 is found wherever it is", () => {
  const started = performance.now();
  for (const before of [0, 1, 2 ** 16 - 2, 2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1, 3 * 2 ** 16 - 1, 50_000_000]) {
    for (const [broken, shown] of [
      [[0xff, 0x61], /the byte `ff` is not/],
      [[0x80, 0x61], /the byte `80` is not/],
      [[0xf0, 0x9f, 0x92, 0x61], /the bytes `f0 9f 92` are not/],
      [[0xf0, 0x9f, 0x92], /middle of a character/],
    ]) {
      const bytes = new Uint8Array(before + broken.length).fill(0x61);
      bytes.set(broken, before);
      const { errors } = validate(bytes);
      assert.deepEqual([errors.length, errors[0].code, errors[0].column], [1, "not-utf8", before + 1]);
      assert.match(errors[0].message, shown);
    }
  }
  assert.ok(performance.now() - started < 20_000);
});

test("the type guard takes what a program may have parsed", () => {
  const event = JSON.parse(TEXT);
  assert.ok(isLogEvent(event) && isKnownEvent(event));
  assert.ok(isLogEvent({ ...event, publicIp: undefined }), "undefined is not written to JSON");
  assert.ok(isLogEvent({ ...event, log: { ...event.log, sessionBytesIn: 2 ** 63 } }), "2^63 - 1, rounded up");
  for (const wrong of [
    null,
    [],
    "text",
    { ...event, log: undefined },
    { ...event, log: [] },
    { ...event, log: { ...event.log, sessionBytesIn: 2 ** 64 } },
    { ...event, log: { ...event.log, sessionBytesIn: 1.5 } },
    { ...event, log: { ...event.log, sessionBytesIn: Infinity } },
    { ...event, log: { ...event.log, sessionBytesIn: 34409n } },
    { ...event, timestamp: new Date() },
    { ...event, publicIp: null },
  ]) {
    assert.equal(isLogEvent(wrong), false);
  }
  const unknown = { ...event, eventName: "user-created", log: { any: ["thing"] } };
  assert.ok(isLogEvent(unknown) && !isKnownEvent(unknown));
  const nameless = { ...event };
  delete nameless.eventName;
  assert.equal(isLogEvent(nameless), false);
});

async function lines(chunks) {
  const found = [];
  for await (const line of readLines(chunks)) {
    found.push(Buffer.from(line).toString("utf8"));
  }
  return found;
}

test("only a line feed ends a line, wherever chunks end", async () => {
  const bytes = Buffer.from("a\u2028b\r\n\n💻\rc\nlast");
  const expected = ["a\u2028b\r", "", "💻\rc", "last"];
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) {
      chunks.push(bytes.subarray(at, at + size));
    }
    assert.deepEqual(await lines(chunks), expected, `chunks of ${size}`);
  }
  assert.deepEqual(await lines([]), []);
  assert.deepEqual(await lines([Buffer.from("a\n")]), ["a"], "nothing follows the last line feed");
});

test("a byte order mark and blank lines are no records", async () => {
  const bytes = Buffer.from("\ufeff{}\r\n\r\n \t\n\ufeff{}\n\n");
  assert.deepEqual(await lines([bytes.subarray(0, 2), bytes.subarray(2)]), ["{}\r", "\r", " \t", "\ufeff{}", ""]);
  const blank = (text) => isBlank(Buffer.from(text));
  assert.deepEqual(["", "\r", " \t", "{}\r", "\ufeff"].map(blank), [true, true, true, false, false]);
});

test("an error of the stream reaches the reader", async () => {
  async function* broken() {
    yield Buffer.from("a\nb");
    throw new Error("the connection was lost");
  }
  await assert.rejects(lines(broken()), /the connection was lost/);
});
