use super::*;

/// Applies a diff to the old text, as `patch` does.
fn apply(old: &str, diff: &str) -> String {
    let old: Vec<_> = old.split_inclusive('\n').collect();
    let (mut text, mut at) = (String::new(), 0);
    for line in diff.lines().skip(2) {
        if let Some(range) = line.strip_prefix("@@ -") {
            let (start, rest) = range.split_once(',').expect("a range");
            let length: usize = rest.split_once(' ').expect("a length").0.parse().expect("a number");
            let start: usize = start.parse().expect("a number");
            let start = if length > 0 { start - 1 } else { start };
            text.extend(old[at..start].iter().copied());
            at = start;
            continue;
        }
        match line.split_at(1) {
            (" ", line) => {
                assert_eq!(old[at], format!("{line}\n"));
                text.push_str(old[at]);
                at += 1;
            }
            ("-", line) => {
                assert_eq!(old[at], format!("{line}\n"));
                at += 1;
            }
            ("+", line) => text.extend([line, "\n"]),
            _ => panic!("{line}"),
        }
    }
    text.extend(old[at..].iter().copied());
    text
}

#[test]
fn applying_a_diff_gives_the_new_text() {
    let text = |lines: &[usize]| {
        lines.iter().fold(String::new(), |text, line| text + "line " + &line.to_string() + "\n")
    };
    let mut random = 1_u64;
    let mut next = |bound: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((random >> 33) % bound).expect("small")
    };
    for round in 0..300 {
        let length = if round < 290 { 40 } else { 3000 };
        let old: Vec<_> = (0..next(length)).map(|line| if next(3) == 0 { next(4) } else { line }).collect();
        let mut new = old.clone();
        for _ in 0..next(8) {
            let at = next(new.len() as u64 + 1);
            if next(2) == 0 || at == new.len() {
                new.insert(at, 10_000 + next(4));
            } else {
                new.remove(at);
            }
        }
        let (old, new) = (text(&old), text(&new));
        assert_eq!(apply(&old, &unified(&old, &new, "x")), new);
    }
    assert_eq!(unified("a\n", "a\n", "x"), "");
    assert_eq!(
        unified("a", "a\n", "x"),
        "--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"
    );
}
