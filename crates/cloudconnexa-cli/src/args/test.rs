//! `ccxlog test`.

use std::path::PathBuf;

use super::{ConfigArgs, LinkArgs, UnwrapArgs};

pub(super) const HELP: &str = "\
Expectations:
  By folder: fixtures below a folder `valid` have no errors and no
  warnings. Fixtures below a folder named after a rule, such as
  `wrong-type`, have findings of that rule, and no others as severe. The
  nearest such folder counts.

  By a file next to the fixture: `event.json.expected` lists the findings
  of `event.json`, one per line. Other findings fail, except notes:

    3:15 error wrong-type /log/port

  Line and column, severity and JSON Pointer may be left out. `--update`
  writes these files.

  By ccxlog.toml, for fixtures of which neither says anything:

    [test]
    valid = [\"fixtures/**\"]

A fixture that cannot be read fails the command. There is no
--skip-unreadable: fixtures are part of your repository, so repair it,
or leave it out with --exclude.

Exit codes:
  0  all fixtures are as expected
  1  some fixture is not, or nothing says what is expected of it
  2  the command failed: no fixtures, a rule that does not exist";

#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// Folders of fixtures, single fixtures, or glob patterns
    ///
    /// Without DIR, the inputs of `ccxlog.toml` are tested.
    #[arg(value_name = "DIR")]
    pub(crate) dirs: Vec<PathBuf>,

    /// Write the findings down as expected, except where the folder says what is expected
    #[arg(long)]
    pub(crate) update: bool,

    /// Skip files that match this glob pattern; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,

    #[command(flatten)]
    pub(crate) unwrap: UnwrapArgs,

    #[command(flatten)]
    pub(crate) links: LinkArgs,

    /// Show values of events also if the environment variable `CI` is set
    #[arg(long)]
    pub(crate) show_values: bool,
}
