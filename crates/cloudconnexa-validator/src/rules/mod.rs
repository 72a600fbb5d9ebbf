//! The rules, one per file, and their table, from which `ccxlog explain` prints.
//!
//! The file of a rule has everything about it: its explanation, what a finding keeps, how it is described, and tests. To
//! add one, add its file and its line in the table below.

pub(crate) mod framing;

use crate::describe::Describe;
pub use crate::rule::Rule;
use crate::rule::Severity;
use crate::semantics::context::{Context, Hit};
use crate::semantics::judged::Judged;

/// Checks one record for a rule beyond the schema. Each rule reports at most its first hit.
pub(crate) type RecordCheck = fn(&Context<'_>) -> Option<Hit<Detail>>;

/// Declares the module of each rule, and makes the tables and the enum of what a finding keeps.
///
/// `cargo fmt` does not look into macros: the files of rules are formatted by a command of their own (`xtask/src/ci.rs`).
macro_rules! rules {
    (
        schema { $($schema:ident::$schema_detail:ident,)* }
        record { $($record:ident::$record_detail:ident,)* }
        stream { $($stream:ident::$stream_detail:ident,)* }
    ) => {
        $(pub(crate) mod $schema;)*
        $(pub(crate) mod $record;)*
        $(pub(crate) mod $stream;)*

        /// All rules: first those that keep a record from being read, then those that make it invalid, then warnings,
        /// then notes, on what the vendor itself is known to write. Last come [`RECORD_RULES`] and [`STREAM_RULES`],
        /// which apply only on request.
        pub static RULES: &[&Rule] =
            &[$(&$schema::RULE,)* $(&$record::RULE,)* $(&$stream::RULE,)*];

        /// The rules beyond the schema that look at one record.
        pub static RECORD_RULES: &[&Rule] = &[$(&$record::RULE),*];

        /// The rules beyond the schema that compare several records.
        pub static STREAM_RULES: &[&Rule] = &[$(&$stream::RULE),*];

        /// Each of [`RECORD_RULES`] with its check.
        pub(crate) static RECORD_CHECKS: &[(&Rule, RecordCheck)] =
            &[$((&$record::RULE, |context| $record::check(context).map(Hit::of))),*];

        /// Each of [`RECORD_RULES`] and [`STREAM_RULES`] with the fields that it judges.
        static JUDGED: &[(&Rule, Judged)] = &[
            $((&$record::RULE, $record::JUDGED),)*
            $((&$stream::RULE, $stream::JUDGED),)*
        ];

        rules! { @detail $($schema::$schema_detail,)* $($record::$record_detail,)* $($stream::$stream_detail,)* }
    };
    (@detail $($module:ident::$detail:ident,)*) => {
        /// A defect of any rule, which a finding keeps until it is described.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum Detail {
            $($detail($module::$detail)),*
        }

        impl Detail {
            pub(crate) fn describe(&self) -> &dyn Describe {
                match self {
                    $(Self::$detail(detail) => detail),*
                }
            }
        }

        $(impl From<$module::$detail> for Detail {
            fn from(detail: $module::$detail) -> Self {
                Self::$detail(detail)
            }
        })*
    };
}

rules! {
    schema {
        syntax::Syntax,
        not_utf8::NotUtf8,
        too_deep::TooDeep,
        too_long::TooLong,
        number_overflow::NumberOverflow,
        wrapped_event::WrappedEvent,
        not_json::NotJson,
        foreign_notation::ForeignNotation,
        merge_conflict::MergeConflict,
        not_an_event::NotAnEvent,
        renamed_fields::RenamedFields,
        reshaped_log::ReshapedLog,
        duplicate_field::DuplicateField,
        missing_field::MissingField,
        wrong_type::WrongType,
        wrong_format::WrongFormat,
        wrong_value::WrongValue,
        out_of_range::OutOfRange,
        schema_violation::SchemaViolation,
        empty_input::EmptyInput,
        null_filled::NullFilled,
        unknown_event::UnknownEvent,
        unknown_field::UnknownField,
        field_case::FieldCase,
        unknown_version::UnknownVersion,
        unfamiliar_value::UnfamiliarValue,
        deprecated_field::DeprecatedField,
        string_null::StringNull,
    }
    record {
        session_end_before_start::SessionEndBeforeStart,
        session_duration_mismatch::SessionDurationMismatch,
        event_time_mismatch::EventTimeMismatch,
        address_mismatch::AddressMismatch,
        port_zero::PortZero,
        impossible_rate::ImpossibleRate,
        time_in_future::TimeInFuture,
        time_before_service::TimeBeforeService,
        tunnel_address::TunnelAddress,
    }
    stream {
        clock_backwards::ClockBackwards,
        duplicate_trace_id::DuplicateTraceId,
        session_ends_twice::SessionEndsTwice,
        session_never_began::SessionNeverBegan,
        session_never_ends::SessionNeverEnds,
    }
}

/// Returns the rule with this id, if there is one.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Returns whether a rule is one of [`RECORD_RULES`].
#[must_use]
pub fn is_record_rule(rule: &'static Rule) -> bool {
    RECORD_RULES.iter().any(|known| std::ptr::eq(*known, rule))
}

/// Returns the rules beyond the schema that judge a field of an event, such as `/log/sessionEndTime` of `client-disconnected`.
pub fn rules_judging(event: &str, pointer: &str) -> impl Iterator<Item = &'static Rule> {
    JUDGED.iter().filter(move |(_, judged)| judged.includes(event, pointer)).map(|(rule, _)| *rule)
}

/// Returns whether a rule is one of [`STREAM_RULES`].
#[must_use]
pub fn is_stream_rule(rule: &'static Rule) -> bool {
    STREAM_RULES.iter().any(|known| std::ptr::eq(*known, rule))
}

/// The ids of rules that say what a record or a text is, if it is not an event as CloudConnexa writes them.
const RECOGNITION: &[&str] = &[
    "wrapped-event",
    "not-an-event",
    "not-json",
    "foreign-notation",
    "merge-conflict",
    "reshaped-log",
    "renamed-fields",
    "null-filled",
];

/// Returns whether a rule says what the records of an input are, rather than what is wrong with one: its findings are about
/// no event in particular.
#[must_use]
pub fn is_recognition_rule(rule: &'static Rule) -> bool {
    RECOGNITION.contains(&rule.id)
}

/// Returns whether lists have one finding of a rule for all records of one [key](crate::Finding::key) in an input.
///
/// True for those [recognition rules](is_recognition_rule) whose findings are errors.
#[must_use]
pub fn is_folded(rule: &'static Rule) -> bool {
    is_recognition_rule(rule) && rule.severity == Severity::Error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case_and_lead_to_their_rule() {
        for known in RULES {
            assert!(
                known
                    .id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
            assert_eq!(rule(known.id), Some(*known), "{}", known.id);
        }
        assert_eq!(rule("no-such-rule"), None);
    }

    #[test]
    fn every_rule_is_explained() {
        for Rule { id, summary, explanation, .. } in RULES {
            assert!(!summary.ends_with('.') && !summary.contains('\n'), "{id}");
            assert!(summary.starts_with(|first: char| first.is_lowercase()), "{id}");
            for heading in ["\n## Example\n", "\n## What to do\n"] {
                assert!(explanation.contains(heading), "{id} lacks {heading:?}");
            }
            assert!(!explanation.starts_with('\n') && explanation.ends_with(".\n"), "{id}");
        }
    }
}
