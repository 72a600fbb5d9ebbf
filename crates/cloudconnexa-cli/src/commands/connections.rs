//! `ccxlog sessions` with a question about connections: who was connected when, how many at once, and who connects too often.

use std::fmt::Write as _;

use cloudconnexa_report::Masking;
use cloudconnexa_report::sessions::FormulaGuard;

use super::query::suggested;
use super::sessions::{FinishedJob, Job, output_path};
use crate::args::TopFormat;
use crate::connections::{Answer, Question, QuestionKind};
use crate::data_output::{DataOutput, Unwritten, is_stdout};
use crate::exit::Exit;
use crate::size::{count, counted};
use crate::terminal;
use crate::visitors::connections::SharedConnections;

/// Answers a question.
pub(super) fn answer(job: Job<'_>, question: Question) -> Result<Exit, String> {
    let (args, output) = (job.args, output_path(job.args));
    let format = args.format.unwrap_or(match suggested(output) {
        Some("csv") => TopFormat::Csv,
        Some("json") => TopFormat::Jsonl,
        _ => TopFormat::Table,
    });
    // A file that was asked for has the values.
    let is_masked = is_stdout(output) && job.settings.report.values_for_people() == Masking::Masked;
    let limits = job.settings.check.window;
    let mut file = DataOutput::open(output, job.settings.read.access.of_output())?;
    let (finished, shared) = job.run(|builder| SharedConnections::register(builder, question, limits))?;
    let Some(collected) = shared.take() else { return Err("the answer was already taken".to_owned()) };
    let (events, invalid, left_out) = (collected.events, collected.invalid, collected.left_out);
    let Ok(answer) = collected.answer(question) else { return Err(too_many(question, limits.max_open)) };
    let text = summary(
        &answer,
        &finished,
        events,
        &[(invalid, "invalid, used as far as readable"), (left_out, "left out as invalid")],
    );
    if let Some(note) = answer.note.as_ref().filter(|_| !args.quiet) {
        terminal::note(note);
    }
    let guard = if args.no_formula_guard { FormulaGuard::Off } else { FormulaGuard::On };
    write(answer, format, guard, is_masked, &mut file);
    match file.finish(finished.is_whole()) {
        // Nothing more is printed. As not all was written, this is not a success.
        Err(Unwritten::Closed) => Ok(Exit::Failure),
        Err(Unwritten::Failed(message)) => Err(message),
        Ok(()) => finished.finish(&text, left_out),
    }
}

fn write(answer: Answer, format: TopFormat, guard: FormulaGuard, is_masked: bool, output: &mut DataOutput) {
    let (columns, rows) = answer.table(format, is_masked);
    let mut text = Vec::new();
    let written = match format {
        TopFormat::Table => return output.append(columns.render(&rows).as_bytes()),
        TopFormat::Csv => {
            let header = columns.write_csv_header(&mut text);
            header
                .and_then(|()| rows.into_iter().try_for_each(|row| columns.write_csv(&mut text, row, guard)))
        }
        TopFormat::Jsonl => rows.into_iter().try_for_each(|row| columns.write_json(&mut text, row)),
    };
    written.expect("a buffer takes what is written");
    output.append(&text);
}

/// Returns the summary that is printed at the end.
fn summary(answer: &Answer, finished: &FinishedJob<'_>, events: u64, others: &[(u64, &str)]) -> String {
    let counts = &finished.run.summary.counts;
    let mut text = format!(
        "{} {}, among {} in {} ({})\n",
        answer.text,
        counted(events, "event"),
        counted(counts.events().total(), "event"),
        counted(counts.inputs, "input"),
        finished.effort(),
    );
    let sessions = answer.others.iter().map(|(number, what)| (*number, what.clone()));
    let others = others.iter().map(|(number, what)| (*number, (*what).to_owned()));
    let others = others.chain(finished.run.summary.left_out.reasons());
    let mut blank = "";
    for part in [sessions.collect::<Vec<_>>(), others.collect()] {
        let part: Vec<_> = part.into_iter().filter(|(number, _)| *number > 0).collect();
        if !part.is_empty() {
            text.push_str(blank);
            blank = "\n";
        }
        for (number, what) in part {
            let _ = writeln!(text, "  {:>11} {what}", count(number));
        }
    }
    text
}

/// Says that there are more sessions than are kept, and what to do.
fn too_many(question: Question, max_open: usize) -> String {
    let open = count(max_open as u64);
    let what = match question.kind {
        QuestionKind::ActiveAt(_) => {
            let events = count(max_open.saturating_mul(2) as u64);
            format!("more than {events} events of sessions matter for this time")
        }
        QuestionKind::OfAll(_) => {
            let sessions = count(max_open.saturating_mul(10) as u64);
            format!(
                "there are more than {sessions} sessions, or more than {}",
                counted(max_open as u64, "user")
            )
        }
    };
    format!(
        "{what}, so nothing was written; read fewer inputs, as with `--since`, or raise `--max-open`, now {open}"
    )
}
