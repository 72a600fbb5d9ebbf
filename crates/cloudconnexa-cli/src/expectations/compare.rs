//! Compares the findings of a fixture with those that are expected.

use cloudconnexa_validator::Severity;

use super::{Expectation, ExpectedFinding, ObservedFinding, TestOutcome};
use crate::terminal::printable;
use cloudconnexa_report::text::style;

/// Compares findings with an expectation.
pub(super) fn compare(expectation: &Expectation, observed: &[ObservedFinding]) -> TestOutcome {
    match expectation {
        Expectation::Valid(by) => {
            let unexpected = observed.iter().filter(|observed| !observed.is_note());
            let unexpected: Vec<_> = unexpected.map(show).collect();
            if unexpected.is_empty() {
                return TestOutcome::Passed;
            }
            let expected = format!("{by} says that there are no errors and no warnings");
            TestOutcome::Failed { expected: Some(expected), missing: Vec::new(), unexpected }
        }
        Expectation::Rule(rule) => {
            let (of_rule, others): (Vec<_>, Vec<_>) =
                observed.iter().partition(|observed| observed.finding.rule == *rule);
            let severity = of_rule.iter().map(|observed| observed.finding.severity).max();
            let severity = severity.unwrap_or(Some(Severity::Warning)).max(Some(Severity::Warning));
            let unexpected = others.into_iter().filter(|observed| observed.finding.severity >= severity);
            let unexpected: Vec<_> = unexpected.map(show).collect();
            if unexpected.is_empty() && !of_rule.is_empty() {
                return TestOutcome::Passed;
            }
            let expected = format!(
                "the folder `{rule}` says that there are findings of that rule and no others as severe"
            );
            let missing = if of_rule.is_empty() { vec![(*rule).to_owned()] } else { Vec::new() };
            TestOutcome::Failed { expected: Some(expected), missing, unexpected }
        }
        Expectation::Findings(expected) => {
            let matched = match_findings(expected, observed);
            let missing = expected.iter().enumerate().filter(|(index, _)| !matched.contains(&Some(*index)));
            let missing: Vec<_> = missing.map(|(_, finding)| finding.to_string()).collect();
            let unexpected = observed
                .iter()
                .zip(&matched)
                .filter(|(observed, matched)| matched.is_none() && !observed.is_note());
            let unexpected: Vec<_> = unexpected.map(|(observed, _)| show(observed)).collect();
            if missing.is_empty() && unexpected.is_empty() {
                return TestOutcome::Passed;
            }
            TestOutcome::Failed { expected: None, missing, unexpected }
        }
    }
}

fn show(observed: &ObservedFinding) -> String {
    format!("{}: {}", observed.finding, printable(&observed.message))
}

/// Returns for each observed finding the index of the expected one that it is matched with.
///
/// As many as possible are matched: an unspecific expectation must not take the only finding that a specific one matches
/// (Kuhn's algorithm).
fn match_findings(expected: &[ExpectedFinding], observed: &[ObservedFinding]) -> Vec<Option<usize>> {
    fn assign(
        index: usize,
        expected: &[ExpectedFinding],
        observed: &[ObservedFinding],
        matched: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        let fits = |candidate: &usize| expected[index].matches(&observed[*candidate].finding);
        // A finding that is free will do; else one that its current match can give up for another.
        let is_free = |candidate: &usize| matched[*candidate].is_none() && fits(candidate);
        if let Some(free) = (0..observed.len()).find(is_free) {
            matched[free] = Some(index);
            return true;
        }
        for candidate in (0..observed.len()).filter(fits) {
            if !std::mem::replace(&mut tried[candidate], true)
                && matched[candidate].is_some_and(|other| assign(other, expected, observed, matched, tried))
            {
                matched[candidate] = Some(index);
                return true;
            }
        }
        false
    }
    let mut matched = vec![None; observed.len()];
    // Specific expectations match few findings, which is quick.
    let mut order: Vec<_> = (0..expected.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(expected[*index].specificity()));
    for index in order {
        assign(index, expected, observed, &mut matched, &mut vec![false; observed.len()]);
    }
    matched
}

/// Formats a difference, with colours.
pub(crate) fn difference(missing: &[String], unexpected: &[String]) -> String {
    let (bad, good) = (style::of(Severity::Error), style::GOOD);
    let missing = missing.iter().map(|line| format!("  {bad}- {line}{bad:#}  (expected, not found)\n"));
    let unexpected =
        unexpected.iter().map(|line| format!("  {good}+ {line}{good:#}  (found, not expected)\n"));
    missing.chain(unexpected).collect()
}
