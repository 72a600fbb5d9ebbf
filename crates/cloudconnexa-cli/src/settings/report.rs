//! Settings for reports.

use std::path::{Path, PathBuf};

use super::formats::{assign_outputs, parse_format};
use crate::config::{self, Config};
use cloudconnexa_report::{FindingWriter, JunitWriter, ListFormat, Masking, RunFormat};

use crate::check::{Format, List};
use crate::terminal;

/// How many errors, and how many kinds of warnings, the human format shows by default.
const MAX_FINDINGS: u64 = 50;

/// How many results a report has by default.
const MAX_RESULTS: usize = 1000;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormatName {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Html,
}

impl FormatName {
    /// Returns whether it is JSON, which may have characters that a terminal would act on.
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Gitlab)
    }
}

pub(super) const FORMATS: [(&str, FormatName); 8] = [
    ("human", FormatName::Human),
    ("concise", FormatName::Concise),
    ("json", FormatName::Json),
    ("sarif", FormatName::Sarif),
    ("github", FormatName::Github),
    ("gitlab", FormatName::Gitlab),
    ("junit", FormatName::Junit),
    ("html", FormatName::Html),
];

/// The options of the command line about reports; none by default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReportOptions<'a> {
    /// `FORMAT` or `FORMAT=FILE`.
    pub(crate) formats: &'a [String],
    /// The file of the format that has none.
    pub(crate) output: Option<&'a Path>,
    /// The file of a page, in addition to `formats`.
    pub(crate) page: Option<&'a Path>,
    pub(crate) max_findings: Option<u64>,
    pub(crate) show_values: bool,
}

/// Which reports are written, and what they show.
#[derive(Debug)]
pub(crate) struct ReportSettings {
    /// Each with its file; `None` is standard output.
    pub(crate) formats: Vec<(FormatName, Option<PathBuf>)>,
    max_findings: Option<u64>,
    show_values: bool,
    /// Output may be public.
    is_ci: bool,
}

/// Returns whether the environment variable `CI` says that this is a pipeline, whose log may be public.
pub(super) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// Refuses `--report html=page.html`, which would write a file of that name.
fn refuse_format(page: &Path) -> Result<(), String> {
    let text = page.to_string_lossy();
    match text.split_once('=') {
        Some((name, file)) if FORMATS.iter().any(|(known, _)| *known == name) => {
            let remedy = if name == "html" { format!("`--report {file}` or ") } else { String::new() };
            Err(format!("`--report` takes the name of a page, not a format; write {remedy}`--format {text}`"))
        }
        _ => Ok(()),
    }
}

impl ReportSettings {
    pub(crate) fn new(options: ReportOptions<'_>, config: &Config) -> Result<Self, String> {
        let mut formats = if options.formats.is_empty() {
            let formats = config.formats.iter().map(|(text, location)| {
                let (name, file) =
                    parse_format(text, &FORMATS).map_err(|problem| format!("{location}: {problem}"))?;
                Ok((name, file.map(|file| config::resolve(&config.folder, &file))))
            });
            formats.collect::<Result<Vec<_>, String>>()?
        } else {
            options.formats.iter().map(|text| parse_format(text, &FORMATS)).collect::<Result<Vec<_>, _>>()?
        };
        if let Some(page) = options.page {
            refuse_format(page)?;
            if formats.is_empty() {
                formats.push((FormatName::Human, None));
            }
            formats.push((FormatName::Html, Some(page.to_owned())));
        }
        let is_ci = is_ci();
        Ok(Self {
            formats: assign_outputs(formats, FormatName::Human, options.output)?,
            max_findings: options.max_findings.or(config.max_findings),
            // Whoever can change the config file of a repository can't unmask the log of its pipeline.
            show_values: options.show_values || config.show_values && !is_ci,
            is_ci,
        })
    }

    /// Returns whether nothing goes to standard output.
    pub(crate) fn has_files_only(&self) -> bool {
        self.formats.iter().all(|(_, file)| file.is_some())
    }

    /// Returns whether a page is written, which shows more than findings.
    pub(crate) fn has_page(&self) -> bool {
        self.formats.iter().any(|(name, _)| *name == FormatName::Html)
    }

    /// Returns the files that are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Path> {
        self.formats.iter().filter_map(|(_, file)| file.as_deref())
    }

    /// Returns how many errors, and how many kinds of warnings, lists with a limit show.
    pub(crate) fn max_findings(&self) -> u64 {
        self.max_findings.unwrap_or(MAX_FINDINGS)
    }

    /// Returns how many results a report has at most.
    pub(crate) fn max_results(&self) -> usize {
        self.max_findings.map_or(MAX_RESULTS, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// Returns whether values are shown to people.
    pub(crate) fn values_for_people(&self) -> Masking {
        if self.show_values || !self.is_ci { Masking::Shown } else { Masking::Masked }
    }

    /// Returns whether values are written for programs.
    pub(crate) fn values_for_programs(&self) -> Masking {
        if self.show_values { Masking::Shown } else { Masking::Masked }
    }

    /// Returns whether a report of this format shows values.
    pub(crate) fn values_in(&self, name: FormatName) -> Masking {
        if name == FormatName::Human { self.values_for_people() } else { self.values_for_programs() }
    }

    /// Returns a new report of this format.
    pub(crate) fn format(&self, name: FormatName) -> Format {
        let masking = self.values_for_programs();
        let is_limited = self.max_findings.is_some();
        match name {
            FormatName::Human => Format::List(List {
                writer: FindingWriter::new(
                    ListFormat::Human { width: terminal::width() },
                    self.values_for_people(),
                ),
                is_limited: true,
            }),
            FormatName::Concise => {
                Format::List(List { writer: FindingWriter::new(ListFormat::Concise, masking), is_limited })
            }
            FormatName::Json => {
                Format::List(List { writer: FindingWriter::new(ListFormat::Json, masking), is_limited })
            }
            FormatName::Sarif => Format::Report(RunFormat::Sarif),
            FormatName::Github => Format::Report(RunFormat::Github),
            FormatName::Gitlab => Format::Report(RunFormat::Gitlab),
            FormatName::Junit => Format::Junit(JunitWriter::new()),
            FormatName::Html => Format::Report(RunFormat::Html(masking)),
        }
    }
}
