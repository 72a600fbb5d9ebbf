//! The command line: pure data that clap fills in, one file per command and one per group of shared options.

mod config;
mod connections;
mod convert;
mod coverage;
mod ddl;
mod drift;
mod event_filter;
mod events;
mod find;
mod follow;
mod headings;
mod links;
mod network;
mod query;
mod reading;
mod replay;
mod sample;
mod schema;
mod selection;
mod sessions;
mod severity;
mod split;
mod test;
#[cfg(test)]
mod tests;
mod top;
mod unwrap;
mod validate;
mod window;

pub(crate) use config::ConfigArgs;
pub(crate) use connections::{ConnectionArgs, PeriodName};
pub(crate) use convert::{ConvertArgs, ConvertForm, ConvertLayout, OcsfVersionName};
pub(crate) use coverage::CoverageArgs;
pub(crate) use ddl::{DdlArgs, DdlDialect};
pub(crate) use drift::{DriftArgs, DriftFormat, ProposalFormat};
pub(crate) use event_filter::EventFilterArgs;
pub(crate) use events::{EventsArgs, EventsFormat};
pub(crate) use find::FindArgs;
pub(crate) use follow::FollowArgs;
pub(crate) use links::LinkArgs;
pub(crate) use network::NetworkArgs;
pub(crate) use query::QueryArgs;
pub(crate) use reading::{ReadingArgs, SkipArgs};
pub(crate) use replay::ReplayArgs;
pub(crate) use sample::SampleArgs;
pub(crate) use schema::{SchemaArgs, SchemaCommand, SchemaDiffArgs, SchemaDiffFormat};
pub(crate) use selection::{FilterArgs, SelectionArgs};
pub(crate) use sessions::{SessionsArgs, TableFormat};
pub(crate) use severity::SeverityArgs;
pub(crate) use split::{PartitionArgs, SplitArgs};
pub(crate) use test::TestArgs;
pub(crate) use top::{Period, TopArgs, TopFormat};
pub(crate) use unwrap::UnwrapArgs;
pub(crate) use validate::ValidateArgs;
pub(crate) use window::WindowArgs;

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const HELP: &str = "\
Examples:
  ccxlog validate CloudConnexa/              every log file below a folder
  ccxlog validate s3://my-logs/CloudConnexa/ every log object of a bucket
  ccxlog explain wrong-type                  what a finding means
  ccxlog events client-disconnected          the fields of an event

`ccxlog help COMMAND` describes a command.";

/// Validate the log events that OpenVPN CloudConnexa streams to S3
#[derive(Debug, Parser)]
#[command(name = "ccxlog", version, styles = STYLES, arg_required_else_help = true, after_help = HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour
    ///
    /// `auto` uses it on a terminal, and respects `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check events against the schema and show what is wrong, and where
    #[command(after_help = validate::HELP)]
    Validate(Box<ValidateArgs>),

    /// Write valid events unchanged to one file and everything else, with the reasons, to another
    #[command(after_help = split::HELP)]
    Split(SplitArgs),

    /// Check rejected records again, after a fix or with another schema
    #[command(after_help = replay::HELP)]
    Replay(ReplayArgs),

    /// Report how events differ from the schema: new events, fields and values, changed types, missing fields
    #[command(after_help = drift::HELP)]
    Drift(Box<DriftArgs>),

    /// Check that fixtures have the findings that are expected of them
    #[command(after_help = test::HELP)]
    Test(TestArgs),

    /// Report which parts of the schema fixtures exercise, and fail if that is too little
    #[command(after_help = coverage::HELP)]
    Coverage(Box<CoverageArgs>),

    /// Explain what a finding means and what to do about it; without an id, list all
    Explain {
        /// The id of a finding, such as `wrong-type`
        id: Option<String>,
    },

    /// Print the JSON Schema of the events, or of the files that ccxlog reads and writes
    #[command(after_help = schema::HELP)]
    Schema(SchemaArgs),

    /// List the events; with a name, the fields of that event
    #[command(after_help = events::HELP)]
    Events(EventsArgs),

    /// Make a table of sessions: who, from where, how long, how much and why it ended
    #[command(after_help = sessions::HELP)]
    Sessions(Box<SessionsArgs>),

    /// Find events by person, device, session, address, time or field, and print them or some of their fields
    #[command(after_help = find::help())]
    Find(Box<FindArgs>),

    /// Count events by the values of fields: the greatest first, exactly, also for each hour or day
    #[command(after_help = top::help())]
    Top(Box<TopArgs>),

    /// Convert events for data lakes and SIEMs: Parquet, CSV, OCSF or ECS
    #[command(after_help = convert::HELP)]
    Convert(Box<ConvertArgs>),

    /// Print the SQL statements that make databases read converted tables
    #[command(after_help = ddl::HELP)]
    Ddl(DdlArgs),

    /// Generate realistic events for tests
    #[command(after_help = sample::HELP)]
    Sample(SampleArgs),

    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page, or write one for each command
    Man {
        /// Write `ccxlog.1`, `ccxlog-validate.1` and the others to this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Makes this the choice for standard output and standard error.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::Always,
            Self::Never => ColorChoice::Never,
        }
        .write_global();
    }
}
