//! The table `[coverage]` of the config file.

use cloudconnexa_report::coverage::{Minimum, PointClass};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::source::SourceText;
use crate::coverage::{add_minimum, parse_minimum};

/// Requirements of `ccxlog coverage`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct CoverageTable {
    /// How much has to be covered, as for `--min`: `90%` of all points, `each=80%` of every event and of the header,
    /// `client-disconnected=100%` of one event, `header=100%` of the header.
    #[schemars(with = "Vec<String>")]
    min: Vec<Spanned<String>>,
    /// Points that don't count.
    without: Vec<PointClass>,
}

/// The same, checked.
#[derive(Debug, Default)]
pub(crate) struct CoverageConfig {
    pub(crate) minimums: Vec<Minimum>,
    pub(crate) without: Vec<PointClass>,
}

impl CoverageTable {
    pub(super) fn check(self, source: &SourceText<'_>) -> Result<CoverageConfig, String> {
        let mut minimums = Vec::new();
        for text in &self.min {
            parse_minimum(text.get_ref())
                .and_then(|minimum| add_minimum(&mut minimums, minimum))
                .map_err(|problem| format!("{}: {problem}", source.location(&text.span())))?;
        }
        Ok(CoverageConfig { minimums, without: self.without })
    }
}
