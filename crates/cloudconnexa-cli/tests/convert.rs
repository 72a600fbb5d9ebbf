//! `ccxlog convert`: valid events become rows, the rest is rejected, and a folder is replaced as a whole or not at all.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::path::Path;

use common::random::Random;
use common::{BROKEN, Folder, code, documented, line};
use insta::assert_snapshot;

fn mixed() -> String {
    let unknown_field = line("test-message").replacen('{', "{\"new\":[1, {\"a\":\"b\"}],", 1);
    let unknown_event = line("domain-blocked").replace("domain-blocked", "client-moved");
    [line("client-disconnected"), BROKEN.trim().to_owned(), unknown_field, unknown_event].join("\n") + "\n"
}

/// The paths of all files below a folder, with `/`.
fn files(folder: &Path) -> Vec<String> {
    fn collect(path: &Path, name: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(path).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{name}{}", entry.file_name().to_str().expect("UTF-8"));
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), found);
            } else {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    collect(folder, "", &mut found);
    found.sort();
    found
}

#[test]
fn one_table_goes_to_standard_output() {
    let folder = Folder::with("events.jsonl", mixed());
    let args = ["convert", "events.jsonl", "--to", "csv", "--event", "client-disconnected", "-o", "-"];
    assert_snapshot!(folder.run(&args));
}

/// The log of a CI job may be public.
#[test]
fn events_stay_out_of_the_log_of_ci() {
    let folder = Folder::with("events.jsonl", mixed());
    let run = |more: &[&str]| {
        let args =
            ["convert", "events.jsonl", "--to", "csv", "--event", "client-disconnected", "-q", "-o", "-"];
        let mut command = folder.command(&[&args, more].concat());
        let output = command.env("CI", "true").output().expect("the binary runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).lines().count())
    };
    assert_eq!(run(&[]), (Some(2), 0));
    assert_eq!(run(&["--show-values"]), (Some(1), 2));
}

#[test]
fn tables_go_to_a_folder() {
    let folder = Folder::with("events.jsonl", mixed());
    let args = ["convert", "events.jsonl", "--to", "csv", "-o", "tables", "--rejected", "bad.jsonl"];
    assert_snapshot!(folder.run(&args));
    assert_eq!(
        files(&folder.path("tables")),
        [".ccxlog-lock", "_ccxlog.json", "client_disconnected.csv", "test_message.csv", "unknown_event.csv"]
    );
    assert_snapshot!(folder.text("tables/unknown_event.csv"));
    assert_snapshot!(folder.text("tables/test_message.csv"));
    assert_snapshot!(folder.text("tables/_ccxlog.json"));
    // What was rejected can be replayed.
    let replayed = folder.run(&["replay", "bad.jsonl", "--accepted", "good", "--rejected", "still", "-q"]);
    assert_eq!(code(&replayed), 1, "{replayed}");
    assert_eq!(folder.text("still"), folder.text("bad.jsonl"));
}

#[test]
fn columns_are_selected_by_name() {
    let folder = Folder::with("events.jsonl", line("client-disconnected"));
    let convert = |columns: &str, more: &[&str]| {
        let args = ["convert", "events.jsonl", "--to", "csv", "-o", "-", "-q", "--columns", columns];
        folder.run(&[&args, more].concat())
    };
    let sessions = ["--event", "client-disconnected"];
    assert_snapshot!(convert("session_bytes_in,timestamp", &sessions));
    assert_snapshot!(convert("sessionBytesIn", &sessions));
    assert_snapshot!(convert("domain", &sessions));
}

/// Text that a spreadsheet would take for a formula, quotes and line ends.
#[test]
fn csv_is_quoted_and_guarded() {
    let event = line("client-disconnected").replacen("\"test\"", r#""=cmd|' /C calc'!A0""#, 1);
    let event = event.replacen("Ventura (13.3.1)", r#"a,\"b\"\nc"#, 1);
    let folder = Folder::with("events.jsonl", event);
    let args = "convert events.jsonl --to csv -o - -q --event client-disconnected --columns cloud_id,client_os_version";
    let args: Vec<_> = args.split(' ').collect();
    assert_snapshot!(folder.run(&args));
    let unguarded = folder.run(&[&args[..], &["--no-formula-guard"]].concat());
    assert!(unguarded.contains("\n=cmd|' /C calc'!A0,"), "{unguarded}");
}

#[test]
fn a_second_run_replaces_the_first() {
    let folder = Folder::with("events.jsonl", mixed());
    let args = ["convert", "events.jsonl", "--to", "csv", "-o", "tables", "-q"];
    assert_eq!(folder.exit_code(&args), Some(1));
    let folder = folder.and("events.jsonl", line("domain-blocked"));
    assert_eq!(folder.exit_code(&args), Some(0));
    let found = files(&folder.path("tables"));
    assert_eq!(found, [".ccxlog-lock", "_ccxlog.json", "domain_blocked.csv"]);
    assert_eq!(folder.text("tables/domain_blocked.csv").lines().count(), 2);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = Folder::with("events.jsonl", mixed()).and("photos/cat.jpg", "meow");
    let convert = |output| folder.run(&["convert", "events.jsonl", "--to", "csv", "-o", output]);
    assert_snapshot!(convert("photos"));
    assert_eq!(files(&folder.path("photos")), ["cat.jpg"]);
    // A file in the place of a table, which no run has written.
    assert_eq!(code(&convert("tables")), 1);
    let folder = folder.and("events.jsonl", line("domain-blocked")).and("tables/domain_blocked.csv", "mine");
    let convert = |output| folder.run(&["convert", "events.jsonl", "--to", "csv", "-o", output]);
    assert_snapshot!(convert("tables"));
    assert_eq!(folder.text("tables/domain_blocked.csv"), "mine");
    assert!(folder.path("tables/client_disconnected.csv").exists());
    // The list of files is not ours, or is damaged.
    for (name, manifest) in [
        ("list", "[]"),
        ("future", "{\"format\":2,\"form\":\"csv\",\"files\":[]}"),
        ("outside", "{\"format\":1,\"form\":\"csv\",\"files\":[\"../events.jsonl\"]}"),
        ("absolute", "{\"format\":1,\"form\":\"csv\",\"files\":[\"/etc/passwd\"]}"),
        ("other", "{\"format\":1,\"form\":\"parquet\",\"files\":[]}"),
    ] {
        let folder = Folder::with("events.jsonl", mixed()).and("tables/_ccxlog.json", manifest);
        let output = folder.run(&["convert", "events.jsonl", "--to", "csv", "-o", "tables"]);
        assert_snapshot!(name, output);
        assert_eq!(files(&folder.path("tables")), ["_ccxlog.json"], "{name}");
    }
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_read() {
    let folder = Folder::with("logs/events.jsonl", mixed()).and("file.csv", "");
    let mut text = String::new();
    for args in [
        "--to csv -o -",
        "--to parquet -o -",
        "--to csv -o file.csv",
        "--to csv -o tables --event client-disconected",
        "--to csv -o tables --columns timestmap",
        "--to csv -o tables --columns domain",
        "--to csv -o logs/tables",
        "--to csv -o tables --rejected logs/events.jsonl",
        "--to csv -o tables --rejected bad.jsonl --state bad.jsonl",
        "--to csv -o tables --state seen",
        "--to csv -o tables --max-record-bytes 2GiB",
        "--to ecs -o - --rejected -",
        "--to ocsf -o out.jsonl --columns timestamp",
        "--to ecs -o out.jsonl --ocsf-version 1.1",
        "--to ocsf -o out.jsonl --layout bulk",
        "--to ecs -o lake --layout security-lake",
        "--to ocsf -o out.jsonl --lake-region eu-central-1",
    ] {
        let args: Vec<_> = ["convert", "logs"].into_iter().chain(args.split(' ')).collect();
        let output = folder.run(&args);
        assert_eq!(code(&output), 2, "{output}");
        text.push_str(&output);
        text.push('\n');
    }
    assert_snapshot!(text);
    assert_eq!(folder.names(), ["file.csv", "logs"]);
}

/// What the lines hold is tested where they are made.
#[test]
fn events_become_lines_of_ocsf_and_ecs() {
    let folder = Folder::with("events.jsonl", mixed());
    let lines = |args: &str| {
        let args: Vec<_> = "convert events.jsonl -o out.jsonl --rejected bad.jsonl -q --to"
            .split(' ')
            .chain(args.split(' '))
            .collect();
        assert_eq!(folder.exit_code(&args), Some(1), "{args:?}");
        assert_eq!(folder.text("bad.jsonl").lines().count(), 1);
        let text = folder.text("out.jsonl");
        let parse = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        text.lines().map(parse).collect::<Vec<_>>()
    };
    let classes = |lines: &[serde_json::Value]| -> Vec<_> {
        lines
            .iter()
            .map(|line| (line["class_uid"].as_u64(), line["metadata"]["version"].to_string()))
            .collect()
    };
    let v1_8 = "\"1.8.0\"".to_owned();
    let expected = [(Some(4014), v1_8.clone()), (Some(0), v1_8.clone()), (Some(0), v1_8)];
    assert_eq!(classes(&lines("ocsf")), expected);
    let v1_1 = "\"1.1.0\"".to_owned();
    let expected = [(Some(4001), v1_1.clone()), (Some(0), v1_1.clone()), (Some(0), v1_1)];
    assert_eq!(classes(&lines("ocsf --ocsf-version 1.1")), expected);
    assert_eq!(lines("ecs").len(), 3);
    let bulk = lines("ecs --layout bulk");
    assert_eq!(bulk.len(), 6);
    assert_eq!(bulk[0]["create"]["_id"], bulk[1]["event"]["id"]);
    assert_eq!(lines("ocsf --event client-disconnected").len(), 1);
}

/// `convert` rejects the same bytes of damaged input as `split`, and converts every other record.
#[test]
fn damaged_records_are_rejected_and_no_other_is_lost() {
    let folder = Folder::new();
    let mut random = Random::new();
    let (mut converted, mut rejected) = (0, 0);
    for round in 0..45 {
        fs::write(folder.path("in"), random.damaged_events(&folder, round)).expect("a file");
        let run = |args: &str| folder.exit_code(&args.split(' ').collect::<Vec<_>>());
        let split = run("split in --accepted good --rejected bad -q");
        let convert = run("convert in --to ocsf -o out.jsonl --rejected bad-of-convert -q");
        assert_eq!(convert, split, "round {round}");
        assert_eq!(folder.text("bad-of-convert"), folder.text("bad"), "round {round}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        let lines = folder.text("out.jsonl");
        let lines = lines.lines().map(|line| parse(parse(line)["raw_data"].as_str().expect("the record")));
        let lines: Vec<_> = lines.collect();
        let good = folder.text("good");
        let good = serde_json::Deserializer::from_str(&good).into_iter::<serde_json::Value>();
        assert_eq!(lines, good.map(|event| event.expect("JSON")).collect::<Vec<_>>(), "round {round}");
        converted += lines.len();
        rejected += folder.text("bad").lines().count();
    }
    assert!(converted > 50 && rejected > 50, "{converted} converted, {rejected} rejected");
}

/// Events inside other records are rows; a record with an invalid one is rejected as a whole.
#[test]
fn wrapped_events_are_rows() {
    let wrap = |events: &[String]| {
        serde_json::json!({ "Records": events.iter().map(|event| {
        serde_json::from_str::<serde_json::Value>(event).expect("JSON")
    }).collect::<Vec<_>>() })
    };
    let good = wrap(&[line("domain-blocked"), line("client-disconnected")]).to_string();
    let bad = wrap(&[line("domain-blocked"), BROKEN.to_owned()]).to_string();
    let folder = Folder::with("events.json", format!("{good}\n{bad}\n"));
    let args = "convert events.json --unwrap --to csv -o tables --rejected bad.jsonl";
    assert_snapshot!(folder.run(&args.split(' ').collect::<Vec<_>>()));
    assert_eq!(folder.text("tables/domain_blocked.csv").lines().count(), 2);
    assert_eq!(folder.text("bad.jsonl").lines().count(), 1);
}

#[test]
fn an_unreadable_input_leaves_the_folder_as_it_is() {
    let folder = Folder::with("good.jsonl", line("domain-blocked"));
    assert_eq!(folder.exit_code(&["convert", "good.jsonl", "--to", "csv", "-o", "tables", "-q"]), Some(0));
    let damaged = common::gzip(documented("client-disconnected").repeat(3));
    let folder = folder.and("damaged.jsonl.gz", &damaged[..damaged.len() / 2]);
    let args = ["convert", "good.jsonl", "damaged.jsonl.gz", "--to", "csv", "-o", "tables"];
    assert_snapshot!(folder.run(&args));
    assert_eq!(files(&folder.path("tables")), [".ccxlog-lock", "_ccxlog.json", "domain_blocked.csv"]);
}

#[cfg(unix)]
#[test]
fn files_are_as_private_as_the_inputs() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with("events.jsonl", mixed());
    let mode = |name: &str| fs::metadata(folder.path(name)).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(folder.path("events.jsonl"), fs::Permissions::from_mode(0o600)).expect("it is ours");
    let args = ["convert", "events.jsonl", "--to", "csv", "-o", "tables", "-q"];
    assert_eq!(folder.exit_code(&args), Some(1));
    assert_eq!(mode("tables/client_disconnected.csv"), 0o600);
    assert_eq!(mode("tables/_ccxlog.json"), 0o600);
}

/// The statements themselves are tested where they are made, and executed by `packaging/tests/test_convert.py`.
#[test]
fn statements_are_printed_for_a_location_that_the_database_can_read() {
    let folder = Folder::with("lake/client_connected/event_day=2026-01-01/part-00000.parquet", "");
    let output = folder.run(&["ddl", "--for", "duckdb", "--location", "lake"]);
    let path = folder.path("lake/client_connected");
    assert!(output.contains(&format!("'{}/event_day=*/*.parquet'", path.display())), "{output}");
    assert_eq!(output.matches("There are no files of it yet").count(), 8, "{output}");
    assert_snapshot!(folder.run(&["ddl", "--for", "athena", "--location", "lake"]));
    assert_eq!(folder.exit_code(&["ddl", "--for", "athena", "--location", "s3://my-lake"]), Some(0));
}

#[cfg(feature = "parquet")]
#[path = "convert/parquet.rs"]
mod parquet;
