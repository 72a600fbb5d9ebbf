//! Emits the index template.

use std::collections::BTreeMap;

use cloudconnexa_schema::Json;

use crate::mappings::model::{EventMapping, Target};
use crate::mappings::plan;

/// The longest text that is indexed in a field, as ECS recommends.
const MOST_CHARACTERS: u64 = 1024;

/// The longest text that is indexed among what ECS has no field for. Lucene takes 32,766 bytes, and a character has up to four.
const MOST_CHARACTERS_OF_LEFTOVERS: u64 = 8191;

/// More than any valid event has levels.
const MOST_LEVELS: u64 = 128;

/// Emits the index template: a type for each field that an event may have, whatever the first event has. `fields` is that of
/// `schema/targets/ecs-*.json`.
pub(in crate::mappings) fn template(mappings: &[EventMapping], fields: &Json) -> String {
    let mut types: BTreeMap<String, Json> = BTreeMap::new();
    for mapping in mappings {
        let goals = mapping.fields.iter().flat_map(|field| field.goals(Target::Ecs));
        let goals = goals.map(|goal| goal.to.trim_end_matches("[]").to_owned());
        let constants =
            plan::constants_of_cases(&mapping.ecs, false).into_iter().flatten().map(|(path, _)| path);
        for path in goals.chain(constants) {
            let kind = fields.get(&path).and_then(|field| field.get("type")).and_then(Json::as_str);
            types.insert(path.clone(), field(kind.unwrap_or_default()));
        }
    }
    let original = Json::object([
        ("type", Json::string("keyword")),
        ("index", Json::Bool(false)),
        ("doc_values", Json::Bool(false)),
    ]);
    types.insert("event.original".to_owned(), original);
    types.insert("error.message".to_owned(), field("match_only_text"));
    // One field for everything, so that no type that the vendor changes refuses a document.
    let leftovers = Json::object([
        ("type", Json::string("flattened")),
        ("ignore_above", Json::from(MOST_CHARACTERS_OF_LEFTOVERS)),
        ("depth_limit", Json::from(MOST_LEVELS)),
    ]);
    types.insert("cloudconnexa".to_owned(), leftovers);
    let mut properties = Json::Object(Vec::new());
    for (path, kind) in types {
        insert(&mut properties, &path, kind);
    }
    Json::object([
        ("index_patterns", Json::strings(["logs-cloudconnexa.log-*"])),
        ("data_stream", Json::Object(Vec::new())),
        ("priority", Json::from(200)),
        (
            "template",
            Json::object([
                ("settings", Json::object([("index.default_pipeline", Json::string("cloudconnexa"))])),
                ("mappings", Json::object([("date_detection", Json::Bool(false)), ("properties", properties)])),
            ]),
        ),
        (
            "_meta",
            Json::object([(
                "description",
                Json::string("The log events of OpenVPN CloudConnexa in ECS. Written by `cargo xtask codegen` from schema/mappings.json."),
            )]),
        ),
    ])
    .to_pretty_string()
}

fn field(kind: &str) -> Json {
    let kind_of = ("type", Json::string(kind));
    if kind == "keyword" {
        Json::object([kind_of, ("ignore_above", Json::from(MOST_CHARACTERS))])
    } else {
        Json::object([kind_of])
    }
}

/// Adds a field below the properties of the objects that it is in.
fn insert(properties: &mut Json, path: &str, kind: Json) {
    let Json::Object(members) = properties else { return };
    let Some((first, rest)) = path.split_once('.') else {
        members.push((path.to_owned(), kind));
        return;
    };
    if !members.iter().any(|(name, _)| name == first) {
        members.push((first.to_owned(), Json::object([("properties", Json::Object(Vec::new()))])));
    }
    let object = members.iter_mut().find(|(name, _)| name == first).map(|(_, object)| object);
    if let Some(Json::Object(object)) = object
        && let Some((_, inner)) = object.iter_mut().find(|(key, _)| key == "properties")
    {
        insert(inner, rest, kind);
    }
}
