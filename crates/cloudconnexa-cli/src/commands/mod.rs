//! One file per command.

mod completions;
mod connections;
mod convert;
mod coverage;
mod ddl;
mod drift;
mod events;
mod explain;
mod find;
mod inputs;
mod man;
mod query;
mod sample;
mod schema;
mod sessions;
mod split;
mod test;
mod top;
mod validate;

use crate::args::Command;
use crate::exit::Exit;

/// Runs a command.
pub(crate) fn dispatch(command: Command) -> Exit {
    match command {
        Command::Validate(args) => validate::run(&args),
        Command::Split(args) => split::split(&args),
        Command::Replay(args) => split::replay(&args),
        Command::Drift(args) => drift::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Explain { id } => explain::run(id.as_deref()),
        Command::Schema(args) => schema::run(&args),
        Command::Events(args) => events::run(&args),
        Command::Sessions(args) => sessions::run(&args),
        Command::Find(args) => find::run(&args),
        Command::Top(args) => top::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Ddl(args) => ddl::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { dir } => man::run(dir.as_deref()),
    }
}

/// Reports that `what` does not exist, with the known name that may be meant, or else `remedy`.
fn unknown<'a>(what: &str, wrong: &str, known: impl Iterator<Item = &'a str>, remedy: &str) -> Exit {
    let meant = match crate::nearest::nearest(wrong, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => remedy.to_owned(),
    };
    crate::terminal::problem(&format!("no {what} `{wrong}`; {meant}"));
    Exit::Failure
}
