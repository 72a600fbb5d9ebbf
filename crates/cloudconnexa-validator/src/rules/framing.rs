//! Findings about the text between records, and about records that are too long: both come from the splitter, which
//! reports them as framing faults.

use cloudconnexa_reader::records::FramingFault;

use crate::describe::Text;

pub(super) fn text(fault: FramingFault) -> Text {
    let help = match fault {
        FramingFault::TrailingComma | FramingFault::LeadingComma => "remove the comma",
        FramingFault::NoComma(_) | FramingFault::UnexpectedText => "put a comma between the events",
        FramingFault::ArrayNotClosed => "the input may be cut off; end the array with `]`",
        FramingFault::AfterArray => "an input holds one array, or events outside of any array",
        FramingFault::NoLineEnd => "start a new line here: readers of JSON lines lose one of the two",
        _ => "",
    };
    Text::new(fault.to_string(), "", (!help.is_empty()).then(|| help.to_owned()))
}

/// Part of fingerprints: never to be changed, whatever becomes of the wording.
pub(super) fn key(fault: FramingFault) -> &'static str {
    match fault {
        FramingFault::TrailingComma => "trailing-comma",
        FramingFault::LeadingComma => "expected-value",
        FramingFault::NoComma(_) | FramingFault::UnexpectedText => "expected-comma",
        FramingFault::ArrayNotClosed => "cut-off",
        FramingFault::AfterArray => "expected-end",
        FramingFault::NoLineEnd => "expected-line-end",
        _ => "framing",
    }
}
