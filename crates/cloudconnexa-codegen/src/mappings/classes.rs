//! Emits the columns of OCSF classes: all members that the output may have, independent of the events in a file.

use std::collections::BTreeMap;

use super::ocsf::Written;
use super::plan::{Array, Step};

/// The columns of a class, in the order in which they are first written.
#[derive(Debug, Default)]
struct Columns(Vec<(String, Array, Column)>);

#[derive(Debug)]
enum Column {
    Leaf(String),
    Struct(Columns),
}

impl Columns {
    fn add(&mut self, steps: &[Step], kind: &str) {
        let Some((first, rest)) = steps.split_first() else { return };
        let index = self.0.iter().position(|(name, ..)| *name == first.name).unwrap_or_else(|| {
            let column =
                if rest.is_empty() { Column::Leaf(kind.to_owned()) } else { Column::Struct(Self::default()) };
            self.0.push((first.name.clone(), first.array, column));
            self.0.len() - 1
        });
        if let Column::Struct(columns) = &mut self.0[index].2 {
            columns.add(rest, kind);
        }
    }

    fn code(&self, level: usize) -> String {
        let indent = "    ".repeat(level);
        let mut text = String::new();
        for (name, array, column) in &self.0 {
            let kind = match column {
                Column::Leaf(kind) => leaf(kind).to_owned(),
                Column::Struct(columns) => {
                    format!("ColumnType::Struct(&[\n{}{indent}])", columns.code(level + 1))
                }
            };
            let kind = if *array == Array::No { kind } else { format!("ColumnType::List(&{kind})") };
            text.push_str(&format!("{indent}Column::new({name:?}, {kind}),\n"));
        }
        text
    }
}

fn leaf(kind: &str) -> &'static str {
    match kind {
        "integer_t" => "ColumnType::Int",
        "long_t" => "ColumnType::Long",
        "boolean_t" => "ColumnType::Boolean",
        "timestamp_t" => "ColumnType::TimestampMillis",
        _ => "ColumnType::String",
    }
}

/// Returns the code of the classes of a version: for each, its number, its caption, and what its events write.
pub(super) fn code(events: &[(u64, String, Written)]) -> String {
    let mut classes: BTreeMap<u64, (&str, Columns)> = BTreeMap::new();
    for (uid, caption, written) in events {
        let (_, columns) = classes.entry(*uid).or_insert_with(|| (caption, Columns::default()));
        for (steps, kind) in written {
            columns.add(steps, kind);
        }
    }
    let mut text = String::new();
    for (uid, (caption, columns)) in &classes {
        text.push_str(&format!(
            "    Class {{\n        uid: {uid},\n        name: {caption:?},\n        columns: &[\n{}            \
             Column::new(\"unmapped\", ColumnType::String),\n        ],\n    }},\n",
            columns.code(3)
        ));
    }
    text
}
