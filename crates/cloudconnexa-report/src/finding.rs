//! A finding with the context that reports add to it.

use std::path::Path;

use cloudconnexa_reader::records::Record;
use cloudconnexa_validator::catalog::is_plausible_name;
use cloudconnexa_validator::rules::is_recognition_rule;
use cloudconnexa_validator::{Finding, Severity, Text};

use crate::fingerprint::Fingerprint;
use crate::masking::Masking;
use crate::text::count;

/// A finding on its way into a list: where it was found, and how severe it is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReportedFinding<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its severity, which a configuration may have changed.
    pub severity: Severity,
    /// The name of the input.
    pub input: &'a str,
    /// The record, if the finding is within one: the human format shows its line.
    pub record: Option<Record<'a>>,
    /// The name of the event, if it has one.
    pub event: Option<&'a str>,
    /// JSON Pointer to the value; shortened if it is extremely long.
    pub pointer: &'a str,
    /// Identifies it in other runs.
    pub fingerprint: Fingerprint,
    /// How many records or places of the input it is about. More than one only if the finding
    /// [is folded](Finding::is_folded).
    pub records: u64,
}

impl<'a> ReportedFinding<'a> {
    /// Creates one with the severity of its rule, outside of records and events.
    pub fn new(finding: &'a Finding, input: &'a str, fingerprint: Fingerprint) -> Self {
        Self {
            finding,
            severity: finding.severity(),
            input,
            record: None,
            event: None,
            pointer: finding.pointer(),
            fingerprint,
            records: 1,
        }
    }

    pub(crate) fn text(&self, masking: Masking) -> Text {
        let mut text = masking.text(self.finding);
        if Path::new(self.input).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            text.help = text.help.map(unpacked_first);
        }
        text
    }

    /// Returns the number of records or places, in words, if it is about more than one.
    pub(crate) fn records_phrase(&self) -> Option<String> {
        let is_about_records = is_recognition_rule(self.finding.rule());
        let what = if is_about_records { "records" } else { "places" };
        (self.records > 1).then(|| format!("{} {what} of this input are like this one", count(self.records)))
    }

    /// Returns the name of the event, unless values are masked and it could be anything but a name.
    pub(crate) fn event_name(&self, masking: Masking) -> Option<&'a str> {
        self.event.filter(|name| masking == Masking::Shown || is_plausible_name(name))
    }
}

/// Returns a help whose command reads a compressed `FILE`.
///
/// Rules do not know how the record was stored, so their commands read it as it is.
fn unpacked_first(help: String) -> String {
    const END: &str = " | ccxlog validate`";
    let parts = help.split_once(END).and_then(|(before, after)| {
        let (before, command) = before.rsplit_once('`')?;
        let (start, rest) = command.split_once(" < FILE").or_else(|| command.split_once(" FILE"))?;
        Some((before, start, rest, after))
    });
    match parts {
        Some((before, start, rest, after)) => format!("{before}`gzip -dc FILE | {start}{rest}{END}{after}"),
        None => help,
    }
}

#[cfg(test)]
mod tests {
    use super::unpacked_first;

    #[test]
    fn commands_for_compressed_files_unpack_them_first() {
        for (help, expected) in [
            (
                "read it: `jq -c . FILE | ccxlog validate`",
                "read it: `gzip -dc FILE | jq -c . | ccxlog validate`",
            ),
            (
                "`ccxlog validate --unwrap FILE`; or `tr a b < FILE | ccxlog validate` now",
                "`ccxlog validate --unwrap FILE`; or `gzip -dc FILE | tr a b | ccxlog validate` now",
            ),
            (
                "`(echo; sed x FILE; echo) | jq . | ccxlog validate`",
                "`gzip -dc FILE | (echo; sed x; echo) | jq . | ccxlog validate`",
            ),
            ("add `eventName`", "add `eventName`"),
            ("`ccxlog validate --unwrap FILE`", "`ccxlog validate --unwrap FILE`"),
        ] {
            assert_eq!(unpacked_first(help.to_owned()), expected);
        }
    }
}
