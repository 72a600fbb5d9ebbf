//! `ccxlog convert`: valid events become rows, the rest is rejected, and a folder is replaced as a whole or not at all.

#![allow(clippy::disallowed_methods, reason = "tests make their inputs")]

mod common;

use std::fs;
use std::path::Path;

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
    // A file where a table is to be put, which no run has written.
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
mod parquet {
    use super::*;

    const ARGS: [&str; 7] = ["convert", "logs", "--to", "parquet", "-o", "lake", "-q"];

    fn parquet_files(folder: &Folder) -> Vec<String> {
        files(&folder.path("lake")).into_iter().filter(|name| name.ends_with(".parquet")).collect()
    }

    /// The contents of all tables. `packaging/tests/test_convert.py` has others read their rows.
    fn contents(folder: &Folder) -> Vec<(String, Vec<u8>)> {
        let names = parquet_files(folder).into_iter();
        names.map(|name| (name.clone(), folder.bytes(&format!("lake/{name}")))).collect()
    }

    #[test]
    fn tables_are_partitioned_by_day() {
        let folder = Folder::with("logs/events.jsonl", mixed());
        let output = folder.run(&["convert", "logs", "--to", "parquet", "-o", "lake"]);
        assert_snapshot!(output);
        assert_eq!(
            parquet_files(&folder),
            [
                "client_disconnected/event_day=2023-12-20/part-00000.parquet",
                "test_message/event_day=2023-11-09/part-00000.parquet",
                "unknown_event/event_day=2023-11-10/part-00000.parquet",
            ]
        );
    }

    #[test]
    fn security_lake_has_folders_of_its_own() {
        let folder = Folder::with("logs/events.jsonl", mixed());
        let convert = |more: &str| {
            let args = "convert logs --to ocsf --layout security-lake -o lake --rejected bad.jsonl";
            folder.run(&args.split(' ').chain(more.split_terminator(' ')).collect::<Vec<_>>())
        };
        let mut text = convert("");
        text += &convert("--lake-region eu-central-1");
        text += &convert("--lake-region eu-central-1 --lake-account 1234");
        text += &convert("--lake-region EU/../x --lake-account 123456789012");
        text += &convert("--lake-region eu-central-1 --lake-account 123456789012");
        assert_snapshot!(text);
        let partition = |class: &str, day: &str| {
            format!(
                "ext/cloudconnexa_{class}/region=eu-central-1/accountId=123456789012/eventDay={day}/part-00000.parquet"
            )
        };
        let expected = [
            partition("base_event", "20231109"),
            partition("base_event", "20231110"),
            partition("network_activity", "20231220"),
        ];
        assert_eq!(parquet_files(&folder), expected);
    }

    #[test]
    fn output_does_not_depend_on_the_number_of_threads() {
        let folder = Folder::new();
        fs::create_dir(folder.path("logs")).expect("a folder");
        folder.sample(
            "logs/a.jsonl",
            &["--events", "3000", "--seed", "1", "--span", "3d", "--invalid", "0.01"],
        );
        folder.sample("logs/b.jsonl", &["--events", "3000", "--seed", "2", "--span", "2d"]);
        let mut tables = Vec::new();
        for threads in ["1", "2", "8"] {
            let code = folder.exit_code(&[&ARGS[..], &["--threads", threads]].concat());
            assert_eq!(code, Some(1), "{threads}");
            assert!(parquet_files(&folder).len() > 20);
            tables.push(contents(&folder));
        }
        assert!(tables.iter().all(|other| *other == tables[0]));
    }

    /// Problem 14 of others: reruns that double. With a state file, runs add what is new, once.
    #[test]
    fn runs_with_a_state_file_add_what_is_new() {
        let folder = Folder::with("logs/a.jsonl", line("domain-blocked"));
        let args = [&ARGS[..], &["--state", "seen"]].concat();
        let run = |folder: &Folder| folder.run(&args);
        assert_eq!(code(&run(&folder)), 0);
        let first = contents(&folder);
        assert_eq!(first.len(), 1);
        assert_eq!(code(&run(&folder)), 0);
        assert_eq!(contents(&folder), first, "nothing is new");
        let folder = folder.and("logs/b.jsonl", line("domain-blocked").repeat(2));
        assert_eq!(code(&run(&folder)), 0);
        let both = contents(&folder);
        assert_eq!((both.len(), both.contains(&first[0])), (2, true));
        // Without its state, the inputs would be added again.
        fs::remove_file(folder.path("seen")).expect("it is there");
        assert_snapshot!(run(&folder));
        assert_eq!(contents(&folder), both);
        // Other columns would make a table of two kinds of files.
        let folder = folder.and("logs/c.jsonl", line("domain-blocked"));
        let other = folder.run(&[&args[..], &["--columns", "timestamp"]].concat());
        assert_eq!(code(&other), 2, "{other}");
    }

    /// A run was killed after it has put its files into place, and before its state file knew.
    #[test]
    fn files_of_a_run_that_its_state_does_not_know_are_replaced() {
        let folder = Folder::with("logs/a.jsonl", line("domain-blocked"));
        let args = [&ARGS[..], &["--state", "seen"]].concat();
        assert_eq!(folder.exit_code(&args), Some(0));
        let before = folder.bytes("seen");
        let manifest = folder.text("lake/_ccxlog.json");
        let folder = folder.and("logs/b.jsonl", line("domain-blocked"));
        assert_eq!(folder.exit_code(&args), Some(0));
        let (both, after) = (contents(&folder), folder.bytes("seen"));
        // The manifest as it was between the two.
        let mut pending: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let names = both.iter().map(|(name, _)| name);
        let added: Vec<_> = names.filter(|name| !manifest.contains(name.as_str())).collect();
        assert_eq!(added.len(), 1);
        let state = String::from_utf8(after.clone()).expect("UTF-8");
        let input = state.lines().rfind(|line| line.contains("b.jsonl")).expect("it was read");
        let mut input: serde_json::Value = serde_json::from_str(input).expect("JSON");
        let fields = input.as_object_mut().expect("an object");
        fields.remove("check");
        fields.remove("findings");
        pending["pending"] = serde_json::json!({ "files": added, "input": input });
        // It does not know: the inputs are read again, and their files replaced.
        fs::write(folder.path("seen"), &before).expect("a file");
        fs::write(folder.path("lake/_ccxlog.json"), pending.to_string()).expect("a file");
        assert_eq!(folder.exit_code(&args), Some(0));
        assert_eq!(contents(&folder), both);
        // It knows: the files stay, and nothing is read again.
        fs::write(folder.path("seen"), &after).expect("a file");
        fs::write(folder.path("lake/_ccxlog.json"), pending.to_string()).expect("a file");
        let folder = folder.and("logs/c.jsonl", line("domain-blocked"));
        assert_eq!(folder.exit_code(&args), Some(0));
        let three = contents(&folder);
        assert_eq!((three.len(), both.iter().all(|file| three.contains(file))), (3, true));
    }

    /// What a killed run leaves is removed by the next one.
    #[test]
    fn what_a_killed_run_leaves_is_removed() {
        let folder = Folder::with("logs/a.jsonl", line("domain-blocked"));
        assert_eq!(folder.exit_code(&ARGS), Some(0));
        let folder = folder.and("lake/.ccxlog-staging-1/domain_blocked/part-00000.parquet", "PAR1");
        assert_eq!(folder.exit_code(&ARGS), Some(0));
        assert!(!folder.path("lake/.ccxlog-staging-1").exists());
        assert_eq!(parquet_files(&folder).len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_signal_leaves_the_folder_as_it_was() {
        use std::io::Write as _;
        use std::time::{Duration, Instant};

        let folder = Folder::with("logs/a.jsonl", line("domain-blocked"));
        assert_eq!(folder.exit_code(&ARGS), Some(0));
        let before = files(&folder.path("lake"));
        let mut child = folder.start(&["convert", "-", "--to", "parquet", "-o", "lake"]);
        let mut input = child.stdin.take().expect("piped");
        let events = (line("domain-blocked") + "\n").repeat(2000);
        input.write_all(events.as_bytes()).expect("it reads");
        let staging = || {
            files(&folder.path("lake"))
                .into_iter()
                .any(|name| name.ends_with(".parquet") && name.starts_with('.'))
        };
        let started = Instant::now();
        while !staging() {
            assert!(started.elapsed() < Duration::from_secs(60), "no file was begun");
            std::thread::sleep(Duration::from_millis(10));
        }
        common::send_signal(&child, "-TERM");
        let output = child.wait_with_output().expect("it ends");
        drop(input);
        assert_eq!(output.status.code(), Some(143));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains("stopped by SIGTERM; nothing was put into place"), "{message}");
        assert_eq!(files(&folder.path("lake")), before);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn two_runs_do_not_write_to_one_folder() {
        let folder = Folder::with("logs/a.jsonl", line("domain-blocked"));
        let mut child = folder.start(&["convert", "-", "--to", "parquet", "-o", "lake"]);
        while !folder.path("lake/.ccxlog-lock").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert_snapshot!(folder.run(&ARGS));
        drop(child.stdin.take());
        child.wait().expect("it ends");
    }
}
