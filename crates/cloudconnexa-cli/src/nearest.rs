//! "Did you mean": the known name that is nearest to a misspelt one.

#[cfg(test)]
mod tests;

/// Returns the name in `known` with the smallest edit distance to `wrong`, unless all are too different.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .filter_map(|name| Some((distance(wrong, name)?, name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns the edit distance between two names, unless they are too different for one to be a misspelling of the other.
pub(crate) fn distance(wrong: &str, name: &str) -> Option<usize> {
    let distance = strsim::damerau_levenshtein(&wrong.to_ascii_lowercase(), &name.to_ascii_lowercase());
    (distance <= name.len().max(3) / 3).then_some(distance)
}
