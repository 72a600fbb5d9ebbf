//! `--skip-unreadable`: what could be read is written, what could not is listed, and nothing is lost or reported twice.

#![allow(clippy::disallowed_methods, reason = "tests touch files")]

mod common;

use cloudconnexa_report::Format;
use common::{BROKEN, Folder, code, documented, gzip, line};
use serde_json::Value;

/// Commands that read inputs and write files, without the option that lets them skip some.
const COMMANDS: [&[&str]; 7] = [
    &["validate", "logs", "--write-baseline=known.json"],
    &["split", "logs", "--accepted=good.jsonl", "--rejected=bad.jsonl"],
    &["sessions", "logs", "--output=sessions.csv"],
    &["find", "logs", "--output=found.jsonl"],
    &["top", "logs", "--by=userId", "--output=top.csv"],
    &["drift", "logs", "--write-profile=profile.json"],
    &["coverage", "logs"],
];

/// The files that they write.
const WRITTEN: [&str; 7] =
    ["bad.jsonl", "found.jsonl", "good.jsonl", "known.json", "profile.json", "sessions.csv", "top.csv"];

fn text() -> String {
    let events = [line("client-disconnected"), line("test-message"), BROKEN.trim_end().to_owned()];
    events.join("\n").repeat(40)
}

/// Returns a gzip file that lacks its end, and the text before that.
fn damaged() -> Vec<u8> {
    let whole = gzip(text());
    whole[..whole.len() - 60].to_vec()
}

/// A folder with one log that is complete, and one that is not.
fn folder() -> Folder {
    Folder::with("logs/a.json", documented("client-disconnected")).and("logs/b.jsonl.gz", damaged())
}

fn skipping<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &["--skip-unreadable"]].concat()
}

#[test]
fn without_the_option_nothing_is_written_and_the_error_names_it() {
    for args in COMMANDS {
        let folder = folder();
        let run = folder.run(args);
        assert_eq!(code(&run), 2, "{run}");
        assert!(run.contains("`--skip-unreadable`"), "{run}");
        assert_eq!(folder.names(), ["logs"], "{run}");
    }
}

#[test]
fn what_could_be_read_is_written_and_the_rest_is_listed() {
    let folder = folder();
    for args in COMMANDS {
        let run = folder.run(&skipping(args));
        assert_eq!(code(&run), 3, "{run}");
        // As it happens, and at the end.
        assert!(run.matches("cannot read `logs/b.jsonl.gz` to its end").count() >= 2, "{run}");
        assert!(run.contains("1 input skipped"), "{run}");
    }
    assert_eq!(folder.names(), [&WRITTEN[..4], &["logs"], &WRITTEN[4..]].concat());
    let rows = folder.text("sessions.csv");
    assert!(rows.lines().count() > 1, "{rows}");
}

#[test]
fn every_report_lists_the_skipped_inputs() {
    let folder = folder();
    let formats: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
    let files: Vec<_> = formats.iter().map(|name| format!("--format={name}=out.{name}")).collect();
    let args: Vec<_> = ["validate", "logs", "--skip-unreadable"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let run = folder.run(&args);
    assert_eq!(code(&run), 3, "{run}");
    for name in formats {
        let report = folder.text(&format!("out.{name}"));
        assert!(
            report.contains("cannot read `logs/b.jsonl.gz` to its end") || name == "html",
            "{name}: {report}"
        );
        assert!(report.contains("to its end") && !report.contains('\u{1b}'), "{name}: {report}");
    }
    // For people, standard error has it already.
    let concise = folder.command(&["validate", "logs", "--format=concise"]).output().unwrap();
    assert!(!String::from_utf8(concise.stdout).unwrap().contains("to its end"));
    let last: Value = serde_json::from_str(folder.text("out.json").lines().last().unwrap()).unwrap();
    assert_eq!((&last["exitCode"], &last["unreadInputs"]), (&3.into(), &1.into()));
    let sarif: Value = serde_json::from_str(&folder.text("out.sarif")).unwrap();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!((&invocation["exitCode"], &invocation["executionSuccessful"]), (&3.into(), &false.into()));
    for args in [&["drift", "logs", "--format=json"][..], &["coverage", "logs", "--format=json"]] {
        let args = [args, &["--skip-unreadable", "--output=report.json"]].concat();
        assert_eq!(folder.exit_code(&args), Some(3));
        let report: Value = serde_json::from_str(&folder.text("report.json")).unwrap();
        assert_eq!(report["problems"][0]["file"], "logs/b.jsonl.gz", "{report}");
    }
}

/// The bytes in both outputs are those of the text up to the damage, and the table says so.
#[test]
fn records_before_the_damage_are_split_and_accounted_for() {
    let folder = Folder::with("b.jsonl.gz", damaged());
    let run = folder.run(&[
        "split",
        "b.jsonl.gz",
        "--accepted=good.jsonl",
        "--rejected=bad.jsonl",
        "--skip-unreadable",
    ]);
    assert_eq!(code(&run), 3, "{run}");
    let (accepted, text) = (folder.text("good.jsonl"), text());
    let rejected: Vec<Value> =
        folder.text("bad.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let raw: usize = rejected.iter().map(|line| line["raw"].as_str().unwrap().len()).sum();
    let length = accepted.len() + raw;
    assert!(length > text.len() / 2 && length < text.len(), "{length} of {}", text.len());
    let last = rejected.last().unwrap();
    let (offset, end) = (last["offset"].as_u64().unwrap(), last["raw"].as_str().unwrap());
    assert!(text[usize::try_from(offset).unwrap()..].starts_with(end), "{last}");
    let number = |text: &str| -> usize {
        text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
    };
    let row = |name: &str| run.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
    assert_eq!(number(row("in ")), length, "{run}");
}

#[test]
fn an_input_is_reported_once_and_again_when_it_changes() {
    let split: &[&str] = &["split", "--accepted=good.jsonl", "--rejected=bad.jsonl"];
    for command in [&["validate"][..], split] {
        let mut folder = folder();
        let args = [command, &["logs", "--state=x.state"]].concat();
        let skip = skipping(&args);
        let run = folder.run(&skip);
        assert_eq!(code(&run), 3, "{run}");
        let good = std::fs::read(folder.path("good.jsonl")).ok();
        let run = folder.run(&skip);
        assert_eq!(code(&run), 0, "{run}");
        assert!(!run.contains("cannot read"), "{run}");
        assert_eq!(std::fs::read(folder.path("good.jsonl")).ok(), good, "left as it is");
        // A new one, and then a change of the old one.
        for name in ["logs/c.jsonl.gz", "logs/b.jsonl.gz"] {
            folder = folder.and(name, &damaged()[..100]);
            let run = folder.run(&skip);
            assert_eq!(code(&run), 3, "{run}");
            assert!(
                run.contains(&format!("cannot read `{name}`")) && run.contains("1 input skipped"),
                "{run}"
            );
        }
        // Whoever does not skip is told each time.
        assert_eq!(folder.exit_code(&args), Some(2));
        assert_eq!(folder.exit_code(&args), Some(2));
        folder = folder.and("logs/b.jsonl.gz", gzip(line("test-message"))).and("logs/c.jsonl.gz", gzip(""));
        let run = folder.run(&skip);
        assert!(code(&run) == 0 && run.contains("in 2 inputs"), "{run}");
    }
}

#[test]
fn the_summary_counts_unreadable_inputs_of_earlier_runs() {
    let folder = folder();
    let args = ["validate", "logs", "--state=x.state", "--skip-unreadable"];
    folder.run(&args);
    let folder = folder.and("logs/d.json", documented("test-message"));
    let run = folder.run(&[&args[..], &["--format=json", "--quiet"]].concat());
    assert!(run.contains("\"unreadInputs\":0,\"unreadBefore\":1,"), "{run}");
    let folder = folder.and("logs/e.json", documented("test-message"));
    let run = folder.run(&args);
    assert!(run.contains("1 unreadable input reported before, 2 inputs read before"), "{run}");
}

#[test]
fn an_input_over_a_limit_is_read_again_once_the_limit_is_raised() {
    let folder = Folder::with("logs/a.jsonl.gz", gzip(line("test-message").repeat(100)));
    let args = ["validate", "logs", "--state=x.state", "--skip-unreadable"];
    let low = [&args[..], &["--max-inflated-bytes=1000"]].concat();
    assert_eq!([folder.exit_code(&low), folder.exit_code(&low)], [Some(3), Some(0)]);
    let run = folder.run(&args);
    assert!(code(&run) != 3 && run.contains("100 events in 1 input"), "{run}");
}

#[test]
fn other_kinds_of_files_are_skipped_without_a_byte() {
    let folder = folder().and("logs/b.jsonl.gz", b"PK\x03\x04 and more, which is not a log at all");
    let args = ["split", "logs", "--accepted=good.jsonl", "--rejected=bad.jsonl", "--skip-unreadable"];
    let run = folder.run(&args);
    assert_eq!(code(&run), 3, "{run}");
    assert_eq!(folder.text("bad.jsonl"), "");
    // It is not a log by the next run either.
    let args = ["validate", "logs", "--state=x.state", "--skip-unreadable"];
    assert_eq!([folder.exit_code(&args), folder.exit_code(&args)], [Some(3), Some(0)]);
}

/// What a replay does not read could be lost with the file that it replaces.
#[test]
fn a_replay_needs_all_of_its_input() {
    let folder = folder().and("ccxlog.toml", "skip-unreadable = true\n");
    let args = ["replay", "logs/b.jsonl.gz", "--accepted=good.jsonl", "--rejected=bad.jsonl"];
    let run = folder.run(&args);
    assert!(code(&run) == 2 && !run.contains("--skip-unreadable"), "{run}");
    assert!(folder.run(&skipping(&args)).contains("unexpected argument '--skip-unreadable'"));
    assert!(!folder.path("bad.jsonl").exists());
}

#[test]
fn the_config_file_can_skip_as_well() {
    let folder = folder().and("ccxlog.toml", "skip-unreadable = true\n");
    for args in COMMANDS {
        assert_eq!(folder.exit_code(&[args, &["--config=ccxlog.toml"]].concat()), Some(3), "{args:?}");
    }
}

/// Nothing at all could be done, which is more than doing without some inputs.
#[test]
fn an_input_that_does_not_exist_is_no_reason_to_succeed() {
    let folder = folder();
    let run = folder.run(&["validate", "nothing/*.json", "--skip-unreadable"]);
    assert_eq!(code(&run), 2, "{run}");
    let run = folder.run(&["split", "nothing/*.json", "--accepted=a", "--rejected=b", "--skip-unreadable"]);
    assert_eq!(code(&run), 2, "{run}");
    assert!(!run.contains("`--skip-unreadable` does"), "{run}");
    let run = folder.run(&["sessions", "logs", "nothing/*.json", "--skip-unreadable"]);
    assert!(code(&run) == 3 && run.contains("2 inputs skipped"), "{run}");
}

#[test]
fn nothing_is_said_to_be_unwritten_after_lines_on_standard_output() {
    let folder = folder();
    let run = folder.run(&["split", "logs", "--accepted=-", "--rejected=bad.jsonl"]);
    let (stdout, stderr) = run.split_once("----- stderr -----").expect("a problem");
    assert!(code(&run) == 2 && stdout.contains("client-disconnected"), "{run}");
    assert!(stderr.contains("standard output is incomplete, and no file was put into place"), "{run}");
    assert!(!stderr.contains("nothing was"), "{run}");
    assert!(!folder.path("bad.jsonl").exists());
}

/// However many there are, all of them are counted.
#[test]
fn a_thousand_skipped_inputs_are_counted_and_some_are_listed() {
    let many = (0..1003).fold(folder(), |folder, number| {
        folder.and(&format!("logs/{number}.json.gz"), b"\x1f\x8b\x08\0\0\0\0\0")
    });
    let run = many.run(&["validate", "logs", "--skip-unreadable"]);
    assert!(code(&run) == 3 && run.contains("1,004 inputs skipped"), "{run}");
    assert!(run.contains("and 984 others"), "{run}");
    assert!(!folder().run(&["validate", "logs", "--skip-unreadable"]).contains("other"));
}

/// Nor can what has gone into a device be taken back.
#[cfg(unix)]
#[test]
fn every_output_that_is_no_file_is_said_to_be_incomplete() {
    for (accepted, outcome) in [
        ("-", "standard output and `/dev/null` are incomplete"),
        ("/dev/null", "`/dev/null` is incomplete, and no file was put into place"),
    ] {
        let run = folder().run(&["split", "logs", "--accepted", accepted, "--rejected=/dev/null"]);
        assert!(code(&run) == 2 && run.contains(&format!("; {outcome}")), "{run}");
    }
}

#[test]
fn findings_of_many_inputs_are_one_row_with_their_number() {
    let folder = (0..9).fold(Folder::new(), |folder, number| {
        folder.and(&format!("logs/{number}.jsonl"), BROKEN.repeat(if number % 3 == 0 { 2 } else { 1 }))
    });
    let run = folder.run(&["validate", "logs", "--stateful", "--max-findings=1"]);
    let row = run.lines().rfind(|line| line.trim_start().starts_with("missing-field")).expect("a row");
    let columns: Vec<_> = row.split_whitespace().collect();
    let [_, "error", all, inputs, _] = columns[..] else { panic!("{run}") };
    let all: u64 = all.parse().unwrap();
    assert!(all >= 12 && all.is_multiple_of(12) && inputs == "9", "{run}");
    let page = folder.run(&["validate", "logs", "--format=html"]);
    let row = "<td class=\"n\">12</td><td class=\"n\">9</td><td><span class=\"error\">error</span> <code>missing-field</code>";
    assert!(page.contains(row) && page.contains("logs/0.jsonl") && !page.contains("logs/1.jsonl"), "{page}");
}
