//! Compares coverage with an independent reading of the schema: which points there are, which events hit them, and that
//! each point can be missed.

#![allow(clippy::disallowed_methods, reason = "tests read files and settings")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::LazyLock;

use cloudconnexa_validator::catalog::{EVENTS, EventSpec, FieldSpec, HEADER, Kind};
use cloudconnexa_validator::coverage::{Branch, Coverage, Point, points};
use cloudconnexa_validator::{Position, Validator};
use serde_json::{Map, Value, json};
use workspace_tests::mutate::{Random, mutate};
use workspace_tests::samples;

/// Event, pointer, branch.
type Key = (String, String, String);

fn key(point: &Point) -> Key {
    let branch = match point.branch {
        Branch::Value(value) => format!("{value:?}"),
        Branch::Number(number) => number.to_string(),
        Branch::Format(format) => format.to_owned(),
        branch => format!("{branch:?}"),
    };
    let event = point.event.map_or("", |event| event.name);
    (event.to_owned(), point.pointer.clone(), branch)
}

/// A possible kind of value, and whether a value is of it.
type NamedBranch = (String, Box<dyn Fn(&Value) -> bool>);

/// The schema as plain JSON.
struct Oracle(Value);

impl Oracle {
    fn new() -> Self {
        Self(serde_json::from_str(cloudconnexa_events::SCHEMA).unwrap())
    }

    fn follow<'a>(&'a self, node: &'a Value) -> &'a Value {
        let Some(reference) = node["$ref"].as_str() else { return node };
        self.0.pointer(&reference[1..]).unwrap()
    }

    /// The object that describes `log` of each event.
    fn events(&self) -> BTreeMap<String, Option<&Value>> {
        let branches = self.0["allOf"].as_array().unwrap().iter().skip(1);
        branches
            .map(|branch| {
                let name = branch["if"]["properties"]["eventName"]["const"].as_str().unwrap();
                let log = branch["then"]["properties"].get("log").map(|log| self.follow(log));
                (name.to_owned(), log)
            })
            .collect()
    }

    /// The possible kinds of a value, each with a name. A value is of the first kind that matches.
    fn branches(&self, node: &Value) -> Vec<NamedBranch> {
        fn one(name: &str, is: impl Fn(&Value) -> bool + 'static) -> NamedBranch {
            (name.to_owned(), Box::new(is))
        }
        let number = |wanted: &Value| {
            let wanted = wanted.as_f64().unwrap();
            one(&wanted.to_string(), move |value| value.as_f64() == Some(wanted))
        };
        let text = |wanted: &Value| {
            let wanted = wanted.clone();
            one(&wanted.to_string(), move |value| *value == wanted)
        };
        let node = self.follow(node);
        if node["type"] == json!(["string", "null"]) {
            return vec![one("Null", Value::is_null), one("NotNull", Value::is_string)];
        }
        if node["type"] == "boolean" {
            return vec![one("True", |value| *value == true), one("False", |value| *value == false)];
        }
        if let Some(values) = node["enum"].as_array() {
            return values.iter().map(text).collect();
        }
        if let Some(values) = node["x-known-values"].as_array() {
            return values.iter().map(number).chain([one("OtherValue", |_| true)]).collect();
        }
        if let (Some(minimum), Some(maximum)) = (node["minimum"].as_u64(), node["maximum"].as_u64()) {
            if maximum - minimum >= 10 {
                return Vec::new();
            }
            return (minimum..=maximum).map(|value| number(&json!(value))).collect();
        }
        let branches = node["anyOf"].as_array().map_or(&[][..], Vec::as_slice);
        branches
            .iter()
            .map(|branch| match (branch["const"].as_str(), branch["format"].as_str()) {
                (Some(""), _) => one("Empty", |value| *value == ""),
                (Some(_), _) => text(&branch["const"]),
                (_, Some(format)) => {
                    let is_ipv4 = format == "ipv4";
                    let is = move |address: IpAddr| address.is_ipv4() == is_ipv4;
                    one(format, move |value| value.as_str().unwrap().parse().is_ok_and(is))
                }
                _ => one("OtherValue", |_| true),
            })
            .collect()
    }

    /// Adds all points of an object, and counts those that `value` hits, if given.
    fn object(
        &self,
        counts: &mut BTreeMap<Key, u64>,
        event: &str,
        at: &str,
        node: &Value,
        value: Option<&Value>,
    ) {
        let fields = node["properties"].as_object().unwrap();
        let required: Vec<&str> =
            node["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let mut count = |name: &str, branch: &str, is_met: bool| {
            let pointer = if name.is_empty() { at.to_owned() } else { format!("{at}/{name}") };
            *counts.entry((event.to_owned(), pointer, branch.to_owned())).or_default() += u64::from(is_met);
        };
        for (name, field) in fields {
            let found = value.and_then(|value| value.get(name));
            count(name, "Present", found.is_some());
            if !required.contains(&name.as_str()) {
                count(name, "Absent", value.is_some() && found.is_none());
            }
            let mut is_open = true;
            for (branch, is) in self.branches(field) {
                let is_met = is_open && found.is_some_and(&is);
                is_open &= !is_met;
                count(name, &branch, is_met);
            }
        }
        let is_other = |name: &String| !fields.contains_key(name);
        let has_other = value.is_some_and(|value| value.as_object().unwrap().keys().any(is_other));
        count("", "UnknownField", has_other);
    }

    /// Returns all points, and how many valid records hit each.
    fn count(&self, records: &[Value]) -> BTreeMap<Key, u64> {
        let mut counts = BTreeMap::new();
        let events = self.events();
        let header = &self.0["$defs"]["Header"];
        let mut envelope = |record: Option<&Value>| {
            let name = record.map(|record| record["eventName"].as_str().unwrap());
            let mut add = |event: &str, pointer: &str, branch: &str, is_met: bool| {
                let key = (event.to_owned(), pointer.to_owned(), branch.to_owned());
                *counts.entry(key).or_default() += u64::from(is_met);
            };
            for event in events.keys() {
                add(event, "/eventName", &format!("{event:?}"), name == Some(event));
            }
            add("", "/eventName", "OtherValue", name.is_some_and(|name| !events.contains_key(name)));
            add("", "/log", "Present", record.is_some_and(|record| record.get("log").is_some()));
            add("", "/log", "Absent", record.is_some_and(|record| record.get("log").is_none()));
            let own = record.cloned().map(|mut record| {
                let fields = record.as_object_mut().unwrap();
                // It belongs to events that have one, and to unknown ones.
                if name.is_none_or(|name| events.get(name) != Some(&None)) {
                    fields.remove("log");
                }
                fields.remove("eventName");
                record
            });
            self.object(&mut counts, "", "", header, own.as_ref());
            for (event, log) in &events {
                if let Some(node) = log {
                    let own = record.filter(|_| name == Some(event)).map(|record| &record["log"]);
                    self.object(&mut counts, event, "/log", node, own);
                }
            }
        };
        envelope(None);
        for record in records {
            envelope(Some(record));
        }
        counts
    }
}

fn counted(coverage: &Coverage) -> BTreeMap<Key, u64> {
    coverage.points().map(|(point, hits)| (key(point), hits)).collect()
}

fn cover<'a>(validator: &Validator, records: impl IntoIterator<Item = &'a [u8]>) -> Coverage {
    let mut checker = validator.checker();
    let mut coverage = Coverage::default();
    for record in records {
        coverage.add(&mut checker, record);
    }
    coverage
}

fn corpus() -> Vec<String> {
    let samples = ["documented", "valid", "noticed"].into_iter().flat_map(samples);
    samples.map(|sample| String::from_utf8(sample.bytes).unwrap()).collect()
}

#[test]
fn every_point_is_in_the_schema_and_none_is_missing() {
    let none = counted(&Coverage::default());
    assert_eq!(none.len(), points().len(), "no two are the same");
    assert_eq!(none, Oracle::new().count(&[]));
    assert!(none.values().all(|hits| *hits == 0));
}

#[test]
fn an_event_hits_the_points_that_the_schema_implies() {
    let (oracle, validator) = (Oracle::new(), Validator::new());
    let seeds = corpus();
    let mut random = Random::new(0x2023_1220);
    let mutated: Vec<Vec<u8>> =
        (0..3000).map(|_| mutate(&seeds[random.below(seeds.len())], &mut random)).collect();
    let mut valid = 0;
    for record in seeds.iter().map(String::as_bytes).chain(mutated.iter().map(Vec::as_slice)) {
        let coverage = cover(&validator, [record]);
        let is_valid = validator.check(record, Position::START).is_valid();
        assert_eq!(coverage.events(None), u64::from(is_valid));
        let values: Vec<Value> =
            if is_valid { vec![serde_json::from_slice(record).unwrap()] } else { Vec::new() };
        let (ours, theirs) = (counted(&coverage), oracle.count(&values));
        let differ: Vec<_> = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).collect();
        assert!(differ.is_empty(), "{differ:?}\n{}", String::from_utf8_lossy(record));
        valid += usize::from(is_valid);
    }
    assert!(valid > seeds.len() + 300 && valid < seeds.len() + 2700, "{valid} valid");
}

#[test]
fn our_own_events_cover_everything() {
    let corpus = corpus();
    let coverage = cover(&Validator::new(), corpus.iter().map(String::as_bytes));
    let missing: Vec<_> =
        coverage.points().filter(|(_, hits)| *hits == 0).map(|(point, _)| key(point)).collect();
    assert!(missing.is_empty(), "add a sample of each: {missing:#?}");
}

/// More events never lower a count. Order and partition of the events do not matter.
#[test]
fn more_events_never_cover_less() {
    let validator = Validator::new();
    let mut random = Random::new(7);
    let seeds = corpus();
    for _ in 0..20 {
        let mut records: Vec<Vec<u8>> =
            (0..40).map(|_| mutate(&seeds[random.below(seeds.len())], &mut random)).collect();
        let mut checker = validator.checker();
        let mut coverage = Coverage::default();
        let mut before = counted(&coverage);
        for record in &records {
            coverage.add(&mut checker, record);
            let now = counted(&coverage);
            assert!(before.iter().zip(&now).all(|((_, before), (_, now))| before <= now));
            before = now;
        }
        for last in (1..records.len()).rev() {
            records.swap(last, random.below(last + 1));
        }
        let mut merged = Coverage::default();
        for part in records.chunks(1 + random.below(15)) {
            merged.merge(&cover(&validator, part.iter().map(Vec::as_slice)));
        }
        assert_eq!(merged, coverage);
    }
}

/// For each point, there is a set of events that lacks only this point and those that imply it.
#[test]
fn each_point_can_be_missed_alone() {
    let validator = Validator::new();
    let mut alone = 0;
    for avoided in points() {
        let records: Vec<String> = points()
            .iter()
            .filter_map(|wanted| record(wanted, avoided))
            .map(|record| record.to_string())
            .collect();
        let coverage = cover(&validator, records.iter().map(String::as_bytes));
        assert_eq!(coverage.events(None), records.len() as u64, "{avoided:?}");
        let missing: BTreeSet<Key> =
            coverage.points().filter(|(_, hits)| *hits == 0).map(|(point, _)| key(point)).collect();
        let with_it: BTreeSet<Key> = points().iter().filter(|point| needs(point, avoided)).map(key).collect();
        assert_eq!(missing, with_it, "{avoided:?}");
        alone += usize::from(missing.len() == 1);
    }
    assert!(alone * 2 > points().len(), "{alone} of {}", points().len());
}

/// Returns whether every event that hits `point` also hits `other`.
fn needs(point: &Point, other: &Point) -> bool {
    let same_event = point.event.map(|event| event.name) == other.event.map(|event| event.name);
    let is_log = |point: &Point| point.pointer.starts_with("/log/") || point.pointer == "/log";
    let is_always = match (other.field, other.branch) {
        (Some(field), Branch::Present) => field.required,
        (Some(field), Branch::Value(_)) => field.required && matches!(field.kind, Kind::Constant([_])),
        _ => false,
    };
    if std::ptr::eq(point, other) {
        return true;
    }
    match other.event {
        // What every event has.
        None if is_always => true,
        // The `log`: what is in it.
        None if other.pointer == "/log" && other.branch == Branch::Present => {
            point.event.is_some_and(|event| event.log.is_some())
        }
        None => {
            let is_value = !matches!(point.branch, Branch::Present | Branch::Absent);
            point.pointer == other.pointer && same_event && other.branch == Branch::Present && is_value
        }
        // An event, or what it always has.
        Some(event) if other.pointer == "/eventName" || is_always => {
            assert!(event.log.is_some() || other.pointer == "/eventName");
            same_event
        }
        Some(_) => {
            let is_value = !matches!(point.branch, Branch::Present | Branch::Absent);
            let same_field = point.pointer == other.pointer && same_event && is_log(point);
            same_field && other.branch == Branch::Present && is_value
        }
    }
}

/// Returns an event that hits `wanted` but not `avoided`, if there is one.
fn record(wanted: &'static Point, avoided: &'static Point) -> Option<Value> {
    if needs(wanted, avoided) {
        return None;
    }
    let name_of = |point: &Point| point.event.map(|event| event.name);
    // Itself, or what each event of it has.
    let is_avoided = |event: &'static EventSpec| {
        of_field(event.name, "/eventName").iter().any(|itself| needs(itself, avoided))
    };
    let wants_no_log = wanted.event.is_none() && wanted.pointer == "/log" && wanted.branch == Branch::Absent;
    let avoids_log =
        avoided.event.is_none() && avoided.pointer == "/log" && avoided.branch == Branch::Present;
    let avoids_no_log =
        avoided.event.is_none() && avoided.pointer == "/log" && avoided.branch == Branch::Absent;
    let wants_unknown = wanted.event.is_none() && wanted.pointer == "/eventName";
    let event = match wanted.event {
        Some(event) => Some(event),
        None if wants_unknown => None,
        None => {
            let has_log = !(wants_no_log || avoids_log);
            let fits = |event: &&'static EventSpec| event.log.is_some() == has_log && !is_avoided(event);
            // An unknown event has only its header.
            EVENTS.iter().find(fits)
        }
    };
    let mut record = Map::new();
    for field in HEADER {
        record.extend(member(None, "", field, wanted, avoided));
    }
    record.insert("eventName".to_owned(), json!(event.map_or("another-event", |event| event.name)));
    if wanted.event.is_none() && wanted.branch == Branch::UnknownField {
        record.insert("newField".to_owned(), json!(1));
    }
    match event.and_then(|event| event.log) {
        Some(fields) => {
            let mut log = Map::new();
            for field in fields {
                log.extend(member(event, "/log", field, wanted, avoided));
            }
            if name_of(wanted).is_some() && wanted.branch == Branch::UnknownField {
                log.insert("newField".to_owned(), json!(1));
            }
            record.insert("log".to_owned(), Value::Object(log));
        }
        None if avoids_no_log => {
            record.insert("log".to_owned(), json!({}));
        }
        None => {}
    }
    Some(Value::Object(record))
}

/// Returns the points of a field.
fn of_field(event: &'static str, pointer: &str) -> &'static [&'static Point] {
    static FIELDS: LazyLock<BTreeMap<(&str, &str), &[&Point]>> = LazyLock::new(|| {
        let mut fields: BTreeMap<_, Vec<&Point>> = BTreeMap::new();
        for point in points() {
            let event = point.event.map_or("", |event| event.name);
            fields.entry((event, point.pointer.as_str())).or_default().push(point);
        }
        fields.into_iter().map(|(key, points)| (key, &*points.leak())).collect()
    });
    FIELDS.get(&(event, pointer)).copied().unwrap_or_default()
}

/// Returns a value for a field: as in `wanted` if that is about this field, else any but `avoided`.
fn member(
    event: Option<&'static EventSpec>,
    object: &str,
    field: &'static FieldSpec,
    wanted: &'static Point,
    avoided: &'static Point,
) -> Option<(String, Value)> {
    let own = of_field(event.map_or("", |event| event.name), &format!("{object}/{}", field.name));
    let about_this = |point: &'static Point| own.iter().any(|own| std::ptr::eq(*own, point)).then_some(point);
    let (wanted, avoided) = (about_this(wanted), about_this(avoided));
    if wanted.is_some_and(|point| point.branch == Branch::Absent)
        || avoided.is_some_and(|point| point.branch == Branch::Present)
    {
        return None;
    }
    let mut branches = own
        .iter()
        .map(|point| point.branch)
        .filter(|branch| !matches!(branch, Branch::Present | Branch::Absent));
    let asked = wanted.map(|point| point.branch).filter(|branch| *branch != Branch::Present);
    let branch =
        asked.or_else(|| branches.find(|branch| avoided.is_none_or(|point| point.branch != *branch)));
    // An optional field whose only value is to be avoided.
    if branch.is_none() && avoided.is_some_and(|point| matches!(point.branch, Branch::Value(_))) {
        return None;
    }
    let value = match (branch, field.kind) {
        (Some(Branch::Null), _) => Value::Null,
        (Some(Branch::True), _) => json!(true),
        (Some(Branch::False), _) => json!(false),
        (Some(Branch::Value(value)), _) => json!(value),
        (Some(Branch::Number(number)), _) => json!(number),
        (Some(Branch::OtherValue), Kind::Integer { maximum, .. }) => json!(maximum),
        (Some(Branch::Empty), _) => json!(""),
        (_, Kind::Integer { minimum, .. }) => json!(minimum),
        (Some(Branch::Format(format)), _) => example(format),
        (_, Kind::Format { formats, .. }) => example(formats[0]),
        _ => json!("any text"),
    };
    Some((field.name.to_owned(), value))
}

fn example(format: &str) -> Value {
    json!(match format {
        "ipv4" => "203.0.113.7",
        "ipv6" => "2001:db8::7",
        "uuid" => "693bbbde-626d-4940-ac2b-4e75efb49bf7",
        "date-time" => "2023-12-20T10:45:14.000000Z",
        other => panic!("no example of {other}"),
    })
}
