use std::path::Path;
use std::sync::Arc;

use super::testing;
use super::{Baseline, BaselineBuilder, BaselineMatcher};

#[test]
fn a_written_baseline_covers_its_findings() {
    let mut builder = BaselineBuilder::new(Path::new("known.json"));
    builder.root = testing::root();
    for file in testing::files() {
        builder.add(&file);
    }
    let (text, count) = builder.finish().unwrap();
    insta::assert_snapshot!(text);
    let baseline = Arc::new(Baseline { root: testing::root(), ..Baseline::parse(&text).unwrap() });
    let mut matcher = BaselineMatcher::new(Arc::clone(&baseline));
    assert_eq!(
        matcher.stale(&testing::root(), |_, _, _| false).iter().map(|stale| stale.count).sum::<u64>(),
        count
    );
    for entry in &baseline.entries {
        for _ in 0..entry.count {
            assert!(matcher.take(entry.fingerprint()));
        }
        assert!(!matcher.take(entry.fingerprint()));
    }
    assert!(matcher.stale(&testing::root(), |_, _, _| false).is_empty());
    assert!(Baseline::parse(&BaselineBuilder::default().finish().unwrap().0).unwrap().entries.is_empty());
}

#[test]
fn invalid_baselines_are_refused_with_a_remedy() {
    let refused = |text: &str| Baseline::parse(text).unwrap_err();
    let entry = r#""file":"a","event":null,"pointer":"","count":1"#;
    insta::assert_snapshot!(
        [
            refused(""),
            refused("{\"runs\":[]}"),
            refused("{\"ccxlogBaseline\":2,\"new\":[]}"),
            refused("{\"ccxlogBaseline\":\"1\"}"),
            refused("{\"ccxlogBaseline\":1,\"findings\":[{}]}"),
            refused("{\"ccxlogBaseline\":1,\"findings\":[],\"more\":1}"),
            refused(&format!("{{\"ccxlogBaseline\":1,\"findings\":[{{\"id\":\"wrong-tpye\",{entry}}}]}}")),
            refused(&{
                let entry = format!("{{\"id\":\"syntax\",{entry}}}").replace(":1}", ":18446744073709551615}");
                format!("{{\"ccxlogBaseline\":1,\"findings\":[{entry},{entry}]}}")
            }),
        ]
        .join("\n")
    );
}
