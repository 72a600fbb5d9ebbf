//! The table of events and questions.

use cloudconnexa_compat::{Answer, EventVerdict, Question, Size};

use super::view::SchemaDiff;

/// The heading of a question.
fn heading(question: Question) -> &'static str {
    match question {
        Question::Backward => "old events, new schema",
        Question::Forward => "new events, old schema",
        Question::Openness => "unknown still let in",
        Question::AllOld => "all that was valid still is",
        Question::AllNew => "all that is valid was before",
        _ => "types (Rust)",
    }
}

/// Returns rows of cells, the first with the headings.
pub(super) fn rows(diff: &SchemaDiff<'_>) -> Vec<Vec<String>> {
    let comparison = diff.comparison;
    let questions: Vec<Question> = comparison
        .events
        .first()
        .into_iter()
        .flat_map(|verdict| &verdict.answers)
        .map(|(question, _)| *question)
        .collect();
    let mut headings = vec![String::new()];
    headings.extend(questions.iter().map(|question| heading(*question).to_owned()));
    headings.push(heading(Question::Types).to_owned());
    let mut rows = vec![headings];
    for verdict in &comparison.events {
        let mut row = vec![verdict.event.clone().unwrap_or_else(|| "(any other)".to_owned())];
        row.extend(verdict.answers.iter().map(|(question, answer)| cell(diff, verdict, *question, *answer)));
        row.push(verdict.types.map_or("–", Size::name).to_owned());
        rows.push(row);
    }
    rows
}

fn cell(diff: &SchemaDiff<'_>, verdict: &EventVerdict, question: Question, answer: Answer) -> String {
    match answer {
        Answer::NotApplicable => "–".to_owned(),
        Answer::Same => "yes, the same".to_owned(),
        Answer::Proved => "yes, proved".to_owned(),
        Answer::No => {
            let is_own = |example: &&cloudconnexa_compat::CounterExample| {
                example.event == verdict.event && example.question == question
            };
            match diff.comparison.examples.iter().filter(is_own).count() {
                1 => "NO, 1 event".to_owned(),
                many => format!("NO, {many} events"),
            }
        }
        Answer::Contradiction => "undecided: proof and event disagree".to_owned(),
        _ => "undecided".to_owned(),
    }
}
