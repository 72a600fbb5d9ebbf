//! One file a command.

mod completions;
mod coverage;
mod drift;
mod events;
mod explain;
mod man;
mod sample;
mod schema;
mod sessions;
mod split;
mod test;
mod validate;

use crate::args::Command;
use crate::exit::Exit;

pub(crate) fn dispatch(command: Command) -> Exit {
    match command {
        Command::Validate(args) => validate::run(&args),
        Command::Split(args) => split::split(&args),
        Command::Replay(args) => split::replay(&args),
        Command::Drift(args) => drift::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Explain { id } => explain::run(id.as_deref()),
        Command::Schema { config: true, .. } => schema::print(&crate::config::schema()),
        Command::Schema { report: true, .. } => schema::print(&cloudconnexa_report::json_schema()),
        Command::Schema { coverage: true, .. } => {
            schema::print(&cloudconnexa_report::coverage::json_schema())
        }
        Command::Schema { drift: true, .. } => schema::print(&cloudconnexa_report::drift::json_schema()),
        Command::Schema { profile: true, .. } => schema::print(&cloudconnexa_drift::profile_schema()),
        Command::Schema { sessions: true, .. } => {
            schema::print(&cloudconnexa_report::sessions::json_schema())
        }
        Command::Schema { event, .. } => schema::run(event.as_deref()),
        Command::Events { name } => events::run(name.as_deref()),
        Command::Sessions(args) => sessions::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { dir } => man::run(dir.as_deref()),
    }
}

/// Says that there is no such thing, and what may have been meant.
fn unknown<'a>(what: &str, wrong: &str, known: impl Iterator<Item = &'a str>, remedy: &str) -> Exit {
    let meant = match crate::nearest::nearest(wrong, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => remedy.to_owned(),
    };
    crate::terminal::problem(&format!("no {what} `{wrong}`; {meant}"));
    Exit::Failure
}
