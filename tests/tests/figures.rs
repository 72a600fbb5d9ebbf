//! Checks that measured figures in the documentation say on what, of which commit and how they were measured.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Units of what is measured. Limits are in MiB.
const UNITS: &[&str] = &[" MB", " GB", " ns", " MB/s", " GB/s", " times the CPU time"];

/// Whether a number with such a unit is in the text.
fn has_figure(text: &str) -> bool {
    UNITS.iter().any(|unit| {
        text.match_indices(unit).any(|(at, _)| {
            let after = &text[at + unit.len()..];
            let is_whole = !after.chars().next().is_some_and(char::is_alphanumeric);
            // A summary that is shown without its time says how much was read.
            text[..at].ends_with(|c: char| c.is_ascii_digit()) && is_whole && !after.starts_with(", …)")
        })
    })
}

/// Whether the text names a processor, a commit and a command, as `cargo xtask bench` and `cargo xtask soak` print the first two.
fn has_provenance(text: &str) -> bool {
    let commits = text.split("commit `").skip(1).filter_map(|rest| rest.split_once('`'));
    let is_commit = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.contains("processor: ")
        && commits.map(|(commit, _)| commit).any(is_commit)
        && (text.contains("`cargo ") || text.contains("$ cargo ") || text.contains("$ ccxlog "))
}

fn pages() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let crates = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let folders =
        [root(), root().join("docs")].into_iter().chain(crates.flat_map(|path| [path.join("docs"), path]));
    for folder in folders {
        let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    pages.sort();
    pages
}

/// On the page itself, or on the one that the paragraph links to.
#[test]
fn figures_come_with_processor_commit_and_command() {
    let mut figures = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for paragraph in text.split("\n\n").filter(|paragraph| has_figure(paragraph)) {
            let links = paragraph.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
            let linked = links.filter_map(|link| fs::read_to_string(page.parent().unwrap().join(link)).ok());
            let is_known = has_provenance(&text) || linked.into_iter().any(|text| has_provenance(&text));
            assert!(
                is_known,
                "{}: say on which processor, at which commit and how this was measured: {paragraph}",
                page.display()
            );
            figures += 1;
        }
    }
    assert!(figures > 5, "{figures}");
}

#[test]
fn figures_are_numbers_with_a_unit_of_measurement() {
    for text in ["in 15 MB of memory", "| 9 MB |", "1.8 times the CPU time", "at 2723 MB/s"] {
        assert!(has_figure(text), "{text}");
    }
    for text in ["16 MiB", "all valid (7.1 MB, …)", "some MB", "3 MBit", "10 nsec", ""] {
        assert!(!has_figure(text), "{text}");
    }
    let whole = "(processor: A, 2 CPUs; commit `0123abc`) with `cargo xtask bench`";
    assert!(has_provenance(whole));
    for without in ["processor: ", "commit ", "0123", "`cargo "] {
        assert!(!has_provenance(&whole.replace(without, "")), "{without}");
    }
}
