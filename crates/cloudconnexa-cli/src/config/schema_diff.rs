//! The table `[schema-diff]` of the config file.

use cloudconnexa_compat::{AcceptedChange, CHANGE_RULES, change_rule};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::source::SourceText;
use crate::nearest::nearest;

/// Settings of `ccxlog schema diff`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct SchemaDiffTable {
    /// Changes that break somebody, or may do, and that are accepted.
    accept: Vec<AcceptTable>,
}

/// A change that is accepted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AcceptTable {
    /// The kind of change, such as `value-narrowed`.
    #[schemars(with = "String")]
    rule: Spanned<String>,
    /// The field, as a JSON Pointer within the event: `/publicIp`, `/log/sessionBytesIn`; empty for the event itself.
    pointer: String,
    /// The event; all of them by default.
    event: Option<String>,
    /// Why it is accepted.
    #[schemars(with = "String")]
    reason: Spanned<String>,
}

impl SchemaDiffTable {
    /// Returns the changes, each with its location in the file.
    pub(super) fn check(self, source: &SourceText<'_>) -> Result<Vec<(AcceptedChange, String)>, String> {
        let accepted = self.accept.into_iter().map(|AcceptTable { rule, pointer, event, reason }| {
            let location = source.location(&rule.span());
            let rule = rule.into_inner();
            if change_rule(&rule).is_none() {
                let remedy = match nearest(&rule, CHANGE_RULES.iter().map(|rule| rule.id)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "docs/schema.md lists them".to_owned(),
                };
                return Err(format!("{location}: no change is named `{rule}`; {remedy}"));
            }
            if reason.get_ref().trim().is_empty() {
                let location = source.location(&reason.span());
                return Err(format!("{location}: `reason` is empty; say why the change is accepted"));
            }
            Ok((AcceptedChange { rule, pointer, event, reason: reason.into_inner() }, location))
        });
        accepted.collect()
    }
}
