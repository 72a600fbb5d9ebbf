// Splits a stream of bytes into lines.

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

export async function* readLines(chunks) {
  let isFirst = true;
  for await (const line of splitLines(chunks)) {
    const hasMark = isFirst && BYTE_ORDER_MARK.every((byte, at) => line[at] === byte);
    yield hasMark ? line.subarray(BYTE_ORDER_MARK.length) : line;
    isFirst = false;
  }
}

export function isBlank(line) {
  return line.every((byte) => WHITE_SPACE.includes(byte));
}

async function* splitLines(chunks) {
  /** The parts of a line of which the end has not come yet. */
  let parts = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      yield joined(parts);
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start));
    }
  }
  if (parts.length > 0) {
    yield joined(parts);
  }
}

function joined(parts) {
  if (parts.length === 1) {
    return parts[0];
  }
  const line = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}
