//! Tests of the reference.

use cloudconnexa_events::{EventName, SCHEMA};
use cloudconnexa_schema::Schema;
use cloudconnexa_validator::catalog::{self, EVENTS};

use super::{Presence, Reference, ReferenceField, write_html, write_markdown, write_markdown_index};

fn schema(text: &str) -> Schema {
    Schema::parse_lenient(text).expect("it has the shape of a schema of events").0
}

fn all_fields(reference: &Reference) -> impl Iterator<Item = &ReferenceField> {
    reference.header.iter().chain(reference.events.iter().flat_map(|event| &event.fields))
}

fn markdown(reference: &Reference, event: &str) -> String {
    let mut text = Vec::new();
    write_markdown(&mut text, reference.event(event).expect("it is described")).expect("memory");
    String::from_utf8(text).expect("text")
}

fn html(reference: &Reference) -> String {
    let mut text = Vec::new();
    write_html(&mut text, reference).expect("memory");
    String::from_utf8(text).expect("text")
}

#[test]
fn every_event_and_field_of_the_schema_is_there_with_an_example() {
    let reference = Reference::built_in();
    assert_eq!(reference.events.len(), EventName::KNOWN.len());
    for spec in EVENTS {
        let event = reference.event(spec.name).expect("each event is there");
        assert!(event.example.is_some(), "{}", event.name);
        let fields = spec.log.unwrap_or_default();
        assert_eq!(event.has_log, spec.log.is_some(), "{}", event.name);
        let names: Vec<_> = event.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, fields.iter().map(|field| field.name).collect::<Vec<_>>());
        for (field, spec) in event.fields.iter().zip(fields) {
            assert_eq!(field.presence == Presence::Always, spec.required, "{}", field.anchor);
        }
    }
    assert_eq!(reference.header.len(), catalog::HEADER.len() + 2);
}

#[test]
fn anchors_are_unique_and_lead_to_rows_of_the_page() {
    let reference = Reference::built_in();
    let page = html(&reference);
    let mut anchors: Vec<_> = all_fields(&reference).map(|field| field.anchor.as_str()).collect();
    for anchor in &anchors {
        assert_eq!(page.matches(&format!("<tr id=\"{anchor}\">")).count(), 1, "{anchor}");
    }
    anchors.sort_unstable();
    let all = anchors.len();
    anchors.dedup();
    assert_eq!(anchors.len(), all);
    // Every link within the page leads somewhere.
    let targets = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().expect("an end"));
    let mut links = 0;
    for target in targets {
        assert!(page.contains(&format!("id=\"{target}\"")), "#{target} leads nowhere");
        links += 1;
    }
    assert!(links > 200, "{links}");
}

#[test]
fn the_page_is_small_and_loads_nothing() {
    let page = html(&Reference::built_in());
    assert!(page.len() <= 150 * 1024, "{} bytes", page.len());
    for loading in ["src=", "http://", "https://", "@import", "url(", "<link", "fetch(", "import("] {
        assert!(!page.contains(loading), "{loading}");
    }
}

#[test]
fn links_of_the_markdown_lead_to_anchors() {
    let reference = Reference::built_in();
    let mut index = Vec::new();
    write_markdown_index(&mut index, &reference).expect("memory");
    let index = String::from_utf8(index).expect("text");
    let mut checked = 0;
    for event in &reference.events {
        assert!(index.contains(&format!("({}.md)", event.name)), "{} is listed", event.name);
        let page = markdown(&reference, &event.name);
        let targets = page.split(['"', '(']).filter_map(|rest| rest.split([')', '"']).next());
        for target in targets {
            let (text, anchor) = match target.split_once('#') {
                Some(("README.md", anchor)) => (&index, anchor),
                Some(("", anchor)) => (&page, anchor),
                _ => continue,
            };
            // As GitHub names the anchors of headings without code.
            let heading =
                |line: &str| line.trim_start_matches('#').trim().replace(' ', "-").to_lowercase() == anchor;
            let is_there = text.contains(&format!("<a id=\"{anchor}\"></a>"))
                || text.lines().any(|line| line.starts_with('#') && heading(line));
            assert!(is_there, "{}: {target} leads nowhere", event.name);
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn a_field_that_no_released_version_has_is_not_released() {
    let now = schema(SCHEMA);
    let before = schema(&SCHEMA.replace("sessionBytesOut", "sessionBytesUp"));
    let reference = Reference::new(&now, &[("0.1.0", before), ("0.2.0", schema(SCHEMA))]);
    let event = reference.event("client-disconnected").expect("it is described");
    let since = |name: &str| {
        let field = event.fields.iter().find(|field| field.name == name);
        field.expect("it is described").since.as_deref()
    };
    assert_eq!(since("sessionBytesIn"), Some("0.1.0"));
    assert_eq!(since("sessionBytesOut"), Some("0.2.0"));
    let reference = Reference::new(&now, &[]);
    assert!(all_fields(&reference).all(|field| field.since.is_none()));
    assert!(markdown(&reference, "domain-blocked").contains("| not released |"));
}

#[test]
fn what_the_schema_says_cannot_break_a_table_or_the_page() {
    let hostile = SCHEMA.replacen(
        "Domain name whose resolution was blocked.",
        "A | B <script>alert(1)</script> \\\"quoted\\\" `unfinished",
        1,
    );
    let reference = Reference::new(&schema(&hostile), &[]);
    let page = html(&reference);
    assert!(
        page.contains("A | B &lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot; `unfinished"),
        "{page}"
    );
    let row = markdown(&reference, "domain-blocked");
    let row = row.lines().find(|line| line.contains("A \\| B")).expect("its row");
    assert_eq!(row.replace("\\|", "").matches('|').count(), 11, "{row}");
}

#[test]
fn the_reference_of_one_event_names_only_its_rules() {
    let one = Reference::built_in().only("domain-blocked").expect("it is described");
    assert_eq!(one.events.len(), 1);
    assert!(one.rules.iter().any(|rule| rule.id == "unfamiliar-value"));
    assert!(!one.rules.iter().any(|rule| rule.id == "impossible-rate"), "{:?}", one.rules);
    assert!(Reference::built_in().only("domain-allowed").is_none());
}

#[test]
fn rules_are_listed_at_the_fields_that_they_judge() {
    let reference = Reference::built_in();
    let rules = |anchor: &str| {
        let field = all_fields(&reference).find(|field| field.anchor == anchor);
        field.expect("it is described").rules.clone()
    };
    assert_eq!(
        rules("client-disconnected.sessionDurationSeconds"),
        ["out-of-range", "session-duration-mismatch", "impossible-rate"]
    );
    assert_eq!(rules("client-connected.clientSessionId"), ["session-never-ends"]);
    assert_eq!(rules("flow-established.clientSessionId"), [""; 0]);
    assert!(rules("header.publicIp").contains(&"deprecated-field"));
}

#[test]
fn fields_say_where_they_go_in_other_standards() {
    let reference = Reference::built_in();
    let field = |event: &str, name: &str| {
        let event = reference.event(event).expect("it is described");
        event.fields.iter().find(|field| field.name == name).expect("the event has it").clone()
    };
    let bytes = field("client-disconnected", "sessionBytesIn");
    assert_eq!((bytes.ocsf, bytes.ecs), (vec!["traffic.bytes_in"], vec!["destination.bytes"]));
    let allowed = field("flow-established", "allowed");
    assert_eq!((allowed.ocsf, allowed.ecs), (vec!["action_id"], vec!["event.type"]));
    let bucket = field("log-stream-started", "aws-s3-bucket");
    assert_eq!((bucket.ocsf, bucket.ecs), (vec!["entity.name"], vec![]));
    // Header fields have the paths of all events.
    let address = reference.header.iter().find(|field| field.name == "publicIp").expect("it is there");
    assert_eq!((&*address.ocsf, &*address.ecs), (&["src_endpoint.ip"][..], &["source.ip", "related.ip"][..]));
    // The object around the others, and what only says what the others are.
    let unmapped = all_fields(&reference).filter(|field| field.ocsf.is_empty() && field.ecs.is_empty());
    let unmapped: Vec<&str> = unmapped.map(|field| field.anchor.as_str()).collect();
    assert_eq!(
        unmapped,
        [
            "header.log",
            "header.parentEntityType",
            "flow-established.sourceParentType",
            "flow-established.sourceParentName",
            "flow-established.destinationParentType",
            "flow-established.destinationParentName",
        ]
    );

    let page = html(&reference);
    let row = page.split("<tr id=\"client-disconnected.sessionBytesIn\">").nth(1).expect("it has a row");
    let row = row.split("</tr>").next().expect("the row ends");
    assert!(row.contains("<span class=\"soft\">OCSF</span> <code>traffic.bytes_in</code>"), "{row}");
    let text = markdown(&reference, "client-disconnected");
    assert!(text.contains("| `traffic.bytes_in` | `destination.bytes` |"), "{text}");
}
