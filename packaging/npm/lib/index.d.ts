// Types, and a validator without dependencies, for the log events of OpenVPN CloudConnexa.

export * from "./generated/events.js";

import type { KnownEvent, LogEvent } from "./generated/events.js";

/**
 * What a finding is about: the id that `ccxlog` uses for it. `ccxlog explain ID` describes each.
 *
 * Later versions may add codes: a `switch` needs a `default`.
 */
export type FindingCode =
  | "missing-field"
  | "wrong-type"
  | "wrong-format"
  | "wrong-value"
  | "out-of-range"
  | "duplicate-field"
  | "number-overflow"
  | "syntax"
  | "not-utf8"
  | "too-deep"
  | "too-long";

/** A reason why a record is invalid. */
export interface Finding {
  code: FindingCode;
  /** JSON Pointer (RFC 6901) to the value, or to the object that lacks a field; empty for the record itself. */
  pointer: string;
  /** The value and the rule: a lower-case fragment with literals in backticks. It contains values of the event. */
  message: string;
  /** How to fix it, if that is known. */
  help?: string;
  /** The line in the record, from 1. */
  line: number;
  /** The column in that line, in characters as Unicode counts them, from 1. */
  column: number;
}

/** The verdict about a record: its event, or all reasons why it is invalid, in the order of the text. */
export type ValidationResult =
  | { valid: true; event: LogEvent }
  | { valid: false; errors: [Finding, ...Finding[]] };

/**
 * Checks one record, which is one complete JSON text, and returns the event in it or what is wrong.
 *
 * The verdict is always that of `ccxlog validate`, which may have more findings. That takes the text, because parsing hides
 * what makes readers disagree: fields that occur twice, numbers that no float can hold, bytes that are not UTF-8.
 *
 * Unknown events, unknown fields and unfamiliar values are valid. Of repeated fields and of numbers beyond a float, the first
 * 1,000 each are reported, or fewer if their pointers are very long. A record of more than 2^28 bytes or characters is not read.
 *
 * @throws TypeError if `record` is neither a string nor bytes
 */
export function validate(record: string | Uint8Array): ValidationResult;

/**
 * Returns whether a parsed value is an event.
 *
 * Use {@link validate} where the text is at hand. This cannot see what parsing has hidden: repeated fields, the last
 * digits of integers beyond `Number.MAX_SAFE_INTEGER`, halves of characters, and bytes that were replaced. In unknown fields it does not look at anything.
 */
export function isLogEvent(value: unknown): value is LogEvent;

/** Returns whether the schema describes an event. */
export function isKnownEvent(event: LogEvent): event is KnownEvent;

/**
 * Splits a stream of bytes into its lines, without their line feeds and without a byte order mark before the first.
 *
 * Each line of a log is a record, unless it {@link isBlank}. Only a line feed ends a line. Modules such as `node:readline` also split at U+2028, which may be in a string, and replace
 * bytes that are not UTF-8.
 */
export function readLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void>;

/** Returns whether a line has nothing but white space, so that it is no record: `ccxlog` skips such lines. */
export function isBlank(line: Uint8Array): boolean;
