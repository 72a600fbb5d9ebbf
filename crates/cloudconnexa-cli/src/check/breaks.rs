//! Checks what is left of a record that is not JSON because something else breaks it off: NUL bytes, as a crash leaves them, or
//! a line end of CR alone.

use std::ops::Range;

use cloudconnexa_reader::records::{FramingFault, Item, Record, Splitter};
use cloudconnexa_reader::{FlushFn, Span};
use cloudconnexa_validator::Finding;

use super::checker::RecordChecker;
use super::origin::Origin;
use super::result::BlockResult;

/// The fewest NUL bytes in a row that a string cannot hold by mistake.
const MIN_NULS: usize = 2;

impl RecordChecker {
    /// Checks the parts of a record as records of their own, if it is broken off within. Returns whether it is.
    pub(super) fn check_parts(
        &mut self,
        record: Record<'_>,
        result: &mut BlockResult,
        flush: FlushFn<'_, BlockResult>,
    ) -> bool {
        if next_break(record.bytes, 0).is_none() || !self.is_unreadable(record) {
            return false;
        }
        // The white space around the record is between records, as that around its parts is.
        self.between((record.before.len() + record.after.len()) as u64);
        let (mut from, mut at) = (0, record.at);
        while from < record.bytes.len() {
            let gap = next_break(record.bytes, from).unwrap_or(record.bytes.len()..record.bytes.len());
            let part = &record.bytes[from..gap.start];
            let mut splitter = Splitter::resume(at, usize::MAX);
            splitter.push(part, |item| self.part(item, result));
            splitter.finish(|item| self.part(item, result));
            self.flush_if_heavy(result, flush);
            let start = at.after(part);
            at = start.after(&record.bytes[gap.clone()]);
            if !gap.is_empty() {
                let length = gap.len() as u64;
                let fault = FramingFault::Nul { length };
                self.finding_between(&Finding::framing(Span { start, end: at }, fault), result);
                self.between(length);
            }
            from = gap.end;
        }
        true
    }

    /// Takes a part. It is not looked at for parts again.
    #[expect(clippy::needless_pass_by_value, reason = "splitters hand out items by value")]
    fn part(&mut self, item: Item<'_>, result: &mut BlockResult) {
        match item {
            Item::Record(record) => self.record(record, &Origin::Input, result),
            Item::Fault(span, fault) => self.finding_between(&Finding::framing(span, fault), result),
            // The splitter has no limit, so it refuses nothing.
            Item::Refused(_) => {}
            Item::Between(length) => self.between(length),
        }
    }

    /// Whether a record is not JSON.
    fn is_unreadable(&self, record: Record<'_>) -> bool {
        let report = self.context.validator.check(record.bytes, record.at);
        report.findings.iter().any(|finding| matches!(finding.rule().id, "syntax" | "not-utf8"))
    }
}

/// Returns where a record is broken off next: the range of NUL bytes in a row, or an empty one before a `{` that follows CR.
fn next_break(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        at += memchr::memchr2(0, b'\r', &bytes[at..])?;
        if bytes[at] == b'\r' {
            at += 1;
            if bytes.get(at) == Some(&b'{') {
                return Some(at..at);
            }
        } else {
            let length = bytes[at..].iter().take_while(|byte| **byte == 0).count();
            if length >= MIN_NULS {
                return Some(at..at + length);
            }
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::next_break;

    #[test]
    fn a_break_is_nul_bytes_in_a_row_or_a_brace_after_a_carriage_return() {
        for (bytes, from, expected) in [
            (&b"{\"a\0\0\0b"[..], 0, Some(3..6)),
            (b"{\"a\0b", 0, None),
            (b"{\"a\0b\0\0", 0, Some(5..7)),
            (b"{\"a\r{", 0, Some(4..4)),
            (b"{\"a\r{\r{", 4, Some(6..6)),
            (b"{\r\n{\r", 0, None),
            (b"{\"a\r\0\0", 4, Some(4..6)),
        ] {
            assert_eq!(next_break(bytes, from), expected, "{bytes:?}");
        }
    }
}
