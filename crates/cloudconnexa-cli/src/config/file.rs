//! The tables and keys of `ccxlog.toml`, and their JSON Schema.

use std::num::NonZero;
use std::path::PathBuf;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use toml::Spanned;

use super::coverage::CoverageTable;
use super::schema_diff::SchemaDiffTable;

/// Settings of `ccxlog`. Options take precedence over them. Paths and patterns are relative to the folder of this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "ccxlog.toml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a key")]
pub(super) struct File {
    /// Files, folders and glob patterns to check if the command line names none.
    pub(super) inputs: Option<Vec<PathBuf>>,
    /// Glob patterns of files to skip, also if the command line names them.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Spanned<String>>,
    /// Formats of the report, as for `--format`: `human`, or `sarif=findings.sarif`.
    #[schemars(with = "Vec<String>")]
    pub(super) format: Vec<Spanned<String>>,
    /// Whether values of events are shown where they would be masked. It has no effect if the environment variable `CI` is
    /// set; `--show-values` has.
    pub(super) show_values: bool,
    /// Whether inputs that cannot be read to their ends are skipped, with exit code 3, where a command can do without them.
    pub(super) skip_unreadable: bool,
    /// Where in other records the events are, as for `--unwrap`: `message`, `hits.hits._source`, `/a/0/b`; `true` if wherever
    /// they are found.
    #[schemars(with = "Option<UnwrapValue>")]
    pub(super) unwrap: Option<Spanned<UnwrapValue>>,
    /// Whether every warning is an error.
    pub(super) strict: bool,
    /// Whether rules beyond the schema about a record on its own apply.
    pub(super) semantic: bool,
    /// Whether rules about several records apply as well. Only `ccxlog validate` applies them.
    pub(super) stateful: bool,
    /// Rules whose findings are errors; `warnings` means all rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    pub(super) deny: Vec<Spanned<String>>,
    /// Rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    pub(super) warn: Vec<Spanned<String>>,
    /// Rules whose findings are neither shown nor counted.
    #[schemars(with = "Vec<String>")]
    pub(super) allow: Vec<Spanned<String>>,
    /// A file of findings that do not fail a run, as `--write-baseline` writes it.
    pub(super) baseline: Option<PathBuf>,
    pub(super) limits: LimitsTable,
    pub(super) coverage: CoverageTable,
    pub(super) schema_diff: SchemaDiffTable,
    pub(super) test: TestTable,
    /// Severities for some files or events only. Of several that apply, the last one wins.
    pub(super) overrides: Vec<OverrideTable>,
}

/// Where events are in other records.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(super) enum UnwrapValue {
    /// Whether they are found wherever they are.
    Anywhere(bool),
    /// Names of fields joined with dots, or a JSON Pointer.
    At(String),
}

/// Limits of inputs, reports and resources.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct LimitsTable {
    /// How many errors, and how many kinds of warnings, are shown in full.
    pub(super) max_findings: Option<u64>,
    /// The longest record, such as `16MiB`; longer ones are errors.
    #[schemars(with = "Option<String>")]
    pub(super) max_record_bytes: Option<Spanned<String>>,
    /// The largest size that a gzip member may inflate to, such as `4GiB`; unlimited by default.
    #[schemars(with = "Option<String>")]
    pub(super) max_inflated_bytes: Option<Spanned<String>>,
    /// How many times its size a gzip member may inflate to, if that is more than 64 MiB; 1000 by default.
    pub(super) max_ratio: Option<NonZero<u64>>,
    /// How long a session may wait for its other event, measured by the events, such as `30d`.
    #[schemars(with = "Option<String>")]
    pub(super) horizon: Option<Spanned<String>>,
    /// How many sessions may wait for their other event at once.
    pub(super) max_open: Option<usize>,
    /// How many threads to use; by default, as many as there are cores.
    pub(super) threads: Option<NonZero<usize>>,
}

/// Expectations of `ccxlog test`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct TestTable {
    /// Glob patterns of fixtures that have no errors and no warnings, unless a file next to a fixture, or a folder that is
    /// named after a rule, says what is expected of it.
    #[schemars(with = "Vec<String>")]
    pub(super) valid: Vec<Spanned<String>>,
}

/// Severities for some files, for some events, or for some events in some files.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct OverrideTable {
    /// Glob patterns of files; empty for all files.
    #[schemars(with = "Vec<String>")]
    pub(super) paths: Vec<Spanned<String>>,
    /// Names of events; empty for all events.
    pub(super) events: Vec<String>,
    /// Rules whose findings are errors; `warnings` means all rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    pub(super) deny: Vec<Spanned<String>>,
    /// Rules whose findings are warnings.
    #[schemars(with = "Vec<String>")]
    pub(super) warn: Vec<Spanned<String>>,
    /// Rules whose findings are neither shown nor counted.
    #[schemars(with = "Vec<String>")]
    pub(super) allow: Vec<Spanned<String>>,
}

/// Returns the JSON Schema of the file.
pub(crate) fn schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>()
}
