//! Lists what differs between two schemas, field by field, without judging it.

mod deepest;
mod fields;
mod texts;

use cloudconnexa_schema::pointer;
use serde_json::Value;

use crate::error::Fault;
use crate::rules::{
    ChangeRule, EVENT_ADDED, EVENT_REMOVED, FIELD_ADDED, FIELD_OPTIONAL, FIELD_REMOVED, FIELD_REQUIRED,
    FIELDS_CLOSED, FIELDS_OPENED,
};
use crate::rust_types::Types;
use crate::shape::{CONTENT, Object, Place, Shape, TAG};

/// One difference, in one event or in the header of all.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) rule: &'static ChangeRule,
    /// The event; `None` if it concerns all.
    pub(crate) event: Option<String>,
    /// The field; an empty name means the object itself.
    pub(crate) field: Option<(Place, String)>,
    /// Where it is in the old and in the new schema, as JSON Pointers.
    pub(crate) old_at: Option<String>,
    pub(crate) new_at: Option<String>,
    pub(crate) detail: Detail,
    /// A few words to print next to the caret, such as `was 3`.
    pub(crate) label: String,
    /// Values that the change may be about.
    pub(crate) candidates: Vec<Value>,
    /// Whether it is about a list that lets other values in, before and after.
    pub(crate) is_of_open_list: bool,
}

/// The details of a change, in addition to its rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Detail {
    None,
    /// Whether a field that was added or removed is required.
    Required(bool),
    /// A value that is taken now and was not, and one that was and is no longer, if such were found.
    Values {
        gained: Option<Value>,
        lost: Option<Value>,
    },
    /// A value of a list.
    Known(Value),
    /// The old and the new name.
    Renamed(String, String),
    /// The keyword of an annotation.
    Keyword(String),
}

impl Change {
    fn new(rule: &'static ChangeRule, event: Option<&str>) -> Self {
        Self {
            rule,
            event: event.map(str::to_owned),
            field: None,
            old_at: None,
            new_at: None,
            detail: Detail::None,
            label: String::new(),
            candidates: Vec::new(),
            is_of_open_list: false,
        }
    }

    fn at(mut self, old_at: Option<String>, new_at: Option<String>) -> Self {
        (self.old_at, self.new_at) = (old_at, new_at);
        self
    }

    fn of(mut self, place: Place, field: &str) -> Self {
        self.field = Some((place, field.to_owned()));
        self
    }

    fn with(mut self, detail: Detail, label: impl Into<String>) -> Self {
        (self.detail, self.label) = (detail, label.into());
        self
    }
}

/// Lists the changes.
pub(crate) fn list(old: &Shape, new: &Shape, types: &Types) -> Result<Vec<Change>, Fault> {
    let mut changes = Vec::new();
    texts::of_root(old, new, &mut changes);
    let mut lister = Lister { old, new, types, changes };
    let (old_header, new_header) = (old.header()?, new.header()?);
    lister.objects(None, Place::Header, &old_header, &new_header)?;
    for (event, new_at) in &new.events {
        let Some((_, old_at)) = old.branch(event) else {
            let added = Change::new(&EVENT_ADDED, Some(event)).at(None, Some(new_at.clone()));
            lister.changes.push(added.with(Detail::None, "added"));
            continue;
        };
        texts::of_event(old, new, event, (old_at, new_at), &mut lister.changes);
        match (old.log(event)?, new.log(event)?) {
            (Some(before), Some(after)) => lister.objects(Some(event), Place::Log, &before, &after)?,
            (None, Some(_)) => {
                let at = pointer::child(new_at, "then");
                let added =
                    Change::new(&FIELD_ADDED, Some(event)).at(None, Some(at)).of(Place::Header, CONTENT);
                lister.changes.push(added.with(Detail::Required(new.requires_log(event)), "added"));
            }
            (Some(_), None) => {
                let at = pointer::child(old_at, "then");
                let removed = Change::new(&FIELD_REMOVED, Some(event)).at(Some(at), Some(new_at.clone()));
                let removed = removed.of(Place::Header, CONTENT);
                lister
                    .changes
                    .push(removed.with(Detail::Required(old.requires_log(event)), "no longer has it"));
            }
            (None, None) => {}
        }
    }
    for (event, old_at) in old.events.iter().filter(|(event, _)| !new.has_event(event)) {
        let removed = Change::new(&EVENT_REMOVED, Some(event)).at(Some(old_at.clone()), None);
        lister.changes.push(removed.with(Detail::None, "removed"));
    }
    // That events are added to the list of their names is already said.
    let is_event_name = |change: &Change| matches!(&change.field, Some((Place::Header, name)) if name == TAG);
    lister.changes.retain(|change| !is_event_name(change) || !matches!(change.detail, Detail::Known(_)));
    Ok(lister.changes)
}

struct Lister<'a> {
    old: &'a Shape,
    new: &'a Shape,
    types: &'a Types,
    changes: Vec<Change>,
}

impl Lister<'_> {
    fn objects(
        &mut self,
        event: Option<&str>,
        place: Place,
        old: &Object<'_>,
        new: &Object<'_>,
    ) -> Result<(), Fault> {
        let at = |object: &Object<'_>| object.parts.last().map(|(_, at)| at.clone());
        match (old.is_open(), new.is_open()) {
            (true, false) => {
                let closed = Change::new(&FIELDS_CLOSED, event).at(at(old), new.closed_at()).of(place, "");
                self.changes.push(closed.with(Detail::None, "added"));
            }
            (false, true) => {
                let opened = Change::new(&FIELDS_OPENED, event).at(old.closed_at(), at(new)).of(place, "");
                self.changes.push(opened.with(Detail::None, "no longer refuses them"));
            }
            _ => {}
        }
        self.constraints(event, place, old, new)?;
        let mut seen: Vec<&str> = Vec::new();
        for field in &new.fields {
            if seen.contains(&field.name) {
                continue;
            }
            seen.push(field.name);
            if let Some(before) = old.field(field.name) {
                self.field(event, place, (old, before), (new, field))?;
                continue;
            }
            let required = new.required(field.name).is_some();
            let added = Change::new(&FIELD_ADDED, event).at(None, Some(field.pointer.clone()));
            let label = if required { "added, and required" } else { "added" };
            let mut added = added.of(place, field.name).with(Detail::Required(required), label);
            let schema = crate::values::field_schema(self.new, new, field.name, crate::inline::Lists::Open)?;
            added.candidates = crate::values::candidates([&schema]);
            self.changes.push(added);
        }
        for field in old.fields.iter().filter(|field| new.field(field.name).is_none()) {
            if seen.contains(&field.name) {
                continue;
            }
            seen.push(field.name);
            let removed = Change::new(&FIELD_REMOVED, event).at(Some(field.pointer.clone()), None);
            let detail = Detail::Required(old.required(field.name).is_some());
            let mut removed = removed.of(place, field.name).with(detail, "removed");
            let schema = crate::values::field_schema(self.old, old, field.name, crate::inline::Lists::Open)?;
            removed.candidates = crate::values::candidates([&schema]);
            self.changes.push(removed);
        }
        self.required_alone(event, place, old, new);
        texts::of_objects(event, place, old, new, &mut self.changes);
        Ok(())
    }

    /// Compares which fields are required that neither schema describes in any other way.
    fn required_alone(&mut self, event: Option<&str>, place: Place, old: &Object<'_>, new: &Object<'_>) {
        let end = |object: &Object<'_>| object.parts.last().map(|(_, at)| at.clone());
        let is_described = |name: &str| old.field(name).is_some() || new.field(name).is_some();
        let is_alone = |name: &str| !is_described(name) && (place, name) != (Place::Header, CONTENT);
        for (name, at) in
            new.required.iter().filter(|(name, _)| is_alone(name) && old.required(name).is_none())
        {
            let change = Change::new(&FIELD_REQUIRED, event).of(place, name).at(end(old), Some(at.clone()));
            self.changes.push(change.with(Detail::None, "added"));
        }
        for (name, at) in
            old.required.iter().filter(|(name, _)| is_alone(name) && new.required(name).is_none())
        {
            let change = Change::new(&FIELD_OPTIONAL, event).of(place, name).at(Some(at.clone()), end(new));
            self.changes.push(change.with(Detail::None, "was required"));
        }
    }
}
