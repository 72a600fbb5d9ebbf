//! The names of the formats.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// An output format for findings.
///
/// ```
/// use cloudconnexa_report::Format;
///
/// assert_eq!("sarif".parse(), Ok(Format::Sarif));
/// assert_eq!(Format::Gitlab.to_string(), "gitlab");
/// assert!("word".parse::<Format>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people, in the manner of rustc: the line with the value underlined, and help.
    Human,
    /// One line per finding: `file:line:column: severity[id]: message`.
    Concise,
    /// One JSON object per finding, and a summary after the last.
    Json,
    /// SARIF 2.1.0, for code scanning, editors and dashboards.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality.
    Gitlab,
    /// The XML of `JUnit`.
    Junit,
    /// An HTML page that loads nothing and runs nothing.
    Html,
}

impl Format {
    /// All formats, in the order in which they are documented.
    pub const ALL: &'static [Self] = &[
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Html,
    ];

    /// Returns the name, as `ccxlog --format` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.iter().copied().find(|format| format.name() == name).ok_or(UnknownFormat(()))
    }
}

/// No format has the given name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownFormat(());

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        write!(f, "unknown format; expected one of {}", names.join(", "))
    }
}

impl Error for UnknownFormat {}
