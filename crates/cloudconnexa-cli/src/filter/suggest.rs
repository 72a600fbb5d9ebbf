//! What may be meant by the name of a field that does not exist.

use crate::nearest::nearest;

/// How many names are suggested for a word.
const MAX_SUGGESTED: usize = 4;

/// Returns what to write instead of `name`, which is none of `known`.
pub(super) fn remedy(name: &str, known: &[String]) -> String {
    let pointer = pointer(name);
    let by_pointer = pointer.as_ref().map_or(String::new(), |pointer| {
        format!(" One that the schema does not describe is named by its JSON Pointer: `{pointer}`")
    });
    if let Some(meant) = nearest(name, known.iter().map(String::as_str)) {
        return format!("did you mean `{meant}`?{by_pointer}");
    }
    let meant = by_word(name, known);
    if !meant.is_empty() {
        return format!("did you mean {}?", or(&meant));
    }
    let pointer = pointer.unwrap_or_else(|| format!("/log/{name}"));
    format!(
        "`ccxlog events NAME` lists those of an event; one that the schema does not describe is named by its JSON Pointer, \
         such as `{pointer}`"
    )
}

/// Returns the JSON Pointer that is meant by `log/name`, `log.name` or `a.b`.
fn pointer(name: &str) -> Option<String> {
    let is_path = name.contains(['/', '.']) && name.split(['/', '.']).all(|key| !key.is_empty());
    is_path.then(|| format!("/{}", name.replace('.', "/")))
}

/// Returns the names that have this word, such as `clientPublicIp` for `ip`: those that start with it, or else those that end
/// with it, or else all.
fn by_word<'a>(word: &str, known: &'a [String]) -> Vec<&'a str> {
    let is_word = |other: &&str| other.eq_ignore_ascii_case(word);
    let pick = |place: Place| {
        let mut found: Vec<&str> = Vec::new();
        for name in known.iter().filter(|name| !name.contains('.')) {
            let words = words(name);
            let has_it = match place {
                Place::First => words.first().is_some_and(is_word),
                Place::Last => words.last().is_some_and(is_word),
                Place::Anywhere => words.iter().any(&is_word),
            };
            if has_it && !found.contains(&name.as_str()) && found.len() < MAX_SUGGESTED {
                found.push(name);
            }
        }
        found
    };
    let attempts = [Place::First, Place::Last, Place::Anywhere].map(pick);
    attempts.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// Where a word is in a name.
#[derive(Clone, Copy, Debug)]
enum Place {
    First,
    Last,
    Anywhere,
}

/// Splits `clientPublicIp` into `client`, `Public` and `Ip`.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let upper = rest.bytes().take_while(u8::is_ascii_uppercase).count();
        let lower = rest.bytes().skip(upper).take_while(|byte| !byte.is_ascii_uppercase()).count();
        // A word is a capital and small letters, or several capitals at the end.
        let (word, after) = rest.split_at_checked((upper + lower).max(1)).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}

/// Returns `a`, `b` or `c`.
fn or(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
