//! Looks for events in a record, wherever they are.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::Arc;

use cloudconnexa_reader::records::FramingFault;
use cloudconnexa_tape::decode;

use super::layers::{LayerIndex, Layers};
use super::likeness::{Likeness, has_version, may_hold_event};
use super::place::Step;
use super::scan;
use super::text::{Piece, after_text, is_json, pieces};

/// Arrays and objects in each other that are looked into, those in texts included.
pub(super) const MAX_DEPTH: usize = 12;

/// Texts in each other that are looked into.
pub(super) const MAX_TEXTS: usize = 4;

/// Neighbours of events that are records of their own. Further ones are one record together: an array can have millions.
const MAX_NEIGHBOURS: usize = 10_000;

/// Places that are told apart.
const MAX_PLACES: usize = 64;

/// The fields that an event is told from others by.
const IDENTITY: [&[u8]; 3] = [b"traceId", b"timestamp", b"eventName"];

/// What may be an event inside a record.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// The text that has it.
    pub(super) layer: LayerIndex,
    /// Where it is in that text.
    pub(super) range: Range<usize>,
    /// Where it is in the record. Hits beyond [`MAX_PLACES`] have no place.
    pub(super) place: Option<usize>,
    /// A hash of what identifies the event.
    pub(super) identity: u64,
    /// Whether it looks like an event. Anything else is next to one, in the same array or text, and may be meant as one.
    pub(super) is_event: bool,
    /// What is wrong here, if it is not a record.
    pub(super) fault: Option<FramingFault>,
}

/// A step of the way to what is being looked at.
#[derive(Clone, Copy, Debug)]
enum At {
    /// The value of the field whose name is in this range of a text.
    Key {
        layer: LayerIndex,
        start: usize,
        end: usize,
    },
    Step(FixedStep),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FixedStep {
    Index(usize),
    Each,
    Text,
    Lines,
    AfterText,
}

/// Looks at a record: a part of a text, which is a layer.
pub(super) type Look<'a, S> = dyn FnMut(&mut S, &str, LayerIndex, Range<usize>) + 'a;

/// The events of one record.
#[derive(Debug)]
pub(super) struct Search<'r> {
    record: &'r str,
    pub(super) layers: Layers,
    pub(super) hits: Vec<Hit>,
    pub(super) places: Vec<Vec<Step>>,
    path: Vec<At>,
    pub(super) depth: usize,
    texts: usize,
    neighbours: usize,
    /// The record itself looks like an event that has another one in a text.
    pub(super) is_ambiguous: bool,
    state: RandomState,
}

impl<'r> Search<'r> {
    /// Looks for events in `record`, which may be one itself.
    pub(super) fn of(record: &'r str) -> Self {
        let mut search = Self::new(record);
        search.piece(record, 0, 0..record.len());
        search.drop_repeated();
        search
    }

    pub(super) fn new(record: &'r str) -> Self {
        Self {
            record,
            layers: Layers::default(),
            hits: Vec::new(),
            places: Vec::new(),
            path: Vec::new(),
            depth: 0,
            texts: 0,
            neighbours: 0,
            is_ambiguous: false,
            state: RandomState::new(),
        }
    }

    /// Looks into one JSON text, which may have other text before it.
    fn piece(&mut self, text: &str, layer: LayerIndex, range: Range<usize>) {
        let whole = &text[range.clone()];
        let first = self.hits.len();
        let start = if whole.starts_with('{') && layer > 0 || is_json(whole) {
            self.value(text, layer, range.start);
            range.start
        } else if !whole.starts_with('{')
            && let Some(length) = after_text(whole)
        {
            self.path.push(At::Step(FixedStep::AfterText));
            self.value(text, layer, range.start + length);
            self.path.pop();
            range.start + length
        } else {
            return;
        };
        if layer > 0 && self.hits.len() == first && has_version(whole) {
            // It is too broken to see its fields, but of its kind.
            let place = self.place();
            let range = start..range.end;
            self.hits.push(Hit { layer, range, place, identity: 0, is_event: true, fault: None });
        }
        // What follows an event belongs to its line, and is for the validator to report.
        if let [hit] = &mut self.hits[first..]
            && (hit.layer, hit.range.start) == (layer, start)
        {
            hit.range.end = range.end;
        }
    }

    /// Looks into a value and returns the offset after it.
    fn value(&mut self, text: &str, layer: LayerIndex, at: usize) -> usize {
        let bytes = text.as_bytes();
        match bytes.get(at) {
            Some(b'{') if self.depth < MAX_DEPTH => self.object(text, layer, at),
            Some(b'[') if self.depth < MAX_DEPTH => self.array(text, layer, at),
            Some(b'"') => {
                let end = scan::string_end(bytes, at).min(bytes.len());
                if scan::is_closed(bytes, at, end) {
                    self.string(text, layer, at + 1..end - 1);
                }
                end
            }
            _ => scan::value_end(bytes, at),
        }
    }

    fn object(&mut self, text: &str, layer: LayerIndex, start: usize) -> usize {
        let bytes = text.as_bytes();
        let (mut at, mut likeness, mut identity) = (start + 1, Likeness::default(), [""; 3]);
        let first = self.hits.len();
        self.depth += 1;
        while let Some(member) = scan::member(bytes, at) {
            let name = &bytes[member.key.clone()];
            likeness.add(name);
            let Range { start, end } = member.key;
            self.path.push(At::Key { layer, start, end });
            at = self.value(text, layer, member.value);
            self.path.pop();
            if let Some(index) = IDENTITY.iter().position(|field| *field == name) {
                identity[index] = &text[member.value..at];
            }
        }
        self.depth -= 1;
        let end = scan::close(bytes, at);
        // Next to an event as text, what looks like one are fields that a tool has taken from it.
        let has_text = self.hits[first..].iter().any(|hit| hit.layer != layer);
        self.is_ambiguous |= likeness.is_event() && has_text && self.path.is_empty();
        if likeness.is_event() && !has_text {
            self.hits.truncate(first);
            let identity = self.state.hash_one(identity);
            let place = self.place();
            self.hits.push(Hit { layer, range: start..end, place, identity, is_event: true, fault: None });
        }
        end
    }

    fn array(&mut self, text: &str, layer: LayerIndex, start: usize) -> usize {
        let bytes = text.as_bytes();
        let (mut at, mut index, mut is_tuple, mut has_events) = (start + 1, 0, false, false);
        self.depth += 1;
        while let Some(element) = scan::element(bytes, at) {
            let before = self.hits.len();
            // In Loki's pairs of a time and a line, the index says which of the two is the event.
            let step = if is_tuple { FixedStep::Index(index) } else { FixedStep::Each };
            self.path.push(At::Step(step));
            at = self.value(text, layer, element);
            self.path.pop();
            let is_time = bytes[element..].iter().find(|byte| **byte != b'"').is_some_and(u8::is_ascii_digit);
            is_tuple |= index == 0 && is_time && self.hits.len() == before;
            index += 1;
            if self.hits.len() == before {
                if has_events && !is_tuple {
                    self.neighbour(layer, element..at);
                }
            } else if !has_events {
                has_events = true;
                if !is_tuple {
                    self.neighbours_before(text, layer, start, element, before);
                }
            }
        }
        self.depth -= 1;
        scan::close(bytes, at)
    }

    /// Adds the elements of an array that come before its first event.
    pub(super) fn neighbours_before(
        &mut self,
        text: &str,
        layer: LayerIndex,
        start: usize,
        end: usize,
        first: usize,
    ) {
        let found = self.hits.split_off(first);
        let mut at = start + 1;
        while let Some(element) = scan::element(text.as_bytes(), at).filter(|element| *element < end) {
            at = scan::value_end(text.as_bytes(), element);
            self.neighbour(layer, element..at);
        }
        self.hits.extend(found);
    }

    /// Adds what is next to an event.
    pub(super) fn neighbour(&mut self, layer: LayerIndex, range: Range<usize>) {
        self.neighbours += 1;
        if self.neighbours > MAX_NEIGHBOURS
            && let Some(last) = self.hits.last_mut()
            && (last.is_event, last.layer) == (false, layer)
        {
            last.range.end = range.end;
        } else {
            self.hits.push(Hit { layer, range, place: None, identity: 0, is_event: false, fault: None });
        }
    }

    fn string(&mut self, text: &str, parent: LayerIndex, inside: Range<usize>) {
        if may_hold_event(&text[inside.clone()]) {
            self.path.push(At::Step(FixedStep::Text));
            self.string_with(text, parent, inside, &mut |search, text, layer, range| {
                search.piece(text, layer, range);
            });
            self.path.pop();
        }
    }

    /// Calls `look` for each record in the text of a string. If it finds events, everything else in the text is a record as
    /// well.
    pub(super) fn string_with(
        &mut self,
        text: &str,
        parent: LayerIndex,
        inside: Range<usize>,
        look: &mut Look<'_, Self>,
    ) {
        if self.texts == MAX_TEXTS {
            return;
        }
        let decoded: Arc<str> = decode(&text[inside.clone()]).into();
        let layer = self.layers.push(parent, inside, Arc::clone(&decoded));
        let first = self.hits.len();
        self.texts += 1;
        let pieces = pieces(&decoded);
        let step = match &*pieces {
            [piece] if !piece.is_element => None,
            [piece, ..] if piece.is_element => Some(FixedStep::Each),
            _ => Some(FixedStep::Lines),
        };
        self.path.extend(step.map(At::Step));
        let mut others = Vec::new();
        for Piece { range, fault, .. } in pieces {
            let before = self.hits.len();
            if fault.is_none() {
                look(self, &decoded, layer, range.clone());
            }
            if self.hits.len() == before {
                others.push((before, range, fault));
            }
        }
        if step.is_some() {
            self.path.pop();
        }
        self.texts -= 1;
        if self.hits.len() == first {
            self.layers.truncate(layer);
            return;
        }
        let found = self.hits.split_off(first);
        let mut others = others.into_iter().peekable();
        let add = |search: &mut Self, range, fault: Option<FramingFault>| match fault {
            None => search.neighbour(layer, range),
            fault => {
                search.hits.push(Hit { layer, range, place: None, identity: 0, is_event: false, fault });
            }
        };
        for (index, hit) in found.into_iter().enumerate() {
            while let Some((_, range, fault)) = others.next_if(|(before, ..)| *before <= first + index) {
                add(self, range, fault);
            }
            self.hits.push(hit);
        }
        others.for_each(|(_, range, fault)| add(self, range, fault));
    }

    /// Returns the index of the current place.
    fn place(&mut self) -> Option<usize> {
        let known = self.places.iter().position(|place| self.is_at(place));
        known.or_else(|| {
            let index = self.places.len();
            (index < MAX_PLACES).then(|| {
                let steps = self.path.iter().map(|at| self.step(*at)).collect();
                self.places.push(steps);
                index
            })
        })
    }

    fn is_at(&self, place: &[Step]) -> bool {
        let is_same = |(at, step): (&At, &Step)| match (at, step) {
            (At::Key { layer, start, end }, Step::Key(name)) => *self.key(*layer, *start..*end) == **name,
            (At::Step(fixed), step) => fixed.step() == *step,
            (At::Key { .. }, _) => false,
        };
        self.path.len() == place.len() && self.path.iter().zip(place).all(is_same)
    }

    fn step(&self, at: At) -> Step {
        match at {
            At::Key { layer, start, end } => Step::Key(self.key(layer, start..end).into_owned()),
            At::Step(fixed) => fixed.step(),
        }
    }

    fn key(&self, layer: LayerIndex, range: Range<usize>) -> Cow<'_, str> {
        let text = self.layers.get(layer).unwrap_or(self.record);
        decode(text.get(range).unwrap_or_default())
    }

    /// Drops events that are repeated at another place: shippers keep the original next to what they have made of it.
    fn drop_repeated(&mut self) {
        if self.places.len() < 2 {
            return;
        }
        let mut seen = HashMap::new();
        self.hits.retain(|hit| {
            let Some(place) = hit.place else { return true };
            *seen.entry(hit.identity).or_insert(place) == place
        });
    }
}

impl FixedStep {
    fn step(self) -> Step {
        match self {
            Self::Index(index) => Step::Index(index),
            Self::Each => Step::Each,
            Self::Text => Step::Text,
            Self::Lines => Step::Lines,
            Self::AfterText => Step::AfterText,
        }
    }
}
