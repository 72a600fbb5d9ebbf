//! Folders of Parquet: partitions, runs that replace files, runs that add files, and killed runs.

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
    folder.sample("logs/a.jsonl", &["--events", "3000", "--seed", "1", "--span", "3d", "--invalid", "0.01"]);
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
    let folder = folder.and("logs/b.jsonl", (line("domain-blocked") + "\n").repeat(2));
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

/// A run that fails leaves nothing: neither a folder that it has created, nor files in one that was there.
#[test]
fn a_failed_run_leaves_nothing() {
    let damaged = super::common::gzip(documented("client-disconnected").repeat(3));
    let folder = Folder::with("empty.jsonl", "")
        .and("damaged.jsonl.gz", &damaged[..damaged.len() / 2])
        .and("logs/a.jsonl", line("domain-blocked"));
    for input in ["empty.jsonl", "damaged.jsonl.gz", "missing.jsonl"] {
        for threads in ["1", "4"] {
            let args = ["convert", input, "--to", "parquet", "-o", "new", "--threads", threads];
            assert_eq!(folder.exit_code(&args), Some(2), "{input}");
            assert!(!folder.path("new").exists(), "{input}, {threads} threads");
        }
    }
    assert_eq!(folder.exit_code(&ARGS), Some(0));
    let before = files(&folder.path("lake"));
    assert_eq!(
        folder.exit_code(&["convert", "damaged.jsonl.gz", "--to", "parquet", "-o", "lake", "-q"]),
        Some(2)
    );
    assert_eq!(files(&folder.path("lake")), before);
}

/// A run removes the staging folder of one that was killed.
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

/// The memory does not depend on the length of the input, on how many days it has, or on how many unknown events.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    use super::common::memory::peak_until_end;

    let folder = Folder::new();
    fs::create_dir(folder.path("logs")).expect("a folder");
    folder.sample("logs/a.jsonl", &["--events", "20000", "--span", "60d"]);
    let unknown = line("domain-blocked");
    let unknown: String =
        (0..20_000).map(|n| unknown.replace("domain-blocked", &format!("new-{n}")) + "\n").collect();
    let long = line("test-message").replacen('{', &format!("{{\"new\":\"{}\",", "x".repeat(8 << 20)), 1);
    let folder = folder.and("logs/b.jsonl", unknown).and("logs/c.jsonl", format!("{long}\n{long}\n{long}\n"));
    let mut child = folder.start(&[&ARGS[..], &["--threads", "2"]].concat());
    let peak = peak_until_end(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(peak < 170 << 10, "{peak} KiB");
    assert!(parquet_files(&folder).len() > 400);
}
