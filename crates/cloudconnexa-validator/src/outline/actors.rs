//! Reads who caused an event from its outline.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::LazyLock;

use cloudconnexa_events::{Actors, Entity};

use super::fields::Outline;
use super::raw::Raw;
use crate::catalog::{self, FieldSpec};
use crate::scope::Scope;

/// The event whose `log` names a source.
const FLOW: &str = "flow-established";

/// The most fields that an object has in the schema: masks of them have 64 bits.
const MAX_FIELDS: usize = 64;

/// The texts that say who caused an event.
const TEXTS: usize = 9;

/// The text that a field is which is none of them.
const NO_TEXT: u8 = 9;

/// For each field of an object, by its index, the text that it is.
type Texts = [u8; MAX_FIELDS];

const NO_TEXTS: Texts = [NO_TEXT; MAX_FIELDS];

static OF_HEADER: LazyLock<Texts> = LazyLock::new(|| {
    let names = [
        "initiatorType",
        "initiator",
        "initiatorName",
        "parentEntityType",
        "parentEntity",
        "parentEntityName",
    ];
    texts(catalog::HEADER, &names, 0)
});

static OF_FLOW: LazyLock<Texts> = LazyLock::new(|| {
    let fields = catalog::event(FLOW).and_then(|event| event.log).unwrap_or_default();
    texts(fields, &["sourceEntityType", "sourceEntityId", "sourceEntityName"], 6)
});

/// Finds the fields with these names. Their texts are numbered from `first`.
fn texts(fields: &[FieldSpec], names: &[&str], first: u8) -> Texts {
    let mut texts = NO_TEXTS;
    for (name, text) in names.iter().zip(first..) {
        let index = fields.iter().position(|field| field.name == *name);
        if let Some(field) = index.and_then(|index| texts.get_mut(index)) {
            *field = text;
        }
    }
    texts
}

/// A string that says who caused an event, decoded when it is first read: of nine, two or three are.
#[derive(Clone, Debug, Default)]
pub struct ActorText<'a> {
    raw: &'a [u8],
    text: OnceCell<Cow<'a, str>>,
}

impl<'a> ActorText<'a> {
    /// Returns `None` if the value is not a string.
    fn of(raw: &'a [u8]) -> Option<Self> {
        raw.starts_with(b"\"").then(|| Self { raw, text: OnceCell::new() })
    }

    /// Returns the text, which borrows from the record if it has no escapes.
    pub fn text(&self) -> &Cow<'a, str> {
        let decode = || Raw::of(self.raw, 0..self.raw.len()).and_then(Raw::text);
        self.text.get_or_init(|| decode().unwrap_or_default())
    }
}

impl AsRef<str> for ActorText<'_> {
    fn as_ref(&self) -> &str {
        self.text()
    }
}

impl<'a> Outline<'a> {
    /// Returns the entities that the record names, from which follow the user and the device. The record may be invalid:
    /// a field that is not a string counts as absent.
    ///
    /// For an event that parses, they are those of [`Event::actors`](cloudconnexa_events::Event::actors).
    ///
    /// ```
    /// # let record = include_bytes!("../../../../tests/corpus/documented/client-disconnected-v1.json");
    /// let validator = cloudconnexa_validator::Validator::new();
    /// let mut checker = validator.checker();
    /// let actors = checker.outline(record).expect("it is an object").actors();
    /// assert_eq!(actors.user_id().map(|id| &**id.text()), Some("new@gmail.com"));
    /// assert_eq!(actors.device_id().map(|id| &**id.text()), Some("5d34eabe-f88d-4570-9954-818c03b90b4b"));
    /// ```
    #[must_use]
    pub fn actors(&self) -> Actors<ActorText<'a>> {
        let is_flow = self.event().is_some_and(|event| event.name == FLOW);
        let (of_header, of_log) = (&*OF_HEADER, if is_flow { &*OF_FLOW } else { &NO_TEXTS });
        // One more place for all other fields, so that none needs a branch.
        let mut ranges = [(0, 0); TEXTS + 1];
        for slot in self.slots() {
            let texts = if slot.scope == Scope::Header { of_header } else { of_log };
            let text = texts.get(usize::from(slot.index)).map_or(TEXTS, |text| usize::from(*text));
            ranges[text.min(TEXTS)] = (slot.value as usize, slot.end as usize);
        }
        let text = |index: usize| {
            let (start, end) = ranges[index];
            ActorText::of(self.record().get(start..end)?)
        };
        let entity = |first| Entity::new(text(first), text(first + 1), text(first + 2));
        let mut actors = Actors::default();
        (actors.initiator, actors.parent, actors.source) = (entity(0), entity(3), entity(6));
        actors
    }
}
