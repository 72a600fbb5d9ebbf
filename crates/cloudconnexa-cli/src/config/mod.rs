//! `ccxlog.toml`: the settings of a team.

mod coverage;
mod file;
mod find;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod schema_diff;
mod source;
#[cfg(test)]
mod tests;
mod unknown_keys;

pub(crate) use coverage::CoverageConfig;
pub(crate) use file::schema;
pub(crate) use find::{Nearest, nearest};

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use cloudconnexa_compat::AcceptedChange;
use cloudconnexa_reader::Pattern;
use cloudconnexa_validator::unwrap::Unwrapper;

use crate::levels::{RuleSet, ScopedOverrides, SeverityOverrides};
use file::File;
use source::SourceText;

/// The name of the file.
pub(crate) const NAME: &str = "ccxlog.toml";

/// The content of a config file, checked; by default, that of an empty one.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The path of the file, if there is one.
    pub(crate) path: Option<PathBuf>,
    /// The folder that its paths are relative to.
    pub(crate) folder: PathBuf,
    pub(crate) inputs: Option<Vec<PathBuf>>,
    pub(crate) exclude: Vec<Pattern>,
    /// Each with its location, for messages.
    pub(crate) formats: Vec<(String, String)>,
    pub(crate) show_values: bool,
    pub(crate) skip_unreadable: bool,
    pub(crate) unwrap: Option<Unwrapper>,
    pub(crate) rule_set: RuleSet,
    pub(crate) severities: SeverityOverrides,
    pub(crate) overrides: Vec<ScopedOverrides>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) max_findings: Option<u64>,
    pub(crate) max_record_bytes: Option<usize>,
    pub(crate) max_inflated_bytes: Option<usize>,
    pub(crate) max_ratio: Option<NonZero<u64>>,
    /// In microseconds.
    pub(crate) horizon: Option<i64>,
    pub(crate) max_open: Option<usize>,
    pub(crate) threads: Option<NonZero<usize>>,
    pub(crate) coverage: CoverageConfig,
    /// Changes of the schema that are accepted, each with its location in the file.
    pub(crate) accepted_changes: Vec<(AcceptedChange, String)>,
    /// Patterns of fixtures that are expected to be valid.
    pub(crate) valid_fixtures: Vec<Pattern>,
}

/// Reads a file. An error is a sentence, with line and column.
pub(crate) fn read(path: &Path) -> Result<Config, String> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("cannot read the config file `{name}`: {error}"))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Config { path: Some(path.to_owned()), ..parse(&bytes, &name, folder)? })
}

fn parse(bytes: &[u8], name: &str, folder: &Path) -> Result<Config, String> {
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
        format!("{name}:{line}: this line is not UTF-8; save the config file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = SourceText { text, name };
    let table = toml::de::DeTable::parse(text).map_err(|error| source.toml_error(&error))?;
    if let Some((span, message)) = unknown_keys::first(table.get_ref(), &schema().to_value()) {
        return Err(format!("{}: {message}", source.location(&span)));
    }
    let file: File = toml::from_str(text).map_err(|error| source.toml_error(&error))?;

    let mut severities = source.severities(&file.deny, &file.warn, &file.allow)?;
    if file.strict {
        severities.deny_warnings();
    }
    let mut overrides = Vec::new();
    for table in &file.overrides {
        overrides.push(ScopedOverrides {
            paths: source.patterns(&table.paths)?,
            events: table.events.clone(),
            severities: source.severities(&table.deny, &table.warn, &table.allow)?,
        });
    }
    let formats = file.format.iter().map(|text| (text.get_ref().clone(), source.location(&text.span())));
    let inputs = file.inputs.map(|inputs| inputs.iter().map(|input| resolve(folder, input)).collect());
    Ok(Config {
        path: None,
        folder: folder.to_owned(),
        inputs,
        exclude: source.patterns(&file.exclude)?,
        formats: formats.collect(),
        show_values: file.show_values,
        skip_unreadable: file.skip_unreadable,
        unwrap: source.unwrapper(file.unwrap.as_ref())?,
        rule_set: RuleSet::from_flags(file.semantic, file.stateful),
        severities,
        overrides,
        baseline: file.baseline.map(|path| resolve(folder, &path)),
        max_findings: file.limits.max_findings,
        max_record_bytes: source.size(file.limits.max_record_bytes.as_ref())?,
        max_inflated_bytes: source.size(file.limits.max_inflated_bytes.as_ref())?,
        max_ratio: file.limits.max_ratio,
        horizon: source.duration(file.limits.horizon.as_ref())?,
        max_open: file.limits.max_open,
        threads: file.limits.threads,
        coverage: file.coverage.check(&source)?,
        accepted_changes: file.schema_diff.check(&source)?,
        valid_fixtures: source.patterns(&file.test.valid)?,
    })
}

/// Returns a path of the config file, relative to the working directory.
pub(crate) fn resolve(folder: &Path, path: &Path) -> PathBuf {
    let is_path = path != Path::new("-") && !path.to_str().is_some_and(cloudconnexa_reader::is_address);
    if is_path && folder != Path::new(".") { folder.join(path) } else { path.to_owned() }
}
