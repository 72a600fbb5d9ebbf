//! Where events are inside a record.

use std::borrow::Cow;

/// One step on the way from a record to the events in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// The value of a field.
    Key(String),
    /// One element of an array.
    Index(usize),
    /// Each element of an array.
    Each,
    /// The JSON text in a string.
    Text,
    /// Each line of a text.
    Lines,
    /// What follows the text before the first brace.
    AfterText,
}

/// Longer names are not written into commands.
const MAX_NAME_BYTES: usize = 64;

/// Returns the JSON Pointer with `*` for each element of an array. The text in a string has the pointer of the string.
pub(super) fn pointer(steps: &[Step]) -> String {
    let mut pointer = String::new();
    for step in steps {
        let segment = match step {
            Step::Key(name) => Cow::Owned(name.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => Cow::Owned(index.to_string()),
            Step::Each => Cow::Borrowed("*"),
            Step::Text | Step::Lines | Step::AfterText => continue,
        };
        pointer.push('/');
        pointer.push_str(&segment);
    }
    pointer
}

/// Returns the names of the fields joined with dots, if they can be written so. Arrays on the way need no sign: each of their
/// elements is meant.
pub(super) fn dotted(steps: &[Step]) -> Option<String> {
    let mut names = Vec::new();
    for step in steps {
        match step {
            Step::Key(name) if is_plain(name) => names.push(&**name),
            Step::Key(_) | Step::Index(_) => return None,
            Step::Each | Step::Text | Step::Lines | Step::AfterText => {}
        }
    }
    (!names.is_empty()).then(|| names.join("."))
}

/// Returns whether a name can be part of a dotted one.
fn is_plain(name: &str) -> bool {
    is_printable(name)
        && !name.contains(['/', '[', ']', ' ', '*'])
        && name.split('.').all(|part| !part.is_empty())
}

/// Returns whether a name may be shown as part of a command.
pub(super) fn is_printable(name: &str) -> bool {
    let is_allowed = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\' | b'`');
    (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// Returns the shell command that does the same with other tools, if all names can be shown.
pub(super) fn command(steps: &[Step]) -> Option<String> {
    const SED: &str = "sed -E 's/^[^{]*//'";
    let (is_after_text, rest) = match steps {
        [Step::AfterText, rest @ ..] => (true, rest),
        steps => (false, steps),
    };
    match (is_after_text, rest.is_empty()) {
        (true, true) => Some(SED.to_owned()),
        (true, false) => Some(format!("{SED} | jq -c '{}'", filter(rest)?)),
        (false, _) => Some(format!("jq -c '{}'", filter(rest)?)),
    }
}

/// Returns the filter for `jq`.
fn filter(steps: &[Step]) -> Option<String> {
    let mut pipe: Vec<String> = vec![String::new()];
    let mut add = |part: &str, begins: bool| {
        if begins && pipe.last().is_some_and(|last| !last.is_empty()) {
            pipe.push(String::new());
        }
        if let Some(last) = pipe.last_mut() {
            if last.is_empty() && !begins && !part.starts_with('.') {
                last.push('.');
            }
            last.push_str(part);
        }
    };
    let mut is_text = false;
    for (index, step) in steps.iter().enumerate() {
        // What reads a string as JSON comes last, after its lines and what precedes the event on each were dealt with.
        let is_last_of_text = !matches!(steps.get(index + 1), Some(Step::Lines | Step::AfterText));
        match step {
            Step::Key(name) if !is_printable(name) => return None,
            Step::Key(name) => {
                let begins = std::mem::take(&mut is_text);
                let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                    && !name.starts_with(|first: char| first.is_ascii_digit());
                add(&if is_word { format!(".{name}") } else { format!(".\"{name}\"") }, begins);
            }
            Step::Index(index) => add(&format!("[{index}]"), std::mem::take(&mut is_text)),
            Step::Each => {
                is_text = false;
                add("[]", false);
            }
            Step::Text => is_text = true,
            Step::Lines => add("split(\"\\n\")[] | select(. != \"\")", true),
            Step::AfterText => add("sub(\"^[^{]*\"; \"\")", true),
        }
        if matches!(step, Step::Text | Step::Lines | Step::AfterText) && is_last_of_text {
            add("fromjson", true);
        }
    }
    Some(pipe.join(" | "))
}
