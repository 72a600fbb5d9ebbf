//! What a page has in it, and what it never has.

use crate::overview::Overview;
use crate::render::{Run, testing};
use crate::run::Values;

const EVENT: &str = include_str!("../../../../../tests/corpus/documented/client-disconnected-v1.json");

/// What the documented event says.
const REASON: &str = "User Disconnected";

/// The documented event as it is; with markup for a value, for names of fields, for its own name; and without a time.
fn records() -> Vec<String> {
    let reasons = [REASON, "<script>alert(1)</script>", r#"\"><img src=x onerror=alert(1)>"#];
    let mut records: Vec<_> = reasons.iter().map(|reason| EVENT.replacen(REASON, reason, 1)).collect();
    records.push(EVENT.replacen('{', r#"{"<b onclick=alert(1)>": "<b>","#, 1));
    records.push(EVENT.replacen("\"client-disconnected\"", "\"<b>new</b>\"", 1));
    records.push(EVENT.replacen("\"timestamp\"", "\"timestomp\"", 1));
    records
}

fn page(values: Values) -> String {
    let records = records();
    let before = Overview::of(&records[..1], None, values);
    assert!(before.drift.drift.findings.is_empty());
    let overview = Overview::of(&records, None, values);
    let mut text = String::new();
    testing::run(|run| {
        let run = Run { overview: Some(&overview), ..copy(run) };
        text = super::page::page(&run, values).into_string();
    });
    text
}

fn copy<'a>(run: &Run<'a>) -> Run<'a> {
    Run {
        summary: run.summary,
        groups: run.groups,
        problems: run.problems,
        more_problems: run.more_problems,
        gone: run.gone,
        root: run.root,
        limit: run.limit,
        exit: run.exit,
        overview: run.overview,
    }
}

#[test]
fn a_page() {
    let page = page(Values::Masked);
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    insta::assert_snapshot!(format!("{head}{body}").replace("><", ">\n<"));
}

/// Whatever stands in events, the page has the elements that are written here and no others, and none that loads or runs.
#[test]
fn nothing_of_an_event_is_markup() {
    for values in [Values::Masked, Values::Shown] {
        let page = page(values);
        let elements: std::collections::BTreeSet<_> = page
            .split('<')
            .skip(1)
            .map(|rest| rest.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap_or_default())
            .collect();
        let known = "!DOCTYPE b body br code details div g h1 h2 head html li line meta p path rect span style summary svg \
                     table tbody td text th thead title tr ul";
        let known: Vec<_> = known.split_whitespace().collect();
        assert!(elements.iter().all(|element| known.contains(element)), "{elements:?}");
        assert!(page.contains("default-src 'none'"));
        assert_eq!(page.contains("&lt;script&gt;"), values == Values::Shown);
        assert_eq!(page.contains("&lt;img"), values == Values::Shown);
        for loads in [" href=", "url(", "@import"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}

#[test]
fn code_in_prose() {
    for (text, shown) in [
        ("none", "none"),
        ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
        ("``a`` and `b`", "``a`` and `b`"),
        ("`a` b`", "`a` b`"),
    ] {
        assert_eq!(super::page::prose(text).into_string(), shown);
    }
}
