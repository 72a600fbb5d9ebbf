use clap::Parser as _;

use super::with_helpful_suggestions;
use crate::args::Args;

/// Returns the lines with suggestions of the message for these arguments.
fn tips(args: &[&str]) -> Vec<String> {
    let error = Args::try_parse_from([&["ccxlog"], args].concat()).unwrap_err();
    let text = with_helpful_suggestions(error).to_string();
    text.lines().filter(|line| line.contains("tip:")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn only_what_is_similar_is_suggested() {
    for wrong in ["grep", "stats", "query", "convert", "x"] {
        let tips = tips(&[wrong]);
        assert!(tips.iter().all(|tip| tip.contains("'find'")), "{wrong}: {tips:?}");
    }
    for (wrong, meant) in [
        ("validat", "validate"),
        ("VALIDATE", "validate"),
        ("session", "sessions"),
        ("replya", "replay"),
        ("check", "validate"),
        ("generate", "sample"),
    ] {
        assert_eq!(tips(&[wrong]), [format!("tip: a similar subcommand exists: '{meant}'")], "{wrong}");
    }
    assert_eq!(tips(&["validate", "--stric"]), ["tip: a similar argument exists: '--strict'"]);
    assert_eq!(tips(&["validate", "--max"]).len(), 1);
    assert_eq!(tips(&["validate", "--region-code"]), [""; 0]);
    assert_eq!(tips(&["sample", "--format=jsno"]), [""; 0]);
    assert_eq!(tips(&["sample", "--format=jsnol"]), ["tip: a similar value exists: 'jsonl'"]);
}

#[test]
fn an_option_of_another_command_is_not_meant_as_a_value() {
    for (args, expected) in [
        (
            &["coverage", "--state", "s"][..],
            "tip: '--state' is an option of 'validate', 'split', 'drift', 'find', 'top' and 'convert'",
        ),
        (&["test", "--skip-unreadable", "f"], "'sessions', 'find', 'top' and 'convert'"),
        (&["find", "--write-profile=p"], "tip: '--write-profile' is an option of 'drift'"),
    ] {
        let tips = tips(args);
        assert!(tips.len() == 1 && tips[0].contains(expected), "{tips:?}");
    }
    for args in [["find", "--nonsense"], ["validate", "-z"], ["coverage", "--no"]] {
        let tips = tips(&args);
        assert!(tips.iter().all(|tip| !tip.contains("as a value")), "{tips:?}");
    }
}

#[test]
fn an_input_in_place_of_a_command_is_to_be_validated() {
    for (input, shown) in [
        ("Cargo.toml", "Cargo.toml"),
        ("src", "src"),
        ("logs/**/*.gz", "\"logs/**/*.gz\""),
        ("s3://my-logs/CloudConnexa/", "s3://my-logs/CloudConnexa/"),
        ("s3:/my-logs/a b.jsonl", "\"s3://my-logs/a b.jsonl\""),
        ("https://example.com/a.jsonl?Signature=secret", "URL"),
        ("https:/example.com/a.jsonl?Signature=secret", "URL"),
        ("s3://my-logs/$(reboot)", "FILE"),
    ] {
        let tip = format!("tip: to check the events of an input, type 'ccxlog validate {shown}'");
        assert_eq!(tips(&[input]), [tip], "{input}");
    }
    assert_eq!(tips(&["missing.jsonl"]), [""; 0]);
}
