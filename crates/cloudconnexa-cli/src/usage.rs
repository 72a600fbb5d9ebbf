//! Errors of usage: only suggestions that are near to what was typed.
//!
//! clap suggests any name that shares some letters, such as `replay` for `grep`, which sends people the wrong way. An input
//! in place of a command is most likely meant to be validated.

#[cfg(test)]
mod tests;

use std::path::Path;

use clap::CommandFactory as _;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use cloudconnexa_reader::{is_address, is_pattern, meant_address};

use crate::args::Args;
use crate::nearest::{distance, nearest};

/// Words that other programs have for what a command does.
const SYNONYMS: &[(&str, &str)] = &[
    ("check", "validate"),
    ("lint", "validate"),
    ("verify", "validate"),
    ("grep", "find"),
    ("search", "find"),
    ("filter", "find"),
    ("diff", "drift"),
    ("generate", "sample"),
    ("describe", "events"),
];

/// Replaces far-fetched suggestions, or drops them.
pub(crate) fn with_helpful_suggestions(mut error: clap::Error) -> clap::Error {
    // An option that does not exist is never meant as a value.
    error.remove(ContextKind::Suggested);
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidSubcommand) {
        let meant = command(wrong).map(|name| ContextValue::Strings(vec![name]));
        let input = as_input(wrong).map(|input| {
            let tip = format!("to check the events of an input, type 'ccxlog validate {input}'");
            ContextValue::StyledStrs(vec![StyledStr::from(tip)])
        });
        error.remove(ContextKind::SuggestedSubcommand);
        if let Some(meant) = meant {
            error.insert(ContextKind::SuggestedSubcommand, meant);
        }
        if let Some(input) = input {
            error.insert(ContextKind::Suggested, input);
        }
    }
    if let Some(ContextValue::String(wrong)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::UnknownArgument
        && let Some(tip) = elsewhere(wrong)
    {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    for (typed, suggested) in [
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ] {
        let is_near = match (error.get(typed), error.get(suggested)) {
            (Some(ContextValue::String(wrong)), Some(ContextValue::String(name))) => {
                let bare = |text: &str| text.trim_start_matches('-').to_owned();
                distance(&bare(wrong), &bare(name)).is_some() || bare(name).starts_with(&bare(wrong))
            }
            _ => true,
        };
        if !is_near {
            error.remove(suggested);
        }
    }
    error
}

/// Returns which commands have the option of this name, if some have.
fn elsewhere(wrong: &str) -> Option<String> {
    let name = wrong.strip_prefix("--")?;
    let args = Args::command();
    let has_it = |command: &&clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    let commands: Vec<_> =
        args.get_subcommands().filter(has_it).map(|command| format!("'{}'", command.get_name())).collect();
    let (last, others) = commands.split_last()?;
    let commands = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    Some(format!("'--{name}' is an option of {commands}"))
}

/// Returns how an input is written in a command, if it is one: a file, a folder, a pattern or an address.
fn as_input(text: &str) -> Option<String> {
    let address = meant_address(text);
    let input = address.as_deref().unwrap_or(text);
    if !is_address(input) && !Path::new(input).exists() && !is_pattern(Path::new(input)) {
        return None;
    }
    let starts_with =
        |scheme: &str| input.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+:@%,=".contains(letter);
    Some(if starts_with("https:") || starts_with("http:") {
        // It may hold a secret.
        "URL".to_owned()
    } else if input.chars().all(is_plain) {
        input.to_owned()
    } else if input.chars().all(|letter| is_plain(letter) || " *?[](){}".contains(letter)) {
        format!("\"{input}\"")
    } else {
        // Every shell quotes what remains in its own way.
        "FILE".to_owned()
    })
}

/// Returns the command that may be meant.
fn command(wrong: &str) -> Option<String> {
    let args = Args::command();
    let names = || args.get_subcommands().map(clap::Command::get_name);
    let synonym = SYNONYMS.iter().find(|(word, _)| wrong.eq_ignore_ascii_case(word)).map(|(_, name)| *name);
    let found =
        synonym.filter(|name| names().any(|known| known == *name)).or_else(|| nearest(wrong, names()));
    found.map(str::to_owned)
}
