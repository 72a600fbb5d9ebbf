//! Compares a field of the old schema with that of the new.

use serde_json::{Map, Value, json};

use super::{Change, Detail, Lister, deepest, texts};
use crate::algebra;
use crate::error::Fault;
use crate::inline::{Lists, Vocabulary, is_annotation};
use crate::rules::{
    CONSTRAINT_CHANGED, FIELD_OPTIONAL, FIELD_REQUIRED, LIST_CLOSED, LIST_OPENED, REWRITTEN, TYPE_RENAMED,
    VALUE_ADDED, VALUE_NARROWED, VALUE_REMOVED, VALUE_REPLACED, VALUE_WIDENED,
};
use crate::shape::{Field, Object, Place, TAG, is_closing};
use crate::validators::Compiled;
use crate::values::{UNLISTED, candidates, field_schema};
use crate::version::Size;

impl Lister<'_> {
    pub(super) fn field(
        &mut self,
        event: Option<&str>,
        place: Place,
        (old_object, old): (&Object<'_>, &Field<'_>),
        (new_object, new): (&Object<'_>, &Field<'_>),
    ) -> Result<(), Fault> {
        let before = self.changes.len();
        let name = new.name;
        let change = |rule| Change::new(rule, event).of(place, name);
        match (old_object.required(name), new_object.required(name)) {
            (None, Some(at)) => {
                let at = (Some(old.pointer.clone()), Some(at.to_owned()));
                self.changes.push(change(&FIELD_REQUIRED).at(at.0, at.1).with(Detail::None, "was optional"));
            }
            (Some(at), None) => {
                let at = (Some(at.to_owned()), Some(new.pointer.clone()));
                self.changes.push(change(&FIELD_OPTIONAL).at(at.0, at.1).with(Detail::None, "was required"));
            }
            _ => {}
        }
        let was = field_schema(self.old, old_object, name, Lists::Open)?;
        let is = field_schema(self.new, new_object, name, Lists::Open)?;
        let lists = (self.old.vocabulary(old)?, self.new.vocabulary(new)?);
        let values = candidates([&was, &is]);
        match &lists {
            (Some(had), Some(has)) => self.lists(event, place, (old, had), (new, has))?,
            _ if was != is => self.values(event, place, old, new, (&was, &is))?,
            _ => {}
        }
        if self.changes.len() == before
            && name != TAG
            && self.types.of_field(event, place, name) == Size::Major
            && let Some((from, to)) = self.types.renamed(event, place, name)
        {
            let at = (Some(old.pointer.clone()), Some(new.pointer.clone()));
            let label = format!("was `{from}`");
            self.changes.push(change(&TYPE_RENAMED).at(at.0, at.1).with(Detail::Renamed(from, to), label));
        }
        for change in &mut self.changes[before..] {
            change.candidates.clone_from(&values);
            if let Detail::Known(value) = &change.detail {
                change.candidates.insert(0, value.clone());
            }
            if *change.rule == LIST_CLOSED {
                // It says more than a missing value does.
                change.candidates.insert(0, UNLISTED.into());
            }
        }
        texts::of_nodes(
            event,
            (place, name),
            (self.old, &old.pointer),
            (self.new, &new.pointer),
            &mut self.changes,
        );
        if let (Some(old_at), Some(new_at)) = (self.old.described_at(old), self.new.described_at(new))
            && (old_at != old.pointer || new_at != new.pointer)
            && old_at == new_at
        {
            texts::of_nodes(
                event,
                (place, name),
                (self.old, &old_at),
                (self.new, &new_at),
                &mut self.changes,
            );
        }
        Ok(())
    }

    /// Compares two lists of known values.
    fn lists(
        &mut self,
        event: Option<&str>,
        place: Place,
        (old, had): (&Field<'_>, &Vocabulary),
        (new, has): (&Field<'_>, &Vocabulary),
    ) -> Result<(), Fault> {
        let change = |rule| Change::new(rule, event).of(place, new.name);
        let (old_at, new_at) = (self.old.described_at(old), self.new.described_at(new));
        let before = self.changes.len();
        for (value, at) in &has.known {
            if !had.known.iter().any(|(known, _)| known == value) {
                let added = change(&VALUE_ADDED).at(old_at.clone(), Some(at.clone()));
                self.changes.push(added.with(Detail::Known(value.clone()), "added"));
            }
        }
        for (value, at) in &had.known {
            if !has.known.iter().any(|(known, _)| known == value) {
                let removed = change(&VALUE_REMOVED).at(Some(at.clone()), None);
                self.changes.push(removed.with(Detail::Known(value.clone()), "removed"));
            }
        }
        for change in &mut self.changes[before..] {
            change.is_of_open_list = had.open.is_some() && has.open.is_some();
        }
        match (&had.open, &has.open) {
            (Some(_), None) => {
                let closed = change(&LIST_CLOSED).at(old_at, new_at);
                self.changes.push(closed.with(Detail::None, "let other values in"));
            }
            (None, Some(_)) => {
                let opened = change(&LIST_OPENED).at(old_at, new_at);
                self.changes.push(opened.with(Detail::None, "let no other values in"));
            }
            (Some(was), Some(is)) if was != is => self.values(event, place, old, new, (was, is))?,
            _ => {}
        }
        Ok(())
    }

    /// Compares the values of a field that differs.
    fn values(
        &mut self,
        event: Option<&str>,
        place: Place,
        old: &Field<'_>,
        new: &Field<'_>,
        (was, is): (&Value, &Value),
    ) -> Result<(), Fault> {
        let rule = match (algebra::contains(is, was), algebra::contains(was, is)) {
            (true, true) => &REWRITTEN,
            (true, false) => &VALUE_WIDENED,
            (false, true) => &VALUE_NARROWED,
            (false, false) => &VALUE_REPLACED,
        };
        let (took, takes) = (Compiled::new(was)?, Compiled::new(is)?);
        let values = candidates([was, is]);
        let gained = values.iter().find(|value| takes.accepts(value) && !took.accepts(value)).cloned();
        let lost = values.iter().find(|value| took.accepts(value) && !takes.accepts(value)).cloned();
        let (old_at, new_at, label) = deepest::find((self.old, &old.pointer), (self.new, &new.pointer));
        let change = Change::new(rule, event).of(place, new.name).at(Some(old_at), Some(new_at));
        self.changes.push(change.with(Detail::Values { gained, lost }, label));
        Ok(())
    }

    /// Compares the conditions on an object that are about no single field.
    pub(super) fn constraints(
        &mut self,
        event: Option<&str>,
        place: Place,
        old: &Object<'_>,
        new: &Object<'_>,
    ) -> Result<(), Fault> {
        let conditions = |shape: &crate::shape::Shape, object: &Object<'_>| {
            let mut found: Map<String, Value> = Map::new();
            let mut at = None;
            for (part, part_at) in &object.parts {
                let all = shape.definitions().inline(part, part_at, Lists::Open)?;
                for (keyword, value) in part.members() {
                    let is_known =
                        matches!(keyword.as_str(), "properties" | "required" | "allOf" | "$ref" | "type");
                    if is_known || is_annotation(keyword) || is_closing(keyword, value) {
                        continue;
                    }
                    at = at.or_else(|| Some(cloudconnexa_schema::pointer::child(part_at, keyword)));
                    // A node with a reference is put together differently.
                    let condition = all.get(keyword).cloned().unwrap_or_else(|| value.to_value());
                    let list = found.entry(keyword.clone()).or_insert_with(|| json!([]));
                    if let Some(list) = list.as_array_mut() {
                        list.push(condition);
                    }
                }
            }
            let own = object.parts.last().map(|(_, at)| at.clone());
            Ok::<_, Fault>((found, at.or(own)))
        };
        let ((before, old_at), (after, new_at)) = (conditions(self.old, old)?, conditions(self.new, new)?);
        if before != after {
            let change = Change::new(&CONSTRAINT_CHANGED, event).of(place, "").at(old_at, new_at);
            self.changes.push(change.with(Detail::None, "changed"));
        }
        Ok(())
    }
}
