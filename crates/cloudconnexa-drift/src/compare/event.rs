//! Compares what was seen of one event.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::{has_jumped, would_have_come};
use super::finding::{Finding, FindingKind};
use super::{certainly_lacks, find};
use crate::form::Form;
use crate::known::{Known, KnownField, KnownKind};
use crate::profile::{EventProfile, Example, FIELDS, FieldProfile, Profile, Seen, VALUES, is_known_path};

/// An event now and, if it came then, before.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// None for records without a name.
    pub(super) name: Option<&'a str>,
    pub(super) now: &'a EventProfile,
    pub(super) known: &'a Known,
    pub(super) before: Option<&'a EventProfile>,
}

/// One of its fields, likewise.
#[derive(Clone, Copy)]
struct Field<'a> {
    path: &'a str,
    now: &'a FieldProfile,
    before: Option<&'a FieldProfile>,
    spec: Option<&'a KnownField>,
}

impl Pair<'_> {
    pub(super) fn compare(self, all_before: Option<&Profile>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let earlier = self.before.into_iter().flat_map(|before| before.fields.keys());
        let paths: BTreeSet<&String> = self.now.fields.keys().chain(earlier).collect();
        let nothing = FieldProfile::default();
        for path in paths {
            let spec = self.known.field(self.name, path);
            let now = self.now.fields.get(path).unwrap_or(&nothing);
            let before = self.before.and_then(|before| before.fields.get(path));
            let field = Field { path, now, before, spec: spec.as_ref() };
            if now.present().count > 0 {
                findings.extend(self.new_field(field, all_before));
                findings.extend(self.type_changed(field));
                findings.extend(self.new_values(field));
                findings.extend(self.nulls_jumped(field));
            }
            findings.extend(self.missing(field));
        }
        let left_out = self.now.fields_left_out;
        if left_out > 0 && self.before.is_none_or(|before| before.fields_left_out == 0) {
            let seen = Seen { count: left_out, ..Seen::default() };
            findings.push(Finding {
                is_rest: true,
                of: self.now.seen.count,
                ..self.finding(FindingKind::NewField, seen)
            });
        }
        findings
    }

    fn finding(&self, kind: FindingKind, seen: Seen) -> Finding {
        Finding {
            events: self.name.iter().map(|name| (*name).to_owned()).collect(),
            ..Finding::new(kind, seen)
        }
    }

    fn at(&self, field: Field<'_>, kind: FindingKind, seen: Seen) -> Finding {
        Finding {
            path: Some(field.path.to_owned()),
            of: of(self.now, field.path),
            is_described: field.spec.is_some(),
            ..self.finding(kind, seen)
        }
    }

    fn new_field(&self, field: Field<'_>, all_before: Option<&Profile>) -> Option<Finding> {
        let path = field.path;
        if field.before.is_some_and(|before| before.present().count > 0) {
            return None;
        }
        let present = field.now.present();
        let is_new = match (field.spec, self.before) {
            (Some(_), None) => false,
            (Some(_), Some(before)) => would_have_come(present.count, of(self.now, path), of(before, path)),
            (None, before) => {
                let parent = parent(path);
                let is_top = parent.is_empty() || parent == "/log" && self.known.describes_log(self.name);
                // What is in `log` of an event that is not known is told with the event.
                let is_told_with_event = !parent.is_empty()
                    && before.is_none()
                    && !self.name.is_some_and(|name| self.known.describes(name));
                // What is inside of something else that is new is told with that.
                let is_told_with_parent =
                    !is_top && before.is_none_or(|before| !before.fields.contains_key(parent));
                let may_have_been = before.is_some_and(|before| {
                    let name = self.name.unwrap_or_default();
                    let kept = before.fields.keys().filter(|path| !is_known_path(name, path));
                    !certainly_lacks(path, kept, before.fields_left_out, FIELDS)
                });
                // A field of the header that other events had before.
                let is_old = before.is_none()
                    && parent.is_empty()
                    && all_before
                        .is_some_and(|all| all.events.values().any(|event| event.fields.contains_key(path)));
                !is_told_with_event && !is_told_with_parent && !may_have_been && !is_old
            }
        };
        let forms = field.now.forms.iter().map(|(form, profile)| (*form, profile.seen.count)).collect();
        is_new.then(|| Finding {
            forms,
            example: example(field.now, |_| true),
            ..self.at(field, FindingKind::NewField, present)
        })
    }

    fn type_changed(&self, field: Field<'_>) -> Vec<Finding> {
        let had = |form: Form| field.before.is_some_and(|before| before.count(form) > 0);
        if let Some(spec) = field.spec {
            let odd = |form: Form| !spec.admits(form, field.now) && !had(form);
            if let Some(finding) = self.of_forms(field, odd) {
                let expected = Some(spec.expected());
                return vec![Finding { expected, is_described: false, ..finding }];
            }
        }
        let Some(before) = field.before.filter(|before| before.present().count > 0) else {
            return Vec::new();
        };
        let before_types: BTreeSet<_> = before.forms.keys().map(|form| broad(*form)).collect();
        let is_open = match field.spec.map(|spec| &spec.kind) {
            None | Some(KnownKind::Unmodelled(_)) => true,
            Some(_) => false,
        };
        let texts = |profile: &FieldProfile| {
            profile
                .forms
                .iter()
                .filter(|(form, _)| has_format(**form))
                .map(|(_, form)| form.seen.count)
                .sum::<u64>()
        };
        let (texts_now, texts_before) = (texts(field.now), texts(before));
        let odd = |form: Form| {
            let is_new_type = is_open && form != Form::Null && !before_types.contains(broad(form));
            let is_new_format = has_format(form)
                && (is_open || matches!(field.spec.map(|spec| &spec.kind), Some(KnownKind::Text)))
                && !had(form)
                && would_have_come(field.now.count(form), texts_now, texts_before);
            is_new_type || is_new_format
        };
        let names: Vec<_> = before.forms.keys().map(|form| form.name()).collect();
        let finding = self.of_forms(field, odd);
        finding.map(|finding| Finding { expected: Some(names.join(" or ")), ..finding }).into_iter().collect()
    }

    /// One finding of all values of odd forms.
    fn of_forms(&self, field: Field<'_>, is_odd: impl Fn(Form) -> bool) -> Option<Finding> {
        let odd: BTreeMap<_, _> = field.now.forms.iter().filter(|(form, _)| is_odd(**form)).collect();
        let mut seen = Seen::default();
        for profile in odd.values() {
            seen.add(profile.seen);
        }
        (!odd.is_empty()).then(|| Finding {
            forms: odd.iter().map(|(form, profile)| (**form, profile.seen.count)).collect(),
            example: example(field.now, |form| odd.contains_key(&form)),
            ..self.at(field, FindingKind::TypeChanged, seen)
        })
    }

    fn new_values(&self, field: Field<'_>) -> Vec<Finding> {
        let (Some(spec), Some(values)) = (field.spec, &field.now.values) else { return Vec::new() };
        let before = field.before.and_then(|before| before.values.as_ref());
        let is_new = |value: &str| {
            spec.lacks(value)
                && before.is_none_or(|before| {
                    find(&before.known, value).is_none()
                        && find(&before.others, value).is_none()
                        && certainly_lacks(value, before.others.keys(), before.left_out, VALUES)
                })
        };
        let all = values.known.iter().chain(&values.others);
        let mut findings: Vec<_> = all
            .filter(|(value, _)| is_new(value))
            .map(|(value, seen)| Finding {
                value: Some(value.clone()),
                is_described: false,
                ..self.at(field, FindingKind::NewValue, *seen)
            })
            .collect();
        if values.left_out > 0 && before.is_none_or(|before| before.left_out == 0) {
            let seen = Seen { count: values.left_out, ..Seen::default() };
            findings.push(Finding {
                is_rest: true,
                is_described: false,
                ..self.at(field, FindingKind::NewValue, seen)
            });
        }
        findings
    }

    fn nulls_jumped(&self, field: Field<'_>) -> Vec<Finding> {
        let Some(before) = field.before else { return Vec::new() };
        let kinds: [&[Form]; 2] = [&[Form::Null, Form::NullString], &[Form::EmptyString]];
        let jumped = kinds.into_iter().filter_map(|forms| {
            let share = |profile: &FieldProfile| {
                (forms.iter().map(|form| profile.count(*form)).sum::<u64>(), profile.present().count)
            };
            let (now, then) = (share(field.now), share(before));
            has_jumped(now, then).then(|| {
                let is_one = |form: Form| forms.contains(&form);
                let finding = self.of_forms(field, is_one)?;
                let kind = FindingKind::NullsJumped;
                let expected = Some(format!("{} of {}", then.0, then.1));
                Some(Finding { kind, expected, of: now.1, ..finding })
            })?
        });
        jumped.collect()
    }

    /// A field that was always there, or often, and is not.
    fn missing(&self, field: Field<'_>) -> Option<Finding> {
        let present = field.now.present();
        let parent = parent(field.path);
        if field.path.ends_with("[]") {
            return None;
        }
        let of_now = of(self.now, field.path);
        let missing = if field.now.missing.count > 0 {
            field.now.missing
        } else {
            // It is not counted for fields that the schema built in does not describe.
            let first = if present.count == 0 { self.now.seen.first } else { None };
            let last = if present.count == 0 { self.now.seen.last } else { None };
            Seen { count: of_now.saturating_sub(present.count), first, last }
        };
        let is_required = field.spec.is_some_and(|spec| spec.required);
        let is_drift = match field.before {
            None => is_required && missing.count > 0,
            Some(before) => {
                let of_before = self.before.map_or(0, |event| of(event, field.path));
                let (count, was_always) = (before.present().count, before.present().count >= of_before);
                let was_missing = before.missing.count > 0 || !was_always;
                let went = present.count == 0 && would_have_come(count, of_before, of_now);
                let failed = missing.count > 0
                    && if is_required {
                        !was_missing
                    } else {
                        was_always && would_have_come(missing.count, of_now, of_before)
                    };
                // What is inside of something that is gone is told with that.
                let is_told = !parent.is_empty() && parent != "/log" && of_now == 0;
                (went || failed) && !is_told && !(is_required && was_missing && !went)
            }
        };
        if !is_drift {
            return None;
        }
        // Events of one moment have no order.
        let gone = present.count == 0
            || missing.first.is_some() && present.last <= missing.first && present.last < missing.last;
        let kind = if gone { FindingKind::FieldGone } else { FindingKind::FieldMissing };
        let is_described = field.spec.is_some_and(|spec| !spec.required);
        Some(Finding { of: of_now, is_described, ..self.at(field, kind, missing) })
    }
}

/// How many objects there are that a field can be in.
fn of(event: &EventProfile, path: &str) -> u64 {
    match parent(path) {
        "" => event.seen.count,
        parent => event.fields.get(parent).map_or(0, |field| field.count(Form::Object)),
    }
}

/// The path of what a field or an element is in.
fn parent(path: &str) -> &str {
    path.strip_suffix("[]").unwrap_or_else(|| path.rsplit_once('/').map_or("", |(parent, _)| parent))
}

fn example(profile: &FieldProfile, is_one: impl Fn(Form) -> bool) -> Option<Example> {
    let forms = profile.forms.iter().filter(|(form, _)| is_one(**form));
    forms.filter_map(|(_, form)| form.example.clone()).reduce(|mut one, other| {
        one.least(other);
        one
    })
}

/// The type in JSON: all numbers are of one.
fn broad(form: Form) -> &'static str {
    match form.json_type() {
        "integer" => "number",
        other => other,
    }
}

/// Whether it tells of a text what it looks like.
fn has_format(form: Form) -> bool {
    matches!(form, Form::String | Form::DateTime | Form::Uuid | Form::Ipv4 | Form::Ipv6)
}
