//! Writes the object of a plan.

use cloudconnexa_validator::view::{EventView, FieldReader};

use super::value::Found;
use super::{Condition, LOG, Node, Plan, Source, push_escaped};

/// More sources than any list has.
const MOST_SOURCES: usize = 16;

/// Writes an event by a plan, and notes which of its fields were of use.
pub(crate) struct Writer<'v, 'e, 'o> {
    pub(super) fields: FieldReader<'v, 'e>,
    pub(crate) out: &'o mut Vec<u8>,
    /// The fields of the header and of the `log` that were written, a bit each.
    pub(super) used: [u64; 2],
    case: usize,
}

/// The state of an object in progress.
struct Written {
    /// The members, a bit each.
    members: u32,
    has_value: bool,
}

impl<'v, 'e, 'o> Writer<'v, 'e, 'o> {
    /// Starts an object, and writes the members of the plan.
    pub(crate) fn start(plan: &Plan, event: &'v EventView<'e>, out: &'o mut Vec<u8>) -> Self {
        let mut writer = Self { fields: event.reader(), out, used: plan.expressed, case: 0 };
        if plan.cases.len() > 1 {
            let case = plan.cases.iter().position(|conditions| writer.hold(conditions));
            writer.case = case.unwrap_or_default();
        }
        writer.out.push(b'{');
        writer.members(plan.members);
        writer
    }

    /// Ends the object, and the line.
    pub(crate) fn end(self) {
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
        self.out.extend_from_slice(b"}\n");
    }

    fn hold(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| {
            let found = Found::new(self.fields, condition.field);
            found.is_some_and(|found| condition.values.iter().any(|value| found.is(value)))
        })
    }

    fn members(&mut self, members: &[Node]) -> Written {
        let mut written = Written { members: 0, has_value: false };
        for (index, node) in members.iter().enumerate() {
            let is_written = match node {
                Node::Fixed(text) => {
                    self.out.extend_from_slice(text.as_bytes());
                    continue;
                }
                Node::Cases(texts) => {
                    let text = texts.get(self.case).copied().unwrap_or_default();
                    self.out.extend_from_slice(text.as_bytes());
                    continue;
                }
                Node::Record { key } => {
                    self.out.extend_from_slice(key.as_bytes());
                    self.out.push(b'"');
                    push_escaped(self.out, self.fields.event().record());
                    self.out.extend_from_slice(b"\",");
                    true
                }
                Node::Value { key, sources, otherwise } => self.value(key, sources, otherwise),
                Node::List { open, sources } => self.list(open, sources),
                Node::Object { .. } => self.object(node),
            };
            if is_written {
                written.members |= 1 << (index % 32);
                written.has_value = true;
            }
        }
        written
    }

    /// Writes the value of a source, if it has one that has a place. Its field counts as used then.
    #[inline]
    fn source(&mut self, key: &str, source: &Source) -> bool {
        let Some(value) = Found::new(self.fields, source.field) else { return false };
        if value.is_absent()
            || !(source.when.is_empty() || self.hold(source.when))
            || !source.write.push(self.out, key, value)
        {
            return false;
        }
        self.used[usize::from(source.field >> 7)] |= 1 << (source.field & !LOG);
        true
    }

    fn value(&mut self, key: &str, sources: &[Source], otherwise: &str) -> bool {
        if sources.iter().any(|source| self.source(key, source)) {
            return true;
        }
        self.out.extend_from_slice(otherwise.as_bytes());
        !otherwise.is_empty()
    }

    fn list(&mut self, open: &str, sources: &[Source]) -> bool {
        let start = self.out.len();
        self.out.extend_from_slice(open.as_bytes());
        let first = self.out.len();
        // Where the elements end.
        let mut ends = [first; MOST_SOURCES];
        let mut count = 0;
        for source in sources {
            let at = self.out.len();
            if !self.source("", source) {
                continue;
            }
            let (before, element) = self.out.split_at(at);
            let mut from = first;
            let is_repeated = ends.iter().take(count).any(|&end| {
                let other = before.get(from..end);
                from = end;
                other == Some(element)
            });
            if is_repeated {
                self.out.truncate(at);
            } else if let Some(end) = ends.get_mut(count) {
                *end = self.out.len();
                count += 1;
            }
        }
        if count == 0 {
            self.out.truncate(start);
            return false;
        }
        self.out.pop();
        self.out.extend_from_slice(b"],");
        true
    }

    fn object(&mut self, node: &Node) -> bool {
        let Node::Object { open, close, with, needs, otherwise, members } = node else { return false };
        let (start, used) = (self.out.len(), self.used);
        self.out.extend_from_slice(open.as_bytes());
        let first = self.out.len();
        let written = self.members(members);
        if self.out.len() == first || !needs.iter().all(|group| written.members & group != 0) {
            self.out.truncate(start);
            self.used = used;
            self.out.extend_from_slice(otherwise.as_bytes());
            return !otherwise.is_empty();
        }
        if written.has_value {
            self.out.extend_from_slice(with.as_bytes());
        }
        self.out.pop();
        self.out.extend_from_slice(close.as_bytes());
        true
    }
}
