//! The rules, one a file, and their table: what `ccxlog explain` prints comes from here. Those that look at more than a
//! schema can say are in [`semantics`](crate::semantics).
//!
//! A rule's file has everything about it: its explanation, the function that words its findings, and its tests.

pub(crate) mod deprecated_field;
pub(crate) mod duplicate_field;
pub(crate) mod field_case;
pub(crate) mod framing;
pub(crate) mod missing_field;
pub(crate) mod not_utf8;
pub(crate) mod number_overflow;
pub(crate) mod out_of_range;
pub(crate) mod schema_violation;
pub(crate) mod string_null;
pub(crate) mod syntax;
pub(crate) mod too_deep;
pub(crate) mod too_long;
pub(crate) mod unfamiliar_value;
pub(crate) mod unknown_event;
pub(crate) mod unknown_field;
pub(crate) mod unknown_version;
pub(crate) mod wrong_format;
pub(crate) mod wrong_type;
pub(crate) mod wrong_value;

use crate::finding::Severity;
use crate::semantics::{
    address_mismatch, clock_backwards, duplicate_trace_id, event_time_mismatch, impossible_rate, port_zero,
    session_duration_mismatch, session_end_before_start, session_ends_twice, session_never_began,
    session_never_ends, time_before_service, time_in_future, tunnel_address,
};
use crate::wording::Wording;

/// What a finding can be about.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Stable, kebab-case, never used for anything else.
    pub id: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// What it says, in one line.
    pub summary: &'static str,
    /// Why it exists, an example of what breaks it, and what to do, as Markdown.
    pub explanation: &'static str,
}

/// Makes of the rules an enum: what a finding keeps, whatever rule it is one of.
macro_rules! details {
    ($($module:ident::$kind:ident),* $(,)?) => {
        /// What a finding keeps until somebody asks for its wording.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum Detail {
            $($kind($module::$kind)),*
        }

        impl Detail {
            pub(crate) fn wording(&self) -> &dyn Wording {
                match self {
                    $(Self::$kind(detail) => detail),*
                }
            }
        }

        $(impl From<$module::$kind> for Detail {
            fn from(detail: $module::$kind) -> Self {
                Self::$kind(detail)
            }
        })*
    };
}

details! {
    syntax::Syntax,
    not_utf8::NotUtf8,
    too_deep::TooDeep,
    too_long::TooLong,
    number_overflow::NumberOverflow,
    duplicate_field::DuplicateField,
    missing_field::MissingField,
    wrong_type::WrongType,
    wrong_format::WrongFormat,
    wrong_value::WrongValue,
    out_of_range::OutOfRange,
    schema_violation::SchemaViolation,
    unknown_event::UnknownEvent,
    unknown_field::UnknownField,
    field_case::FieldCase,
    unknown_version::UnknownVersion,
    unfamiliar_value::UnfamiliarValue,
    deprecated_field::DeprecatedField,
    string_null::StringNull,
    session_end_before_start::SessionEndBeforeStart,
    session_duration_mismatch::SessionDurationMismatch,
    event_time_mismatch::EventTimeMismatch,
    address_mismatch::AddressMismatch,
    port_zero::PortZero,
    impossible_rate::ImpossibleRate,
    time_in_future::TimeInFuture,
    time_before_service::TimeBeforeService,
    tunnel_address::TunnelAddress,
    clock_backwards::ClockBackwards,
    duplicate_trace_id::DuplicateTraceId,
    session_ends_twice::SessionEndsTwice,
    session_never_began::SessionNeverBegan,
    session_never_ends::SessionNeverEnds,
}

/// All rules: first what keeps a record from being read, then what makes it invalid, then what is
/// worth knowing: warnings, and notes, on what the vendor itself is known to write. Behind these are the rules of
/// [`semantics`](crate::semantics), which are applied only if somebody asks.
pub static RULES: &[&Rule] = &[
    &syntax::RULE,
    &not_utf8::RULE,
    &too_deep::RULE,
    &too_long::RULE,
    &number_overflow::RULE,
    &duplicate_field::RULE,
    &missing_field::RULE,
    &wrong_type::RULE,
    &wrong_format::RULE,
    &wrong_value::RULE,
    &out_of_range::RULE,
    &schema_violation::RULE,
    &unknown_event::RULE,
    &unknown_field::RULE,
    &field_case::RULE,
    &unknown_version::RULE,
    &unfamiliar_value::RULE,
    &deprecated_field::RULE,
    &string_null::RULE,
    &session_end_before_start::RULE,
    &session_duration_mismatch::RULE,
    &event_time_mismatch::RULE,
    &address_mismatch::RULE,
    &port_zero::RULE,
    &impossible_rate::RULE,
    &time_in_future::RULE,
    &time_before_service::RULE,
    &tunnel_address::RULE,
    &clock_backwards::RULE,
    &duplicate_trace_id::RULE,
    &session_ends_twice::RULE,
    &session_never_began::RULE,
    &session_never_ends::RULE,
];

/// The rule of this id, if there is one.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
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
