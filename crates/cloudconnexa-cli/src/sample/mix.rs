//! Which events a sample has, and how many of each.

use cloudconnexa_validator::catalog::{self, EVENTS};

use crate::nearest::nearest;

/// How often each event comes, as in a tenant whose people work all day.
const USUAL: &[(&str, u64)] = &[
    ("flow-established", 70),
    ("client-connected", 11),
    ("client-disconnected", 10),
    ("domain-blocked", 4),
    ("traffic-blocked", 2),
];

/// A weight for each event of the schema, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mix(pub(super) Vec<(usize, u64)>);

impl Default for Mix {
    fn default() -> Self {
        let usual = |name| USUAL.iter().find(|(known, _)| *known == name).map_or(1, |(_, weight)| *weight);
        Self(EVENTS.iter().enumerate().map(|(place, event)| (place, usual(event.name))).collect())
    }
}

impl Mix {
    pub(super) fn has(&self, event: &str) -> bool {
        self.0.iter().any(|&(place, weight)| weight > 0 && EVENTS[place].name == event)
    }
}

/// Reads `flow-established=70,client-connected=12`.
pub(crate) fn parse(text: &str) -> Result<Mix, String> {
    let mut mix = Mix(EVENTS.iter().enumerate().map(|(place, _)| (place, 0)).collect());
    for part in text.split(',') {
        let (name, weight) = part.split_once('=').unwrap_or((part, "1"));
        let (name, weight) = (name.trim(), weight.trim());
        let Some(place) = EVENTS.iter().position(|event| event.name == name) else {
            let meant = nearest(name, catalog::EVENTS.iter().map(|event| event.name));
            let remedy = meant
                .map_or("`ccxlog events` lists them".to_owned(), |name| format!("did you mean `{name}`?"));
            return Err(format!("no event is named `{name}`; {remedy}"));
        };
        mix.0[place].1 = weight
            .parse::<u32>()
            .map_err(|_| format!("expected a whole number for how often `{name}` comes, found `{weight}`"))?
            .into();
    }
    if mix.0.iter().all(|(_, weight)| *weight == 0) {
        return Err("expected at least one event that comes at all".to_owned());
    }
    Ok(mix)
}

#[cfg(test)]
mod tests {
    use super::{Mix, parse};

    #[test]
    fn reads_names_and_weights() {
        let mix = parse("flow-established=70, client-connected").unwrap();
        assert!(mix.has("flow-established") && mix.has("client-connected") && !mix.has("test-message"));
        assert_eq!(mix.0.iter().map(|(_, weight)| weight).sum::<u64>(), 71);
        assert!(Mix::default().0.iter().all(|(_, weight)| *weight > 0));
    }

    #[test]
    fn says_what_is_wrong() {
        let error = |text| parse(text).unwrap_err();
        assert_eq!(
            error("flow-establish=1"),
            "no event is named `flow-establish`; did you mean `flow-established`?"
        );
        assert_eq!(error("x=1"), "no event is named `x`; `ccxlog events` lists them");
        assert!(error("test-message=some").ends_with("found `some`"));
        assert!(error("test-message=0").starts_with("expected at least one"));
    }
}
