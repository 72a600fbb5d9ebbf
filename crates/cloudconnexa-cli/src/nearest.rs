//! "Did you mean": the known name that is nearest to a mistyped one.

/// The nearest of `known`, unless all are far off.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong, &name.to_ascii_lowercase()), name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["wrong-type", "too-long", "syntax"];
        assert_eq!(nearest("wrong_type", known), Some("wrong-type"));
        assert_eq!(nearest("Sintax", known), Some("syntax"));
        assert_eq!(nearest("something", known), None);
    }
}
