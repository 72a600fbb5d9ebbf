//! The options that commands share that look for events and write what they find.

use std::path::PathBuf;

use super::headings::REPORTS;
use super::{EventFilterArgs, ReadingArgs, SelectionArgs, SkipArgs};

/// The names of fields, for `--help` of these commands.
pub(super) const FIELDS: &str = "\
Fields:
  A field goes by its name: `timestamp` of the header, `domain` of `log`.
  Where both have the name, `category` is that of the header, and
  `log.category` that of `log`. `ccxlog events NAME` lists those of an
  event. A field that the schema does not describe goes by its JSON
  Pointer: `/log/region`. These follow from several fields:
    userId, userName        the person, never a group or a device
    deviceId, deviceName    the device or connector
    refused                 whether a client-disconnected is a refused login";

#[derive(Debug, clap::Args)]
pub(crate) struct QueryArgs {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input, as for
    /// `ccxlog validate`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) events: EventFilterArgs,

    /// Write to this file instead of standard output, compressed if its name ends in `.gz`
    ///
    /// It is replaced at the end, as a whole, or not at all.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write values to CSV as they are
    ///
    /// By default, text that starts with `=`, `+`, `-`, `@`, one of these in full width, a tab or a line end is prefixed
    /// with an apostrophe: spreadsheets take it for a formula, and anybody can name a device.
    #[arg(long)]
    pub(crate) no_formula_guard: bool,

    /// Show values of events on standard output also if the environment variable `CI` is set
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Print problems only: no summary, no notes, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    /// Skip files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    #[command(flatten)]
    pub(crate) skip: SkipArgs,

    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
}
