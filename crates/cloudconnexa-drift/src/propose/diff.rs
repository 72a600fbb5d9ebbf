//! Two texts as a unified diff.

use std::collections::HashMap;
use std::fmt::Write as _;

/// Lines of context.
const CONTEXT: usize = 3;
/// Pairs of lines that are compared each with each; what is longer is parted first.
const PAIRS: usize = 1 << 22;

/// A line of either text or of both, by its place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Both(usize, usize),
    Old(usize),
    New(usize),
}

/// The unified diff that makes `new` of `old`, which is called `name`; empty if they are the same.
pub(super) fn unified(old: &str, new: &str, name: &str) -> String {
    let (old_lines, new_lines): (Vec<_>, Vec<_>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut lines = Vec::new();
    compare(&old_lines, &new_lines, (0, 0), &mut lines);
    let changed: Vec<_> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Both(..)))
        .map(|(at, _)| at)
        .collect();
    let Some(first) = changed.first() else { return String::new() };
    let mut hunks = vec![(*first, *first)];
    for at in &changed[1..] {
        match hunks.last_mut() {
            Some((_, end)) if at - *end <= 2 * CONTEXT => *end = *at,
            _ => hunks.push((*at, *at)),
        }
    }
    let mut text = format!("--- a/{name}\n+++ b/{name}\n");
    for (start, end) in hunks {
        let hunk = &lines[start.saturating_sub(CONTEXT)..(end + CONTEXT + 1).min(lines.len())];
        head(&mut text, hunk, &lines[..start.saturating_sub(CONTEXT)]);
        for line in hunk {
            let (sign, line) = match *line {
                Line::Both(at, _) => (' ', old_lines[at]),
                Line::Old(at) => ('-', old_lines[at]),
                Line::New(at) => ('+', new_lines[at]),
            };
            text.push(sign);
            text.push_str(line);
            if !line.ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

fn head(text: &mut String, hunk: &[Line], before: &[Line]) {
    let count = |lines: &[Line], is_old: bool| {
        let counts = |line: &&Line| !matches!((line, is_old), (Line::New(_), true) | (Line::Old(_), false));
        lines.iter().filter(counts).count()
    };
    let range = |is_old: bool| {
        let (start, length) = (count(before, is_old), count(hunk, is_old));
        format!("{},{length}", if length > 0 { start + 1 } else { start })
    };
    let _ = writeln!(text, "@@ -{} +{} @@", range(true), range(false));
}

/// Compares what begins at `at` in the old and in the new text.
fn compare(old: &[&str], new: &[&str], at: (usize, usize), lines: &mut Vec<Line>) {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    lines.extend((0..same).map(|place| Line::Both(at.0 + place, at.1 + place)));
    let (old, new, at) = (&old[same..], &new[same..], (at.0 + same, at.1 + same));
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
    if old.is_empty() || new.is_empty() {
        lines.extend((0..old.len()).map(|place| Line::Old(at.0 + place)));
        lines.extend((0..new.len()).map(|place| Line::New(at.1 + place)));
    } else if old.len().saturating_mul(new.len()) <= PAIRS {
        each_with_each(old, new, at, lines);
    } else {
        let mut from = (0, 0);
        let mut anchors = anchors(old, new);
        if anchors.is_empty() {
            lines.extend((0..old.len()).map(|place| Line::Old(at.0 + place)));
            lines.extend((0..new.len()).map(|place| Line::New(at.1 + place)));
        } else {
            anchors.push((old.len(), new.len()));
            for to in anchors {
                compare(&old[from.0..to.0], &new[from.1..to.1], (at.0 + from.0, at.1 + from.1), lines);
                if to.0 < old.len() {
                    lines.push(Line::Both(at.0 + to.0, at.1 + to.1));
                }
                from = (to.0 + 1, to.1 + 1);
            }
        }
    }
    let (old_end, new_end) = (at.0 + old.len(), at.1 + new.len());
    lines.extend((0..same).map(|place| Line::Both(old_end + place, new_end + place)));
}

/// The longest common subsequence.
fn each_with_each(old: &[&str], new: &[&str], at: (usize, usize), lines: &mut Vec<Line>) {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for row in (0..old.len()).rev() {
        for column in (0..new.len()).rev() {
            longest[row * width + column] = if old[row] == new[column] {
                longest[(row + 1) * width + column + 1] + 1
            } else {
                longest[(row + 1) * width + column].max(longest[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < old.len() || column < new.len() {
        if row < old.len() && column < new.len() && old[row] == new[column] {
            lines.push(Line::Both(at.0 + row, at.1 + column));
            (row, column) = (row + 1, column + 1);
        } else if column == new.len()
            || row < old.len() && longest[(row + 1) * width + column] >= longest[row * width + column + 1]
        {
            lines.push(Line::Old(at.0 + row));
            row += 1;
        } else {
            lines.push(Line::New(at.1 + column));
            column += 1;
        }
    }
}

/// Lines that stand in either text once, as many as are in the same order.
fn anchors(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    fn once<'a>(lines: &[&'a str]) -> HashMap<&'a str, Option<usize>> {
        let mut places = HashMap::new();
        for (place, line) in lines.iter().enumerate() {
            places.entry(*line).and_modify(|place| *place = None).or_insert(Some(place));
        }
        places
    }
    let (in_old, in_new) = (once(old), once(new));
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    for (place, line) in old.iter().enumerate() {
        if let (Some(Some(_)), Some(Some(other))) = (in_old.get(line), in_new.get(line))
            && anchors.last().is_none_or(|(_, last)| last < other)
        {
            anchors.push((place, *other));
        }
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes the new text of the old one and the diff, as `patch` would.
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
    fn a_diff_makes_the_one_of_the_other() {
        let text = |lines: &[usize]| {
            lines.iter().fold(String::new(), |text, line| text + "line " + &line.to_string() + "\n")
        };
        let mut random = 1_u64;
        let mut next = |most: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from((random >> 33) % most).expect("small")
        };
        for round in 0..300 {
            let length = if round < 290 { 40 } else { 3000 };
            let old: Vec<_> =
                (0..next(length)).map(|line| if next(3) == 0 { next(4) } else { line }).collect();
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
}
