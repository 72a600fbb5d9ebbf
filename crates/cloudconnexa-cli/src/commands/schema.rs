//! `ccxlog schema`: JSON Schemas of the events, and of the files that ccxlog reads and writes.

use std::io::Write as _;

use cloudconnexa_events::SCHEMA;
use cloudconnexa_validator::catalog::EVENTS;

use super::unknown;
use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::terminal;

pub(super) fn run(args: &SchemaArgs) -> Exit {
    match args {
        SchemaArgs { config: true, .. } => print(&crate::config::schema()),
        SchemaArgs { report: true, .. } => print(&cloudconnexa_report::json_schema()),
        SchemaArgs { coverage: true, .. } => print(&cloudconnexa_report::coverage::json_schema()),
        SchemaArgs { drift: true, .. } => print(&cloudconnexa_report::drift::json_schema()),
        SchemaArgs { profile: true, .. } => print(&cloudconnexa_drift::profile_schema()),
        SchemaArgs { sessions: true, .. } => print(&cloudconnexa_report::sessions::json_schema()),
        SchemaArgs { event, .. } => print_events(event.as_deref()),
    }
}

/// Prints the schema of all events, or of one.
fn print_events(event: Option<&str>) -> Exit {
    let schema = match event {
        None => SCHEMA.to_owned(),
        Some(name) if EVENTS.iter().any(|event| event.name == name) => single::of(name),
        Some(name) => {
            let names = EVENTS.iter().map(|event| event.name);
            return unknown(
                "event is named",
                name,
                names,
                "`ccxlog events` lists those that the schema describes",
            );
        }
    };
    let mut out = terminal::stdout();
    Exit::from_printing(writeln!(out, "{}", schema.trim_end()).and_then(|()| out.flush()))
}

/// Prints a schema of a file that ccxlog reads or writes.
fn print(schema: &schemars::Schema) -> Exit {
    let mut out = terminal::stdout();
    Exit::from_printing(writeln!(out, "{:#}", schema.as_value()).and_then(|()| out.flush()))
}

/// Cuts the schema down to one event, keeping the text and order of what it takes over.
mod single {
    use std::collections::BTreeSet;
    use std::fmt;

    use cloudconnexa_events::SCHEMA;
    use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
    use serde_json::Value;
    use serde_json::value::RawValue;

    const SOUND: &str = "the schema that is built in has the shape that its tests ask for";

    /// A self-contained schema of the event `name`.
    pub(super) fn of(name: &str) -> String {
        let root = object(SCHEMA);
        let branches: Vec<&RawValue> = serde_json::from_str(root.get("allOf")).expect(SOUND);
        let branch = branches.iter().find(|branch| names(branch.get(), name)).expect(SOUND);
        let branch = object(branch.get());

        let mut members = Vec::new();
        for (key, value) in &root.0 {
            let value = match key.as_str() {
                // It would be the same for two documents.
                "$id" | "$defs" => continue,
                "title" | "description" => branch.get(key).to_owned(),
                "properties" => properties(value.get(), name),
                "allOf" => {
                    let body = dedent(branch.get("then"), 2);
                    let header = dedent(branches[0].get(), 0);
                    match body.as_str() {
                        "true" => format!("[\n    {header}\n  ]"),
                        _ => format!("[\n    {header},\n    {body}\n  ]"),
                    }
                }
                _ => value.get().to_owned(),
            };
            members.push(format!("  \"{key}\": {value}"));
        }
        let definitions = reachable(&members.join("\n"), &object(root.get("$defs")));
        members.push(format!("  \"$defs\": {{\n{definitions}\n  }}"));
        format!("{{\n{}\n}}\n", members.join(",\n"))
    }

    fn names(branch: &str, name: &str) -> bool {
        let branch: Value = serde_json::from_str(branch).expect(SOUND);
        branch.pointer("/if/properties/eventName/const").and_then(Value::as_str) == Some(name)
    }

    fn properties(text: &str, name: &str) -> String {
        let members = object(text).0.into_iter().map(|(key, value)| match key.as_str() {
            "eventName" => {
                let value: Value = serde_json::from_str(value.get()).expect(SOUND);
                let description = &value["description"];
                format!("    \"eventName\": {{\n      \"const\": \"{name}\",\n      \"description\": {description}\n    }}")
            }
            _ => format!("    \"{key}\": {}", value.get()),
        });
        format!("{{\n{}\n  }}", members.collect::<Vec<_>>().join(",\n"))
    }

    /// The definitions that `text` needs, and those that they need.
    fn reachable(text: &str, definitions: &Ordered<'_>) -> String {
        let mut needed = BTreeSet::new();
        let mut texts = vec![text];
        while let Some(text) = texts.pop() {
            for (name, definition) in &definitions.0 {
                if text.contains(&format!("\"#/$defs/{name}\"")) && needed.insert(name.as_str()) {
                    texts.push(definition.get());
                }
            }
        }
        let kept = definitions.0.iter().filter(|(name, _)| needed.contains(name.as_str()));
        kept.map(|(name, text)| format!("    \"{name}\": {}", text.get())).collect::<Vec<_>>().join(",\n")
    }

    /// Takes `by` spaces from the start of each line but the first.
    fn dedent(text: &str, by: usize) -> String {
        text.replace(&format!("\n{}", " ".repeat(by)), "\n")
    }

    fn object(text: &str) -> Ordered<'_> {
        serde_json::from_str(text).expect(SOUND)
    }

    /// The members of an object as they stand in the text.
    struct Ordered<'a>(Vec<(String, &'a RawValue)>);

    impl<'a> Ordered<'a> {
        fn get(&self, key: &str) -> &'a str {
            self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.get()).expect(SOUND)
        }
    }

    impl<'de> Deserialize<'de> for Ordered<'de> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Members;
            impl<'de> Visitor<'de> for Members {
                type Value = Ordered<'de>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Ordered(members))
                }
            }
            deserializer.deserialize_map(Members)
        }
    }

    #[cfg(test)]
    mod tests {
        use cloudconnexa_validator::catalog::EVENTS;
        use serde_json::Value;

        #[test]
        fn each_event_has_a_schema_whose_references_resolve() {
            for event in EVENTS {
                let text = super::of(event.name);
                let schema: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(schema["properties"]["eventName"]["const"], event.name);
                for reference in text.split("\"#/$defs/").skip(1) {
                    let name = reference.split('"').next().unwrap();
                    assert!(schema["$defs"].get(name).is_some(), "{name} of {}", event.name);
                }
                let definitions = schema["$defs"].as_object().unwrap();
                assert!(definitions.keys().all(|name| text.contains(&format!("\"#/$defs/{name}\""))));
            }
        }
    }
}
