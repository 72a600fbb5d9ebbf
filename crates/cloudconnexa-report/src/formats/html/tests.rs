//! Tests of the page: what it contains, and what it never contains.

use crate::masking::Masking;
use crate::run::RunResults;
use crate::testing;

const EVENT: &str = include_str!("../../../../../tests/corpus/documented/client-disconnected-v1.json");

/// The reason in the documented event.
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

fn page(masking: Masking) -> String {
    let records = records();
    let before = testing::overview(&records[..1], masking);
    assert!(before.drift.drift.findings.is_empty());
    let overview = testing::overview(&records, masking);
    let mut text = String::new();
    testing::run(|run| {
        let run = RunResults { overview: Some(&overview), ..*run };
        text = super::page::page(&run, masking).into_string();
    });
    text
}

#[test]
fn a_page() {
    let page = page(Masking::Masked);
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    insta::assert_snapshot!(format!("{head}{body}").replace("><", ">\n<"));
}

/// Whatever events contain, the page has the elements listed here and no others, and none that loads or runs.
#[test]
fn no_part_of_an_event_is_markup() {
    for masking in [Masking::Masked, Masking::Shown] {
        let page = page(masking);
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
        assert_eq!(page.contains("&lt;script&gt;"), masking == Masking::Shown);
        assert_eq!(page.contains("&lt;img"), masking == Masking::Shown);
        for loads in [" href=", "url(", "@import"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}

#[test]
fn backticks_make_code() {
    for (text, shown) in [
        ("none", "none"),
        ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
        ("``a`` and `b`", "``a`` and `b`"),
        ("`a` b`", "`a` b`"),
    ] {
        assert_eq!(super::page::prose(text).into_string(), shown);
    }
}
