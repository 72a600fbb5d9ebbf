//! The rows of groups, in their order.

use std::cmp::Reverse;

use cloudconnexa_events::UtcMicros;
use cloudconnexa_report::Masking;
use cloudconnexa_report::table::Cell;

use super::key::{take_time, take_value};
use super::{Grouping, Groups, Tally};
use crate::args::Period;

/// The column with the number of events.
const COUNT: &str = "count";

/// The groups that are shown, in their order.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    grouping: &'a Grouping,
    masking: Masking,
    groups: Vec<(Box<[u8]>, Tally)>,
    /// How many groups are not shown.
    pub(crate) not_shown: usize,
    /// How many events are in groups.
    pub(crate) events: u64,
}

impl<'a> Rows<'a> {
    /// Puts groups in order, and keeps up to `limit` of each period.
    pub(crate) fn new(
        grouping: &'a Grouping,
        groups: Groups,
        limit: Option<usize>,
        masking: Masking,
    ) -> Self {
        let mut groups: Vec<_> = groups.tallies.into_iter().collect();
        let total = groups.len();
        let events = groups.iter().map(|(_, tally)| tally.count).sum();
        let period = |key: &[u8]| grouping.per.and(key.first_chunk::<8>().copied());
        groups.sort_unstable_by(|(one, tally), (other, other_tally)| {
            period(one)
                .cmp(&period(other))
                .then_with(|| Reverse(tally.rank()).cmp(&Reverse(other_tally.rank())))
                .then_with(|| one.cmp(other))
        });
        if let Some(limit) = limit {
            let (mut current, mut count) = (None, 0);
            groups.retain(|(key, _)| {
                let period = Some(period(key));
                if period != current {
                    (current, count) = (period, 0);
                }
                count += 1;
                count <= limit
            });
        }
        let not_shown = total - groups.len();
        Self { grouping, masking, groups, not_shown, events }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Returns the cells of each row.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Vec<Cell<'_>>> {
        self.groups.iter().map(|(key, tally)| {
            let mut key = &**key;
            let mut cells = Vec::with_capacity(self.grouping.column_count());
            if let Some(period) = self.grouping.per {
                let time = take_time(&mut key).unwrap_or_default();
                cells.push(Cell::Text(period.start(time).into()));
            }
            for field in &self.grouping.by {
                let cell = take_value(&mut key).unwrap_or(Cell::Missing);
                cells.push(if self.masking == Masking::Masked { field.mask(cell) } else { cell });
            }
            cells.push(Cell::Number(tally.count.into()));
            cells.extend(tally.sums.iter().map(|sum| Cell::Number(*sum)));
            cells
        })
    }
}

impl Tally {
    /// What decides which group is greater.
    fn rank(&self) -> (Option<i128>, u64) {
        (self.sums.first().copied(), self.count)
    }
}

impl Grouping {
    /// Returns the names of the columns. An error is a sentence.
    pub(crate) fn columns(&self) -> Result<Vec<String>, String> {
        let fields = self.by.iter().chain(&self.sum).map(|field| field.name().to_owned());
        let mut columns: Vec<String> = self.per.map(|period| period.name().to_owned()).into_iter().collect();
        columns.extend(fields);
        columns.insert(self.by.len() + usize::from(self.per.is_some()), COUNT.to_owned());
        let is_repeated = |(index, name): (usize, &String)| columns[..index].contains(name);
        match columns.iter().enumerate().find(|(index, name)| is_repeated((*index, name))) {
            Some((_, name)) => Err(format!("`{name}` would be the name of two columns; leave out one")),
            None => Ok(columns),
        }
    }

    fn column_count(&self) -> usize {
        self.by.len() + self.sum.len() + 2
    }
}

impl Period {
    /// The name of its column.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Formats the start of a period.
    fn start(self, micros: i64) -> String {
        let time = UtcMicros::from_unix_micros(micros).to_string();
        match self {
            Self::Hour => [&time[..19], "Z"].concat(),
            Self::Day => time[..10].to_owned(),
        }
    }
}
