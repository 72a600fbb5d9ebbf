//! Finds fields that go to one place without a stated order.

use std::collections::BTreeMap;

use cloudconnexa_schema::{Problem, ProblemKind};

use super::model::{EventMapping, Goal, Target};

/// Reports pairs of fields that map to the same path without a stated order. Lists take all.
pub(super) fn check(events: &[EventMapping], problems: &mut Vec<Problem>) {
    for event in events {
        for target in Target::ALL {
            let mut taken: BTreeMap<&str, Vec<(&str, &Goal)>> = BTreeMap::new();
            for field in &event.fields {
                for goal in field.goals(target).iter().filter(|goal| !goal.to.ends_with("[]")) {
                    taken.entry(&goal.to).or_default().push((&field.field.name, goal));
                }
            }
            for (path, goals) in taken {
                for (at, (name, goal)) in goals.iter().enumerate() {
                    let rival = goals[..at].iter().find(|(_, other)| {
                        other.rank == goal.rank || other.rank.is_none() || goal.rank.is_none()
                    });
                    let Some((other, _)) = rival else { continue };
                    let message = format!(
                        "`{name}` goes to `{path}`, where `{other}` goes as well: give both a `rank` of their own; the lowest wins"
                    );
                    // The defaults of the header are those of several events.
                    let problem = Problem::new(ProblemKind::Structure, goal.pointer.as_str(), message);
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                }
            }
        }
    }
}
