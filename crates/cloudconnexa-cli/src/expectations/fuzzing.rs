//! Properties of files of expected findings, whatever bytes they have.

use std::path::Path;

use super::expectation::{Expectation, to_text};

/// A file is refused with line and column, or writing it again loses nothing.
pub(crate) fn expected(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match Expectation::parse(text) {
        Ok(Expectation::Findings(findings)) => {
            let again = to_text(Path::new("a.json"), findings.iter());
            for finding in &findings {
                assert!(finding.matches(finding) && finding.specificity() <= 3);
            }
            assert_eq!(Expectation::parse(&again), Ok(Expectation::Findings(findings)));
        }
        Ok(other) => panic!("a file can't contain {other:?}"),
        Err(message) => {
            let mut numbers = message.splitn(3, ':').map(|number| number.parse::<usize>().ok());
            let (line, column) = (numbers.next().flatten(), numbers.next().flatten());
            let line = line.and_then(|line| text.lines().nth(line.checked_sub(1)?));
            let length = line.map(|line| line.chars().count());
            assert!(
                length.zip(column).is_some_and(|(length, column)| (1..=length).contains(&column)),
                "{message}"
            );
        }
    }
}
