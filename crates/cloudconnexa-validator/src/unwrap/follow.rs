//! Finds the events of a record at the place that users name.

use std::ops::Range;

use cloudconnexa_tape::decode;

use super::layers::LayerIndex;
use super::path::EventPath;
use super::scan;
use super::search::{Hit, MAX_DEPTH, Search};
use super::text::{after_text, is_json};

/// The rest of a path.
#[derive(Clone, Copy, Debug)]
enum Rest<'p> {
    Names(&'p [String]),
    Pointer(&'p [String]),
}

impl Rest<'_> {
    fn is_empty(self) -> bool {
        let (Self::Names(steps) | Self::Pointer(steps)) = self;
        steps.is_empty()
    }
}

impl<'r> Search<'r> {
    /// Takes whatever is at `path` in `record` as events. There are none if the record does not have that field.
    pub(super) fn follow(record: &'r str, path: &EventPath) -> Self {
        let mut search = Self::new(record);
        let rest = match path {
            EventPath::Names(names) => Rest::Names(names),
            EventPath::Pointer(segments) => Rest::Pointer(segments),
        };
        if is_json(record) {
            search.go(record, 0, 0, rest);
        } else if !record.starts_with('{')
            && let Some(length) = after_text(record)
        {
            search.go(record, 0, length, rest);
        }
        search
    }

    /// Follows the rest of a path from the value at `at`.
    fn go(&mut self, text: &str, layer: LayerIndex, at: usize, rest: Rest<'_>) {
        let bytes = text.as_bytes();
        match bytes.get(at) {
            Some(b'{' | b'[') if self.depth == MAX_DEPTH => {}
            Some(b'{') if !rest.is_empty() => {
                self.depth += 1;
                self.go_into_object(text, layer, at, rest);
                self.depth -= 1;
            }
            Some(b'[') => {
                self.depth += 1;
                self.go_into_array(text, layer, at, rest);
                self.depth -= 1;
            }
            Some(b'"') => {
                let end = scan::string_end(bytes, at).min(bytes.len());
                if scan::is_closed(bytes, at, end) {
                    let look = &mut |search: &mut Self, text: &str, layer, range| {
                        search.go_into_text(text, layer, range, rest);
                    };
                    self.string_with(text, layer, at + 1..end - 1, look);
                }
            }
            // Null stands for nothing. Anything else is reported for not being an event.
            Some(_) if rest.is_empty() => {
                let end = scan::value_end(bytes, at);
                if bytes[at..end] != *b"null" {
                    self.found(layer, at..end);
                }
            }
            _ => {}
        }
    }

    fn go_into_object(&mut self, text: &str, layer: LayerIndex, start: usize, rest: Rest<'_>) {
        let mut at = start + 1;
        let mut best: Option<(usize, usize)> = None;
        while let Some(member) = scan::member(text.as_bytes(), at) {
            at = scan::value_end(text.as_bytes(), member.value);
            let key = decode(&text[member.key]);
            let length = match rest {
                Rest::Pointer(segments) => usize::from(segments.first().is_some_and(|first| *first == *key)),
                // A name with dots may be one field or several. The most specific one is meant, of repeated ones the last.
                Rest::Names(names) => {
                    (1..=names.len()).rev().find(|length| names[..*length].join(".") == *key).unwrap_or(0)
                }
            };
            if length > 0 && best.is_none_or(|(best, _)| length >= best) {
                best = Some((length, member.value));
            }
        }
        if let Some((length, value)) = best {
            let rest = match rest {
                Rest::Names(names) => Rest::Names(&names[length..]),
                Rest::Pointer(segments) => Rest::Pointer(&segments[1..]),
            };
            self.go(text, layer, value, rest);
        }
    }

    fn go_into_array(&mut self, text: &str, layer: LayerIndex, start: usize, rest: Rest<'_>) {
        let (wanted, rest) = match rest {
            Rest::Pointer([first, rest @ ..]) if first == "*" => (None, Rest::Pointer(rest)),
            Rest::Pointer([first, rest @ ..]) => match first.parse::<usize>() {
                Ok(index) => (Some(index), Rest::Pointer(rest)),
                Err(_) => return,
            },
            rest => (None, rest),
        };
        let bytes = text.as_bytes();
        let (mut at, mut index, mut has_events) = (start + 1, 0, false);
        while let Some(element) = scan::element(bytes, at) {
            at = scan::value_end(bytes, element);
            let before = self.hits.len();
            if wanted.is_none_or(|wanted| wanted == index) {
                self.go(text, layer, element, rest);
            }
            index += 1;
            if wanted.is_some() {
                continue;
            }
            if self.hits.len() > before {
                if !std::mem::replace(&mut has_events, true) {
                    self.neighbours_before(text, layer, start, element, before);
                }
            } else if has_events {
                self.neighbour(layer, element..at);
            }
        }
    }

    /// Follows the rest of a path in one record of a text.
    fn go_into_text(&mut self, text: &str, layer: LayerIndex, range: Range<usize>, rest: Rest<'_>) {
        let whole = &text[range.clone()];
        let start = match whole.as_bytes().first() {
            Some(b'{') => range.start,
            Some(b'"' | b'[') if is_json(whole) => return self.go(text, layer, range.start, rest),
            _ => range.start + after_text(whole).unwrap_or(0),
        };
        if rest.is_empty() {
            self.found(layer, start..range.end);
        } else {
            self.go(text, layer, start, rest);
        }
    }

    fn found(&mut self, layer: LayerIndex, range: Range<usize>) {
        self.hits.push(Hit { layer, range, place: None, identity: 0, is_event: true, fault: None });
    }
}
