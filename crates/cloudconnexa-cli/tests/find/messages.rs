//! Messages about wrong usage, a search that finds nothing, and conditions that no valid event meets.

use serde_json::Value;

use super::common::{Folder, line};
use super::{find, output};

#[test]
fn wrong_usage_is_refused_with_what_is_right() {
    let folder = Folder::with("a.jsonl", line("test-message") + "\n");
    for (args, expected) in [
        (&["--where", "alowed=true"][..], "no field `alowed`; did you mean `allowed`?"),
        (&["--fields", "domian"], "no field `domian`; did you mean `domain`?"),
        (&["--fields", "domain,domain"], "`--fields` has `domain` twice"),
        (&["--event", "domain-bloked"], "did you mean `domain-blocked`?"),
        (&["--event", "client-*"], "`client-*` is a pattern; write `--where 'eventName~client-*'`"),
        (&["--fields", "event"], "no field `event`; did you mean `eventName`?"),
        (&["--fields", "ip"], "no field `ip`; did you mean `publicIp`, "),
        (&["--fields", "session"], "no field `session`; did you mean `session"),
        (
            &["--fields", "log.colour"],
            "one that the schema does not describe is named by its JSON Pointer, such as `/log/colour`",
        ),
        (
            &["--fields", "log/colour"],
            "one that the schema does not describe is named by its JSON Pointer, such as `/log/colour`",
        ),
        (
            &["--fields", "log.region"],
            "did you mean `log.aws-region`? One that the schema does not describe is named by its JSON Pointer: `/log/region`",
        ),
        (&["--fields", "colour"], "named by its JSON Pointer, such as `/log/colour`"),
        (&["--ip", "203.0.113"], "`203.0.113` is not an address"),
        (&["--between", "2026-01-02", "2026-01-01"], "swap them"),
        (&["--between", "yesterday", "0s"], "expected a timestamp"),
        (&["--format", "csv"], "--fields"),
        (&["--head", "1", "--state", "s"], "cannot be used with"),
        (&["--head", "0"], "invalid value"),
        (&["--count", "--fields", "domain"], "cannot be used with"),
        (&["-o", "a.jsonl"], "`a.jsonl` is an input, and would be overwritten"),
        (&["-o", "s", "--state", "s"], "`--state` and `--output` are both `s`"),
        (&["-o", "out.zst"], "gzip is the only compression"),
    ] {
        let shown = folder.run(&[&["find", "a.jsonl"], args].concat());
        assert!(shown.contains("exit code: 2") && shown.contains(expected), "{shown}");
        assert_eq!(folder.names(), ["a.jsonl"]);
    }
    // As for `validate`, it is one object per line.
    let of = |format: &str| find(&folder, &["a.jsonl", "--fields", "eventName", "--format", format]);
    assert_eq!((of("json"), of("jsonl")), (of("jsonl"), "{\"eventName\":\"test-message\"}\n".to_owned()));
    let shown = folder.run(&["top", "a.jsonl", "--by=eventName", "--format=json"]);
    assert!(shown.contains("{\"eventName\":\"test-message\",\"count\":1}\n"), "{shown}");
    let shown = folder.run(&["find", "a.jsonl", "--fields", "category"]);
    assert!(
        shown.contains("note: `category` is the field of the header; that of `log` is `log.category`"),
        "{shown}"
    );
}

/// Runs a search with one and with five threads, and returns its notes, which have to be the same.
fn notes(folder: &Folder, args: &[&str]) -> Vec<String> {
    let run = |threads: &str| {
        let output = output(folder, &[args, &["--threads", threads]].concat());
        let shown = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(output.status.success(), "{args:?}: {shown}");
        let notes = shown.lines().filter_map(|line| line.strip_prefix("note: "));
        notes.map(str::to_owned).collect::<Vec<_>>()
    };
    let one = run("1");
    assert_eq!(one, run("5"), "{args:?} depends on threads");
    one
}

/// Nothing found is no mistake, but may come from one, so the filter that was one too many is named.
#[test]
fn a_search_that_finds_nothing_says_which_filter_no_record_meets() {
    let ended = line("client-disconnected");
    let folder = Folder::with("logs/a.jsonl", [&*ended, &line("test-message"), ""].join("\n"))
        .and("logs/b.jsonl", line("domain-blocked") + "\n");
    for (filter, expected) in [
        (
            &["--event", "user-created"][..],
            "of 3 records, none is named `user-created`; `ccxlog top --by eventName` counts",
        ),
        (
            &["--between", "1999-01-01", "1999-01-02"],
            "of 3 records, none is in the time of `--between`; they are from 20",
        ),
        (&["--session", "nobody*"], "of 3 records, none has `nobody*` as `clientSessionId`"),
        (
            &["--user", "nobody"],
            "of 3 records, none has `nobody` as `userId` or `userName`; `*` matches any characters, as in `--user '*nobody*'`",
        ),
        (&["--ip", "192.0.2.99"], "of 3 records, none has the address `192.0.2.99`"),
        (&["--invalid"], "of 3 records, none is invalid"),
        (&["--unknown"], "of 3 records, none has anything that the schema does not know"),
        (&["--where", "/log/region=x"], "of 3 records, none has the field `/log/region`"),
        (
            &["--event", "client-disconnected", "--where", "clientSessionId=x"],
            "of 1 record left by `--event`, none meets `clientSessionId=x`",
        ),
        (
            &[
                "--event",
                "client-disconnected,domain-blocked",
                "--where",
                "eventName~*n*",
                "--where",
                "/log/region=x",
            ],
            "of 2 records left by `--event` and `--where`, none has the field `/log/region`",
        ),
    ] {
        for command in [&["find", "logs", "--count"][..], &["top", "logs", "--by", "eventName"]] {
            let notes = notes(&folder, &[command, filter].concat());
            let start = format!("nothing was found: {expected}");
            assert!(notes.len() == 1 && notes[0].starts_with(&start), "{filter:?}: {notes:?}");
        }
    }
    // Not if something was found, in whatever file, and not if it is not wanted.
    for args in [&["find", "logs", "--count"][..], &["find", "logs", "--event", "test-message", "--count"]] {
        assert_eq!(notes(&folder, args), [""; 0]);
    }
    assert_eq!(notes(&folder, &["find", "logs", "--ip", "192.0.2.99", "--quiet"]), [""; 0]);
}

#[test]
fn similar_users_are_suggested_if_there_are_few_and_values_may_be_shown() {
    let event = line("client-disconnected");
    let name = "Ann Example";
    let named = |name: &str| {
        let mut event: Value = serde_json::from_str(&event).expect("JSON");
        event["parentEntityName"] = name.into();
        event.to_string() + "\n"
    };
    let folder = Folder::with("logs/a.jsonl", named(name) + &named("Grace Hopper"))
        .and("logs/b.jsonl", named("grave"));
    let found = find(&folder, &["logs", "--user", name, "--count"]);
    assert_eq!(found, "1\n");
    let search = |user: &str| notes(&folder, &["find", "logs", "--count", "--user", user]).concat();
    assert!(search("hopper").ends_with("; did you mean `Grace Hopper`?"), "{}", search("hopper"));
    assert!(search("graze").ends_with("; did you mean `grave`?"), "{}", search("graze"));
    // In the log of a pipeline, they are not shown.
    let output = folder
        .command(&["find", "logs", "--count", "--user=hopper"])
        .env("CI", "true")
        .output()
        .expect("it runs");
    let shown = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(shown.contains("of 3 records, none has `hopper`") && !shown.contains("Grace"), "{shown}");
    // More than can be kept are not suggested, whichever thread has seen them first.
    let many: String = (0..600).map(|number| named(&format!("Grace Hopper {number}"))).collect();
    let folder = folder.and("logs/c.jsonl", many);
    let notes = notes(&folder, &["find", "logs", "--count", "--user", "hopper"]).concat();
    assert!(notes.contains("of 603 records, none") && !notes.contains("Grace"), "{notes}");
}

#[test]
fn conditions_that_no_valid_event_meets_are_doubted() {
    let folder = Folder::with("a.jsonl", line("domain-blocked") + "\n");
    for (condition, expected) in [
        (
            "allowed=False",
            "`allowed` is `true` or `false`, so no valid event that has it meets `allowed=False`; did you mean `allowed=false`?",
        ),
        (
            "allowed!=YES",
            "so every valid event that has it meets `allowed!=YES`; did you mean `allowed!=true`?",
        ),
        ("allowed>0", "`allowed` is `true` or `false`, so no valid event that has it meets `allowed>0`"),
        ("refused=yes", "did you mean `refused=true`?"),
        ("destinationPort=https", "`destinationPort` is a whole number from 0 to 65535, so no valid event"),
        ("destinationPort=70000", "`destinationPort` is a whole number from 0 to 65535, so no valid event"),
        ("sessionBytesIn=-1", "`sessionBytesIn` is a whole number of at least 0, so no valid event"),
        ("sessionBytesIn>2026-11-01", "`sessionBytesIn` is a whole number of at least 0, so no valid event"),
        ("/log/domian=x", "the schema does not describe `/log/domian`; did you mean `/log/domain`?"),
        ("/evntName=x", "the schema does not describe `/evntName`; did you mean `/eventName`?"),
    ] {
        let notes = notes(&folder, &["find", "a.jsonl", "--count", "--where", condition]);
        assert!(notes.first().is_some_and(|note| note.contains(expected)), "{condition}: {notes:?}");
    }
    for condition in [
        "allowed=true",
        "allowed!=false",
        "destinationPort=443.0",
        "destinationPort>1",
        "/log/region!=x",
        "domain!=5",
    ] {
        let notes = notes(&folder, &["find", "a.jsonl", "--count", "--where", condition]);
        assert!(notes.iter().all(|note| note.starts_with("nothing was found")), "{condition}: {notes:?}");
    }
}
