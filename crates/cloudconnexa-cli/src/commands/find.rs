//! `ccxlog find`: the events that match, byte for byte, or fields of them.

use std::cell::RefCell;
use std::num::NonZero;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use cloudconnexa_report::Masking;
use cloudconnexa_report::sessions::FormulaGuard;
use cloudconnexa_report::table::Columns;

use super::inputs::or_print;
use super::query::{Query, QueryResult};
use crate::args::{FindArgs, TableFormat};
use crate::data_output::DataOutput;
use crate::exit::Exit;
use crate::filter::{EventFilter, Field, LookedAt};
use crate::size::counted;
use crate::visitors::find::{self, FieldForm, FoundEvents, FoundForm, Search};

pub(super) fn run(args: &FindArgs) -> Exit {
    or_print(go(args))
}

fn go(args: &FindArgs) -> Result<Exit, String> {
    let filter = EventFilter::new(&args.query.events)?;
    let fields = Field::parse_all(&args.fields, "--fields")?;
    let query = Query::new(&args.query, "ccxlog find FILE")?;
    query.explain(&filter, fields.iter());
    let for_messages = query.message_masking();
    let is_masked = query.masking() == Masking::Masked;
    let form = if args.count {
        FoundForm::Counted
    } else if fields.is_empty() {
        FoundForm::Event
    } else {
        FoundForm::Fields(FieldForm {
            columns: Columns::new(fields.iter().map(Field::name)),
            fields,
            format: format(args.format, query.output_path()),
            guard: if args.query.no_formula_guard { FormulaGuard::Off } else { FormulaGuard::On },
            is_masked,
        })
    };
    if is_masked && matches!(form, FoundForm::Event) {
        return Err(
            "events are not written to standard output where `CI` is set, as others may read its log; \
             give `--show-values`, `--output FILE` or `--count`"
                .to_owned(),
        );
    }
    if let Some(exit) = query.if_up_to_date() {
        return Ok(exit);
    }
    let mut output = query.open()?;
    if let FoundForm::Fields(form) = &form {
        write_header(form, &mut output);
    }
    let head = args.head.map(NonZero::get);
    let found = Rc::new(RefCell::new(FoundEvents::new(output, head)));
    let search = Arc::new(Search { filter, form, head });
    let (finished, ()) = query.run(|builder| (find::register(builder, Arc::clone(&search), &found), ()))?;
    let Some(found) = Rc::into_inner(found) else { return Err("the output is still in use".to_owned()) };
    let mut found = found.into_inner();
    if args.count {
        found.output.append(format!("{}\n", found.count).as_bytes());
    }
    let is_partial = found.has_enough();
    let events = counted(found.count, "matching event");
    let result = QueryResult {
        text: if is_partial {
            format!("the first {events}")
        } else {
            format!("{events} of {}", finished.records())
        },
        is_partial,
        // How much was read beyond what was wanted depends on the number of threads.
        looked_at: if is_partial { LookedAt::default() } else { found.looked_at },
        others: &[],
        explanation: search.filter.explain(&found.missed, for_messages),
        problems: Vec::new(),
    };
    let written = found.output.finish(finished.is_whole());
    finished.finish(written, &result)
}

/// Writes the names of the columns, if the format has them.
fn write_header(form: &FieldForm, output: &mut DataOutput) {
    if form.format == TableFormat::Csv {
        let mut line = Vec::new();
        form.columns.write_csv_header(&mut line).expect("a buffer takes what is written");
        output.append(&line);
    }
}

/// Returns the format that was asked for, or the one that the name of the file suggests.
fn format(asked: Option<TableFormat>, output: &Path) -> TableFormat {
    asked.unwrap_or(if super::query::suggested(output) == Some("csv") {
        TableFormat::Csv
    } else {
        TableFormat::Jsonl
    })
}
