// Finds the line and column of any place in a text.

const STRIDE = 4096;

export class Locator {
  constructor(text) {
    this.text = text;
    /** The positions of every `STRIDE`th place, so that none is counted from the start. */
    this.marks = [{ line: 1, column: 1 }];
  }

  /** Returns the position of an offset. A column is a character, as in Unicode; both count from 1. */
  at(offset) {
    const wanted = Math.floor(offset / STRIDE);
    while (this.marks.length <= wanted) {
      const from = (this.marks.length - 1) * STRIDE;
      this.marks.push(this.advance(this.marks.at(-1), from, from + STRIDE));
    }
    return this.advance(this.marks[wanted], wanted * STRIDE, offset);
  }

  advance({ line, column }, from, to) {
    for (let at = from; at < to; at += 1) {
      const code = this.text.charCodeAt(at);
      if (code === 0x0a) {
        line += 1;
        column = 1;
      } else if (code < 0xdc00 || code > 0xdfff) {
        // The second half of a surrogate pair belongs to the character before it.
        column += 1;
      }
    }
    return { line, column };
  }
}
