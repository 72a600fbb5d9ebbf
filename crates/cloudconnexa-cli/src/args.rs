//! The command line, as clap reads it.

use std::num::NonZero;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};

use crate::coverage::{self, CoverageArgs};
use crate::drift::DriftArgs;
use crate::follow;
use crate::sample;
use crate::select::{Choice, Selection};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Validate the log events that OpenVPN CloudConnexa streams to S3
#[derive(Debug, Parser)]
#[command(name = "ccxlog", version, styles = STYLES, arg_required_else_help = true, after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour
    ///
    /// `auto` uses it on a terminal, and heeds `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

const AFTER_HELP: &str = "\
Examples:
  ccxlog validate CloudConnexa/              every log file below a folder
  ccxlog validate s3://my-logs/CloudConnexa/ every log object of a bucket
  ccxlog explain wrong-type                  what a finding means
  ccxlog events client-disconnected          the fields of an event

`ccxlog help COMMAND` tells more about each.";

const VALIDATE_HELP: &str = "\
Examples:
  ccxlog validate events.jsonl.gz
  ccxlog validate CloudConnexa/ 'archive/2025-*/**/*.jsonl.gz'
  zcat events.jsonl.gz | ccxlog validate
  ccxlog validate --format concise --strict fixtures/
  ccxlog validate --format human --format sarif=findings.sarif logs/
  ccxlog validate --state bucket.state s3://my-logs/CloudConnexa/
  ccxlog validate --follow /var/log/cloudconnexa.jsonl
  ccxlog validate --stateful --deny duplicate-trace-id archive/

Output:
  Findings go to standard output; problems, progress and the summary
  go to standard error. Errors are shown one by one up to
  --max-findings; warnings and notes once for each thing that they are
  about. All are counted in the summary.

Exit codes:
  0  all was read, and no finding is an error; warnings don't fail
  1  all was read, and some finding is an error
  2  the job could not be done: wrong usage, an input that could not be
     read to its end, an output that could not be written
  130 or 143: stopped by SIGINT or SIGTERM, and no report is written;
  with --follow the first of them asks for the end, with codes as above";

const SPLIT_HELP: &str = "\
Examples:
  ccxlog split logs/ --accepted good.jsonl.gz --rejected bad.jsonl
  zcat events.jsonl.gz | ccxlog split --accepted - --rejected bad.jsonl | …

Outputs:
  Accepted records come out byte for byte as they came in, with the line
  end if they have one; elements of an array get one. What is rejected
  (invalid records, those that are too long, text around the elements of
  an array) becomes one JSON object a line: where it stood, why, and the
  raw bytes. White space between records, a byte order mark and the
  brackets and commas of arrays are counted and not written.

  Both files appear at the end, whole, or what was there stays.

Exit codes:
  0  all was accepted
  1  something was rejected, or some finding is an error
  2  the job could not be done; nothing was put into place";

const REPLAY_HELP: &str = "\
Examples:
  ccxlog replay bad.jsonl --accepted good-2.jsonl.gz --rejected bad-2.jsonl
  ccxlog replay bad.jsonl --accepted good-2.jsonl.gz --rejected bad.jsonl

Records that pass now come out exactly as they first came in; the others
stay rejected, with the places where they first stood. A line that is no
line of a rejected file is told of and stays as it is.

Exit codes:
  0  all was accepted
  1  something stays rejected
  2  the job could not be done; nothing was put into place";

const DRIFT_HELP: &str = "\
Examples:
  ccxlog drift logs/                                 against the schema
  ccxlog drift logs/ --write-profile today.json
  ccxlog drift logs/ --against yesterday.json --write-profile today.json
  ccxlog drift --merge host-a.json host-b.json --write-profile all.json
  ccxlog drift logs/ --propose=schema.patch          draft the change

Differences:
  unreadable      records that are no JSON objects
  new-event       an event that is not known
  event-stopped   an event that came and does no more
  new-field       a field that is not known
  field-gone      a field that was always there and is no more
  field-missing   a field that was always there is missing now and then
  type-changed    a value of another type or format
  new-value       a value that is not in the list of known ones
  nulls-jumped    more values than before are null or empty

  Each with the first timestamp, how many, an example and what to do.
  Without --against all is measured by the schema alone. What shares
  tell (an event stopped, nulls jumped) has to be beyond chance.

Exit codes:
  0  no drift; fields of the schema that never came are no drift
  1  drift, of a kind that --allow does not name
  2  the job could not be done: an input that could not be read to its
     end, a damaged profile, an output that could not be written";

const SESSIONS_HELP: &str = "\
Examples:
  ccxlog sessions CloudConnexa/ -o sessions.csv
  ccxlog sessions s3://my-logs/CloudConnexa/ --since 30d -o sessions.jsonl.gz
  zcat events.jsonl.gz | ccxlog sessions | jq 'select(.refused)'

The table:
  One line a session, joined of client-connected and client-disconnected
  by clientSessionId, in whatever order they come. A client-disconnected
  tells the whole of its session, so it is complete without the other. A
  refused login comes as a client-disconnected alone: `refused` is true.
  A session whose end was not read has `complete` false, and why in
  `incompleteBecause`. An event that is there again changes nothing.

  Columns: `ccxlog schema --sessions`.
  It is a table of people, their addresses and their hours: values are
  shown, whatever the environment says. Keep it as you keep the logs.

Order:
  A session is written when the last of its events was read, a refused
  login at once. What is given up comes where that is decided; at the end
  come those of which something is missing, in the order in which they
  were first read. It does not depend on the number of threads.

Invalid events:
  What can be read of them is taken, and `valid` is false. What tells
  neither its session nor its time, or cannot be read at all, is told of
  on standard error, counted and left out: exit code 1.

Exit codes:
  0  all was read, and nothing was left out
  1  records were left out because they are invalid
  2  the job could not be done: wrong usage, an input that could not be
     read to its end, an output that could not be written; a file is
     then as it was before";

const TEST_HELP: &str = "\
Expectations:
  By folder: below a folder `valid` there are no errors and no warnings;
  below one that is called as a rule, such as `wrong-type`, there are
  findings of that rule, and none of others that weigh as much. The
  nearest such folder counts.

  By a file beside: `event.json.expected` lists the findings that
  `event.json` has, one a line, and no others but notes:

    3:15 error wrong-type /log/port

  Line and column, severity and JSON Pointer may be left out. `--update`
  writes these files.

Exit codes:
  0  all is as expected
  1  something is not, or nothing says what is expected of a fixture
  2  the job could not be done: no fixtures, a rule that does not exist";

const SAMPLE_HELP: &str = "\
Examples:
  ccxlog sample --events 100000 -o events.jsonl.gz
  ccxlog sample --mix flow-established=9,traffic-blocked=1 --start 2026-03-01T08:00:00Z
  ccxlog sample --invalid 0.01 | ccxlog validate

Events belong together: sessions begin, have flows, and end. The same
arguments give the same bytes, everywhere. Nothing in them is about
anybody real.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check events against the schema and show what is wrong, and where
    #[command(after_help = VALIDATE_HELP)]
    Validate(Box<Validate>),

    /// Part events into the valid ones, as they came, and the others, with why
    #[command(after_help = SPLIT_HELP)]
    Split(Split),

    /// Judge again what was rejected, after a fix or with another schema
    #[command(after_help = REPLAY_HELP)]
    Replay(Replay),

    /// Tell what differs from what is known: new events, fields and values, changed types, what is gone
    #[command(after_help = DRIFT_HELP)]
    Drift(Box<DriftArgs>),

    /// Check that fixtures give the findings that are expected of them
    #[command(after_help = TEST_HELP)]
    Test(Test),

    /// Tell which parts of the schema fixtures exercise, and fail if that is too little
    #[command(after_help = coverage::HELP)]
    Coverage(Box<CoverageArgs>),

    /// Say what a finding means and what to do about it; without an id, list all
    Explain {
        /// The id of a finding, such as `wrong-type`
        id: Option<String>,
    },

    /// Print the JSON Schema of the events, or of what ccxlog reads and writes
    Schema {
        /// Only what this event needs, in one self-contained schema
        #[arg(long, value_name = "NAME", group = "which")]
        event: Option<String>,

        /// The schema of `ccxlog.toml`
        #[arg(long, group = "which")]
        config: bool,

        /// The schema of a line of `--format json`
        #[arg(long, group = "which")]
        report: bool,

        /// The schema of what `ccxlog coverage --format json` writes
        #[arg(long, group = "which")]
        coverage: bool,

        /// The schema of what `ccxlog drift --format json` writes
        #[arg(long, group = "which")]
        drift: bool,

        /// The schema of a profile of `ccxlog drift`
        #[arg(long, group = "which")]
        profile: bool,

        /// The schema of a line of `ccxlog sessions`
        #[arg(long, group = "which")]
        sessions: bool,
    },

    /// List the events; with a name, the fields of that event
    Events {
        /// The name of an event, such as `client-disconnected`
        name: Option<String>,
    },

    /// Make a table of sessions: who, from where, how long, how much and why it ended
    #[command(after_help = SESSIONS_HELP)]
    Sessions(Box<SessionsArgs>),

    /// Make up events that look like real ones, to test with
    #[command(after_help = SAMPLE_HELP)]
    Sample(SampleArgs),

    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page, or write one for each command
    Man {
        /// Write `ccxlog.1`, `ccxlog-validate.1` and the others into this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

const REPORTS: &str = "Reports";
const SEVERITIES: &str = "Severities";
const BEYOND: &str = "Beyond the schema";
const SESSIONS: &str = "Sessions";

#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Validate {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input
    ///
    /// A folder is walked for `.json`, `.jsonl` and `.ndjson` files, each also with `.gz` behind; a file that is
    /// named is read whatever its name. Whether it is gzip, JSON lines, pretty-printed documents or an array of events
    /// is told by its content. Without any, those of `ccxlog.toml` are read, or else a pipe on standard input.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// How findings are told, and where: `sarif=findings.sarif`; can be repeated
    ///
    /// For people: `human` (the default) with the line of the input, `concise` with one line a finding. For programs:
    /// `json` (one object a line; `ccxlog schema --report` describes them), `sarif` (2.1.0), `github` (annotations, and a
    /// table in the summary of the step), `gitlab` (Code Quality), `junit`. To look at in a browser: `html`. Without a file it goes to standard output.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = REPORTS)]
    pub(crate) format: Vec<String>,

    /// Write the format that has no file of its own to this file
    #[arg(long, short, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) output: Option<PathBuf>,

    /// Write a page to look at to this file, beside whatever `--format` says
    ///
    /// One file of HTML that loads nothing: events over time, validity, findings, differences from what is known,
    /// sessions, coverage of the schema. The same as `--format html=FILE`.
    #[arg(long, value_name = "FILE", help_heading = REPORTS)]
    pub(crate) report: Option<PathBuf>,

    /// The page also tells what differs from this profile, which `ccxlog drift --write-profile` has written
    #[arg(long, value_name = "PROFILE", help_heading = REPORTS)]
    pub(crate) against: Option<PathBuf>,

    /// Show values of events also where they are masked
    ///
    /// They are masked in all formats but `human`, and there as well where the environment variable `CI` is set. Names
    /// of files and fields are always shown.
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Show at most this many errors, and as many kinds of warnings, in full; all are counted
    ///
    /// Without it `human` shows 50, `concise` and `json` all, and the others have at most 1000 results, each for all
    /// findings of one rule about one field of one kind of event in one file.
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Print findings and problems only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    /// Make findings of these rules errors; `warnings` stands for all warnings
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) deny: Vec<String>,

    /// Make findings of these rules warnings; notes, which are not told otherwise, as well
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) warn: Vec<String>,

    /// Neither show nor count findings of these rules
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) allow: Vec<String>,

    /// Make every warning an error; the same as `--deny warnings`
    #[arg(long, help_heading = SEVERITIES)]
    pub(crate) strict: bool,

    /// Also look whether the fields of a record agree with each other, and whether they can be
    ///
    /// A schema can't say that a session ends after it begins. `ccxlog explain` lists these rules, `docs/sessions.md` says
    /// what each allows. Their findings are warnings, unless denied; without this flag only those of them are applied that
    /// `--warn` or `--deny` name.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) semantic: bool,

    /// Also look at records together: ids that come twice, clocks that go back, sessions that end twice, or never
    ///
    /// Includes `--semantic`. What it remembers is bounded by `--horizon` and `--max-open`.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) stateful: bool,

    /// Take this for the present, to tell what is in the future; the clock of this machine without it
    #[arg(long, value_name = "TIMESTAMP", value_parser = present, help_heading = BEYOND)]
    pub(crate) now: Option<i64>,

    #[command(flatten)]
    pub(crate) window: Window,

    /// Leave out what this file knows, and fail for what is new
    #[arg(long, value_name = "FILE", help_heading = SEVERITIES)]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings to this file, to be known from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "state"], help_heading = SEVERITIES)]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Leave out files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) selection: Selection,

    #[command(flatten)]
    pub(crate) follow: follow::Options,
}

/// How inputs are read, for all commands that read events.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Reading {
    /// Use this config file, instead of the nearest `ccxlog.toml` upwards from the working directory
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Use no config file
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,

    /// Refuse records longer than this, and go on with the next; 16 MiB without it
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse)]
    pub(crate) max_record_bytes: Option<usize>,

    /// Stop reading a gzip member that inflates to more than this; there is no such limit without it
    #[arg(long, value_name = "SIZE", value_parser = crate::size::parse)]
    pub(crate) max_inflated_bytes: Option<usize>,

    /// Stop reading a gzip member that inflates to more than so many times its size and 64 MiB; 1000 without it
    #[arg(long, value_name = "N")]
    pub(crate) max_ratio: Option<NonZero<u64>>,

    /// How many threads work; without it, as many as there are cores
    ///
    /// What is printed, and in which order, does not depend on it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SessionsArgs {
    /// Files, folders, glob patterns, addresses, or `-` for standard input, as `ccxlog validate` takes them
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Write to this file, compressed if its name ends with `.gz`, instead of standard output
    ///
    /// It appears at the end, whole, or what was there stays.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// How lines are written; without it, as the name of the file says, or else as JSON
    #[arg(long, value_enum)]
    pub(crate) format: Option<crate::table::Format>,

    /// Write values to CSV as they are
    ///
    /// Without it, what begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front: a spreadsheet
    /// would take it for a formula, and names of devices are what somebody typed in.
    #[arg(long)]
    pub(crate) no_formula_guard: bool,

    #[command(flatten)]
    pub(crate) window: Window,

    /// Show at most this many errors of records that are left out; 50 without it
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Print problems and what is left out only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    /// Leave out files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) choice: Choice,
}

/// How much is kept of sessions, and for how long.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Window {
    /// Give up a session when its other event has not come after this long, by the time of the events; `30d` without it
    #[arg(long, value_name = "TIME", value_parser = crate::lengths::parse, help_heading = SESSIONS)]
    pub(crate) horizon: Option<i64>,

    /// How many sessions may wait for their other event at once; beyond that the oldest is given up; 100000 without it
    ///
    /// Ten times as many are remembered, to know events that come again.
    #[arg(long, value_name = "N", help_heading = SESSIONS)]
    pub(crate) max_open: Option<usize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Split {
    /// Files, folders, glob patterns, `s3://BUCKET/PREFIX`, `https://HOST/FILE`, or `-` for standard input, as `ccxlog
    /// validate` takes them
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) parting: Parting,

    /// Leave out files that match this glob pattern, also those that are named; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) selection: Selection,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// Files that `ccxlog split` or `ccxlog replay` wrote as rejected, or `-` for standard input
    #[arg(value_name = "REJECTED", required = true)]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) parting: Parting,
}

/// What `split` and `replay` have in common.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct Parting {
    /// Write valid events to this file, compressed if its name ends with `.gz`; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) accepted: PathBuf,

    /// Write all others to this file, likewise
    #[arg(long, value_name = "FILE")]
    pub(crate) rejected: PathBuf,

    /// Show at most this many errors, and as many kinds of warnings, on standard error; 50 without it
    #[arg(long, value_name = "N", help_heading = REPORTS)]
    pub(crate) max_findings: Option<u64>,

    /// Show values of events also where the environment variable `CI` is set
    #[arg(long, help_heading = REPORTS)]
    pub(crate) show_values: bool,

    /// Print findings and problems only: no summary, no progress
    #[arg(long, short, help_heading = REPORTS)]
    pub(crate) quiet: bool,

    /// Make findings of these rules errors; `warnings` stands for all warnings
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) deny: Vec<String>,

    /// Make findings of these rules warnings
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) warn: Vec<String>,

    /// Neither show nor count findings of these rules
    #[arg(long, value_name = "ID,…", value_delimiter = ',', help_heading = SEVERITIES)]
    pub(crate) allow: Vec<String>,

    /// Make every warning an error; the same as `--deny warnings`
    #[arg(long, help_heading = SEVERITIES)]
    pub(crate) strict: bool,

    /// Also look whether the fields of a record agree with each other, as `ccxlog validate` does
    ///
    /// A record is rejected for that only if such a rule is denied; that can be done without this flag as well.
    #[arg(long, help_heading = BEYOND)]
    pub(crate) semantic: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Folders with fixtures, or fixtures
    #[arg(value_name = "DIR", required = true)]
    pub(crate) dirs: Vec<PathBuf>,

    /// Write down what is found, where it is not the folder that says what is expected
    #[arg(long)]
    pub(crate) update: bool,

    /// Leave out files that match this glob pattern; can be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// Use this config file, instead of the nearest `ccxlog.toml` upwards from the working directory
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Use no config file
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,

    /// Show values of events also where the environment variable `CI` is set
    #[arg(long)]
    pub(crate) show_values: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SampleArgs {
    /// How many
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) events: u64,

    /// Another seed gives other events
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Which events, and how often each comes in proportion to the others
    ///
    /// Without it all events come, mostly flows.
    #[arg(long, value_name = "NAME=WEIGHT,…", value_parser = sample::parse_mix)]
    pub(crate) mix: Option<sample::Mix>,

    /// How events are laid out
    #[arg(long, value_enum, default_value_t = sample::Format::Jsonl)]
    pub(crate) format: sample::Format,

    /// When the first event occurs
    #[arg(long, value_name = "TIMESTAMP", default_value = "2026-01-01T00:00:00Z", value_parser = micros)]
    pub(crate) start: u64,

    /// Make this share of the events invalid, from 0 to 1
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = millionths)]
    pub(crate) invalid: u64,

    /// Put a field that the schema does not describe into every event
    #[arg(long)]
    pub(crate) unknown_field: bool,

    /// Put the fields of every event into another order
    #[arg(long)]
    pub(crate) shuffle_keys: bool,

    /// Write escapes into every text that is free, and for everything beyond ASCII
    #[arg(long)]
    pub(crate) escapes: bool,

    /// Write to this file, compressed if its name ends with `.gz`, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Reads a timestamp as microseconds since 1970.
fn micros(text: &str) -> Result<u64, String> {
    let expected = || "expected a timestamp from 1970 to 9000, such as `2026-01-01T00:00:00Z`".to_owned();
    let time: cloudconnexa_events::Timestamp = text.parse().map_err(|_| expected())?;
    // Whole years are left for the events that follow.
    u64::try_from(time.unix_micros())
        .ok()
        .filter(|micros| *micros < 221_845_392_000_000_000)
        .ok_or_else(expected)
}

/// Reads a timestamp as microseconds since 1970, before which it may be.
fn present(text: &str) -> Result<i64, String> {
    let time: cloudconnexa_events::Timestamp =
        text.parse().map_err(|_| "expected a timestamp, such as `2026-01-01T00:00:00Z`".to_owned())?;
    Ok(time.unix_micros())
}

/// Reads a share as how many of a million.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a million")]
fn millionths(text: &str) -> Result<u64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok((share * 1e6).round() as u64),
        _ => Err("expected a number from 0 to 1, such as `0.01`".to_owned()),
    }
}

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

#[cfg(test)]
mod tests {
    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory as _;
        super::Args::command().debug_assert();
    }
}
