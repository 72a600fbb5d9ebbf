//! What was counted, by event, and whether it is enough.

use cloudconnexa_validator::catalog::{EVENTS, EventSpec, FieldSpec};
use cloudconnexa_validator::coverage::{Coverage, Point};

use super::minimum::{HEADER, Minimum, Of, Share};
use super::{Class, words};

/// Points that a message names.
const NAMED: usize = 5;

/// Coverage, by event.
#[derive(Debug)]
pub(crate) struct Report {
    /// First what all events have in common, then the events in the order of the schema.
    pub(crate) groups: Vec<Group>,
    pub(crate) all: Share,
    /// Valid events.
    pub(crate) events: u64,
    /// What does not count, and how many points that are.
    pub(crate) without: Vec<Class>,
    pub(crate) left_out: u64,
    pub(crate) verdicts: Vec<Verdict>,
}

/// The points of an event, or of all.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) event: Option<&'static EventSpec>,
    /// How many valid events there are of it.
    pub(crate) events: u64,
    pub(crate) share: Share,
    /// All points in the order of the schema, also those that don't count.
    pub(crate) points: Vec<Counted>,
    /// How many of its events have each field of the header; nothing for what all have in common.
    pub(crate) header: Vec<(&'static FieldSpec, u64)>,
}

/// A point, and how many events meet it.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) point: &'static Point,
    pub(crate) hits: u64,
    /// Whether it counts.
    pub(crate) counts: bool,
}

/// What came of a minimum, for one group or for all.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) minimum: Minimum,
    /// The event, or the header; none for all.
    pub(crate) of: Option<&'static str>,
    pub(crate) share: Share,
    /// The first points that are missing, as a fixture would have them, and how many more there are.
    pub(crate) missing: Vec<String>,
    pub(crate) more: usize,
}

impl Group {
    fn new(coverage: &Coverage, event: Option<&'static EventSpec>, without: &[Class]) -> Self {
        let name = event.map(|event| event.name);
        let points = coverage.points().filter(|(point, _)| point.event.map(|event| event.name) == name);
        let points: Vec<_> = points
            .map(|(point, hits)| {
                let counts = !without.iter().any(|class| class.has(point));
                Counted { point, hits, counts }
            })
            .collect();
        let mut share = Share::default();
        for counted in points.iter().filter(|counted| counted.counts) {
            share.add(counted.hits > 0);
        }
        let header = if event.is_some() { coverage.header(event).collect() } else { Vec::new() };
        Self { event, events: coverage.events(event), share, points, header }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        self.event.map_or(HEADER, |event| event.name)
    }

    /// The points that count and that nothing meets.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &'static Point> {
        self.points.iter().filter(|counted| counted.counts && counted.hits == 0).map(|counted| counted.point)
    }

    /// The same, but of an event that does not occur only that: all else comes with it.
    pub(super) fn needs(&self) -> impl Iterator<Item = &'static Point> {
        let most = if self.is_absent() { 1 } else { usize::MAX };
        self.missing().take(most)
    }

    /// Whether it is an event that does not occur.
    pub(crate) fn is_absent(&self) -> bool {
        self.event.is_some() && self.events == 0
    }

    /// The minimum that is about it.
    fn minimum<'a>(&self, minimums: &'a [Minimum]) -> Option<&'a Minimum> {
        let own = match self.event {
            None => Of::Header,
            Some(event) => Of::Event(event.name),
        };
        let of = |of: Of| minimums.iter().find(|minimum| minimum.of == of);
        of(own).or_else(|| of(Of::Each))
    }
}

impl Report {
    pub(crate) fn new(coverage: &Coverage, minimums: &[Minimum], without: &[Class]) -> Self {
        let events = [None].into_iter().chain(EVENTS.iter().map(Some));
        let groups: Vec<_> = events.map(|event| Group::new(coverage, event, without)).collect();
        let mut all = Share::default();
        let mut left_out = 0;
        for counted in groups.iter().flat_map(|group| &group.points) {
            if counted.counts {
                all.add(counted.hits > 0);
            } else {
                left_out += 1;
            }
        }
        let mut verdicts = Vec::new();
        if let Some(minimum) = minimums.iter().find(|minimum| minimum.of == Of::All) {
            let missing = groups.iter().flat_map(Group::needs);
            verdicts.push(Verdict::new(*minimum, None, all, missing));
        }
        for group in &groups {
            if let Some(minimum) = group.minimum(minimums) {
                verdicts.push(Verdict::new(*minimum, Some(group.name()), group.share, group.needs()));
            }
        }
        Self { groups, all, events: coverage.events(None), without: without.to_vec(), left_out, verdicts }
    }

    /// Whether enough is covered.
    pub(crate) fn is_enough(&self) -> bool {
        self.verdicts.iter().all(Verdict::is_met)
    }

    /// Whether less of a group is covered than is asked for.
    pub(super) fn is_failing(&self, name: Option<&str>) -> bool {
        self.verdicts.iter().any(|verdict| verdict.of == name && !verdict.is_met())
    }
}

impl Verdict {
    fn new(
        minimum: Minimum,
        of: Option<&'static str>,
        share: Share,
        missing: impl Iterator<Item = &'static Point>,
    ) -> Self {
        let mut missing: Vec<_> = missing.collect();
        let more = missing.len().saturating_sub(NAMED);
        missing.truncate(NAMED);
        Self { minimum, of, share, missing: missing.into_iter().map(words::need).collect(), more }
    }

    pub(crate) fn is_met(&self) -> bool {
        self.share.is_at_least(self.minimum.percent)
    }

    /// What is wrong, and what to do.
    pub(crate) fn problem(&self) -> String {
        let Share { covered, points } = self.share;
        let of = self.of.map_or(String::new(), |name| format!(" of `{name}`"));
        let lacks = self.share.lacks(self.minimum.percent);
        let more = if self.more > 0 { format!(" and {} more", self.more) } else { String::new() };
        format!(
            "coverage{of} is {}, {covered} of {points} points, and the minimum `{}` asks for {lacks} more; add fixtures with {}{more}",
            self.share,
            self.minimum,
            self.missing.join(", "),
        )
    }
}
