//! The commands that README and docs/answers.md show, run against a bucket, print what is shown there.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use super::*;

const ANSWERS: &str = include_str!("../../../../docs/answers.md");
const README: &str = include_str!("../../../../README.md");

/// What the pages call the bucket of the test server.
const SHOWN_BUCKET: &str = "s3://my-logs/";

/// A command of a page, and what it prints according to that page.
struct Shown {
    command: String,
    output: String,
}

/// Returns the commands of all `console` blocks. Lines that end with a backslash continue on the next.
fn commands_of(page: &str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let (mut is_console, mut is_continued) = (false, false);
    for line in page.lines() {
        if line.starts_with("```") {
            is_console = line == "```console";
        } else if is_console {
            let start = line.strip_prefix("$ ").map(str::to_owned);
            match (start, all.last_mut()) {
                (Some(command), _) => all.push(Shown { command, output: String::new() }),
                (None, Some(last)) if is_continued => last.command.push_str(line),
                (None, Some(last)) => last.output.extend([line, "\n"]),
                (None, None) => panic!("`{line}` belongs to no command"),
            }
            let last = all.last_mut().expect("the block starts with a command");
            is_continued = last.output.is_empty() && last.command.ends_with('\\');
            if is_continued {
                last.command.pop();
            }
        }
    }
    all
}

/// Splits a command as a shell does: at spaces outside of quotes, up to a comment.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in command.chars() {
        match (character, quote) {
            (end, Some(open)) if end == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            ('#', None) if word.is_none() => break,
            _ => word.get_or_insert_default().push(character),
        }
    }
    assert_eq!(quote, None, "an open quote in `{command}`");
    words.extend(word);
    words
}

/// Returns whether a page that shows `shown` is right about `printed`; a line `…` stands for any lines.
fn agrees(shown: &str, printed: &str) -> bool {
    let mut rest = printed;
    let parts: Vec<_> = shown.split("…\n").collect();
    for (index, part) in parts.iter().enumerate() {
        let found = match index {
            0 => rest.starts_with(part).then_some(0),
            _ if index + 1 == parts.len() => rest.ends_with(part).then(|| rest.len() - part.len()),
            _ => rest.find(part),
        };
        let Some(start) = found else { return false };
        rest = &rest[start + part.len()..];
    }
    parts.len() > 1 || rest.is_empty()
}

/// Uploads the folder that `ccxlog sample` wrote.
fn upload(folder: &Folder, server: &Server) {
    for entry in fs::read_dir(folder.path("CloudConnexa")).expect("the folder of the samples") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        server.put(&format!("CloudConnexa/{name}"), fs::read(&path).expect("a file"));
    }
}

/// Runs the commands of a page in order, and returns those whose program is another than `ccxlog`.
fn check(page: &str, folder: &Folder, server: &Server) -> BTreeSet<String> {
    let (mut others, mut code, mut is_code_shown) = (BTreeSet::new(), 0, true);
    for Shown { command: text, output: shown } in commands_of(page) {
        let words = words(&text.replace(SHOWN_BUCKET, "s3://logs/"));
        if words[0] == "echo" {
            assert_eq!(shown.trim_end(), code.to_string(), "{text}");
            is_code_shown = true;
            continue;
        }
        assert!(
            code == 0 || is_code_shown,
            "the command before `{text}` fails, which the page does not show"
        );
        let Some(args) = words.strip_prefix(&["ccxlog".to_owned()]) else {
            others.insert(text);
            continue;
        };
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        let mut command = command(folder, server, &args);
        let output = command.env("COLUMNS", "100").stdin(Stdio::null()).output().expect("the binary runs");
        (code, is_code_shown) = (output.status.code().expect("a code"), false);
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).expect("UTF-8").replace("s3://logs/", SHOWN_BUCKET);
        let printed = common::without_time(&printed);
        assert!(agrees(&shown, &printed), "`{text}` prints\n{printed}\nand the page shows\n{shown}");
        if args[0] == "sample" {
            upload(folder, server);
        }
    }
    assert!(code == 0 || is_code_shown, "the last command of the page fails, which the page does not show");
    others
}

#[test]
fn each_answer_is_what_its_command_prints() {
    let (folder, server) = (Folder::new(), Server::start());
    assert_eq!(check(ANSWERS, &folder, &server), BTreeSet::new());
    let page = folder.text("week.html");
    assert!(page.contains("<h2>Differences</h2>") && page.contains("sampleRiskScore"), "{page}");
    let table = folder.text("sessions.csv");
    assert!(table.starts_with("cloudId,sessionId,") && table.lines().count() > 500, "{table}");
    let events = folder.text("grace.jsonl");
    assert!(events.lines().count() > 4 && events.lines().all(|event| event.contains("grace.")), "{events}");
}

/// The questions that three people who tried `ccxlog` had, in their words.
#[test]
fn the_questions_of_new_users_are_answered() {
    let questions: Vec<_> = ANSWERS.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    for question in [
        "Sessions per user yesterday",
        "Who was refused",
        "Most-blocked domains",
        "Anything new in the format",
        "One user's events across the archive",
        "An export to a spreadsheet",
        "A page for a colleague",
        "A nightly check that does not repeat itself",
    ] {
        assert!(questions.contains(&question), "{question} is not among {questions:?}");
    }
}

#[test]
fn a_page_that_shows_something_else_is_wrong() {
    let cases = [("a\n", "a\n", true), ("a\n", "b\n", false), ("a\n", "a\nb\n", false), ("", "b\n", false)];
    let cut =
        [("a\n…\nc\n", "a\nb\nc\n", true), ("a\n…\nc\n", "a\nb\nd\n", false), ("…\nc\n", "b\nc\n", true)];
    for (shown, printed, is_right) in cases.into_iter().chain(cut) {
        assert_eq!(agrees(shown, printed), is_right, "{shown:?} {printed:?}");
    }
}

/// What builds `ccxlog` itself is left to the tests of the README's first command and of the packages.
#[test]
fn the_readme_shows_what_its_commands_print() {
    let (folder, server) = (Folder::new(), Server::start());
    let samples = ANSWERS.split("\n## ").next().expect("an introduction");
    assert_eq!(check(samples, &folder, &server), BTreeSet::new());
    let others = [
        "cargo install --locked --profile dist --path crates/cloudconnexa-cli",
        "cargo run --release --package cloudconnexa-cli --no-default-features -- validate tests/demo/events.jsonl",
        "cargo xtask ci",
    ];
    assert_eq!(check(README, &folder, &server), BTreeSet::from(others.map(str::to_owned)));
}
