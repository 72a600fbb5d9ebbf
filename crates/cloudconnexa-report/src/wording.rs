//! Phrases that several formats share.

use cloudconnexa_validator::Text;

/// Puts message and help into one sentence.
pub(crate) fn sentence(text: &Text) -> String {
    match &text.help {
        Some(help) => format!("{}; help: {help}", text.message),
        None => text.message.clone(),
    }
}

/// Says what a finding is in: `/log/port` of `flow-established`.
pub(crate) fn subject(pointer: &str, event: Option<&str>) -> Option<String> {
    match (event, pointer) {
        (None, "") => None,
        (None, pointer) => Some(format!("`{pointer}`")),
        (Some(event), "") => Some(format!("`{event}`")),
        (Some(event), pointer) => Some(format!("`{pointer}` of `{event}`")),
    }
}
