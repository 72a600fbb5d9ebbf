//! Which questions a change cannot turn into no, by what it is.

use crate::changes::{Change, Detail};
use crate::rules as rule;
use crate::verdict::Question;

/// Returns whether a change cannot be to blame for an answer that is not yes.
pub(super) fn is(change: &Change, question: Question) -> bool {
    let is = |one: &rule::ChangeRule| change.rule == one;
    if is(&rule::DESCRIPTION_CHANGED) || is(&rule::REWRITTEN) || is(&rule::TYPE_RENAMED) {
        return true;
    }
    // What is added to an open list, or taken off it, is valid before and after.
    if change.is_of_open_list && (is(&rule::VALUE_ADDED) || is(&rule::VALUE_REMOVED)) {
        return true;
    }
    let is_optional = matches!(change.detail, Detail::Required(false));
    match question {
        Question::Types => true,
        Question::Backward => {
            is(&rule::FIELD_OPTIONAL)
                || is(&rule::VALUE_WIDENED)
                || is(&rule::VALUE_ADDED)
                || is(&rule::LIST_OPENED)
                || is(&rule::LIST_CLOSED)
                || is(&rule::FIELDS_OPENED)
                || is(&rule::FIELDS_CLOSED)
                || is(&rule::EVENT_ADDED)
                || is(&rule::FIELD_ADDED) && is_optional
        }
        Question::Forward => {
            is(&rule::FIELD_REQUIRED)
                || is(&rule::VALUE_NARROWED)
                || is(&rule::VALUE_REMOVED)
                || is(&rule::LIST_CLOSED)
                || is(&rule::LIST_OPENED)
                || is(&rule::FIELDS_CLOSED)
                || is(&rule::FIELDS_OPENED)
                || is(&rule::EVENT_REMOVED)
                || is(&rule::FIELD_REMOVED) && is_optional
        }
        Question::Openness => {
            is(&rule::FIELD_OPTIONAL)
                || is(&rule::FIELD_REQUIRED)
                || is(&rule::FIELD_ADDED)
                || is(&rule::FIELD_REMOVED)
                || is(&rule::LIST_OPENED)
                || is(&rule::FIELDS_OPENED)
                || is(&rule::VALUE_ADDED)
                || is(&rule::VALUE_WIDENED)
        }
        // By strict questions, whatever is described more closely lets less in.
        Question::AllOld => is(&rule::FIELD_OPTIONAL) || is(&rule::VALUE_WIDENED) || is(&rule::FIELD_REMOVED),
        Question::AllNew => is(&rule::FIELD_REQUIRED) || is(&rule::VALUE_NARROWED) || is(&rule::FIELD_ADDED),
    }
}
