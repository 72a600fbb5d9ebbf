// Reads numbers as `ccxlog` does: as a 64-bit integer if they are written as one, and as a 64-bit float otherwise.

const MAX_U64 = 18446744073709551615n;
const MIN_I64 = -9223372036854775808n;

/** Returns whether a number is greater than a 64-bit float can hold. */
export function isHuge(raw) {
  return !Number.isFinite(Number(raw));
}

/** Returns the value of a number: as a BigInt if a float may not be exact. */
export function toNumber(raw) {
  // Most numbers have few digits, and `-0` is a float.
  if (/^-?\d{16,20}$/.test(raw)) {
    const value = BigInt(raw);
    if (value >= MIN_I64 && value <= MAX_U64) {
      return value;
    }
  }
  return Number(raw);
}

/** Returns whether a value is an integer: `1.0` and `1e2` are, as in JSON Schema. */
export function isInteger(value) {
  return typeof value === "bigint" || Number.isInteger(value);
}
