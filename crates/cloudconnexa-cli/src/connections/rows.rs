//! Answers as rows of a table.

use std::collections::HashSet;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_report::sessions::{SESSION_COLUMNS, SessionRow};
use cloudconnexa_report::table::{Cell, Columns};
use cloudconnexa_validator::sessions::{ConnectionSpans, FrequentUser, Peak, Session};
use serde_json::Value;

use super::QuestionOfAll;
use crate::args::{PeriodName, TopFormat};
use crate::size::counted;
use crate::time::format_duration;

/// The answer to a question.
#[derive(Debug)]
pub(crate) struct Answer {
    columns: Vec<&'static str>,
    /// The columns that a table for people has, if it has not all of them.
    for_people: Option<&'static [&'static str]>,
    rows: Vec<Vec<AnswerCell>>,
    /// The first words of the summary.
    pub(crate) text: String,
    /// Further counts for the summary.
    pub(crate) others: Vec<(u64, String)>,
    /// What to know about the answer.
    pub(crate) note: Option<String>,
}

/// A cell, and whether it has a value of an event, which may be masked.
#[derive(Debug)]
struct AnswerCell {
    cell: Cell<'static>,
    is_value: bool,
}

/// The columns of sessions that a table for people has.
const FOR_PEOPLE: [&str; 7] =
    ["start", "userId", "userName", "device", "publicIp", "gatewayRegionName", "end"];

/// Starts that are too old to matter are not kept, so it is not known whether they were read.
const NOT_KNOWN: &str = "connectedSeen";

/// The columns of sessions that say nothing about who it was.
const NOT_MASKED: [&str; 3] = ["start", "end", "incompleteBecause"];

impl Answer {
    pub(super) fn active(sessions: &[Session], at: i64, newest: Option<i64>) -> Self {
        let columns: Vec<_> = SESSION_COLUMNS.into_iter().filter(|column| *column != NOT_KNOWN).collect();
        let rows = sessions.iter().map(|session| {
            let row = serde_json::to_value(SessionRow::new(session)).unwrap_or_default();
            columns.iter().map(|column| json_cell(column, &row[*column])).collect()
        });
        let users: HashSet<_> = sessions
            .iter()
            .filter_map(|session| Some((&session.fields.cloud_id, session.fields.user_id.as_ref()?)))
            .collect();
        let open = sessions.iter().filter(|session| !session.disconnected).count() as u64;
        Self {
            rows: rows.collect(),
            columns,
            for_people: Some(&FOR_PEOPLE),
            text: format!(
                "{} of {} at {}, from",
                counted(sessions.len() as u64, "session"),
                counted(users.len() as u64, "user"),
                time(at)
            ),
            others: vec![(open, "without an end, as far as was read".to_owned())],
            note: newest.filter(|newest| *newest < at).map(|newest| {
                format!(
                    "the newest event of a session is from {}, before `--active-at {}`: later ones are missing",
                    time(newest),
                    time(at)
                )
            }),
        }
    }

    pub(super) fn of_all(spans: &ConnectionSpans, question: QuestionOfAll, dead_after: i64) -> Self {
        let (columns, rows): (_, Vec<_>) = match question {
            QuestionOfAll::Concurrent(period) => {
                let columns =
                    vec![period.name(), "users", "usersAt", "sessions", "sessionsAt", "distinctUsers"];
                (columns, spans.peaks(period.period()).iter().map(|peak| peak_row(peak, period)).collect())
            }
            QuestionOfAll::Reconnecting(least) => {
                let columns = vec!["day", "cloudId", "userId", "userName", "connections", "refused"];
                (columns, spans.frequent(least).iter().map(frequent_row).collect())
            }
        };
        let is_of_time = matches!(question, QuestionOfAll::Concurrent(_));
        let dead = format!("without an end, which count as dead after {}", format_duration(dead_after));
        Self {
            text: format!("{} of", counted(spans.sessions, "session")),
            columns,
            for_people: None,
            rows,
            others: vec![
                (spans.without_user, "of nobody, such as those of connectors of networks".to_owned()),
                (if is_of_time { spans.dead } else { 0 }, dead),
                (spans.implausible, "left out, as their times cannot be right".to_owned()),
            ],
            note: None,
        }
    }

    /// Returns the columns and rows of this format. Values of events are masked if `is_masked`.
    pub(crate) fn table(self, format: TopFormat, is_masked: bool) -> (Columns, Vec<Vec<Cell<'static>>>) {
        let shown = self.for_people.filter(|_| format == TopFormat::Table).unwrap_or(&self.columns);
        let index = |name: &&str| self.columns.iter().position(|column| column == name);
        let indexes: Vec<usize> = shown.iter().filter_map(index).collect();
        let columns = Columns::new(indexes.iter().map(|index| self.columns[*index]));
        let cell = |cell: &AnswerCell| {
            let is_shown = !is_masked || !cell.is_value || cell.cell == Cell::Missing;
            if is_shown { cell.cell.clone() } else { Cell::Text("masked".into()) }
        };
        let rows = self.rows.iter().map(|row| indexes.iter().map(|index| cell(&row[*index])).collect());
        (columns, rows.collect())
    }
}

fn json_cell(column: &str, value: &Value) -> AnswerCell {
    let is_value = !value.is_boolean() && !NOT_MASKED.contains(&column);
    let cell = match value {
        Value::Null => Cell::Missing,
        Value::String(text) => Cell::Text(text.clone().into()),
        other => Cell::Json(other.to_string().into()),
    };
    AnswerCell { cell, is_value }
}

fn peak_row(peak: &Peak, period: PeriodName) -> Vec<AnswerCell> {
    let at = |micros: Option<i64>| micros.map_or(Cell::Missing, |micros| Cell::Text(time(micros).into()));
    let from = time(peak.from);
    let from = match period {
        PeriodName::Hour => &from[..],
        PeriodName::Day | PeriodName::Week => &from[..10],
        PeriodName::Month => &from[..7],
    };
    let cells = [
        Cell::Text(from.to_owned().into()),
        Cell::Number(peak.users.into()),
        at(peak.users_at),
        Cell::Number(peak.sessions.into()),
        at(peak.sessions_at),
        Cell::Number(peak.distinct_users.into()),
    ];
    cells.into_iter().map(|cell| AnswerCell { cell, is_value: false }).collect()
}

fn frequent_row(row: &FrequentUser<'_>) -> Vec<AnswerCell> {
    let value = |text: Option<&str>| AnswerCell {
        cell: text.map_or(Cell::Missing, |text| Cell::Text(text.to_owned().into())),
        is_value: true,
    };
    let plain = |cell| AnswerCell { cell, is_value: false };
    vec![
        plain(Cell::Text(time(row.day)[..10].to_owned().into())),
        value(Some(&*row.user.cloud_id).filter(|cloud| !cloud.is_empty())),
        value(Some(&row.user.user_id)),
        value(row.user.user_name.as_deref()),
        plain(Cell::Number(row.connections.into())),
        plain(Cell::Number(row.refused.into())),
    ]
}

/// Formats a time, with a fraction of a second only if it has one.
fn time(micros: i64) -> String {
    let text = UtcMicros::from_unix_micros(micros).to_string();
    if micros.rem_euclid(1_000_000) == 0 { format!("{}Z", &text[..19]) } else { text }
}
