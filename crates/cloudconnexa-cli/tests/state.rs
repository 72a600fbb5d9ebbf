//! `--state`: which inputs are read again, and which state files are refused.

#![allow(clippy::disallowed_methods, reason = "tests touch files")]

mod common;

use std::fs;

use common::{BROKEN, Folder};

const VALID: &str = include_str!("../../../tests/corpus/documented/client-disconnected-v1.json");
const ARGS: [&str; 4] = ["validate", "--quiet", "--state=x.state", "logs"];

fn folder() -> Folder {
    Folder::with("logs/a.json", VALID).and("logs/b.json", VALID)
}

#[test]
fn only_new_and_changed_inputs_are_read() {
    let folder = folder();
    let args = ["validate", "--state=x.state", "logs"];
    let mut texts = vec![folder.run(&args), folder.run(&args)];
    let folder = folder.and("logs/c.json", BROKEN);
    texts.push(folder.run(&args));
    // An input with findings is not read again either.
    texts.push(folder.run(&args));
    let folder = folder.and("logs/a.json", format!("{VALID}{VALID}"));
    texts.push(folder.run(&args));
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn reports_of_an_earlier_run_are_kept_if_nothing_is_new() {
    let files = ["page.html", "list.txt", "all.json", "all.sarif", "all.xml"];
    let args = [
        "validate",
        "--state=x.state",
        "--report=page.html",
        "--format=concise=list.txt",
        "--format=json=all.json",
        "--format=sarif=all.sarif",
        "--format=junit=all.xml",
        "logs",
    ];
    let folder = folder().and("logs/c.json", BROKEN);
    assert_eq!(folder.exit_code(&args), Some(1));
    let before = files.map(|name| folder.text(name));
    assert!(before.iter().all(|text| text.contains("missing-field")));
    let text = folder.run(&args);
    assert!(text.contains("exit code: 0"), "{text}");
    let note = "note: nothing is new, so `list.txt`, `all.json`, `all.sarif`, `all.xml`, `page.html` are left as they \
                are; 3 inputs read before";
    assert!(text.contains(note), "{text}");
    assert_eq!(files.map(|name| folder.text(name)), before);
    // A step that takes up a report finds one in any case.
    fs::remove_file(folder.path("page.html")).unwrap();
    assert_eq!(folder.exit_code(&args), Some(0));
    assert!(folder.text("page.html").contains("<html"));
    // Standard output has no earlier content to keep.
    assert!(
        folder.run(&["validate", "--state=x.state", "--format=sarif", "logs"]).contains("\"results\":[]")
    );
    // What went wrong is reported, whatever is new.
    assert_eq!(folder.exit_code(&[&args[..], &["missing.json"]].concat()), Some(2));
    assert!(folder.text("all.sarif").contains("missing.json"));
    // So is what is new.
    let folder = folder.and("logs/d.json", VALID);
    assert_eq!(folder.exit_code(&args), Some(0));
    assert!(!folder.text("page.html").contains("missing-field"));
}

/// Whether they are written as they come or at the end, however much of the input follows them, and also if the baseline has
/// others like them.
#[test]
fn unreported_findings_are_reported_by_the_next_run() {
    let known = folder().and("logs/c.json", BROKEN);
    known.run(&["validate", "--quiet", "--write-baseline=known.json", "logs"]);
    let baseline = known.text("known.json");
    for (format, args) in [
        ("concise", &ARGS[..]),
        ("sarif", &ARGS),
        ("sarif", &[&ARGS[..], &["--baseline=known.json"]].concat()),
    ] {
        let content = BROKEN.repeat(2) + &VALID.repeat(2000);
        let folder = folder().and("logs/c.json", content).and("known.json", &baseline);
        let full = [args, &["--threads=2", "--format", format, "--output=no/such/folder"]].concat();
        assert!(folder.run(&full).contains("exit code: 2"));
        let state = folder.text("x.state");
        assert!(state.contains("c.json") && !state.contains("\"end\""), "{state}");
        assert!(folder.run(args).contains("exit code: 1"), "{args:?}");
        assert!(folder.run(args).contains("exit code: 0"), "{args:?}");
    }
}

/// Neither a full disk nor a reader that goes away has seen them.
#[cfg(target_os = "linux")]
#[test]
fn findings_that_did_not_arrive_are_reported_by_the_next_run() {
    use std::process::Stdio;

    for is_closed in [false, true] {
        let folder = folder().and("logs/c.json", BROKEN);
        let format = if is_closed { "--format=concise" } else { "--format=concise=/dev/full" };
        let mut command = folder.command(&[&ARGS[..], &[format]].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        let code = child.wait().unwrap().code();
        assert!(code.is_some_and(|code| code > 0), "{code:?}");
        assert_eq!(folder.exit_code(&ARGS), Some(1), "{is_closed}");
        assert_eq!(folder.exit_code(&ARGS), Some(0), "{is_closed}");
    }
}

#[test]
fn unreadable_inputs_are_not_remembered() {
    let folder = folder().and("logs/c.jsonl.gz", b"\x1f\x8b\x08\0\0\0\0\0");
    for _ in 0..2 {
        assert!(folder.run(&ARGS).contains("exit code: 2"));
    }
    assert!(!folder.text("x.state").contains("c.jsonl"));
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let folder = folder();
    folder.run(&ARGS);
    let path = folder.path("x.state");
    let state = fs::read_to_string(&path).unwrap();
    let mut texts = Vec::new();
    for (name, content) in [
        ("damaged", state.replace("a.json", "b.json")),
        ("another version", state.replacen(":1}", ":9}", 1)),
        ("foreign", VALID.to_owned()),
    ] {
        fs::write(&path, &content).unwrap();
        texts.push(format!("# {name}\n{}", folder.run(&ARGS)));
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    fs::write(&path, &state[..state.len() - 5]).unwrap();
    texts.push(format!("# torn\n{}", folder.run(&["validate", "--state=x.state", "logs"])));
    insta::assert_snapshot!(texts.join("\n"));
}

/// `ulimit -f` simulates a full disk. What was found is printed by then, so only the state is missing, and the next run reads
/// the same again.
#[cfg(unix)]
#[test]
fn a_state_that_cannot_be_written_fails_the_run() {
    let folder =
        (0..20).fold(Folder::new(), |folder, number| folder.and(&format!("logs/{number}.json"), VALID));
    assert_eq!(folder.exit_code(&ARGS), Some(0));
    let before = folder.bytes("x.state");
    let folder = folder.and("logs/new.json", BROKEN);
    let mut command = folder.program("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_ccxlog")]);
    let output = command.args(ARGS).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("cannot write to the state file `x.state`: File too large"), "{stderr}");
    assert!(
        folder.bytes("x.state") == before
            && String::from_utf8_lossy(&output.stdout).contains("missing-field")
    );
    assert_eq!(folder.exit_code(&ARGS), Some(1));
    assert_eq!(folder.exit_code(&ARGS), Some(0));
}

#[test]
fn files_of_a_scheduled_split_are_told_apart_and_left_alone_if_nothing_is_new() {
    let folder = Folder::with("a.jsonl", VALID).and("logs/x", "");
    for (args, problem) in [
        (["--accepted=x", "--rejected=logs/../x", "--state=s"], "`--accepted` and `--rejected` are both `x`"),
        (["--accepted=x", "--rejected=y", "--state=logs/../y"], "`--state` and an output are both"),
        (["--accepted=x", "--rejected=y", "--state=a.jsonl"], "`a.jsonl` is an input"),
    ] {
        let shown = folder.run(&[&["split", "a.jsonl"], &args[..]].concat());
        assert!(shown.contains("exit code: 2") && shown.contains(problem), "{shown}");
        assert_eq!(folder.names(), ["a.jsonl", "logs"], "{shown}");
    }
    let args = ["split", "a.jsonl", "--state=s", "--accepted=good.jsonl", "--rejected=bad.jsonl"];
    assert_eq!(folder.exit_code(&args), Some(0));
    assert_eq!(folder.text("good.jsonl"), VALID);
    let folder = folder.and("good.jsonl", "old");
    let shown = folder.run(&args);
    assert!(
        shown.contains("exit code: 0") && shown.contains("note: nothing is new, so the outputs"),
        "{shown}"
    );
    let shown = folder.run(&[&args[..], &["--quiet"]].concat());
    assert!(shown.ends_with("exit code: 0\n"), "{shown}");
    assert_eq!(folder.text("good.jsonl"), "old");
}

#[test]
fn a_split_says_that_the_end_of_its_state_is_dropped_unless_it_is_quiet() {
    for (more, is_said) in [(&[][..], true), (&["--quiet"], false)] {
        let folder = Folder::with("a.jsonl", VALID);
        let args = ["split", "a.jsonl", "--state=s", "--accepted=good.jsonl", "--rejected=bad.jsonl"];
        assert_eq!(folder.exit_code(&args), Some(0));
        let state = folder.text("s");
        fs::write(folder.path("s"), &state[..state.len() - 5]).unwrap();
        let shown = folder.run(&[&args[..], more].concat());
        assert!(shown.contains("exit code: 0"), "{shown}");
        assert_eq!(shown.contains("the last line of the state file `s` is incomplete"), is_said, "{shown}");
    }
}
