//! Compares the observations of one event.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, FindingKind};
use super::significance::{absence_is_significant, increase_is_significant};
use super::{get_by_name, is_certainly_absent};
use crate::known::{Known, KnownField, KnownKind};
use crate::profile::{
    EventProfile, Example, FieldProfile, MAX_UNKNOWN_FIELDS, MAX_UNKNOWN_VALUES, Occurrences, Profile,
    is_known_path,
};
use crate::value_type::ValueType;

/// An event now and, if it was observed, before.
#[derive(Clone, Copy)]
pub(super) struct EventComparison<'a> {
    /// `None` for records without a name.
    pub(super) name: Option<&'a str>,
    pub(super) now: &'a EventProfile,
    pub(super) known: &'a Known,
    pub(super) before: Option<&'a EventProfile>,
}

/// A field of the event now and before, with what the schema says about it.
#[derive(Clone, Copy)]
struct FieldComparison<'a> {
    path: &'a str,
    now: &'a FieldProfile,
    before: Option<&'a FieldProfile>,
    spec: Option<KnownField<'a>>,
}

impl EventComparison<'_> {
    pub(super) fn compare(self, all_before: Option<&Profile>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let earlier = self.before.into_iter().flat_map(|before| before.fields.keys());
        let paths: BTreeSet<&String> = self.now.fields.keys().chain(earlier).collect();
        let nothing = FieldProfile::default();
        for path in paths {
            let spec = self.known.field(self.name, path);
            let now = self.now.fields.get(path).unwrap_or(&nothing);
            let before = self.before.and_then(|before| before.fields.get(path));
            let field = FieldComparison { path, now, before, spec };
            if now.present().count > 0 {
                findings.extend(self.new_field(field, all_before));
                findings.extend(self.type_changed(field));
                findings.extend(self.new_values(field));
                findings.extend(self.nulls_increased(field));
            }
            findings.extend(self.missing(field));
        }
        let left_out = self.now.fields_left_out;
        if left_out > 0 && self.before.is_none_or(|before| before.fields_left_out == 0) {
            let seen = Occurrences { count: left_out, ..Occurrences::default() };
            findings.push(Finding {
                is_rest: true,
                of: self.now.seen.count,
                ..self.finding(FindingKind::NewField, seen)
            });
        }
        findings
    }

    fn finding(&self, kind: FindingKind, seen: Occurrences) -> Finding {
        Finding {
            events: self.name.iter().map(|name| (*name).to_owned()).collect(),
            ..Finding::new(kind, seen)
        }
    }

    fn field_finding(&self, field: FieldComparison<'_>, kind: FindingKind, seen: Occurrences) -> Finding {
        Finding {
            path: Some(field.path.to_owned()),
            of: of(self.now, field.path),
            is_described: field.spec.is_some(),
            ..self.finding(kind, seen)
        }
    }

    fn new_field(&self, field: FieldComparison<'_>, all_before: Option<&Profile>) -> Option<Finding> {
        let path = field.path;
        if field.before.is_some_and(|before| before.present().count > 0) {
            return None;
        }
        let present = field.now.present();
        let is_new = match (field.spec, self.before) {
            (Some(_), None) => false,
            (Some(_), Some(before)) => {
                absence_is_significant(present.count, of(self.now, path), of(before, path))
            }
            (None, before) => {
                let parent = parent(path);
                let is_top = parent.is_empty() || parent == "/log" && self.known.describes_log(self.name);
                // The fields in `log` of an unknown event are reported with the event.
                let is_part_of_event = !parent.is_empty()
                    && before.is_none()
                    && !self.name.is_some_and(|name| self.known.describes(name));
                // What is nested in something else that is new is reported with that.
                let is_part_of_parent =
                    !is_top && before.is_none_or(|before| !before.fields.contains_key(parent));
                let may_be_old = before.is_some_and(|before| {
                    let name = self.name.unwrap_or_default();
                    let kept = before.fields.keys().filter(|path| !is_known_path(name, path));
                    !is_certainly_absent(path, kept, before.fields_left_out, MAX_UNKNOWN_FIELDS)
                });
                // A field of the header that other events had before.
                let is_old = before.is_none()
                    && parent.is_empty()
                    && all_before
                        .is_some_and(|all| all.events.values().any(|event| event.fields.contains_key(path)));
                !is_part_of_event && !is_part_of_parent && !may_be_old && !is_old
            }
        };
        let types =
            field.now.types.iter().map(|(value_type, profile)| (*value_type, profile.seen.count)).collect();
        is_new.then(|| Finding {
            types,
            example: example(field.now, |_| true),
            ..self.field_finding(field, FindingKind::NewField, present)
        })
    }

    fn type_changed(&self, field: FieldComparison<'_>) -> Vec<Finding> {
        let was_there =
            |value_type: ValueType| field.before.is_some_and(|before| before.count(value_type) > 0);
        if let Some(spec) = field.spec {
            let unexpected =
                |value_type: ValueType| !spec.admits(value_type, field.now) && !was_there(value_type);
            if let Some(finding) = self.type_finding(field, unexpected) {
                let expected = Some(spec.expected());
                return vec![Finding { expected, is_described: false, ..finding }];
            }
        }
        let Some(before) = field.before.filter(|before| before.present().count > 0) else {
            return Vec::new();
        };
        let before_types: BTreeSet<_> =
            before.types.keys().map(|value_type| type_family(*value_type)).collect();
        let is_open = match field.spec.map(|spec| spec.kind) {
            None | Some(KnownKind::Unmodelled(_)) => true,
            Some(_) => false,
        };
        let strings = |profile: &FieldProfile| {
            profile
                .types
                .iter()
                .filter(|(value_type, _)| has_format(**value_type))
                .map(|(_, value_type)| value_type.seen.count)
                .sum::<u64>()
        };
        let (strings_now, strings_before) = (strings(field.now), strings(before));
        let unexpected = |value_type: ValueType| {
            let is_new_type =
                is_open && value_type != ValueType::Null && !before_types.contains(type_family(value_type));
            let is_new_format = has_format(value_type)
                && (is_open || matches!(field.spec.map(|spec| spec.kind), Some(KnownKind::String)))
                && !was_there(value_type)
                && absence_is_significant(field.now.count(value_type), strings_now, strings_before);
            is_new_type || is_new_format
        };
        let names: Vec<_> = before.types.keys().map(|value_type| value_type.name()).collect();
        let finding = self.type_finding(field, unexpected);
        finding.map(|finding| Finding { expected: Some(names.join(" or ")), ..finding }).into_iter().collect()
    }

    /// Makes one finding of all values whose type is selected.
    fn type_finding(
        &self,
        field: FieldComparison<'_>,
        is_selected: impl Fn(ValueType) -> bool,
    ) -> Option<Finding> {
        let selected: BTreeMap<_, _> =
            field.now.types.iter().filter(|(value_type, _)| is_selected(**value_type)).collect();
        let mut seen = Occurrences::default();
        for profile in selected.values() {
            seen.add(profile.seen);
        }
        (!selected.is_empty()).then(|| Finding {
            types: selected.iter().map(|(value_type, profile)| (**value_type, profile.seen.count)).collect(),
            example: example(field.now, |value_type| selected.contains_key(&value_type)),
            ..self.field_finding(field, FindingKind::TypeChanged, seen)
        })
    }

    fn new_values(&self, field: FieldComparison<'_>) -> Vec<Finding> {
        let (Some(spec), Some(values)) = (field.spec, &field.now.values) else { return Vec::new() };
        let before = field.before.and_then(|before| before.values.as_ref());
        let is_new = |value: &str| {
            spec.is_unlisted(value)
                && before.is_none_or(|before| {
                    get_by_name(&before.known, value).is_none()
                        && get_by_name(&before.others, value).is_none()
                        && is_certainly_absent(
                            value,
                            before.others.keys(),
                            before.left_out,
                            MAX_UNKNOWN_VALUES,
                        )
                })
        };
        let all = values.known.iter().chain(&values.others);
        let mut findings: Vec<_> = all
            .filter(|(value, _)| is_new(value))
            .map(|(value, seen)| Finding {
                value: Some(value.clone()),
                is_described: false,
                ..self.field_finding(field, FindingKind::NewValue, *seen)
            })
            .collect();
        if values.left_out > 0 && before.is_none_or(|before| before.left_out == 0) {
            let seen = Occurrences { count: values.left_out, ..Occurrences::default() };
            findings.push(Finding {
                is_rest: true,
                is_described: false,
                ..self.field_finding(field, FindingKind::NewValue, seen)
            });
        }
        findings
    }

    fn nulls_increased(&self, field: FieldComparison<'_>) -> Vec<Finding> {
        let Some(before) = field.before else { return Vec::new() };
        let groups: [&[ValueType]; 2] =
            [&[ValueType::Null, ValueType::NullString], &[ValueType::EmptyString]];
        let increased = groups.into_iter().filter_map(|types| {
            let share = |profile: &FieldProfile| {
                (
                    types.iter().map(|value_type| profile.count(*value_type)).sum::<u64>(),
                    profile.present().count,
                )
            };
            let (now, then) = (share(field.now), share(before));
            increase_is_significant(now, then).then(|| {
                let is_in_group = |value_type: ValueType| types.contains(&value_type);
                let finding = self.type_finding(field, is_in_group)?;
                let kind = FindingKind::NullsJumped;
                let expected = Some(format!("{} of {}", then.0, then.1));
                Some(Finding { kind, expected, of: now.1, ..finding })
            })?
        });
        increased.collect()
    }

    /// Reports a field that is missing and, before, never or rarely was.
    fn missing(&self, field: FieldComparison<'_>) -> Option<Finding> {
        let present = field.now.present();
        let parent = parent(field.path);
        if field.path.ends_with("[]") {
            return None;
        }
        let of_now = of(self.now, field.path);
        let missing = if field.now.missing.count > 0 {
            field.now.missing
        } else {
            // Not counted for fields that the built-in schema does not describe.
            let first = if present.count == 0 { self.now.seen.first } else { None };
            let last = if present.count == 0 { self.now.seen.last } else { None };
            Occurrences { count: of_now.saturating_sub(present.count), first, last }
        };
        let is_required = field.spec.is_some_and(|spec| spec.required);
        let is_drift = match field.before {
            None => is_required && missing.count > 0,
            Some(before) => {
                let of_before = self.before.map_or(0, |event| of(event, field.path));
                let (count, was_always) = (before.present().count, before.present().count >= of_before);
                let was_missing = before.missing.count > 0 || !was_always;
                let is_gone = present.count == 0 && absence_is_significant(count, of_before, of_now);
                let is_newly_missing = missing.count > 0
                    && if is_required {
                        !was_missing
                    } else {
                        was_always && absence_is_significant(missing.count, of_now, of_before)
                    };
                // What is nested in something that is gone is reported with that.
                let is_part_of_parent = !parent.is_empty() && parent != "/log" && of_now == 0;
                (is_gone || is_newly_missing)
                    && !is_part_of_parent
                    && !(is_required && was_missing && !is_gone)
            }
        };
        if !is_drift {
            return None;
        }
        // Events with equal timestamps have no order.
        let is_gone = present.count == 0
            || missing.first.is_some() && present.last <= missing.first && present.last < missing.last;
        let kind = if is_gone { FindingKind::FieldGone } else { FindingKind::FieldMissing };
        let is_described = field.spec.is_some_and(|spec| !spec.required);
        Some(Finding { of: of_now, is_described, ..self.field_finding(field, kind, missing) })
    }
}

/// Returns the number of objects that the field could be in.
fn of(event: &EventProfile, path: &str) -> u64 {
    match parent(path) {
        "" => event.seen.count,
        parent => event.fields.get(parent).map_or(0, |field| field.count(ValueType::Object)),
    }
}

/// Returns the path of the object or array that a field or an element is in.
fn parent(path: &str) -> &str {
    path.strip_suffix("[]").unwrap_or_else(|| path.rsplit_once('/').map_or("", |(parent, _)| parent))
}

fn example(profile: &FieldProfile, is_selected: impl Fn(ValueType) -> bool) -> Option<Example> {
    let types = profile.types.iter().filter(|(value_type, _)| is_selected(**value_type));
    types.filter_map(|(_, profile)| profile.example.clone()).reduce(|mut one, other| {
        one.keep_first(other);
        one
    })
}

/// Returns the type in JSON, where integers and other numbers are one type.
fn type_family(value_type: ValueType) -> &'static str {
    match value_type.json_type() {
        "integer" => "number",
        other => other,
    }
}

/// Returns whether the type says something about the format of a string.
fn has_format(value_type: ValueType) -> bool {
    matches!(
        value_type,
        ValueType::String | ValueType::DateTime | ValueType::Uuid | ValueType::Ipv4 | ValueType::Ipv6
    )
}
