// Decodes the bytes of a record, and finds the first ones that are not UTF-8.

import * as messages from "./messages.js";

/** A decoder that refuses what is not UTF-8, and keeps a byte order mark, which JSON does not allow. */
const strict = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Returns the text of a record.
 *
 * If it cannot be written as UTF-8, returns the text before the `fault`, and what that is.
 */
export function decode(record) {
  if (typeof record === "string") {
    const lone = /\p{Surrogate}/u.exec(record);
    return lone === null
      ? { text: record }
      : { text: record.slice(0, lone.index), fault: { code: "not-utf8", ...messages.loneSurrogate(lone[0]) } };
  }
  try {
    return { text: strict().decode(record) };
  } catch {
    return undecodable(record);
  }
}

/** How many bytes are decoded at a time. */
const CHUNK = 2 ** 16;

/** Bisects for the shortest start of the record that the decoder refuses: it does not say where it gives up. */
function undecodable(bytes) {
  const from = startOfBroken(bytes);
  const isValidStart = (length) => {
    try {
      strict().decode(bytes.subarray(from, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let valid = from;
  // One more than all bytes, if these only end too early.
  const end = Math.min(bytes.length, from + 2 * CHUNK);
  let refused = isValidStart(end) ? bytes.length + 1 : end;
  while (refused - valid > 1) {
    const middle = Math.floor((valid + refused) / 2);
    if (isValidStart(middle)) {
      valid = middle;
    } else {
      refused = middle;
    }
  }
  // The decoder holds back the beginning of a character that is not complete.
  const text = strict().decode(bytes.subarray(0, valid), { stream: true });
  const decoded = strict().decode(bytes.subarray(from, valid), { stream: true });
  const start = from + new TextEncoder().encode(decoded).length;
  const isCutOff = refused > bytes.length;
  const broken = bytes.subarray(start, Math.max(valid, start + 1));
  return { text, fault: { code: "not-utf8", ...messages.notUtf8(broken, isCutOff) } };
}

/** Returns the start of a character such that everything before it can be decoded, and the next chunk or two cannot. */
function startOfBroken(bytes) {
  const decoder = strict();
  let from = 0;
  try {
    for (; from < bytes.length; from += CHUNK) {
      decoder.decode(bytes.subarray(from, from + CHUNK), { stream: true });
    }
    // Only the end is missing.
    from -= CHUNK;
  } catch {
    // It is in this chunk, or in a character that begins before.
  }
  while (from > 0 && bytes[from] >= 0x80 && bytes[from] < 0xc0) {
    from -= 1;
  }
  return from;
}
