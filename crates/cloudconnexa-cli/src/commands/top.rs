//! `ccxlog top`: how many events there are of each value of a field, the most frequent first.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use cloudconnexa_report::sessions::FormulaGuard;
use cloudconnexa_report::table::{Cell, Columns};

use super::inputs::or_print;
use super::query::{Query, QueryResult};
use crate::args::{TopArgs, TopFormat};
use crate::data_output::DataOutput;
use crate::exit::Exit;
use crate::filter::{EventFilter, Field};
use crate::size::{count, counted};
use crate::top::{Grouping, Rows};
use crate::visitors::top::{Count, SharedCounts};

/// How many rows a table for people has by default, or as many for each period.
const ROWS_FOR_PEOPLE: usize = 20;

/// The size of one write.
const WRITE_BYTES: usize = 1 << 16;

pub(super) fn run(args: &TopArgs) -> Exit {
    or_print(go(args))
}

fn go(args: &TopArgs) -> Result<Exit, String> {
    let filter = EventFilter::new(&args.query.events)?;
    let grouping = Grouping {
        by: Field::parse_all(&args.by, "--by")?,
        sum: Field::parse_all(&args.sum, "--sum")?,
        per: args.per,
        max_groups: args.max_groups.get(),
    };
    let columns = Columns::new(grouping.columns()?);
    let query = Query::new(&args.query, "ccxlog top --by eventName FILE")?;
    query.explain(&filter, grouping.by.iter().chain(&grouping.sum));
    let for_messages = query.message_masking();
    let format = format(args.format, query.output_path());
    let masking = query.masking();
    if let Some(exit) = query.if_up_to_date() {
        return Ok(exit);
    }
    let mut output = query.open()?;
    let counting = Arc::new(Count { filter, grouping });
    let (finished, counts) = query.run(|builder| SharedCounts::register(builder, Arc::clone(&counting)))?;
    let grouping = &counting.grouping;
    let Some(counted_events) = counts.take() else { return Err(too_many(grouping)) };
    let limit = args.limit.map(NonZero::get).or((format == TopFormat::Table).then_some(ROWS_FOR_PEOPLE));
    let rows = Rows::new(grouping, counted_events.groups, limit, masking);
    let guard = if args.query.no_formula_guard { FormulaGuard::Off } else { FormulaGuard::On };
    write(&columns, &rows, format, guard, &mut output);
    let left_out = counted_events.left_out;
    let problems = [
        (left_out.without_time, "event", "without a time that can be read, left out"),
        (left_out.not_summed, "value", "not a whole number, so in no sum"),
    ];
    let problems = problems.into_iter().filter(|(number, ..)| *number > 0);
    let result = QueryResult {
        text: format!(
            "{} in {}, of {}",
            counted(rows.events, "event"),
            counted((rows.len() + rows.not_shown) as u64, "row"),
            finished.records(),
        ),
        is_partial: false,
        looked_at: counted_events.looked_at,
        others: &[
            (rows.not_shown as u64, "not shown; raise `--limit`"),
            (left_out.without_fields, "without these fields, left out"),
        ],
        explanation: counting.filter.explain(&counted_events.missed, for_messages),
        problems: problems.map(|(number, noun, what)| format!("{} {what}", counted(number, noun))).collect(),
    };
    let written = output.finish(finished.is_whole());
    finished.finish(written, &result)
}

fn write(
    columns: &Columns,
    rows: &Rows<'_>,
    format: TopFormat,
    guard: FormulaGuard,
    output: &mut DataOutput,
) {
    let mut text = Vec::new();
    let written = match format {
        TopFormat::Table => {
            let cells: Vec<Vec<Cell<'_>>> = rows.cells().collect();
            output.append(columns.render(&cells).as_bytes());
            return;
        }
        TopFormat::Jsonl => Ok(()),
        TopFormat::Csv => columns.write_csv_header(&mut text),
    };
    written.expect("a buffer takes what is written");
    for cells in rows.cells() {
        let written = match format {
            TopFormat::Csv => columns.write_csv(&mut text, cells, guard),
            _ => columns.write_json(&mut text, cells),
        };
        written.expect("a buffer takes what is written");
        if text.len() >= WRITE_BYTES {
            output.append(&text);
            text.clear();
        }
    }
    output.append(&text);
}

/// Says that there are more groups than are counted, and what to do.
fn too_many(grouping: &Grouping) -> String {
    let fields: Vec<_> = grouping.by.iter().map(|field| format!("`{}`", field.name())).collect();
    let per = grouping.per.map_or(String::new(), |period| format!(" and {}", period.name()));
    format!(
        "there are more than {} combinations of {}{per}, or their values are longer than 256 bytes on average, so nothing \
         was written; count fewer with a filter or another field, or raise `--max-groups`",
        count(grouping.max_groups as u64),
        fields.join(", "),
    )
}

/// Returns the format that was asked for, or the one that the name of the file suggests.
fn format(asked: Option<TopFormat>, output: &Path) -> TopFormat {
    asked.unwrap_or(match super::query::suggested(output) {
        Some("csv") => TopFormat::Csv,
        Some("json") => TopFormat::Jsonl,
        _ => TopFormat::Table,
    })
}
