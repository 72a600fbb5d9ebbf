use std::path::PathBuf;

use super::{CheckSettings, ReadSettings, ReportOptions, ReportSettings};
use crate::args::{ReadingArgs, SeverityArgs, WindowArgs};
use crate::config::Config;
use crate::levels::RuleSet;

fn config() -> Config {
    Config {
        folder: PathBuf::from("team"),
        inputs: Some(vec![PathBuf::from("team/logs")]),
        formats: vec![("json=findings.jsonl".to_owned(), "ccxlog.toml:1:1".to_owned())],
        show_values: true,
        rule_set: RuleSet::Semantic,
        max_findings: Some(7),
        max_record_bytes: Some(1024),
        horizon: Some(1),
        max_open: Some(2),
        ..Config::default()
    }
}

#[test]
fn the_config_file_applies_where_the_command_line_says_nothing() {
    let config = config();
    let read = ReadSettings::new(&[], &[], &ReadingArgs::default(), &config).unwrap();
    assert_eq!((read.inputs, read.inputs_are_arguments), (vec![PathBuf::from("team/logs")], false));
    assert_eq!(read.max_record_bytes, 1024);
    let check = CheckSettings::new(&config).with_severities(&SeverityArgs::default()).unwrap();
    assert_eq!((check.window.horizon, check.window.max_open), (1, 2));
    assert_eq!(check.levels.rule_set, RuleSet::Semantic);
    let report = ReportSettings::new(ReportOptions::default(), &config).unwrap();
    assert_eq!(report.written().collect::<Vec<_>>(), [PathBuf::from("team/findings.jsonl")]);
    assert_eq!((report.max_findings(), report.max_results()), (7, 7));
}

#[test]
fn the_command_line_takes_precedence() {
    let config = config();
    let reading = ReadingArgs { max_record_bytes: Some(2048), ..ReadingArgs::default() };
    let read = ReadSettings::new(&[PathBuf::from("a")], &[], &reading, &config).unwrap();
    assert_eq!((read.inputs, read.inputs_are_arguments), (vec![PathBuf::from("a")], true));
    assert_eq!(read.max_record_bytes, 2048);
    let window = WindowArgs { horizon: Some(3), max_open: None };
    let check = CheckSettings::new(&config).with_rules(RuleSet::Schema).with_window(&window).at(Some(0));
    assert_eq!((check.window.horizon, check.window.max_open, check.window.latest), (3, 2, 86_400_000_000));
    assert_eq!(check.levels.rule_set, RuleSet::Semantic, "the config file asks for more");
    let formats = ["concise".to_owned()];
    let options = ReportOptions { formats: &formats, max_findings: Some(9), ..ReportOptions::default() };
    let report = ReportSettings::new(options, &config).unwrap();
    assert_eq!((report.written().count(), report.max_findings()), (0, 9));
}

/// Tests go over the formats of the library to check each one.
#[test]
fn the_formats_that_can_be_chosen_are_those_of_the_library() {
    let names: Vec<_> = super::report::FORMATS.iter().map(|(name, _)| *name).collect();
    let known: Vec<_> = cloudconnexa_report::Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(names, known);
}
