//! Coverage by event, and whether it is enough.

use cloudconnexa_validator::catalog::{EVENTS, EventSpec, FieldSpec};
use cloudconnexa_validator::coverage::{Coverage, Point};

use super::class::PointClass;
use super::labels::fixture_label;
use super::minimum::{HEADER, Minimum, MinimumScope};
use super::share::Share;

/// How many missing points a message names.
const MAX_NAMED: usize = 5;

/// Coverage of the schema, by event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CoverageReport {
    /// First what all events have in common, then the events in the order of the schema.
    pub groups: Vec<CoverageGroup>,
    /// The share of all points.
    pub all: Share,
    /// Valid events.
    pub events: u64,
    /// Classes of points that do not count.
    pub without: Vec<PointClass>,
    /// How many points do not count.
    pub left_out: u64,
    /// The results of the minimums.
    pub minimums: Vec<MinimumResult>,
}

/// The points of an event, or of what all events have in common.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CoverageGroup {
    /// The event; none for what all events have in common.
    pub event: Option<&'static EventSpec>,
    /// How many valid events there are of it.
    pub events: u64,
    /// The share of its points.
    pub share: Share,
    /// All points in the order of the schema, including those that do not count.
    pub points: Vec<PointCount>,
    /// How many of its events have each field of the header; empty for what all events have in common.
    pub header: Vec<(&'static FieldSpec, u64)>,
}

/// A point, and how many events meet it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PointCount {
    /// The point.
    pub point: &'static Point,
    /// How many valid events meet it.
    pub hits: u64,
    /// Whether it counts.
    pub counts: bool,
}

/// The result of a minimum, for one group or for all points.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MinimumResult {
    /// The minimum.
    pub minimum: Minimum,
    /// The name of the event, or `header`; none for all points.
    pub of: Option<&'static str>,
    /// The share that is covered.
    pub share: Share,
    /// Texts that say what fixtures need to meet the first five missing points.
    pub missing: Vec<String>,
    /// How many more points are missing.
    pub more: usize,
}

impl CoverageGroup {
    fn new(coverage: &Coverage, event: Option<&'static EventSpec>, without: &[PointClass]) -> Self {
        let name = event.map(|event| event.name);
        let points = coverage.points().filter(|(point, _)| point.event.map(|event| event.name) == name);
        let points: Vec<_> = points
            .map(|(point, hits)| {
                let counts = !without.iter().any(|class| class.contains(point));
                PointCount { point, hits, counts }
            })
            .collect();
        let mut share = Share::default();
        for counted in points.iter().filter(|counted| counted.counts) {
            share.add(counted.hits > 0);
        }
        let header = if event.is_some() { coverage.header(event).collect() } else { Vec::new() };
        Self { event, events: coverage.events(event), share, points, header }
    }

    /// Returns the name of the event, or `header`.
    pub fn name(&self) -> &'static str {
        self.event.map_or(HEADER, |event| event.name)
    }

    /// Returns the points that count and that no event meets.
    pub fn missing(&self) -> impl Iterator<Item = &'static Point> {
        self.points.iter().filter(|counted| counted.counts && counted.hits == 0).map(|counted| counted.point)
    }

    /// Returns the same, but only the first point of an event that does not occur: the others come with it.
    fn needs(&self) -> impl Iterator<Item = &'static Point> {
        let max = if self.is_absent() { 1 } else { usize::MAX };
        self.missing().take(max)
    }

    /// Whether it is an event that does not occur.
    pub fn is_absent(&self) -> bool {
        self.event.is_some() && self.events == 0
    }

    /// Returns the minimum that applies to it.
    fn minimum<'a>(&self, minimums: &'a [Minimum]) -> Option<&'a Minimum> {
        let own = match self.event {
            None => MinimumScope::Header,
            Some(event) => MinimumScope::Event(event.name),
        };
        let of = |of: MinimumScope| minimums.iter().find(|minimum| minimum.of == of);
        of(own).or_else(|| of(MinimumScope::Each))
    }
}

impl CoverageReport {
    /// Compares coverage with minimums; points of the classes in `without` do not count.
    pub fn new(coverage: &Coverage, minimums: &[Minimum], without: &[PointClass]) -> Self {
        let events = [None].into_iter().chain(EVENTS.iter().map(Some));
        let groups: Vec<_> = events.map(|event| CoverageGroup::new(coverage, event, without)).collect();
        let mut all = Share::default();
        let mut left_out = 0;
        for counted in groups.iter().flat_map(|group| &group.points) {
            if counted.counts {
                all.add(counted.hits > 0);
            } else {
                left_out += 1;
            }
        }
        let mut results = Vec::new();
        if let Some(minimum) = minimums.iter().find(|minimum| minimum.of == MinimumScope::All) {
            let missing = groups.iter().flat_map(CoverageGroup::needs);
            results.push(MinimumResult::new(*minimum, None, all, missing));
        }
        for group in &groups {
            if let Some(minimum) = group.minimum(minimums) {
                results.push(MinimumResult::new(*minimum, Some(group.name()), group.share, group.needs()));
            }
        }
        Self {
            groups,
            all,
            events: coverage.events(None),
            without: without.to_vec(),
            left_out,
            minimums: results,
        }
    }

    /// Whether every minimum is met.
    pub fn is_enough(&self) -> bool {
        self.minimums.iter().all(MinimumResult::is_met)
    }

    /// Whether a minimum for a group is not met.
    pub(super) fn is_failing(&self, name: Option<&str>) -> bool {
        self.minimums.iter().any(|result| result.of == name && !result.is_met())
    }
}

impl MinimumResult {
    fn new(
        minimum: Minimum,
        of: Option<&'static str>,
        share: Share,
        missing: impl Iterator<Item = &'static Point>,
    ) -> Self {
        let mut missing: Vec<_> = missing.collect();
        let more = missing.len().saturating_sub(MAX_NAMED);
        missing.truncate(MAX_NAMED);
        Self { minimum, of, share, missing: missing.into_iter().map(fixture_label).collect(), more }
    }

    /// Whether at least that much is covered.
    pub fn is_met(&self) -> bool {
        self.share.is_at_least(self.minimum.percent)
    }

    /// Says what is missing and what to do, for a minimum that is not met.
    pub fn problem(&self) -> String {
        let Share { covered, points } = self.share;
        let of = self.of.map_or(String::new(), |name| format!(" of `{name}`"));
        let missing = self.share.missing_for(self.minimum.percent);
        let more = if self.more > 0 { format!(" and {} more", self.more) } else { String::new() };
        format!(
            "coverage{of} is {}, {covered} of {points} points, and the minimum `{}` asks for {missing} more; add fixtures with {}{more}",
            self.share,
            self.minimum,
            self.missing.join(", "),
        )
    }
}
