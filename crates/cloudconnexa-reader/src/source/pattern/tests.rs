//! Compares patterns with those of the `glob` crate, and tries some that take exponential time there.

use glob::MatchOptions;

use super::{Extent, Pattern, Tokens};
use crate::source::testing::Random;

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

const PATTERN_PIECES: [&str; 22] = [
    "a", "b", "A", "ü", ".", "-", "/", "/", "/", "*", "*", "?", "**", "**/", "**/", "[", "]", "!", "[ab]",
    "[!a]", "[a-c]", "[]!-]",
];

const PATH_PIECES: [&str; 10] = ["a", "b", "c", "A", "ü", ".", "-", "]", "/", "/"];

#[test]
fn patterns_mean_what_they_mean_to_the_glob_crate() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut valid, mut matching) = (0, 0);
    for _ in 0..20_000 {
        let text = random.text(&PATTERN_PIECES, 8);
        let (ours, theirs) = (Tokens::parse(&text), glob::Pattern::new(&text));
        let (ours, theirs) = match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => (ours, theirs),
            (Err(ours), Err(theirs)) => {
                assert_eq!(ours, theirs.msg, "{text}");
                continue;
            }
            (ours, theirs) => panic!("{text}: {ours:?}, {theirs:?}"),
        };
        // It fails an assertion for some of these.
        if text.starts_with("**/**") {
            continue;
        }
        valid += 1;
        for _ in 0..20 {
            let path = random.text(&PATH_PIECES, 8);
            let expected = theirs.matches_with(&path, OPTIONS);
            assert_eq!(ours.matches(&path, Extent::Whole), expected, "{text} {path}");
            let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
            let expected = folders.chain([&*path]).any(|path| theirs.matches_with(path, OPTIONS));
            assert_eq!(ours.matches(&path, Extent::WholeOrFolder), expected, "{text} {path}");
            matching += u32::from(expected);
        }
    }
    // Patterns that never match would prove nothing.
    assert!(valid > 5_000 && matching > 5_000, "{valid} {matching}");
}

/// Trying one way after another, this test would not end.
#[test]
fn no_pattern_takes_exponential_time() {
    for (pattern, folders) in [
        ("**/a/".repeat(100) + "b", "a/".repeat(300)),
        ("**/*/".repeat(100) + "b", "a/".repeat(300)),
        ("*a".repeat(100) + "/b", "a".repeat(300) + "/"),
        ("**/*a*a*a/".repeat(30) + "b", "aaaaaa/".repeat(100)),
    ] {
        let pattern = Pattern::new(&pattern).unwrap();
        assert!(pattern.matches(&format!("{folders}b")), "{pattern:?}");
        assert!(!pattern.matches(&format!("{folders}c")), "{pattern:?}");
    }
}
