//! The tree of what is written for an event: a JSON object of constants and of places for values.

use cloudconnexa_schema::{Json, Problem, ProblemKind};

use super::model::{Condition, Constants, EventMapping, FieldRef, Goal, Scope, Shape, Target, Transform};

/// The output of an event in a target.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The class, in OCSF.
    pub(super) class_uid: u64,
    pub(super) root: Object,
    /// The conditions of the cases, in order.
    pub(super) cases: Vec<Vec<Condition>>,
    /// The fields that constants of cases express.
    pub(super) by_cases: Vec<FieldRef>,
}

/// An object that is written.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) members: Vec<(String, Member)>,
    /// Constants that are written if a value is.
    pub(super) with: Vec<(String, Json)>,
    /// Groups of members, at least one of each of which the object has to have.
    pub(super) needs: Vec<Vec<String>>,
    /// The alternative to an object whose required members are missing.
    pub(super) otherwise: Option<Json>,
    /// Whether it is the only element of an array.
    pub(super) is_element: bool,
}

/// A member of an object that is written.
#[derive(Debug)]
pub(super) enum Member {
    Fixed(Json),
    /// The record itself.
    Record,
    /// A constant for each case, in order.
    Cases(Vec<Option<Json>>),
    /// The first source that has a value.
    Value(Value),
    /// All sources that have a value.
    List(Vec<Source>),
    Object(Object),
}

#[derive(Debug, Default)]
pub(super) struct Value {
    /// By rank.
    pub(super) sources: Vec<Source>,
    pub(super) otherwise: Option<Json>,
}

/// A field that a value comes from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) field: FieldRef,
    pub(super) when: Vec<Condition>,
    pub(super) transform: Transform,
    /// Whether the target takes 32-bit integers only.
    pub(super) is_int: bool,
    /// The attribute that holds the text of an enumerated one, and its captions by number.
    pub(super) sibling: Option<Sibling>,
    pub(super) rank: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Sibling {
    pub(super) name: String,
    pub(super) captions: Vec<(String, String)>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) array: Array,
}

/// Whether a step leads into an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Array {
    No,
    /// `[]`: a value is appended.
    Append,
    /// `[0]`: the only element.
    Only,
}

/// Splits a path such as `evidences[0].src_endpoint.ip` or `related.ip[]`.
pub(super) fn steps(path: &str) -> Vec<Step> {
    path.split('.')
        .map(|step| {
            let (name, array) = match (step.strip_suffix("[]"), step.strip_suffix("[0]")) {
                (Some(name), _) => (name, Array::Append),
                (None, Some(name)) => (name, Array::Only),
                (None, None) => (step, Array::No),
            };
            Step { name: name.to_owned(), array }
        })
        .collect()
}

impl Object {
    /// Returns the object at the end of `steps`, and makes those that are missing.
    pub(super) fn at(&mut self, steps: &[Step]) -> &mut Self {
        let Some((first, rest)) = steps.split_first() else { return self };
        let index = self.members.iter().position(|(name, _)| *name == first.name).unwrap_or_else(|| {
            let object = Self { is_element: first.array == Array::Only, ..Self::default() };
            self.members.push((first.name.clone(), Member::Object(object)));
            self.members.len() - 1
        });
        if !matches!(self.members[index].1, Member::Object(_)) {
            self.members[index].1 = Member::Object(Self::default());
        }
        let Member::Object(object) = &mut self.members[index].1 else { unreachable!("it was just made one") };
        object.at(rest)
    }

    /// Returns a member.
    pub(super) fn member(&mut self, name: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|(other, _)| other == name).map(|(_, member)| member)
    }

    /// Returns whether all members are constants.
    pub(super) fn is_fixed(&self) -> bool {
        self.members.iter().all(|(_, member)| match member {
            Member::Fixed(_) => true,
            Member::Object(object) => object.is_fixed(),
            Member::Record | Member::Cases(_) | Member::Value(_) | Member::List(_) => false,
        })
    }

    /// Returns the constants of an object that has nothing else.
    pub(super) fn fixed(&self) -> Json {
        let members = self.members.iter().map(|(name, member)| {
            let value = match member {
                Member::Fixed(value) => value.clone(),
                Member::Object(object) => object.fixed(),
                Member::Record | Member::Cases(_) | Member::Value(_) | Member::List(_) => Json::Null,
            };
            (name.clone(), value)
        });
        let object = Json::Object(members.collect());
        if self.is_element { Json::Array(vec![object]) } else { object }
    }

    /// Adds a constant.
    pub(super) fn fix(&mut self, path: &str, member: Member) {
        let steps = steps(path);
        let Some((last, parents)) = steps.split_last() else { return };
        self.at(parents).members.push((last.name.clone(), member));
    }
}

/// Returns the constants of each case: the shared ones, then those of the case. Null removes.
pub(super) fn constants_of_cases(shape: &Shape, is_1_1: bool) -> Vec<Constants> {
    let of_version: &[(String, Json)] = if is_1_1 { &shape.set_1_1 } else { &[] };
    let add = |all: &mut Constants, more: &[(String, Json)]| {
        for (path, value) in more {
            all.retain(|(other, _)| other != path);
            if *value != Json::Null {
                all.push((path.clone(), value.clone()));
            }
        }
    };
    let case = |case: &super::model::Case| {
        let mut all = Constants::new();
        add(&mut all, &shape.set);
        add(&mut all, &case.set);
        add(&mut all, of_version);
        all
    };
    shape.cases.iter().map(case).collect()
}

/// Adds the constants of all cases to an object.
pub(super) fn add_constants(root: &mut Object, cases: &[Constants]) {
    let mut paths: Vec<&str> = Vec::new();
    for (path, _) in cases.iter().flatten() {
        if !paths.contains(&path.as_str()) {
            paths.push(path);
        }
    }
    for path in paths {
        let values: Vec<Option<Json>> = cases
            .iter()
            .map(|case| case.iter().find(|(other, _)| other == path).map(|(_, value)| value.clone()))
            .collect();
        let member = match &values[..] {
            [Some(first), rest @ ..] if rest.iter().all(|value| value.as_ref() == Some(first)) => {
                Member::Fixed(first.clone())
            }
            _ => Member::Cases(values),
        };
        root.fix(path, member);
    }
}

/// Adds the place of a value. Reports one that a constant has taken.
pub(super) fn add_goal(
    root: &mut Object,
    path: &str,
    source: Source,
    goal: &Goal,
    problems: &mut Vec<Problem>,
) {
    let steps = steps(path);
    let Some((last, parents)) = steps.split_last() else { return };
    let parent = root.at(parents);
    match parent.member(&last.name) {
        None if last.array == Array::Append => {
            parent.members.push((last.name.clone(), Member::List(vec![source])));
        }
        None => {
            let value = Value { sources: vec![source], otherwise: goal.otherwise.clone() };
            parent.members.push((last.name.clone(), Member::Value(value)));
        }
        Some(Member::List(sources)) => sources.push(source),
        Some(Member::Value(value)) => {
            value.sources.push(source);
            value.sources.sort_by_key(|source| source.rank);
            if value.otherwise.is_none() {
                value.otherwise.clone_from(&goal.otherwise);
            }
        }
        Some(Member::Fixed(_) | Member::Record | Member::Cases(_) | Member::Object(_)) => {
            let message =
                format!("`{path}` is a constant or an object of the event as well: remove one of the two");
            problems.push(Problem::new(ProblemKind::Structure, goal.pointer.as_str(), message));
        }
    }
}

/// Returns the fields that constants of cases express.
pub(super) fn by_cases(event: &EventMapping, target: Target) -> Vec<FieldRef> {
    let is_by_cases =
        |decision: &super::model::Decision| matches!(decision, super::model::Decision::Cases(_));
    let fields = event.fields.iter().filter(|field| is_by_cases(field.decision(target)));
    fields.map(|field| field.field.clone()).collect()
}

/// Returns the index of a field among all of an event, in one byte: the upper bit is that of the `log`.
pub(super) fn code(field: &FieldRef) -> usize {
    field.index | if field.scope == Scope::Log { 0x80 } else { 0 }
}
