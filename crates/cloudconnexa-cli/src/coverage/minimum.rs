//! Reads how much has to be covered, from options and from the config file.

use cloudconnexa_report::coverage::{HEADER, Minimum, MinimumScope};
use cloudconnexa_validator::catalog::{EVENTS, event};

use crate::nearest::nearest;

/// The name of every event, and of the header.
const EACH: &str = "each";

/// Reads `90%`, `each=80%`, `header=90%` or `client-disconnected=100%`.
pub(crate) fn parse(text: &str) -> Result<Minimum, String> {
    let (of, percent) = match text.rsplit_once('=') {
        None => (MinimumScope::All, text),
        Some((EACH, percent)) => (MinimumScope::Each, percent),
        Some((HEADER, percent)) => (MinimumScope::Header, percent),
        Some((name, percent)) => {
            let event = event(name).ok_or_else(|| {
                let names = EVENTS.iter().map(|event| event.name).chain([EACH, HEADER]);
                match nearest(name, names) {
                    Some(meant) => format!("no event is named `{name}`; did you mean `{meant}`?"),
                    None => format!("no event is named `{name}`; `ccxlog events` lists them"),
                }
            })?;
            (MinimumScope::Event(event.name), percent)
        }
    };
    let percent = percent
        .parse()
        .map_err(|error: cloudconnexa_report::coverage::ParsePercentError| error.to_string())?;
    Ok(Minimum { of, percent })
}

/// Adds a minimum, unless there is one for the same points already.
pub(crate) fn add(minimums: &mut Vec<Minimum>, minimum: Minimum) -> Result<(), String> {
    if let Some(other) = minimums.iter().find(|other| other.of == minimum.of) {
        return Err(format!("`{minimum}` comes after `{other}`, which is for the same points; remove one"));
    }
    minimums.push(minimum);
    Ok(())
}

/// Replaces minimums by others for the same points.
pub(crate) fn override_by(minimums: &mut Vec<Minimum>, others: Vec<Minimum>) {
    minimums.retain(|minimum| others.iter().all(|other| other.of != minimum.of));
    minimums.extend(others);
}

#[cfg(test)]
mod tests;
