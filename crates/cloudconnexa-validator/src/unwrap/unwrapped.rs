//! The events of one record, and where their bytes are in the input.

use std::ops::Range;

use cloudconnexa_reader::records::FramingFault;

use super::layers::{LayerIndex, Layers};
use super::path::{EventPath, PathError};
use super::search::{Hit, Search};
use super::text::is_json;
use crate::finding::Finding;
use crate::position::{Locator, Position, Span};
use crate::semantics::StreamEvent;

/// Finds the events inside records.
///
/// Parsed from where they are: names joined with dots such as `result._raw`, for which an array stands for each of its elements,
/// or a JSON Pointer such as `/streams/*/values/*/1`, of which `*` is each element. A string on the way stands for the JSON
/// text in it.
///
/// # Examples
///
/// ```
/// use cloudconnexa_validator::Position;
/// use cloudconnexa_validator::unwrap::Unwrapper;
///
/// let record = br#"{"message":"{\"eventName\":\"test-message\"}"}"#;
/// let unwrapper: Unwrapper = "message".parse()?;
/// let unwrapped = unwrapper.unwrap(record, Position::START).unwrap();
/// let [event] = &*unwrapped.parts().collect::<Vec<_>>() else { panic!("one event") };
/// assert_eq!(event.bytes(), br#"{"eventName":"test-message"}"#);
/// assert_eq!(event.position().column, 13);
/// # Ok::<(), cloudconnexa_validator::unwrap::PathError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwrapper(Option<EventPath>);

impl Unwrapper {
    /// Looks for events wherever they may be in a record.
    #[must_use]
    pub const fn automatic() -> Self {
        Self(None)
    }

    /// Whether it looks for events wherever they may be.
    #[must_use]
    pub const fn is_automatic(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the events inside `record`, whose first byte is at `at`.
    ///
    /// `None` if it has none, or is an event itself. If [users have said](str::parse) where events are, whatever is there is
    /// one.
    #[must_use]
    pub fn unwrap<'r>(&self, record: &'r [u8], at: Position) -> Option<Unwrapped<'r>> {
        u32::try_from(record.len()).ok()?;
        let text = str::from_utf8(record).ok()?;
        let search = match &self.0 {
            None => Search::of(text),
            Some(path) => Search::follow(text, path),
        };
        let Search { layers, hits, is_ambiguous, .. } = search;
        let is_itself = |hit: &Hit| (hit.layer, &hit.range) == (0, &(0..record.len()));
        let is_wrapped = !hits.is_empty() && !hits.iter().any(is_itself);
        is_wrapped.then(|| Unwrapped { text, layers, hits, is_ambiguous, locator: Locator::new(record, at) })
    }
}

impl std::str::FromStr for Unwrapper {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        text.parse().map(Some).map(Self)
    }
}

impl std::fmt::Display for Unwrapper {
    /// Writes the path, or nothing if it is automatic.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |path| path.fmt(f))
    }
}

/// The events of one record.
#[derive(Debug)]
pub struct Unwrapped<'r> {
    text: &'r str,
    layers: Layers,
    hits: Vec<Hit>,
    is_ambiguous: bool,
    locator: Locator<'r>,
}

impl Unwrapped<'_> {
    /// The events, in the order of the record, and what is next to them, in the same array or text.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.hits.iter().map(|hit| Part {
            bytes: self.layer(hit.layer).as_bytes().get(hit.range.clone()).unwrap_or_default(),
            unwrapped: self,
            layer: hit.layer,
            start: hit.range.start,
            fault: hit.fault,
        })
    }

    /// Whether the record looks like an event itself, which has the original text of another in a field. It is one if it is
    /// valid.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.is_ambiguous
    }

    /// Whether the record is a complete JSON text, so that nothing of it can be missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        is_json(self.text)
    }

    fn layer(&self, index: LayerIndex) -> &str {
        self.layers.get(index).unwrap_or(self.text)
    }
}

/// An event inside a record, or what is next to one.
#[derive(Clone, Copy, Debug)]
pub struct Part<'u> {
    bytes: &'u [u8],
    unwrapped: &'u Unwrapped<'u>,
    layer: LayerIndex,
    /// Where it starts in its text.
    start: usize,
    fault: Option<FramingFault>,
}

impl<'u> Part<'u> {
    /// The bytes of the event: a part of the record, or decoded from a string in it.
    #[must_use]
    pub fn bytes(&self) -> &'u [u8] {
        self.bytes
    }

    /// Why it is not a record.
    #[must_use]
    pub fn fault(&self) -> Option<FramingFault> {
        self.fault
    }

    /// Whether its bytes are a part of the record, so that positions in it are those of the input.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        self.layer == 0
    }

    /// The position of its first byte in the input.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position_of(0)
    }

    /// The position to [check](crate::Validator::check) it at. What is found has to be [relocated](Self::relocate).
    #[must_use]
    pub fn check_position(&self) -> Position {
        if self.is_verbatim() { self.position() } else { Position::START }
    }

    /// The span in the input of a range of its bytes.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        Span { start: self.position_of(range.start), end: self.position_of(range.end) }
    }

    /// Makes the positions of a finding those of the input.
    pub fn relocate(&self, finding: &mut Finding) {
        if !self.is_verbatim() {
            finding.relocate(|position| self.relocated(position));
        }
    }

    /// Makes the positions of what rules about several records need those of the input.
    pub fn relocate_event(&self, event: &mut StreamEvent) {
        if !self.is_verbatim() {
            event.relocate(|position| self.relocated(position));
        }
    }

    fn relocated(&self, position: Position) -> Position {
        self.position_of(usize::try_from(position.offset).unwrap_or(usize::MAX).min(self.bytes.len()))
    }

    fn position_of(&self, offset: usize) -> Position {
        let Unwrapped { text, layers, locator, .. } = self.unwrapped;
        locator.position(layers.offset_in_record(text, self.layer, self.start + offset))
    }
}
