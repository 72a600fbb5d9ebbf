//! Turns what is found in CloudConnexa log events into reports: text for people, JSON, SARIF, `JUnit`, GitHub and GitLab
//! annotations, and an HTML page.
//!
//! A [`Reporter`] takes what [`cloudconnexa_validator`] finds, record by record, and writes it in one [`Format`] to any
//! [`std::io::Write`]:
//!
//! ```
//! use cloudconnexa_report::{Format, ReportOptions, Reporter, RunStatus};
//! use cloudconnexa_reader::records::{Item, Splitter};
//! use cloudconnexa_validator::{Finding, Validator};
//!
//! let events = br#"{"eventName":"test-message","CloudConnexaLogVersion":"1"}
//! {"eventName":"test-message"
//! "#;
//!
//! let validator = Validator::new();
//! let mut reporter = Reporter::new(Format::Sarif, Vec::new(), ReportOptions::default());
//! let mut written = Ok(());
//! let mut item = |item: Item<'_>| match item {
//!     Item::Record(record) => {
//!         let checked = validator.check(record.bytes, record.at);
//!         written = reporter.add("events.jsonl", record.bytes, record.at, &checked);
//!     }
//!     Item::Fault(span, fault) => {
//!         written = reporter.add_finding("events.jsonl", &Finding::framing(span, fault));
//!     }
//!     _ => {}
//! };
//! let mut splitter = Splitter::new();
//! splitter.push(events, &mut item);
//! splitter.finish(&mut item);
//! written?;
//!
//! assert_eq!(reporter.status(), RunStatus::Findings);
//! let sarif = String::from_utf8(reporter.finish()?)?;
//! assert!(sarif.contains(r#""ruleId":"missing-field""#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which one do I use?
//!
//! | to | use |
//! |---|---|
//! | write one report about records as they are checked | [`Reporter`] with a [`Format`] |
//! | format findings on several threads, and put them in order yourself | [`FindingWriter`], one per thread |
//! | merge findings of several threads into one report | [`InputFindings`], [`FindingGroups`], [`RunCounts`] |
//! | write a report from merged findings | [`RunFormat`] or [`JunitWriter`] with [`RunResults`] |
//! | print the summary at the end | [`Summary::render`] |
//! | add charts, drift and coverage to the HTML page | [`overview`], [`Reporter::set_overview`] |
//! | report coverage of the schema, drift, or a table of sessions | [`coverage`], [`drift`], [`sessions`] |
//! | report what changes between two versions of the schema | [`schema_diff`] |
//! | document what the schema says of each event and field | [`mod@reference`] |
//! | write rows of other columns, such as fields of events | [`table`] |
//! | recognise a finding in another run | [`Fingerprint`] |
//!
//! # What it does not do
//!
//! It opens no files and knows neither terminal, environment nor clock. Colour is written as escape codes in the formats
//! that say so; strip them where they are not wanted. Values of events are [masked](Masking) unless you ask for them.
//!
//! With the feature `schemars`, `json_schema` functions return the JSON Schemas of the JSON formats.

mod counts;
pub mod coverage;
pub mod drift;
mod finding;
mod fingerprint;
mod folded;
mod formats;
mod groups;
mod left_out;
mod masking;
mod options;
pub mod overview;
mod paths;
pub mod reference;
mod reporter;
mod run;
pub mod schema_diff;
pub mod sessions;
mod status;
mod summary;
pub mod table;
#[cfg(test)]
mod testing;
pub mod text;
mod wording;

pub use counts::{EventLabel, RunCounts, UnwrappedCounts, ValidityCounts};
pub use finding::ReportedFinding;
pub use fingerprint::{Fingerprint, MAX_NAME_BYTES, MAX_POINTER_BYTES, shorten};
pub use folded::{FoldedFinding, FoldedFindings};
#[cfg(feature = "schemars")]
pub use formats::json_schema;
pub use formats::{
    FindingWriter, Format, JunitWriter, ListFormat, RunFormat, UnknownFormat, step_summary, write_entries,
};
pub use groups::{
    Elsewhere, FindingGroup, FindingGroups, GroupDetails, GroupKey, InputFindings, ReportEntries, ReportEntry,
};
pub use left_out::{LeftOut, LeftOutReason};
pub use masking::Masking;
pub use options::ReportOptions;
pub use paths::PathRoot;
pub use reporter::Reporter;
pub use run::{GoneFinding, Problem, RunResults};
pub use status::RunStatus;
pub use summary::{EventRow, Summary};
