use super::Document;
use crate::{Json, pointer};

/// Collects the pointer of every node with its value.
fn nodes<'a>(node: &'a Json, pointer: &str, all: &mut Vec<(String, &'a Json)>) {
    all.push((pointer.to_owned(), node));
    for (key, value) in node.members() {
        nodes(value, &pointer::child(pointer, key), all);
    }
    for (index, value) in node.elements().iter().enumerate() {
        nodes(value, &format!("{pointer}/{index}"), all);
    }
}

#[test]
fn every_node_is_located_at_its_own_text() {
    for text in [
        cloudconnexa_events::SCHEMA,
        " { \"a\\\"\" : [ 1 , [ ] , { } , \"]}\\\\\" , { \"/~\" : null } ] , \"\\u00fc\":true,\"d\":-1.5e3 } ",
        "7",
    ] {
        let document = Document::parse(text).unwrap();
        let mut all = Vec::new();
        nodes(document.root(), "", &mut all);
        for (pointer, value) in all {
            let location = document.locate(&pointer).unwrap();
            assert_eq!(Json::parse(&text[location.value.clone()]).unwrap(), *value, "{pointer}");
            let key = location.key.map(|key| serde_json::from_str::<String>(&text[key]).unwrap());
            let last = pointer.rsplit_once('/').map(|(_, last)| pointer::unescape(last));
            assert!(key.is_none() || key == last, "{pointer}");
        }
    }
}

#[test]
fn missing_nodes_have_no_location_but_a_nearest_one() {
    let document = Document::parse("{\n  \"ü\": {\"a\": [1]}\n}").unwrap();
    for pointer in ["/a", "/ü/b", "/ü/a/1", "/ü/a/x", "/ü/a/0/c"] {
        assert_eq!(document.locate(pointer), None, "{pointer}");
    }
    assert_eq!(document.locate_nearest("/ü/a/1/z"), document.locate("/ü/a"));
    assert_eq!(document.locate_nearest("/x").unwrap().value, 0..document.text().len());
    let location = document.locate("/ü/a").unwrap();
    assert_eq!((location.line, location.column), (2, 14));
}
