//! Findings about the text between records, and about records that are too long: both come from the splitter, which
//! reports them as framing faults.

use cloudconnexa_reader::records::{FramingFault, Separator};

use crate::describe::Text;

pub(super) fn text(fault: FramingFault) -> Text {
    let help = match fault {
        FramingFault::TrailingComma | FramingFault::LeadingComma => "remove the comma",
        FramingFault::NoComma(_) | FramingFault::UnexpectedText => "put a comma between the events",
        FramingFault::ArrayNotClosed => "the input may be cut off; end the array with `]`",
        FramingFault::AfterArray => "an input holds one array, or events outside of any array",
        FramingFault::SecondArray => {
            "each event is checked, but other readers expect one array; one event per line: \
             `jq -c '.[]' FILE | ccxlog validate`"
        }
        FramingFault::NoLineEnd => {
            "each event is checked, but readers of JSON lines lose one of the two; put each on a line of its own: \
             `jq -c . FILE | ccxlog validate`"
        }
        FramingFault::Separator(separator) => separator_help(separator),
        FramingFault::Nul { .. } => {
            "a crash or a full disk leaves them; what is before and after them is checked: get the file from its source \
             again, or `tr -s '\\000' '\\n' < FILE | ccxlog validate`"
        }
        FramingFault::ByteOrderMark => {
            "`cat` leaves it between two files; what follows it is checked: \
             `sed 's/\\xef\\xbb\\xbf/\\n/g' FILE | ccxlog validate` removes it"
        }
        _ => "",
    };
    Text::new(fault.to_string(), "", (!help.is_empty()).then(|| help.to_owned()))
}

fn separator_help(separator: Separator) -> &'static str {
    match separator {
        Separator::Blank => {
            "each event is checked, but readers of JSON lines expect one per line; put each on a line of its own: \
             `jq -c . FILE | ccxlog validate`"
        }
        Separator::CarriageReturn => {
            "each event is checked, but for other readers this is one line: `tr '\\r' '\\n' < FILE | ccxlog validate`"
        }
        Separator::Comma => {
            "each event is checked; for readers of JSON lines: \
             `(echo '['; sed '$s/,[[:space:]]*$//' FILE; echo ']') | jq -c '.[]' | ccxlog validate`"
        }
        _ => {
            "each event is checked; to write one per line: \
             `ccxlog split --accepted events.jsonl --rejected rejected.jsonl FILE`"
        }
    }
}

/// Whether lists have one finding for all places of an input: a tool that separates events like that does so everywhere.
pub(crate) fn is_folded(fault: FramingFault) -> bool {
    matches!(
        fault,
        FramingFault::SecondArray
            | FramingFault::NoLineEnd
            | FramingFault::Separator(_)
            | FramingFault::Nul { .. }
            | FramingFault::ByteOrderMark
    )
}

/// Part of fingerprints: never to be changed, whatever becomes of the wording.
pub(super) fn key(fault: FramingFault) -> &'static str {
    match fault {
        FramingFault::TrailingComma => "trailing-comma",
        FramingFault::LeadingComma => "expected-value",
        FramingFault::NoComma(_) | FramingFault::UnexpectedText => "expected-comma",
        FramingFault::ArrayNotClosed => "cut-off",
        FramingFault::AfterArray | FramingFault::SecondArray => "expected-end",
        // Whatever separates the events of an input, it is one finding.
        FramingFault::NoLineEnd | FramingFault::Separator(_) => "expected-line-end",
        FramingFault::Nul { .. } => "nul",
        FramingFault::ByteOrderMark => "byte-order-mark",
        _ => "framing",
    }
}
