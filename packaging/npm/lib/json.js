// Reads a JSON text with the position of every value, exactly as strictly as `ccxlog` does.
//
// `JSON.parse` cannot be used for this: it takes the last of several equal keys without a word, rounds numbers, reads
// `1e999` as infinity, and has no limit for nesting.

import { isHuge } from "./numbers.js";

/** How deep arrays and objects may be nested. */
export const MAX_DEPTH = 127;

/** The most repeated keys, and the most huge numbers, to list: a hostile record can have any number of them. */
const MAX_LISTED = 1000;

/** How many characters their pointers may have together: each has all keys around it, which can be of any length. */
const MAX_POINTERS = 2 ** 20;

/** The reason why a text is not JSON, or is nested too deep. */
export class Fault {
  /**
   * @param {string} kind What is wrong.
   * @param {number} start The first character that is.
   * @param {number} end The end of what is.
   * @param {string} pointer The JSON Pointer of the value that is being read.
   */
  constructor(kind, start, end, pointer) {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.pointer = pointer;
  }
}

/** Appends a key to a JSON Pointer. */
export function child(pointer, key) {
  return `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * Reads a JSON text.
 *
 * Returns its root, the keys that repeat another of the same object, and the numbers beyond a 64-bit float. A node has a
 * `type`, a `start` and an `end`; a string has its `value`, an object its `members` by name; the last of equal names counts.
 *
 * @throws {Fault} if it is not JSON, or nested too deep
 */
export function parse(text) {
  const reader = new Reader(text);
  const root = reader.document();
  return { root, repeated: reader.repeated, huge: reader.huge };
}

/** Sticky: they match from a given place on, and always match something, be it nothing. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const DIGITS = /\d*/y;
const SPACE = /[ \n\r\t]*/y;
const WORD = /[0-9A-Za-z_+.$-]*/y;

/** Returns the end of what a sticky expression matches from a place on. */
function endOf(expression, text, at) {
  expression.lastIndex = at;
  expression.test(text);
  return expression.lastIndex;
}

const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
    /** The containers that are open here, from the outside in. */
    this.open = [];
    this.repeated = [];
    this.huge = [];
    /** The characters of the pointers in both. */
    this.listed = 0;
  }

  document() {
    this.skipWhitespace();
    const root = this.value("record");
    this.skipWhitespace();
    if (this.at < this.text.length) {
      throw this.unexpected("end");
    }
    return root;
  }

  value(expected) {
    const start = this.at;
    switch (this.text[start]) {
      case "{":
        return this.object();
      case "[":
        return this.array();
      case '"': {
        const value = this.string();
        return { type: "string", start, end: this.at, value };
      }
      case "-":
      case "0":
      case "1":
      case "2":
      case "3":
      case "4":
      case "5":
      case "6":
      case "7":
      case "8":
      case "9":
        return this.number();
      case "]":
        if (this.isAfterComma()) {
          throw this.trailingComma();
        }
        break;
    }
    const end = this.endOfWord();
    const word = this.text.slice(start, end);
    if (word !== "null" && word !== "true" && word !== "false") {
      throw this.unexpected(expected);
    }
    this.at = end;
    return { type: word === "null" ? "null" : "boolean", start, end };
  }

  object() {
    const container = this.enter({ isObject: true, key: null, count: 0 });
    const node = { type: "object", start: this.at - 1, end: 0, members: new Map() };
    this.skipWhitespace();
    if (this.text[this.at] !== "}") {
      for (let expected = "key-or-end"; ; expected = "key") {
        this.skipWhitespace();
        this.member(node, container, expected);
        this.skipWhitespace();
        if (this.text[this.at] === "}") {
          break;
        }
        if (this.text[this.at] !== ",") {
          throw this.unexpected("comma-or-object-end");
        }
        this.at += 1;
      }
    }
    return this.leave(node);
  }

  member(node, container, expected) {
    const start = this.at;
    if (this.text[start] === "}" && this.isAfterComma()) {
      throw this.trailingComma();
    }
    if (this.text[start] !== '"') {
      throw this.unexpected(expected);
    }
    const key = this.string();
    const end = this.at;
    const known = node.members.get(key);
    if (known !== undefined) {
      this.list(this.repeated, { start, end, first: known.keyStart }, () => child(this.pointer(false), key));
    }
    container.key = key;
    this.skipWhitespace();
    if (this.text[this.at] !== ":") {
      throw this.unexpected("colon");
    }
    this.at += 1;
    this.skipWhitespace();
    const value = this.value("value");
    node.members.set(key, { keyStart: known === undefined ? start : known.keyStart, value });
    container.key = null;
  }

  array() {
    const container = this.enter({ isObject: false, key: null, count: 0 });
    const node = { type: "array", start: this.at - 1, end: 0 };
    this.skipWhitespace();
    if (this.text[this.at] !== "]") {
      for (let expected = "element-or-end"; ; expected = "value") {
        this.skipWhitespace();
        this.value(expected);
        container.count += 1;
        this.skipWhitespace();
        if (this.text[this.at] === "]") {
          break;
        }
        if (this.text[this.at] !== ",") {
          throw this.unexpected("comma-or-array-end");
        }
        this.at += 1;
      }
    }
    return this.leave(node);
  }

  enter(container) {
    if (this.open.length === MAX_DEPTH) {
      throw this.fault("too-deep", this.at, this.at + 1);
    }
    this.open.push(container);
    this.at += 1;
    return container;
  }

  leave(node) {
    this.at += 1;
    node.end = this.at;
    this.open.pop();
    return node;
  }

  /** Reads a string or a key, and returns its value. */
  string() {
    let value = "";
    let at = this.at + 1;
    for (;;) {
      const end = endOf(PLAIN, this.text, at);
      value += this.text.slice(at, end);
      at = end;
      const found = this.text[at];
      if (found === undefined) {
        throw this.fault("string-unclosed", at, at);
      }
      if (found === '"') {
        this.at = at + 1;
        return value;
      }
      if (found !== "\\") {
        throw this.fault("string-control", at, at + 1);
      }
      const letter = this.text[at + 1];
      if (letter === "u") {
        const escaped = this.unicodeEscape(at);
        value += escaped;
        at += 6 * escaped.length;
      } else if (letter !== undefined && Object.hasOwn(ESCAPES, letter)) {
        value += ESCAPES[letter];
        at += 2;
      } else {
        throw letter === undefined
          ? this.fault("string-unclosed", this.text.length, this.text.length)
          : this.fault("string-escape", at, this.endOfCharacter(at + 1));
      }
    }
  }

  /** Reads a `\u` escape, or the two of a surrogate pair. */
  unicodeEscape(at) {
    const first = this.codeUnit(at);
    if (first < 0xd800 || first > 0xdfff) {
      return String.fromCharCode(first);
    }
    if (first < 0xdc00 && this.text[at + 6] === "\\" && this.text[at + 7] === "u") {
      const second = this.codeUnit(at + 6);
      if (second >= 0xdc00 && second <= 0xdfff) {
        return String.fromCharCode(first, second);
      }
    }
    throw this.fault("string-lone-surrogate", at, at + 6);
  }

  codeUnit(at) {
    const digits = /^[0-9A-Fa-f]*/.exec(this.text.slice(at + 2, at + 6))[0];
    if (digits.length < 4) {
      throw at + 2 + digits.length === this.text.length
        ? this.fault("string-unclosed", this.text.length, this.text.length)
        : this.fault("string-escape", at, at + 2);
    }
    return Number.parseInt(digits, 16);
  }

  number() {
    const start = this.at;
    let at = start + (this.text[start] === "-" ? 1 : 0);
    const integer = at;
    at = this.digits(at);
    if (this.text[integer] === "0" && at > integer + 1) {
      throw this.fault("number-leading-zero", integer, integer + 1);
    }
    if (this.text[at] === ".") {
      at = this.digits(at + 1);
    }
    if (this.text[at] === "e" || this.text[at] === "E") {
      at += 1;
      at = this.digits(this.text[at] === "+" || this.text[at] === "-" ? at + 1 : at);
    }
    const node = { type: "number", start, end: at, isHuge: isHuge(this.text.slice(start, at)) };
    if (node.isHuge) {
      this.list(this.huge, { start, end: at }, () => this.pointer(false));
    }
    this.at = at;
    return node;
  }

  /** Adds something to a list with its pointer, unless what is listed is as much as may be. The first always is. */
  list(list, found, pointer) {
    if (list.length < MAX_LISTED && this.listed < MAX_POINTERS) {
      list.push({ ...found, pointer: pointer() });
      this.listed += list.at(-1).pointer.length;
    }
  }

  /** Returns the end of the digits from `at` on, of which there must be one. */
  digits(at) {
    const end = endOf(DIGITS, this.text, at);
    if (end === at) {
      throw this.fault("number-no-digit", at, this.endOfCharacter(at));
    }
    return end;
  }

  skipWhitespace() {
    if (this.text.charCodeAt(this.at) <= 0x20) {
      this.at = endOf(SPACE, this.text, this.at);
    }
  }

  /** Returns the offset of the last character before here that is not white space. */
  before() {
    let at = this.at - 1;
    while (at >= 0 && " \n\r\t".includes(this.text[at])) {
      at -= 1;
    }
    return at;
  }

  isAfterComma() {
    return this.text[this.before()] === ",";
  }

  trailingComma() {
    const comma = this.before();
    return this.fault("trailing-comma", comma, comma + 1);
  }

  unexpected(expected) {
    const end = this.endOfWord();
    return this.fault(`expected-${expected}`, this.at, end > this.at ? end : this.endOfCharacter(this.at));
  }

  /** Returns the end of the letters, digits and signs from here on, as in `None`, `NaN` or `+1`. */
  endOfWord() {
    return endOf(WORD, this.text, this.at);
  }

  endOfCharacter(at) {
    const code = this.text.codePointAt(at);
    return code === undefined ? at : at + (code > 0xffff ? 2 : 1);
  }

  /** Returns the pointer to the value that is being read, or to the innermost container if that is `between` two values. */
  pointer(between) {
    let pointer = "";
    this.open.forEach((container, depth) => {
      if (container.key !== null) {
        pointer = child(pointer, container.key);
      } else if (!container.isObject && !(between && depth === this.open.length - 1)) {
        pointer += `/${container.count}`;
      }
    });
    return pointer;
  }

  fault(kind, start, end) {
    const between = ["trailing-comma", "expected-comma-or-array-end", "expected-end"].includes(kind);
    return new Fault(kind, start, end, this.pointer(between));
  }
}
