//! Plans the OCSF output of an event, and checks it against the classes of a version.

mod version;

use cloudconnexa_schema::{Json, Problem, ProblemKind};

use super::emit;
use super::model::{Constants, EventMapping, FieldMapping, Goal, Shape, Target, To11, Transform};
use super::plan::{self, Member, Object, Plan, Source, Step, steps};

pub(super) use version::{Attribute, Version};

/// The number of enumerated attributes that stands for "another one, see the text".
const OTHER: u64 = 99;

/// A member of the output, by its path. Columns are derived from these.
pub(super) type Written = Vec<(Vec<Step>, String)>;

/// Returns the path of a sibling.
fn beside(path: &str, name: &str) -> String {
    match path.rsplit_once('.') {
        Some((parent, _)) => format!("{parent}.{name}"),
        None => name.to_owned(),
    }
}

/// Plans the output of an event, with all members that it may have.
pub(super) fn plan(
    event: &EventMapping,
    version: &Version<'_>,
    problems: &mut Vec<Problem>,
) -> (Plan, Written) {
    let shape = &event.ocsf;
    let (class_name, class) = version.class(shape);
    let Some(class) = class else {
        let key = if version.is_1_1 { "class-1.1" } else { "class" };
        let message = format!(
            "`{class_name}` is not a class of schema/targets/ocsf-{}.json: correct it, or add it to packaging/targets/ocsf.py",
            version.name()
        );
        problems.push(Problem::new(ProblemKind::Reference, format!("{}/{key}", shape.pointer), message));
        return (Plan::default(), Written::new());
    };
    let goals = goals(event, version);
    let mut cases = plan::constants_of_cases(shape, version.is_1_1);
    for case in &mut cases {
        complete(case, class, version, &goals, &shape.pointer, problems);
        case.push(("metadata.version".to_owned(), Json::string(version.name())));
    }
    let mut seen = Seen { version, class, profiles: Vec::new(), written: Written::new(), problems };
    for (path, _) in cases.iter().flatten() {
        seen.constant(path, &shape.pointer);
    }
    let places: Vec<(&str, Source, &Goal)> = goals
        .iter()
        .filter_map(|(field, goal, path)| Some((*path, seen.source(field, goal, path)?, *goal)))
        .collect();
    let with = with_siblings(&with(shape, version), class, version);
    for (path, _) in &with {
        seen.constant(path, &shape.pointer);
    }
    for (path, value) in &shape.otherwise {
        for (name, _) in value.members() {
            seen.attribute(&format!("{path}.{name}"), &shape.pointer);
        }
    }
    for path in ["metadata.profiles[]", "raw_data"] {
        seen.attribute(path, &shape.pointer);
    }
    let Seen { mut profiles, written, .. } = seen;
    profiles.sort();
    if !profiles.is_empty() {
        for case in &mut cases {
            let list = Json::strings(profiles.iter().map(String::as_str));
            case.push(("metadata.profiles".to_owned(), list));
        }
    }
    let mut root = Object::default();
    plan::add_constants(&mut root, &cases);
    for (path, source, goal) in places {
        plan::add_goal(&mut root, path, source, goal, problems);
    }
    for (path, value) in with {
        let steps = steps(&path);
        if let Some((last, parents)) = steps.split_last() {
            root.at(parents).with.push((last.name.clone(), value));
        }
    }
    for (path, value) in &shape.otherwise {
        root.at(&steps(path)).otherwise = Some(value.clone());
    }
    root.members.push(("raw_data".to_owned(), Member::Record));
    add_needs(&mut root, class, version, true);
    let class_uid = class.get("uid").and_then(Json::as_u64).unwrap_or_default();
    let conditions = shape.cases.iter().map(|case| case.when.clone()).collect();
    (Plan { class_uid, root, cases: conditions, by_cases: plan::by_cases(event, Target::Ocsf) }, written)
}

/// Returns the goals of an event that a version has, with their paths there.
fn goals<'e>(event: &'e EventMapping, version: &Version<'_>) -> Vec<(&'e FieldMapping, &'e Goal, &'e str)> {
    let of_field = |field: &'e FieldMapping| field.goals(Target::Ocsf).iter().map(move |goal| (field, goal));
    let goals = event.fields.iter().flat_map(of_field);
    let with_path = goals.filter_map(|(field, goal)| match (version.is_1_1, &goal.to_1_1) {
        (true, To11::Nothing) => None,
        (true, To11::Path(path)) => Some((field, goal, path.as_str())),
        _ => Some((field, goal, goal.to.as_str())),
    });
    with_path.collect()
}

/// Returns the constants of objects that have a value.
fn with(shape: &Shape, version: &Version<'_>) -> Constants {
    let mut with = shape.with.clone();
    for (path, value) in if version.is_1_1 { &shape.with_1_1[..] } else { &[] } {
        with.retain(|(other, _)| other != path);
        if *value != Json::Null {
            with.push((path.clone(), value.clone()));
        }
    }
    with
}

/// The attributes that an event may write, and the profiles that they belong to.
struct Seen<'a, 'p> {
    version: &'a Version<'a>,
    class: &'a Json,
    profiles: Vec<String>,
    written: Written,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Seen<'a, '_> {
    /// Notes the attribute that a constant is for. A list is written as a whole.
    fn constant(&mut self, path: &str, pointer: &str) {
        let list = format!("{path}[]");
        let path = if self.version.attribute(self.class, &list).is_ok() { &list } else { path };
        self.attribute(path, pointer);
    }

    /// Notes the attribute at a path. Reports one that the class does not have.
    fn attribute(&mut self, path: &str, pointer: &str) -> Option<Attribute<'a>> {
        let found = self.version.attribute(self.class, path);
        let attribute = match found {
            Ok(attribute) => attribute,
            Err(message) => {
                let remedy = if self.version.is_1_1 {
                    "; say in `to-1.1`, `set-1.1` or `with-1.1` what takes its place there, or null for nothing"
                } else {
                    ""
                };
                self.problem(ProblemKind::Reference, pointer, format!("{message}{remedy}"));
                return None;
            }
        };
        for node in attribute.parents.iter().chain([&attribute.node]) {
            let known = node.get("profiles").map_or(&[][..], Json::elements);
            let mut known = known.iter().filter_map(Json::as_str);
            if let Some(first) = known.clone().next()
                && !known.any(|name| self.profiles.iter().any(|profile| profile == name))
            {
                self.profiles.push(first.to_owned());
            }
        }
        let kind = if attribute.kind() == "timestamp_t" { "timestamp_t" } else { attribute.base() };
        self.written.push((steps(path), kind.to_owned()));
        Some(attribute)
    }

    /// Makes the source of a value. Reports a value that the attribute does not take.
    fn source(&mut self, field: &FieldMapping, goal: &Goal, path: &str) -> Option<Source> {
        let attribute = self.attribute(path, &goal.pointer)?;
        let result = goal.transform.result(field.field.kind);
        if path == "duration" && goal.transform != Transform::Milliseconds {
            let message = "`duration` is in milliseconds: write seconds `as` `milliseconds`".to_owned();
            self.problem(ProblemKind::Structure, &goal.pointer, message);
        }
        if let Some(message) = result.and_then(|result| attribute.refuses(result, &goal.transform)) {
            self.problem(ProblemKind::Structure, &goal.pointer, format!("`{path}` {message}"));
        }
        let sibling = attribute.sibling().filter(|_| matches!(goal.transform, Transform::Map(_)));
        if let Some(sibling) = &sibling {
            self.attribute(&beside(path, &sibling.name), &goal.pointer);
        }
        if let Transform::Map(rows) = &goal.transform {
            check_rows(rows, &attribute, goal, self.problems);
        }
        Some(Source {
            field: field.field.clone(),
            when: goal.when.clone(),
            transform: goal.transform.clone(),
            is_int: attribute.base() == "integer_t",
            sibling,
            rank: goal.rank.unwrap_or_default(),
        })
    }

    fn problem(&mut self, kind: ProblemKind, pointer: &str, message: String) {
        self.problems.push(Problem::new(kind, pointer, message));
    }
}

/// Adds what follows from the class and from enumerated attributes: names, `type_uid` and captions.
fn complete(
    case: &mut Constants,
    class: &Json,
    version: &Version<'_>,
    goals: &[(&FieldMapping, &Goal, &str)],
    pointer: &str,
    problems: &mut Vec<Problem>,
) {
    let number = |key: &str| class.get(key).and_then(Json::as_u64).unwrap_or_default();
    let (uid, category) = (number("uid"), number("category_uid"));
    let mut front =
        vec![("category_uid".to_owned(), Json::from(category)), ("class_uid".to_owned(), Json::from(uid))];
    front.append(case);
    *case = with_siblings(&front, class, version);
    // A value of the event is the text of an enumerated attribute.
    case.retain(|(path, value)| {
        let is_value = goals.iter().any(|(_, _, to)| to == path);
        !(is_value && value.as_str().is_some())
    });
    let find = |path: &str| case.iter().find(|(other, _)| other == path).map(|(_, value)| value);
    let Some(activity) = find("activity_id").and_then(Json::as_u64) else {
        let message = "must set `activity_id`, from which `type_uid` follows";
        problems.push(Problem::new(ProblemKind::Structure, pointer, message));
        return;
    };
    let caption = class
        .get("attributes")
        .and_then(|attributes| attributes.get("activity_id")?.get("enum")?.get(&activity.to_string()))
        .and_then(Json::as_str);
    let Some(caption) = caption else {
        let message =
            format!("has the `activity_id` {activity}, which the class has not in OCSF {}", version.name());
        problems.push(Problem::new(ProblemKind::Reference, pointer, message));
        return;
    };
    let class_name = class.get("caption").and_then(Json::as_str).unwrap_or_default();
    let type_name = format!("{class_name}: {caption}");
    let at = case.iter().position(|(path, _)| path == "class_name").map_or(case.len(), |at| at + 1);
    case.insert(at, ("type_uid".to_owned(), Json::from(uid * 100 + activity)));
    case.insert(at + 1, ("type_name".to_owned(), Json::string(type_name)));
    for (path, value) in case.iter() {
        let Ok(attribute) = version.attribute(class, path) else { continue };
        let Some(sibling) = attribute.sibling() else { continue };
        let shown = value.as_u64().map(|value| value.to_string()).unwrap_or_default();
        if !sibling.captions.iter().any(|(known, _)| *known == shown) {
            let message = format!(
                "sets `{path}` to {shown}, which is not one of its values in OCSF {}",
                version.name()
            );
            problems.push(Problem::new(ProblemKind::Reference, pointer, message));
        }
    }
}

/// Adds the caption of each enumerated attribute after it, unless it is given.
fn with_siblings(constants: &[(String, Json)], class: &Json, version: &Version<'_>) -> Constants {
    let mut all = Constants::new();
    for (path, value) in constants {
        all.push((path.clone(), value.clone()));
        let sibling = version.attribute(class, path).ok().and_then(|attribute| attribute.sibling());
        let (Some(sibling), Some(number)) = (sibling, value.as_u64()) else { continue };
        let beside = beside(path, &sibling.name);
        let caption = sibling.captions.iter().find(|(known, _)| *known == number.to_string());
        if let Some((_, caption)) = caption
            && !constants.iter().any(|(other, _)| *other == beside)
        {
            all.push((beside, Json::string(caption.as_str())));
        }
    }
    all
}

/// Reports rows of a map whose values the attribute does not have.
fn check_rows(rows: &[(String, Json)], attribute: &Attribute<'_>, goal: &Goal, problems: &mut Vec<Problem>) {
    let Some(sibling) = attribute.sibling() else { return };
    let known = |value: &Json| {
        let value = value.as_u64().map(|value| value.to_string());
        sibling.captions.iter().any(|(known, _)| Some(known) == value.as_ref())
    };
    for (name, value) in rows.iter().filter(|(_, value)| !known(value)) {
        let message = format!(
            "maps `{name}` to {}, which is not one of the values of `{}`",
            emit::json(value),
            goal.to
        );
        problems.push(Problem::new(ProblemKind::Reference, goal.pointer.as_str(), message));
    }
    if !known(&Json::from(OTHER)) {
        let message = format!("`{}` has no value {OTHER} for what the map does not list", goal.to);
        problems.push(Problem::new(ProblemKind::Reference, goal.pointer.as_str(), message));
    }
}

/// Adds to each object what it has to have, as its definition says.
fn add_needs(object: &mut Object, node: &Json, version: &Version<'_>, is_root: bool) {
    let attributes = node.get("attributes");
    for (name, member) in &mut object.members {
        let attribute = attributes.and_then(|attributes| attributes.get(name));
        if let (Member::Object(inner), Some(node)) =
            (member, attribute.and_then(|attribute| version.object(attribute)))
        {
            add_needs(inner, node, version, false);
        }
    }
    if is_root {
        return;
    }
    let attributes = attributes.map_or(&[][..], Json::members);
    let required = attributes.iter().filter(|(_, attribute)| attribute.get("required").is_some());
    let mut groups: Vec<Vec<String>> = required.map(|(name, _)| vec![name.clone()]).collect();
    if let Some(one_of) = node.get("at_least_one") {
        groups.push(one_of.elements().iter().filter_map(Json::as_str).map(str::to_owned).collect());
    }
    // A requirement that a constant meets needs no check.
    let is_constant = |name: &String| {
        object.with.iter().any(|(other, _)| other == name)
            || object.members.iter().any(|(other, member)| {
                other == name
                    && match member {
                        Member::Fixed(_) | Member::Record | Member::Cases(_) => true,
                        Member::Object(inner) => inner.is_fixed(),
                        Member::Value(value) => value.otherwise.is_some(),
                        Member::List(_) => false,
                    }
            })
    };
    object.needs = groups.into_iter().filter(|group| !group.iter().any(is_constant)).collect();
}
