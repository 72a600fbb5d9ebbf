//! Edit distance between names, for «did you mean».

/// Returns the edit distance between two names, or `None` if `name` is probably not meant to be `known`.
pub(crate) fn distance(name: &str, known: &str) -> Option<usize> {
    // A much longer name is not a misspelling, and comparing it would take long.
    if name.len() > known.len() * 2 + 8 {
        return None;
    }
    let (name, known) = (bare(name), bare(known));
    let limit = (known.len() / 4).clamp(1, 3);
    if name.len().abs_diff(known.len()) > limit {
        return None;
    }
    Some(edits(&name, &known)).filter(|&edits| edits <= limit)
}

/// Returns the known name nearest to `name`, if any is near enough.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().filter_map(|known| Some((distance(name, known)?, known)));
    near.min_by_key(|&(distance, _)| distance).map(|(_, known)| known)
}

/// Removes what distinguishes `clientUUID`, `client_uuid` and `client-uuid`.
fn bare(name: &str) -> Vec<char> {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Counts insertions, deletions, replacements and swaps of neighbouring letters (optimal string alignment).
fn edits(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for row in 1..=one.len() {
        let mut here = vec![row];
        for column in 1..=other.len() {
            let same = one[row - 1] == other[column - 1];
            let mut least =
                (above[column - 1] + usize::from(!same)).min(above[column] + 1).min(here[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && one[row - 1] == other[column - 2]
                && one[row - 2] == other[column - 1];
            if swapped {
                least = least.min(before[column - 2] + 1);
            }
            here.push(least);
        }
        before = std::mem::replace(&mut above, here);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_has_a_small_distance() {
        for (name, known, expected) in [
            ("sessionBytesIn", "sessionBytesIn", 0),
            ("session_bytes_in", "sessionBytesIn", 0),
            ("SessionBytesIn", "sessionBytesIn", 0),
            ("clientUuid", "clientUUID", 0),
            ("aws_region", "aws-region", 0),
            ("sessionByteIn", "sessionBytesIn", 1),
            ("sessoinBytesIn", "sessionBytesIn", 1),
            ("logs", "log", 1),
            ("client-disconected", "client-disconnected", 1),
            ("disconnected", "disconnect", 2),
        ] {
            assert_eq!(distance(name, known), Some(expected), "{name} {known}");
        }
    }

    #[test]
    fn another_name_has_no_distance() {
        for (name, known) in [("", "log"), ("geo", "log"), ("sourcePort", "sourceIp"), ("tenant", "cloudId")]
        {
            assert_eq!(distance(name, known), None, "{name} {known}");
        }
        assert_eq!(distance(&"x".repeat(10_000_000), "log"), None);
    }

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("sessionBytesInn", ["sessionBytesOut", "sessionBytesIn"]), Some("sessionBytesIn"));
        assert_eq!(nearest("unheard-of", ["sessionBytesOut", "sessionBytesIn"]), None);
    }
}
