//! Reads who caused an event from its outline.

use std::borrow::Cow;
use std::sync::LazyLock;

use cloudconnexa_events::Actors;

use super::fields::Outline;
use super::raw::Raw;
use crate::catalog::{self, FieldSpec};
use crate::scope::Scope;

/// The event whose `log` names a source.
const FLOW: &str = "flow-established";

/// Fields by their index in the object that they are in.
type Fields = Vec<Option<Part>>;

static OF_HEADER: LazyLock<Fields> = LazyLock::new(|| {
    parts(catalog::HEADER, |name| match name {
        "initiatorType" => Some(Part::InitiatorType),
        "initiator" => Some(Part::Initiator),
        "initiatorName" => Some(Part::InitiatorName),
        "parentEntityType" => Some(Part::ParentType),
        "parentEntity" => Some(Part::Parent),
        "parentEntityName" => Some(Part::ParentName),
        _ => None,
    })
});

static OF_FLOW: LazyLock<Fields> = LazyLock::new(|| {
    let fields = catalog::event(FLOW).and_then(|event| event.log).unwrap_or_default();
    parts(fields, |name| match name {
        "sourceEntityType" => Some(Part::SourceType),
        "sourceEntityId" => Some(Part::Source),
        "sourceEntityName" => Some(Part::SourceName),
        _ => None,
    })
});

/// What a field says about an entity.
#[derive(Clone, Copy, Debug)]
enum Part {
    InitiatorType,
    Initiator,
    InitiatorName,
    ParentType,
    Parent,
    ParentName,
    SourceType,
    Source,
    SourceName,
}

fn parts(fields: &[FieldSpec], part: impl Fn(&str) -> Option<Part>) -> Fields {
    fields.iter().map(|field| part(field.name)).collect()
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
    /// assert_eq!(actors.user_id().map(|id| &**id), Some("new@gmail.com"));
    /// assert_eq!(actors.device_id().map(|id| &**id), Some("5d34eabe-f88d-4570-9954-818c03b90b4b"));
    /// ```
    #[must_use]
    pub fn actors(&self) -> Actors<Cow<'a, str>> {
        let mut actors = Actors::default();
        let is_flow = self.event().is_some_and(|event| event.name == FLOW);
        let (of_header, of_flow) = (&*OF_HEADER, if is_flow { &**OF_FLOW } else { &[] });
        for slot in self.slots() {
            let fields = if slot.scope == Scope::Header { of_header } else { of_flow };
            let Some(Some(part)) = fields.get(usize::from(slot.index)) else { continue };
            let Actors { initiator, parent, source, .. } = &mut actors;
            let field: &mut Option<_> = match part {
                Part::InitiatorType => &mut initiator.kind,
                Part::Initiator => &mut initiator.id,
                Part::InitiatorName => &mut initiator.name,
                Part::ParentType => &mut parent.kind,
                Part::Parent => &mut parent.id,
                Part::ParentName => &mut parent.name,
                Part::SourceType => &mut source.kind,
                Part::Source => &mut source.id,
                Part::SourceName => &mut source.name,
            };
            *field = Raw::of(self.record(), slot.value as usize..slot.end as usize).and_then(Raw::text);
        }
        actors
    }
}
