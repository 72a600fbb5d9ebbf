//! Unified diffs.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt::Write as _;

/// The number of context lines around a change.
const CONTEXT: usize = 3;
/// The greatest number of pairs of lines to compare each with each; greater ranges are split first.
const MAX_PAIRS: usize = 1 << 22;

/// A line of either text or of both, by its index.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Both(usize, usize),
    Old(usize),
    New(usize),
}

/// Returns the unified diff that turns `old` into `new`, with `name` as the file name; empty if they are equal.
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
        header(&mut text, hunk, &lines[..start.saturating_sub(CONTEXT)]);
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

/// Writes the header of a hunk; `before` is what precedes the hunk.
fn header(text: &mut String, hunk: &[Line], before: &[Line]) {
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

/// Compares two ranges of lines, which start at the indices `at` of the old and the new text.
fn compare(old: &[&str], new: &[&str], at: (usize, usize), lines: &mut Vec<Line>) {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    lines.extend((0..same).map(|index| Line::Both(at.0 + index, at.1 + index)));
    let (old, new, at) = (&old[same..], &new[same..], (at.0 + same, at.1 + same));
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
    if old.is_empty() || new.is_empty() {
        lines.extend((0..old.len()).map(|index| Line::Old(at.0 + index)));
        lines.extend((0..new.len()).map(|index| Line::New(at.1 + index)));
    } else if old.len().saturating_mul(new.len()) <= MAX_PAIRS {
        compare_pairs(old, new, at, lines);
    } else {
        let mut from = (0, 0);
        let mut anchors = anchors(old, new);
        if anchors.is_empty() {
            lines.extend((0..old.len()).map(|index| Line::Old(at.0 + index)));
            lines.extend((0..new.len()).map(|index| Line::New(at.1 + index)));
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
    lines.extend((0..same).map(|index| Line::Both(old_end + index, new_end + index)));
}

/// Compares by the longest common subsequence.
fn compare_pairs(old: &[&str], new: &[&str], at: (usize, usize), lines: &mut Vec<Line>) {
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

/// Returns pairs of lines that occur exactly once in each text, as far as they are in the same order.
fn anchors(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    fn once<'a>(lines: &[&'a str]) -> HashMap<&'a str, Option<usize>> {
        let mut indices = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            indices.entry(*line).and_modify(|index| *index = None).or_insert(Some(index));
        }
        indices
    }
    let (in_old, in_new) = (once(old), once(new));
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    for (index, line) in old.iter().enumerate() {
        if let (Some(Some(_)), Some(Some(other))) = (in_old.get(line), in_new.get(line))
            && anchors.last().is_none_or(|(_, last)| last < other)
        {
            anchors.push((index, *other));
        }
    }
    anchors
}
